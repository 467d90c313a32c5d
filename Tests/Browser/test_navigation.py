"""The navigation: one line on the smallest screen that is looked after, and every page in it, without JavaScript too."""

import pytest
from selenium.webdriver.common.keys import Keys


@pytest.fixture(autouse=True)
def in_french(browser):
    """Whoever comes next to the same browser reads French, in the light."""
    yield
    browser.go("/theme?set=light&next=/language%3Fset%3Dfr%26next%3D/emergency")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_takes_one_line(browser, language, theme):
    browser.go(f"/theme?set={theme}&next=/language%3Fset%3D{language}%26next%3D/emergency")
    # Whoever has a long name, and a function.
    browser.run("document.querySelector('nav .who b').textContent = 'Marie-Antoinette Delacroix-Fontaine · cadre de santé'")
    line, one = browser.run(
        "const nav = document.querySelector('nav'); return [nav.offsetHeight, nav.querySelector('a').offsetHeight]")
    assert line < 1.5 * one, f"{line} pixels, and one line has {one}"


def test_what_is_behind_more(plain_browser):
    plain_browser.go("/emergency")
    plain_browser.one("nav summary").click()
    links = plain_browser.all("nav details a")
    assert len(links) == 5 and all(link.is_displayed() for link in links)
    links[0].click()
    plain_browser.wait(lambda: plain_browser.path == "/staff", "the link does not lead to the accounts")
    assert plain_browser.one("nav summary").get_attribute("data-current") is not None


def test_a_key_leads_there_though_it_is_behind(browser):
    browser.go("/emergency")
    browser.hand().chord(Keys.ALT, "j")
    browser.wait(lambda: browser.path == "/audit", "Alt+J does not lead to the reads")
