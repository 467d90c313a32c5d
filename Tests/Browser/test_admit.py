"""A tired clerk admits by the keyboard: a known patient in at most 8 key presses beyond the typing, an unknown one on
one page; and both without JavaScript."""

import random

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PRESSES_MAX = 8
NAMES = ["Zéphirin", "Ysoline", "Wilfried", "Quitterie", "Opportune", "Kénelm", "Jutta", "Hermance"]


def identity(seed):
    """Somebody whom the sample does not hold, differently in each run against one station."""
    dice = random.Random(seed if seed is not None else random.randrange(10**9))
    name = "Q" + "".join(dice.choice("aeioubcdfglmnprstv") for _ in range(9)).upper()
    return {"birthName": name.upper(), "birthGivenName": dice.choice(NAMES), "birthDate": f"{dice.randint(1, 28):02}/{dice.randint(1, 12):02}/{dice.randint(1930, 2000)}",
            "sex": "F"}


def newcomer(station):
    """Registered, and not here: the identity alone."""
    traits = identity(None)
    answer = station.post("/admissions/new", {**traits, "birthPlace": "91228", "only": "identity", "anyway": True})
    assert answer.status == 200, answer.body[:600]
    patient = next(s for s in answer.json["subjects"] if s.startswith("patient/")).removeprefix("patient/")
    return traits, patient


def present(station, patient):
    """Stays of this patient that are open."""
    return [stay for stay in station.get(f"/patients/{patient}").json["stays"] if stay["status"] == "admitted"]



def test_a_known_patient_in_eight_key_presses(station, browser):
    traits, patient = newcomer(station)
    browser.go("/admissions")
    browser.wait(lambda: browser.focused.get_attribute("type") == "search", "the search field does not have the focus")
    hand = browser.hand()
    hand.type(traits["birthDate"].replace("/", "") + " " + traits["birthName"][:6])
    browser.wait(lambda: any(traits["birthName"] in line.text for line in browser.all("#results li")), "not found")
    hand.press(Keys.ARROW_DOWN)
    hand.press("1")
    browser.wait(lambda: browser.path.startswith("/admissions/stay"), "1 does not choose the first result")
    assert traits["birthName"] in browser.text
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: "/labels" in browser.path, "the admission does not go on to its labels")
    assert len(present(station, patient)) == 1
    print(f"known patient: {hand.presses} key presses beyond the typing")
    assert hand.presses <= PRESSES_MAX


def test_an_unknown_patient_on_one_page(station, browser):
    browser.go("/admissions")
    hand = browser.hand()
    hand.press(Keys.ARROW_DOWN)
    hand.press("x")
    browser.wait(lambda: browser.path.startswith("/admissions/unknown"), "X does not lead to an unknown patient")
    hand.type("40")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: "/labels" in browser.path, "the unknown patient is not admitted")
    assert "INCONNU" in browser.text.upper()
    print(f"unknown patient: {hand.presses} key presses beyond the typing")
    assert hand.presses <= PRESSES_MAX


def test_a_new_identity_and_its_stay_on_one_page(station, browser):
    traits = identity(None)
    browser.go("/admissions")
    hand = browser.hand()
    hand.type(traits["birthName"] + " " + traits["birthGivenName"])
    browser.wait(lambda: "q=" in browser.path, "the search does not follow the typing")
    hand.press(Keys.ARROW_DOWN)
    hand.press("n")
    browser.wait(lambda: browser.path.startswith("/admissions/new"), "N does not lead to a new identity")
    assert browser.one("[name=birthName]").get_attribute("value") == traits["birthName"]
    browser.one("[name=birthDate]").send_keys(traits["birthDate"])
    browser.one("[name=sex][value=F]").send_keys(Keys.SPACE)
    browser.one("[name=birthPlace]").send_keys("91228")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: "/labels" in browser.path, "the new patient is not admitted: " + browser.text[:500])


def test_what_was_typed_survives_a_refusal_and_a_reload(browser):
    browser.go("/admissions/new")
    browser.one("[name=birthName]").send_keys("QUIDAM")
    browser.one("[name=birthGivenName]").send_keys("Zoé")
    browser.one("[name=birthDate]").send_keys("31/02/1961")
    browser.hand().chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.all("[data-error]"), "a date that does not exist is not refused")
    assert browser.one("[name=birthDate]").get_attribute("value") == "31/02/1961"
    assert browser.one("[name=birthName]").get_attribute("value") == "QUIDAM"
    assert browser.driver.find_elements(By.CSS_SELECTOR, "[data-error] .error")
    browser.go("/admissions/new")
    browser.wait(lambda: browser.one("[name=birthGivenName]").get_attribute("value") == "Zoé",
                 "what was typed is gone after a reload")
    browser.run("sessionStorage.clear()")


def test_a_known_patient_without_javascript(station, plain_browser):
    traits, patient = newcomer(station)
    plain_browser.go("/admissions")
    field = plain_browser.one("main input[type=search]")
    field.send_keys(traits["birthDate"].replace("/", "") + " " + traits["birthName"] + Keys.ENTER)
    line = plain_browser.wait(
        lambda: next((line for line in plain_browser.all("#results li") if traits["birthName"] in line.text), None),
        "not found")
    line.find_element(By.CSS_SELECTOR, "a[data-key]").click()
    plain_browser.wait(lambda: plain_browser.path.startswith("/admissions/stay"), "the result leads to no stay")
    plain_browser.one("main form[action='/admissions/stay'] button:not([name])").click()
    plain_browser.wait(lambda: "/labels" in plain_browser.path, "the known patient is not admitted")
    assert len(present(station, patient)) == 1


def test_an_unknown_patient_without_javascript(plain_browser):
    plain_browser.go("/admissions/unknown")
    plain_browser.one("[name=estimatedAge]").send_keys("40")
    plain_browser.one("main form[action='/admissions/unknown'] button:not([name])").click()
    plain_browser.wait(lambda: "/labels" in plain_browser.path, "the unknown patient is not admitted")


def test_a_form_sent_twice_counts_once(station, browser):
    traits, patient = newcomer(station)
    browser.go(f"/admissions/stay?patient={patient}")
    fields = browser.run("return [...new FormData(document.querySelector('main form[method=post]'))]")
    fields = [(name, value) for name, value in fields]
    answers = [station.post("/admissions/stay", fields) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200], answers[0].body[:300]
    assert answers[0].json["hash"] == answers[1].json["hash"] and answers[1].json["repeated"]
    assert len(present(station, patient)) == 1
