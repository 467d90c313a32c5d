"""Ressaisie guidée by hand: from the keyboard alone, and without scripts; the pages for everybody."""

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser
from test_access import judge
from test_handback import Night


@pytest.fixture(scope="module")
def night():
    with Night(fed=1) as night:
        for number in range(3):
            night.admit(number, attending="LEROY PAUL")
        yield night


def told(night):
    return night.process.station.get("/handback/reentry").json


def test_from_the_keyboard(night):
    browser = Browser(night.process.station)
    try:
        before = told(night)["toEnter"]
        hand = browser.go("/handback/reentry").hand()
        # The button has the focus: the next stay is one press away.
        hand.press(Keys.ENTER)
        browser.wait(lambda: browser.all("[data-copy]"), "no screen")
        hand.tab_to("[data-copy]", 40)
        names = [field.get_attribute("value") for field in browser.all("[data-copy]")]
        hand.press(Keys.ENTER)
        hand.press(Keys.ENTER)
        assert len(browser.all("[data-copied]")) == 2 and browser.focused.get_attribute("value") == names[2]
        hand.tab_to("#number", 80)
        hand.type("T26001")
        hand.chord(Keys.CONTROL, Keys.ENTER)
        browser.wait(lambda: "T26001" in browser.text, "not ticked")
        assert told(night)["toEnter"] == before - 1
        assert browser.errors() == []
    finally:
        browser.quit()


def test_without_scripts(night):
    browser = Browser(night.process.station, javascript=False)
    try:
        before = told(night)
        browser.go("/handback/reentry").one("form[action='/handback/reentry/next'] button").click()
        browser.wait(lambda: browser.all("#reason"), "no screen")
        assert all(field.get_attribute("readonly") for field in browser.all("[data-copy]"))
        browser.one("#reason").send_keys("UF inconnue du logiciel", Keys.ENTER)
        browser.wait(lambda: "UF inconnue du logiciel" in browser.text, "not parked")
        assert told(night)["parked"] == before["parked"] + 1
    finally:
        browser.quit()


def test_the_pages_are_for_everybody(night):
    browser = Browser(night.process.station)
    problems = []
    try:
        item = next(item for item in told(night)["items"] if not item["parked"])
        night.post(f"/handback/reentry/{item['id']}", way="claim")
        for path in ("/handback", "/handback/reentry", f"/handback/reentry/{item['id']}", "/handback/exercise"):
            browser.go(path)
            judge(browser, path, problems)
        assert problems == []
    finally:
        browser.quit()
