"""Emergency by hand: arrival, triage, orientation from the keyboard, with the presses counted; the board follows what
others do, stands still while a line is chosen, and shows a wall no name; and all of it without JavaScript."""

import random

from selenium.webdriver.common.keys import Keys

TRIAGE_PRESSES_MAX = 25


def unit(station):
    found = [u for u in station.get("/beds").json["units"] if u["name"].startswith("Urgences")]
    return found[0]["unit"]


def arrive(station, **fields):
    """An unknown patient in emergency; their stay's UUID."""
    mark = f"marque {random.randrange(10**9)}"
    answer = station.post("/admissions/unknown", {
        "sex": "M", "estimatedAge": "40", "marks": mark, "stayClass": "emergency", "unit": unit(station), **fields})
    assert answer.status == 200, answer.body[:600]
    return next(s for s in answer.json["subjects"] if s.startswith("stay/")).removeprefix("stay/")


def choose(browser, stay):
    """Goes down the board with the arrow until somebody's line is chosen."""
    browser.run("document.activeElement.blur()")
    for _ in browser.all(".emergency tbody a"):
        browser.hand().press(Keys.ARROW_DOWN)
        if browser.run("return document.querySelector('.emergency a[aria-current]').dataset.stay") == stay:
            return
    raise AssertionError(f"{stay} is not on the board: {browser.text[:600]}")


def test_a_triage_by_the_keyboard(station, browser):
    """Every press counts, those of the figures that were measured too."""
    other = arrive(station)
    # Whoever waits longest for a triage is whom `t` takes, where nobody is chosen.
    waiting = [row for row in station.get("/emergency").json["present"] if not row["level"]]
    stay = min(waiting, key=lambda row: row["since"])["stay"]
    browser.go("/emergency")
    browser.run("document.activeElement.blur()")
    hand = browser.hand()
    hand.press("t")
    browser.wait(lambda: browser.path.startswith(f"/emergency/{stay}/triage"), "t does not lead to the triage")
    browser.wait(lambda: browser.focused.get_attribute("name") == "heartRate", "the first sign has not the focus")
    figures = ("88", "12874", "97", "378", "18", "4")
    for text in figures:
        for character in text:
            hand.press(character)
        hand.press(Keys.TAB)
    browser.wait(lambda: browser.focused.get_attribute("name") == "level", "the level does not come after the signs")
    hand.press("a")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.path == "/emergency", "the triage does not go back to the board")
    visit = station.get(f"/emergency/{stay}").json["visit"]
    signs = {"heartRate": 88, "systolic": 128, "diastolic": 74, "respiratoryRate": 18, "saturation": 97,
             "temperature": 378, "pain": 4}
    assert visit["triages"][0]["level"] == "3A" and visit["triages"][0]["vitals"] == signs
    print(f"triage: {hand.presses} key presses, {len(''.join(figures))} of them the figures that were measured")
    assert hand.presses <= TRIAGE_PRESSES_MAX
    choose(browser, other)
    hand.press("t")
    browser.wait(lambda: browser.path.startswith(f"/emergency/{other}/triage"), "t does not take whom was chosen")
    assert not browser.errors()


def test_an_arrival_from_the_board(station, browser):
    browser.go("/emergency")
    browser.run("document.activeElement.blur()")
    hand = browser.hand()
    hand.press("n")
    browser.wait(lambda: browser.path.startswith("/admissions?"), "N does not lead to the search")
    hand.press(Keys.ARROW_DOWN)
    hand.press("x")
    browser.wait(lambda: browser.path.startswith("/admissions/unknown"), "X does not lead to an unknown patient")
    assert browser.one("[name=complaint]").is_displayed(), "the arrival is folded away"
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: "/labels" in browser.path, "the arrival does not go on to its labels")
    print(f"arrival without identity: {hand.presses} key presses")
    assert hand.presses <= 8


def orienting(station, browser, key, way, **arrival):
    """Somebody new, chosen on the board and on the sheet of one way."""
    stay = arrive(station, **arrival)
    browser.go("/emergency")
    choose(browser, stay)
    hand = browser.hand()
    hand.press("o")
    browser.wait(lambda: browser.path.startswith(f"/emergency/{stay}/orient"), "o does not lead to the orientation")
    hand.press(key)
    browser.wait(lambda: f"way={way}" in browser.path, f"{key} does not choose {way}")
    return stay, hand


def test_an_orientation_in_few_presses_and_back(station, browser):
    stay, hand = orienting(station, browser, "5", "home")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.path.startswith(f"/emergency/{stay}") and "orient" not in browser.path, "not oriented")
    print(f"orientation: {hand.presses} key presses")
    assert hand.presses == 3
    assert station.get(f"/stays/{stay}").json["status"] == "discharged"
    browser.run("document.activeElement.blur()")
    hand.press("z")
    browser.wait(lambda: "/undo" in browser.path, "Z does not take it back")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: "/undo" not in browser.path, "it was not taken back")
    assert station.get(f"/stays/{stay}").json["status"] == "admitted"


