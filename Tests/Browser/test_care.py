"""Soins possibles and the public notice: by keyboard, without JavaScript, light and dark, and as the public gets it."""

import subprocess
import uuid

from selenium.webdriver.common.keys import Keys

import station as stations
import test_access


def second(station):
    """Somebody else on duty."""
    account = station.post("/staff/new", {
        "command": str(uuid.uuid4()), "name": "Second Regard", "login": f"s{uuid.uuid4().hex[:8]}",
        "roles": ["duty"]}).json["accounts"][0]
    other = stations.Station(station.url, account["login"], account["secret"])
    other.sign_in()
    return other


def tick(browser, *lines):
    for line in lines:
        box = browser.one(f"input[name=line][value={line}]")
        browser.run("arguments[0].focus()", box)
        box.send_keys(Keys.SPACE)


def declare(browser, state, *lines):
    browser.go("/care")
    tick(browser, *lines)
    browser.one(f"input[name=state][value={state}]").send_keys(Keys.SPACE)
    browser.one("select[name=reason] option[value=system]").click()
    browser.one("form.form .actions button").send_keys(Keys.ENTER)
    browser.wait(lambda: all(browser.all(f"a[href='/care?line={line}#line']") for line in lines), "nothing declared")


def test_declared_drafted_approved(station, browser):
    problems = []
    browser.errors()
    browser.go("/care")
    assert browser.focused.get_attribute("name") == "line", "the first key ticks"
    declare(browser, "closed", "ct", "mri")
    browser.go("/care")
    assert not browser.all("input[name=line]:checked"), "what was declared is ticked again"
    test_access.judge(browser, "/care", problems)
    browser.go("/notice")
    test_access.judge(browser, "/notice", problems)
    browser.one("textarea[name=places]").send_keys("Hôpital d'Évry; 1 rue de la Gare; 01 60 00 00 00")
    browser.one("form.form .actions button").send_keys(Keys.ENTER)
    browser.wait(lambda: "/notice/" in browser.path, "nothing drafted")
    notice = browser.path
    test_access.judge(browser, "/notice/{id}", problems)
    assert not browser.all("button[value=approve]"), "one's own draft is another's to approve"
    other = second(station)
    version = other.get(notice).json
    approved = other.post(notice, {"command": str(uuid.uuid4()), "way": "approve", "hash": version["hash"]})
    assert approved.status == 200, approved.body
    for sheet in ("poster", "samu", "report"):
        browser.go(f"{notice}/{sheet}")
        test_access.judge(browser, f"/notice/{{id}}/{sheet}", problems)
        assert version["version"] in browser.text and "Scanner" in browser.text
    assert not problems, "\n".join(problems)


def test_without_javascript(plain_browser):
    declare(plain_browser, "closed", "theatre")
    assert "Bloc opératoire" in plain_browser.one("main table").text
    plain_browser.go("/care?line=theatre")
    plain_browser.one("input[name=state][value=open]").click()
    plain_browser.one("form.form .actions button").click()
    plain_browser.wait(lambda: not plain_browser.all("a[href='/care?line=theatre#line']"), "it is not open again")


def test_the_published_page(browser, tmp_path):
    process = stations.Process(patients=0)
    try:
        station = process.station
        station.post("/care", {"command": str(uuid.uuid4()), "line": ["ct"], "state": "closed", "reason": "system",
                               "reviewAt": "dans 4 h"})
        drafted = station.post("/notice", {"command": str(uuid.uuid4()), "advice": "call-first",
                                           "nextUpdateAt": "dans 4 h"})
        notice = "/notice/" + next(s for s in drafted.json["subjects"] if s.startswith("notice/")).partition("/")[2]
        answer = {"command": str(uuid.uuid4()), "way": "approve", "hash": station.get(notice).json["hash"]}
        assert second(station).post(notice, answer).status == 200
        process.run("notice", "publish", "--out", str(tmp_path))
    finally:
        process.stop()
    problems = []
    browser.errors()
    for name in ("index.html", "index.en.html"):
        browser.driver.get(f"file://{tmp_path}/{name}")
        test_access.judge(browser, name, problems)
    assert not problems, "\n".join(problems)
