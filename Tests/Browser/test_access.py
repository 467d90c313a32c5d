"""Pages that anybody can use: axe finds nothing, light and dark; nothing overflows on an old laptop; no sentence is
missing; no script fails; the focus is always seen."""

import pathlib

import axe_playwright_python
import pytest
from selenium.webdriver.common.keys import Keys

import pages

AXE = pathlib.Path(axe_playwright_python.__file__).parent.joinpath("axe.min.js").read_text()

RUN = """
const [options, done] = arguments;
axe.run(document, {resultTypes: ['violations'], ...options}).then(
  found => done(found.violations.map(v => `${v.id}: ${v.help}: ` + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160)).join(' | '))),
  error => done([String(error)]));
"""
# Keys of sentences look like `bed.act.move`; a text with one in it lacks its sentence.
MISSING = """
const texts = JSON.parse(arguments[0]);
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
for (let node; node = walker.nextNode();) {
  const text = node.textContent.trim();
  if (/^[a-z][a-z0-9]*([.-][a-z0-9-]+)+$/.test(text) && text.includes('.') && texts.includes(text.split('.')[0])) found.push(text);
}
return found;
"""
PREFIXES = ["bed", "beds", "unit", "units", "home", "patient", "stay", "admission", "admissions", "staff", "account",
            "sign-in", "banner", "nav", "layout", "labels", "wristband", "refusal", "warning", "problem", "mode", "carrier",
            "aside", "emergency", "orient", "triage", "announce", "arrival", "letter", "ccmu", "exchange", "exchanges",
            "awaited", "coverage", "appointment", "handback",
            "reentry", "care", "paper", "notice", "transfer", "partner", "send", "liaison", "flow"]


def colours(browser, scheme):
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def axe(browser, **options):
    if not browser.run("return typeof axe === 'object'"):
        browser.run(AXE)
    return browser.driver.execute_async_script(RUN, options)


def judge(browser, path, problems):
    import json

    colours(browser, "light")
    problems += [f"{path} (light) {found}" for found in axe(browser)]
    colours(browser, "dark")
    problems += [f"{path} (dark) {found}" for found in axe(browser, runOnly=["color-contrast"])]
    colours(browser, "light")
    wide, room = browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > room:
        problems.append(f"{path} is {wide} pixels wide in a window of {room}")
    problems += [f"{path} shows the key {key}" for key in browser.run(MISSING, json.dumps(PREFIXES))]
    problems += [f"{path} console: {message}" for message in browser.errors()]


def test_the_judge_can_fail(browser):
    browser.go("/")
    browser.run("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/assets/x/icon.svg\"><input>')")
    found = [line.partition(":")[0] for line in axe(browser)]
    assert "image-alt" in found and "label" in found


def test_every_page(browser):
    problems, count = [], 0
    browser.errors()
    starts = (
        "/", "/beds", "/beds?mur", "/units", "/admissions", "/enquiries", "/bed-requests/new", "/rpu")
    for path in pages.crawl(browser, starts=starts):
        judge(browser, path, problems)
        count += 1
    print(f"{count} kinds of pages")
    assert not problems, "\n".join(problems)
    assert count > 15


def test_pages_before_sign_in(station):
    from browser import Browser

    stranger = Browser(station, signed_in=False)
    problems = []
    try:
        for path in ("/sign-in", "/no-such-page"):
            stranger.go(path)
            # The browser itself notes the status of a page that is not there.
            stranger.errors()
            judge(stranger, path, problems)
    finally:
        stranger.quit()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", ["/", "/admissions", "/units"])
def test_focus_is_seen_at_every_stop(browser, path):
    browser.go(path)
    stops = browser.run("return [...document.querySelectorAll('a[href], button, input, select')]"
                        ".filter(e => e.offsetParent && e.type !== 'hidden').length")
    unseen = []
    for _ in range(min(stops, 25)):
        browser.focused.send_keys(Keys.TAB)
        seen = browser.run("""
          const e = document.activeElement, s = getComputedStyle(e);
          return e === document.body || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)
            ? '' : e.outerHTML.slice(0, 160)""")
        if seen:
            unseen.append(seen)
    assert not unseen, f"{path}: the focus cannot be seen on {unseen}"
