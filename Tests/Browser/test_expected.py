"""Attendus and Couverture: for everybody, without scripts too, on paper without a blank cell."""

import base64
import datetime
import re

import pytest

import mllp
from test_access import judge


def book(station, number, phone="0600000001", unit="1120"):
    if station.mllp_port is None:
        pytest.skip("this station is another's: it is not said where it hears messages")
    day = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1))
    message = "\r".join([
        f"MSH|^~\\&|RDV|CH|PERM|CH|20260101000000+0000||SIU^S12|B{number}|P|2.5|||||FRA|UNICODE UTF-8",
        f"SCH||{number}^DIARY^1.2.250.1.99.7^ISO|||||COX^coxarthrose|BLOC^Bloc opératoire|90|MIN",
        f"TQ1|1||||||{day.strftime('%Y%m%d')}100000+0000",
        f"PID|1||5{number}^^^CH&1.2.250.1.99.1&ISO^PI||RENDEZVOUS{number}^LOUISE^^^^^L||19610312|F|||||{phone}",
        "RGS|1|A", f"AIL|1|A|{unit}^12", ""]).encode()
    with mllp.Sender(station.mllp_port()) as sender:
        assert mllp.said(sender.ask(message))[0] == "AA"
    return day.isoformat()


def test_from_the_list_to_the_admission_without_scripts(plain_browser, station):
    day = book(station, 1)
    plain_browser.go("/")
    plain_browser.one("main a[href='/expected']").click()
    plain_browser.wait(lambda: plain_browser.all("select#day"), "no list")
    plain_browser.one(f"#day option[value='{day}']").click()
    plain_browser.one("form[action='/expected'] button").click()
    plain_browser.wait(lambda: "RENDEZVOUS1" in plain_browser.text, "no line of that day")
    row = next(row for row in plain_browser.all("tbody tr") if "RENDEZVOUS1" in row.text)
    assert "0600000001" in row.text and "coxarthrose" in row.text
    row.find_element("css selector", "a.button").click()
    plain_browser.wait(lambda: plain_browser.all("form[action='/admissions/stay']"), "no form")
    assert plain_browser.one("#reason").get_attribute("value") == "coxarthrose"
    assert plain_browser.one("input[name=stayClass][value=inpatient]").is_selected()


def test_the_pages_are_for_everybody(browser, station):
    day = book(station, 2, phone="")
    browser.errors()
    problems = []
    for path in (f"/expected?day={day}", f"/expected/print?day={day}", "/coverage"):
        browser.go(path)
        judge(browser, path, problems)
        assert all(cell.text.strip() for cell in browser.all("main table.unit-list td")), f"{path} has a blank cell"
    assert problems == []
    assert "NON DEMANDÉ" in browser.go(f"/expected/print?day={day}").text


def test_each_unit_has_its_sheet_of_paper(browser, station):
    day = book(station, 3)
    book(station, 4, unit="1010")
    browser.go(f"/expected/print?day={day}")
    units = [title.text for title in browser.all("main h2")]
    assert len(units) > 1
    options = {"printBackground": False, "preferCSSPageSize": True}
    paper = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", options)["data"])
    # A table on another sheet than its unit and its day is of nobody.
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == len(units)
