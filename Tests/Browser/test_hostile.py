"""Names and words that would be code stay text, wherever they are shown."""

import pytest

import beds
import pages

HOSTILE = ["<script>hacked=1</script>", "\"><img src=x onerror=hacked=1>", "'-hacked=1-'", "{{.}}{{{.}}}",
           "\u202eERTNOC", "𝕳𝖆𝖕 🏥", "é" * 100]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_about_a_bed_stay_text(station, browser, words):
    _, bed = beds.free(station)
    answer = station.post(f"/beds/{bed['bed']}/close", {"reason": words})
    assert answer.status in (200, 422), answer.body[:300]
    if answer.status == 422:
        return
    try:
        for path in ("/beds", f"/beds/{bed['bed']}", "/beds?mur"):
            browser.go(path)
            assert not browser.run("return window.hacked || document.querySelector('main img, main script')"), path
        browser.go(f"/beds/{bed['bed']}")
        assert words.replace("\u202e", "") in browser.text
    finally:
        beds.act(station, bed, "open")


@pytest.mark.parametrize("words", HOSTILE)
def test_words_in_an_address_stay_text(browser, words):
    from urllib.parse import quote

    for path in (f"/beds?q={quote(words)}", f"/admissions?q={quote(words)}", f"/units/{quote(words, safe='')}",
                 f"/sign-in?next={quote(words)}"):
        browser.go(path)
        assert not browser.run("return window.hacked || document.querySelector('main img, main script')"), path
        assert browser.one("h1").text


def test_no_page_leads_away(browser):
    """Every link stays on this station: there is no Internet that night."""
    for path in pages.crawl(browser, starts=("/", "/beds")):
        away = browser.run("return [...document.querySelectorAll('[href], [src]')].map(e => e.href || e.src)"
                           ".filter(a => a && !a.startsWith(location.origin) && !a.startsWith('data:'))")
        assert not away, f"{path} leads to {away}"
        inline = browser.run("return document.querySelectorAll('[style], [onclick], script:not([src]), style').length")
        assert not inline, f"{path} holds inline style or script, which the policy forbids"
