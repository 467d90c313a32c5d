"""Paper by hand, the morning after: sheets typed in one after the other from the keyboard, each under its own number, the
one that is missing looked for and given up with a word; and the same without JavaScript."""

import datetime
import zoneinfo

from selenium.webdriver.common.keys import Keys

import test_access


def ago(minutes):
    """An hour as it is written on a sheet."""
    now = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Paris"))
    return (now - datetime.timedelta(minutes=minutes)).strftime("%d/%m/%Y %H:%M")


def reserved(station, form, count):
    """Sheets of a new block, in order, as the station tells them."""
    answer = station.post("/paper", {"form": form, "count": count})
    assert answer.status == 200, answer.body[:600]
    block = next(s for s in answer.json["subjects"] if s.startswith("sheets/")).removeprefix("sheets/")
    return block, station.get(f"/paper/blocks/{block}").json["sheets"]


def sheet(station, number):
    return station.get(f"/paper/sheets/{number}").json


def type_in(browser, hand, at):
    """From the search, where a sheet has led: an unknown patient, at the hour that is on the paper."""
    browser.wait(lambda: browser.path.startswith("/admissions?sheet="), "the sheet does not lead to the search")
    hand.press(Keys.ARROW_DOWN)
    hand.press("x")
    browser.wait(lambda: browser.path.startswith("/admissions/unknown"), "X does not lead to an unknown patient")
    field = browser.one("#at")
    assert field.get_attribute("aria-required") == "true"
    field.send_keys(at)
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.path.startswith("/paper?done="), "the sheet is not typed in")


def test_three_sheets_and_one_that_is_missing(station, browser):
    block, sheets = reserved(station, "arrival", 4)
    numbers = [one["number"] for one in sheets]
    hand = browser.hand()
    browser.go("/paper")
    assert browser.focused.get_attribute("id") == "number"
    hand.type(numbers[0].lower())
    hand.press(Keys.ENTER)
    type_in(browser, hand, ago(50))

    # The triage on the sheet is next, under the cursor; then the next sheet is.
    browser.wait(lambda: browser.focused.get_attribute("id") == "triage", "the triage is not proposed")
    hand.press(Keys.ENTER)
    browser.wait(lambda: "/triage?" in browser.path, "the triage does not open")
    assert browser.one("#at").get_attribute("value"), "the hour on the sheet is not proposed"
    browser.run("document.activeElement.blur()")
    hand.press("4")
    hand.chord(Keys.CONTROL, Keys.ENTER)
    browser.wait(lambda: browser.path == f"/paper?done={numbers[0]}", f"no way back to the pile: {browser.path}")
    stay = sheet(station, numbers[0])["entries"][0]["stay"]
    assert station.get(f"/emergency/{stay}").json["visit"]["triages"][0]["level"] == "4"
    assert station.get(f"/stays/{stay}").json["number"] == sheets[0]["stayNumber"]
    field = browser.one("#number")
    assert numbers[1] in browser.one("#next").text and browser.focused == field

    # The second is not in the pile: the third is scanned, though Enter alone would open the second.
    hand.type(numbers[2])
    hand.press(Keys.ENTER)
    type_in(browser, hand, ago(40))
    assert sheet(station, numbers[1])["status"] == "missing"
    assert numbers[1] in browser.one("#missing").text
    browser.go("/")
    assert browser.all("a[href='/paper'][data-means=alert]"), "Accueil does not say that paper is missing"

    # It is looked for, found under the others, and typed in after all; the fourth is not found.
    browser.go(f"/paper?done={numbers[0]}")
    browser.one("#number")
    hand.press(Keys.ENTER)
    type_in(browser, hand, ago(45))
    assert sheet(station, numbers[1])["entries"]
    assert station.post(f"/paper/blocks/{block}", {"act": "issued", "first": "4", "note": "Urgences"}).status == 200
    browser.go("/paper")
    note = browser.one(f"#note-{numbers[3]}")
    note.send_keys("cherchée au box 4", Keys.ENTER)
    browser.wait(lambda: sheet(station, numbers[3])["status"] == "void", "the sheet is still looked for")
    assert [sheet(station, number)["status"] for number in numbers] == ["entered", "entered", "entered", "void"]
    assert not browser.errors()


def test_without_a_script(station, plain_browser):
    _, sheets = reserved(station, "admission", 2)
    number = sheets[0]["number"]
    plain_browser.go("/paper")
    field = plain_browser.one("#number")
    field.send_keys(number, Keys.ENTER)
    plain_browser.one("a[data-key=X]").click()
    plain_browser.one("#at").send_keys("il y a 2 h")
    unit = plain_browser.one("#unit")
    unit.send_keys("Urgences")
    plain_browser.one("form.form .actions button").click()
    plain_browser.wait(lambda: plain_browser.path.startswith("/paper?done="), "the sheet is not typed in")
    assert sheet(station, number)["status"] == "entered"


def test_its_pages_are_for_everybody(station, browser):
    block, sheets = reserved(station, "arrival", 3)
    station.post(f"/paper/blocks/{block}", {"act": "issued", "first": "1", "last": "3", "note": "Urgences"})
    station.post("/paper/find", {"number": sheets[0]["number"]})
    browser.errors()
    problems = []
    unit = station.get("/census").json["units"][0]["unit"]
    number = f"0A1B2C3D-{unit}"
    browser.go(f"/paper/find?number={number}")
    test_access.judge(browser, f"/paper?list={number}", problems)
    # The lists of the pack are counted by Enter alone, and the one in hand is typed in.
    browser.focused.send_keys(Keys.ENTER)
    browser.wait(lambda: "/rounds/" in browser.path, "the list does not open")
    test_access.judge(browser, browser.path, problems)
    assert number in browser.one("h1").text
    for path in ("/paper", "/rounds", f"/paper?counted={sheets[0]['number']}", f"/paper/blocks/{block}",
                 f"/paper/sheets/{sheets[0]['number']}", f"/admissions?sheet={sheets[0]['number']}"):
        browser.go(path)
        test_access.judge(browser, path, problems)
    assert not problems, "\n".join(problems)
