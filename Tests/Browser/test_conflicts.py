"""À trancher: two files bear one INS; both sides shown, one key decides, the old decision can be looked at again."""

import uuid

from selenium.webdriver.common.keys import Keys

import test_access

INS = {"status": "RECUP", "oid": "1.2.250.1.213.1.4.8"}


def bears(station, name, matricule):
    """A new identity that bears this INS; its UUID."""
    made = station.post("/admissions/new", {
        "command": str(uuid.uuid4()), "only": "identity", "anyway": True, "birthName": name, "birthGivenName": "LISE",
        "birthDate": "1996-03-12", "sex": "F", "birthPlace": "75056"})
    assert made.status == 200, made.body[:400]
    patient = next(s for s in made.json["subjects"] if s.startswith("patient/")).partition("/")[2]
    said = station.post(f"/patients/{patient}/status", {"command": str(uuid.uuid4()), "matricule": matricule, **INS})
    assert said.status == 200, said.body[:400]
    return patient


def conflict(station, matricule):
    return next(c for c in station.get("/conflicts").json["conflicts"] if c["key"] == matricule)


def test_a_conflict_decided_by_one_key(station, browser):
    matricule = "296032116623634"
    patients = [bears(station, name, matricule) for name in ("AUBRAC", "BELLIER")]
    found = conflict(station, matricule)
    problems = []
    browser.errors()
    browser.go("/conflicts")
    test_access.judge(browser, "/conflicts", problems)
    browser.go(f"/conflicts/{found['id']}")
    test_access.judge(browser, "/conflicts/{id}", problems)
    assert not problems, "\n".join(problems)
    shown = browser.one("main").text
    assert "AUBRAC" in shown and "BELLIER" in shown and matricule in shown
    sides = [s["subject"].partition("/")[2] for s in station.get(f"/conflicts/{found['id']}").json["sides"]]
    hand = browser.hand()
    hand.press("2")
    browser.wait(lambda: found["id"] not in browser.path, "the key decides nothing")
    assert hand.presses == 1
    kept, lost = sides[1], sides[0]
    assert sorted(sides) == sorted(patients)
    # Whoever lost the INS is not retrieved any more.
    assert station.get(f"/patients/{kept}").json["identityStatus"] == "RECUP"
    assert station.get(f"/patients/{lost}").json["identityStatus"] == "PROV"
    assert all(c["key"] != matricule for c in station.get("/conflicts").json["conflicts"])
    browser.go("/conflicts")
    browser.one(f"a[href='/conflicts/{found['id']}']").click()
    browser.wait(lambda: found["id"] in browser.path, "an old decision cannot be looked at again")
    assert len(station.get(f"/conflicts/{found['id']}").json["decisions"]) == 1
    test_access.judge(browser, "/conflicts/{id}, decided", problems)
    assert not problems, "\n".join(problems)


def test_the_key_of_both_asks_why(station, browser):
    matricule = "296032116623733"
    for name in ("CORDIER", "DELMAS"):
        bears(station, name, matricule)
    found = conflict(station, matricule)
    browser.go(f"/conflicts/{found['id']}")
    hand = browser.hand()
    # The key of 3 on a French keyboard without Shift, which the driver cannot press.
    browser.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: '\"', bubbles: true}))")
    assert browser.focused.get_attribute("name") == "note"
    hand.type("vu avec les deux")
    hand.press(Keys.ENTER)
    browser.wait(lambda: found["id"] not in browser.path, "a note decides nothing")
    decided = station.get(f"/conflicts/{found['id']}").json
    assert decided["settled"] and decided["decisions"][0]["note"] == "vu avec les deux"


def test_without_javascript(station, plain_browser):
    matricule = "296032116623535"
    for name in ("ESNAULT", "FABRE"):
        bears(station, name, matricule)
    found = conflict(station, matricule)
    plain_browser.go("/conflicts")
    plain_browser.one(f"a[href='/conflicts/{found['id']}']").click()
    plain_browser.one("section.side form button").click()
    plain_browser.wait(lambda: found["id"] not in plain_browser.path, "a button decides nothing")
    assert station.get(f"/conflicts/{found['id']}").json["settled"]
