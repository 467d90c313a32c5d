"""A USB key without a terminal, and without scripts."""

import pytest

from test_access import judge


@pytest.fixture
def files(station, tmp_path):
    """A whole carrier of this very station, and one that was cut short."""
    sealed = station.post("/carrier/write", {}).body
    whole, cut = tmp_path / "night.carrier", tmp_path / "cut.carrier"
    whole.write_bytes(sealed)
    cut.write_bytes(sealed[:-50])
    return whole, cut


def read(browser, *paths):
    browser.go("/carrier")
    browser.one("#file").send_keys("\n".join(map(str, paths)))
    browser.one("form[action='/carrier/read'] button").click()
    browser.wait(lambda: browser.all("[role=status]"), "nothing says what was read")
    return browser.one("[role=status]").text


def test_what_was_read_is_said_without_scripts(plain_browser, files):
    whole, cut = files
    said = read(plain_browser, whole, cut)
    assert "night.carrier : rien de nouveau" in said and "cut.carrier : Rien n’est pris : le fichier est coupé" in (
        said.replace("'", "’")), said


def test_the_page_with_its_answer_is_for_everybody(browser, files):
    # What a test before this one provoked on purpose.
    browser.errors()
    problems = []
    read(browser, *files)
    judge(browser, "/carrier/read", problems)
    assert problems == []
