"""Ressaisie guidée by hand, and a refused message edited: from the keyboard alone, and without scripts; the pages for
everybody."""

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser
from receiver import Receiver, acknowledgement
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


def refuse(message, times):
    """The unit of one person's admission is unknown, and then everything is known."""
    if b"^A01^" not in message or b"|4E-GAM^" in message:
        return "AA"
    return acknowledgement("AE", message.split(b"|")[9].decode(), "<b>UF inconnue").replace(b"PID^1^5", b"PV1^1^3")


def test_a_refused_message_is_edited(night):
    browser = Browser(night.process.station, javascript=False)
    try:
        with Receiver(refuse) as receiver:
            left = len(night.send(receiver, code=1)["refused"])
            assert left > 0
            browser.go("/handback").one("a[href^='/handback/messages/']").click()
            browser.wait(lambda: browser.all("[name='PV1-3']"), "no message")
            page = browser.text
            assert "<b>UF inconnue" in page and "PV1^1^3" in page and "! PV1-3" in page
            assert not browser.all("[name='PID-3']") and not browser.all("[name='PID-5']")
            field = browser.one("[name='PV1-3']")
            place = field.get_attribute("value").split("^", 1)[1]
            field.clear()
            field.send_keys("4E|GAM")
            browser.one("#reason").send_keys("le SIH dit 4E-GAM", Keys.ENTER)
            browser.wait(lambda: browser.all("[role=alert]"), "not refused")
            assert "PV1-3" in browser.one("[role=alert]").text
            field = browser.one("[name='PV1-3']")
            assert field.get_attribute("value") == "4E|GAM"
            field.clear()
            field.send_keys(f"4E-GAM^{place}", Keys.ENTER)
            browser.wait(lambda: browser.path == "/handback", "not taken")
            after = night.send(receiver, code=1 if left > 1 else 0)
            assert (len(after["refused"]), after["edited"]) == (left - 1, 1)
    finally:
        browser.quit()


def test_the_pages_are_for_everybody(night):
    browser = Browser(night.process.station)
    problems = []
    try:
        refused = night.process.station.get("/handback").json["refused"][0]
        message = f"/handback/messages/{refused['handback'].split('/')[1]}?control={refused['control']}"
        browser.go(message)
        judge(browser, message, problems)
        item = next(item for item in told(night)["items"] if not item["parked"])
        night.post(f"/handback/reentry/{item['id']}", way="claim")
        for path in ("/handback", "/handback/reentry", f"/handback/reentry/{item['id']}", "/handback/exercise"):
            browser.go(path)
            judge(browser, path, problems)
        assert problems == []
    finally:
        browser.quit()
