"""Debian's chromium, driven as a person would: keys are pressed and counted, typing is not."""

import time

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

WIDTH, HEIGHT = 1366, 768
WAIT_SECONDS = 30


class Browser:
    def __init__(self, station, javascript=True, signed_in=True):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        # Debian's driver is of the same version; a sandbox needs rights that test machines lack.
        for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                       f"--window-size={WIDTH},{HEIGHT}", "--lang=fr-FR", "--disable-background-networking",
                       "--disable-component-update", "--no-first-run"):
            options.add_argument(option)
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.station = station
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(60)
        self.driver.set_script_timeout(60)
        # The page's own area, whatever the window's frame takes.
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})
        if signed_in:
            self.go("/sign-in")
            self.driver.add_cookie({"name": "session", "value": station.token, "path": "/", "sameSite": "Strict"})

    def go(self, path):
        self.driver.get(self.station.url + path)
        return self

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.station.url)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        """The first that matches, once the page is there: a click does not wait for the next one."""
        until = time.monotonic() + WAIT_SECONDS
        while not (found := self.all(selector)):
            assert time.monotonic() < until, f"nothing matches {selector} on {self.path}: {self.text[:600]}"
            time.sleep(0.02)
        return found[0]

    @property
    def text(self):
        """What the page shows. One that is on its way takes away what was just found of the one before."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return self.driver.find_element(By.TAG_NAME, "body").text
            except (StaleElementReferenceException, NoSuchElementException):
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def wait(self, condition, message, seconds=WAIT_SECONDS):
        # Live pages replace what a look has just found.
        waiting = WebDriverWait(
            self.driver, seconds, poll_frequency=0.02, ignored_exceptions=(StaleElementReferenceException,))
        return waiting.until(lambda _: condition(), message)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    def hand(self):
        return Hand(self)

    def errors(self):
        """What the browser's console called an error since last asked: scripts that fail, policies broken."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and "favicon" not in entry["message"]]

    def quit(self):
        self.driver.quit()


class Hand:
    """Counts the key presses beyond the typing. A chord is one press."""

    def __init__(self, browser):
        self.browser, self.presses = browser, 0

    def type(self, text):
        self.browser.focused.send_keys(text)

    def press(self, *keys):
        for key in keys:
            self.presses += 1
            self.browser.focused.send_keys(key)

    def chord(self, modifier, key):
        self.presses += 1
        webdriver.ActionChains(self.browser.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def tab_to(self, selector, presses_max):
        """Tabs until what `selector` matches has the focus; each press counts."""
        for _ in range(presses_max):
            if self.browser.run("return document.activeElement.matches(arguments[0])", selector):
                return
            self.press(Keys.TAB)
        assert self.browser.run("return document.activeElement.matches(arguments[0])", selector), (
            f"{presses_max} presses of Tab do not reach {selector} on {self.browser.path}")
