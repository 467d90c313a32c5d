"""Who sends messages, and what was refused: seen, opened and taken in once more, without scripts too."""

import pytest

import mllp
from test_access import judge

REFUSED = (b"MSH|^~\\&|GAM|CH|PERM|CH|20220821010000||ADT^A28|E%d|P|2.5^FRA^2.11|||||FRA|8859/1\r"
           b"PID|||||DUPONT^ANNE\r")


def refuse(station, number):
    if station.mllp_port is None:
        pytest.skip("this station is another's: it is not said where it hears messages")
    with mllp.Sender(station.mllp_port()) as sender:
        assert mllp.said(sender.ask(REFUSED % number))[0] == "AE"


def test_a_refused_message_is_opened_and_sent_again(plain_browser, station):
    refuse(station, 1)
    plain_browser.go("/exchanges")
    row = next(row for row in plain_browser.all("tbody tr") if "E1" in row.text)
    assert "PID-1-3" in row.text
    row.find_element("css selector", "a").click()
    plain_browser.wait(lambda: plain_browser.all("form[action$='/replay']"), "no message")
    assert "DUPONT^ANNE" in plain_browser.one("table").text
    plain_browser.one("form[action$='/replay'] button").click()
    plain_browser.wait(lambda: plain_browser.all("form[action$='/replay']"), "it was refused, and stays")


def test_the_pages_are_for_everybody(browser, station):
    refuse(station, 2)
    browser.errors()
    problems = []
    browser.go("/exchanges")
    judge(browser, "/exchanges", problems)
    browser.one("td a[href^='/exchanges/']").click()
    browser.wait(lambda: browser.all("form[action$='/replay']"), "no message")
    judge(browser, "/exchanges/{id}", problems)
    assert problems == []
