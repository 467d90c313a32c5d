"""A sealed envelope's badge, read by a real reader from the page that is printed; then scanned as a hand scanner does:
faster than any hand, and Enter. What was typed stays with whoever typed it."""

import subprocess
import uuid

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser


def envelope(browser, tmp_path):
    """A nurse's, as the printed page shows it: what its QR says, and its PIN."""
    browser.go("/staff/envelopes")
    browser.one("main form[action='/staff/envelopes'] button:not([name])").click()
    browser.wait(lambda: browser.all(".badge-code svg"), "no envelope is made: " + browser.text[:400])
    picture = tmp_path / "badge.png"
    picture.write_bytes(browser.one(".badge-code").screenshot_as_png)
    read = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True)
    assert read.returncode == 0, "no reader reads the badge"
    return read.stdout.strip(), browser.one(".secret").text.strip()


def sign_in(browser, station):
    """By hand, in a session of its own: another's badge ends it."""
    browser.go("/sign-in")
    browser.one("#login").send_keys(station.login)
    browser.one("#pin").send_keys(station.secret + Keys.ENTER)
    browser.wait(lambda: not browser.all("#pin"), "sign-in does not end")


def scan(browser, code, pause=0):
    """`pause`: seconds in the middle, as a busy machine hears it."""
    keys = ActionChains(browser.driver).send_keys(code[:20]).pause(pause).send_keys(code[20:] + Keys.ENTER)
    keys.perform()


def test_another_badge_is_another_person_and_the_draft_stays(station, tmp_path):
    browser = Browser(station, signed_in=False)
    try:
        sign_in(browser, station)
        badge, pin = envelope(browser, tmp_path)
        assert badge.isdigit() and badge.startswith("9911")
        typed = "Q" + uuid.uuid4().hex[:8].upper()
        browser.go("/admissions/new")
        browser.one("[name=birthName]").send_keys(typed)
        browser.driver.find_element(By.TAG_NAME, "h1").click()
        scan(browser, badge, pause=0.3)
        browser.wait(lambda: browser.all("input[name=badge]"), "a badge does not ask for its PIN")
        assert badge not in browser.driver.current_url
        browser.one("#pin").send_keys(pin + Keys.ENTER)
        browser.wait(lambda: browser.path.startswith("/first-use"), "an envelope does not ask who opened it")
        for name, value in (("surname", "ROUX"), ("givenName", "Zoé"), ("function", "IDE")):
            browser.one(f"[name={name}]").send_keys(value)
        browser.one("main form[method=post] button").click()
        browser.wait(lambda: "ROUX Zoé" in browser.text, "nobody is greeted by name")
        browser.go("/admissions/new")
        assert typed not in browser.driver.page_source
        assert not any(field.get_attribute("value") == typed for field in browser.all("input"))
        sign_in(browser, station)
        browser.go("/admissions/new")
        browser.wait(lambda: browser.one("[name=birthName]").get_attribute("value") == typed, "the draft is gone")
    finally:
        browser.quit()