def test_an_admission_asks_for_its_bed_by_the_keyboard(station, browser):
    stay, hand = orienting(station, browser, "4", "admit")
    browser.wait(lambda: browser.focused.get_attribute("name") == "orient", "the kind of bed has not the focus")
    hand.press(Keys.SPACE)
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.path.startswith(f"/emergency/{stay}") and "orient" not in browser.path, "not oriented")
    print(f"admission with its bed asked for: {hand.presses} key presses")
    assert hand.presses == 4
    asked = next(one for one in station.get("/bed-requests").json["requests"] if one["stay"] == stay)
    assert asked["status"] == "open" and asked["from"] == "emergency" and asked["needs"]["specialty"] == "medicine"
    browser.go("/emergency")
    assert "lit demandé depuis" in browser.one(f"#s-{stay}").text
    assert not browser.errors()


def test_a_transfer_goes_on_to_the_hospitals(station, browser):
    finess = f"9{random.randrange(10**8):08}"
    station.post("/partners/new", {"finess": finess, "name": f"Hôpital {finess}", "capability": ["ct"]})
    stay, hand = orienting(station, browser, "3", "transfer", complaint="R51")
    browser.run("document.querySelector('[name=reason]').value = 'ct'")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.path.startswith(f"/stays/{stay}/send"), "the hospitals do not come next")
    assert browser.one("[name=need][value=ct]").is_selected()
    assert "Céphalée" in browser.one("[name=reason]").get_attribute("value")
    assert finess in browser.text
    browser.go("/emergency")
    assert "à demander" in browser.one(f"#s-{stay}").text
    assert not browser.errors()


def test_the_board_follows_and_stands_still_while_a_line_is_chosen(station, browser, other_browser):
    stay = arrive(station)
    other = arrive(station)
    for one in (browser, other_browser):
        one.go("/emergency")
    choose(browser, other)
    station.post(f"/emergency/{stay}/note", {"doctor": "Dr Leroy", "nextStep": f"ECG {stay[:6]}"})
    other_browser.wait(lambda: f"ECG {stay[:6]}" in other_browser.one(f"#s-{stay}").text, "the change does not show")
    browser.wait(lambda: browser.one("#waiting").is_displayed(), "nothing says that changes wait")
    assert f"ECG {stay[:6]}" not in browser.one(f"#s-{stay}").text
    browser.hand().press(Keys.ESCAPE)
    browser.wait(lambda: f"ECG {stay[:6]}" in browser.one(f"#s-{stay}").text, "what waited is not shown")
    # Who arrives is there without a reload, and the focus stays where it was.
    browser.run("document.querySelector(`a[data-stay='${arguments[0]}']`).focus()", other)
    third = arrive(station)
    browser.wait(lambda: browser.all(f"#s-{third}"), "who arrived does not show")
    assert browser.run("return document.activeElement.dataset.stay") == other


def test_whoever_is_announced_arrives_by_one_key(station, browser):
    reason = f"chute {random.randrange(10**9)}"
    station.post("/emergency/announcements/new", {"source": "samu", "age": "55", "reason": reason})
    browser.go("/emergency")
    browser.run("document.activeElement.blur()")
    hand = browser.hand()
    hand.press(Keys.ARROW_DOWN)
    while reason not in browser.run("return document.querySelector('.emergency a[aria-current]').closest('tr').textContent"):
        hand.press(Keys.ARROW_DOWN)
    hand.press("a")
    browser.wait(lambda: "/labels" in browser.path, "A does not admit whoever was announced")
    assert any(reason in (row["complaint"] or "") for row in station.get("/emergency").json["present"])


def test_a_wall_shows_no_name(station, other_browser):
    stay = arrive(station)
    names = [row["identity"] for row in station.get("/emergency").json["present"] if row["identity"]]
    assert names
    answer = station.ask("GET", "/emergency?mur", token=False, headers={"Accept": "text/html"})
    page = answer.body.decode()
    assert answer.status == 200 and stay not in page
    body = page[page.index("<main"):]
    assert not [name for name in names if name in body]
    other_browser.go("/emergency?mur")
    assert other_browser.all(".waited") and not other_browser.errors()


def test_all_of_it_without_javascript(station, plain_browser):
    stay = arrive(station)
    plain_browser.go("/emergency")
    plain_browser.one(f"#s-{stay} a").click()
    plain_browser.one("a[href$='/triage']").click()
    plain_browser.one("#saturation").send_keys("88")
    plain_browser.one("input[name=level][value='4']").click()
    plain_browser.one("main form.form button:not([name])").click()
    plain_browser.one("#confirmed").click()
    assert "niveau 2" in plain_browser.text
    plain_browser.one("main form.form button:not([name])").click()
    plain_browser.one("a[href$='/orient']").click()
    plain_browser.one("a[href*='way=admit']").click()
    plain_browser.one("input[name=orient][value=UHCD]").click()
    plain_browser.one("main form.form button:not([name])").click()
    plain_browser.wait(lambda: plain_browser.path == f"/emergency/{stay}", "the orientation was not taken")
    assert "UHCD" in plain_browser.text
    visit = station.get(f"/emergency/{stay}").json["visit"]
    assert visit["triages"][0]["level"] == "4" and visit["orientations"][0]["orient"] == "UHCD"
