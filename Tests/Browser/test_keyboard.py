"""Everything by the keyboard: the board, a move, a discharge, a place made in five seconds."""

import pytest
from selenium.webdriver.common.keys import Keys

import beds


@pytest.fixture(scope="module", autouse=True)
def in_charge(station):
    """In standby, the stays of the sample are the main system's to move."""
    assert station.post("/mode/local", {}).status == 200
    yield
    assert station.post("/mode/local/end", {}).status == 200


def choose(browser, bed):
    """As arrows would: the cell is chosen and has the focus."""
    browser.go("/beds")
    browser.run("document.querySelector(arguments[0]).focus()", f"#bed-{bed['bed']} a")
    assert browser.focused.get_attribute("href").endswith(bed["bed"])


def test_arrows_choose_and_enter_opens(station, browser):
    browser.go("/beds")
    hand = browser.hand()
    hand.press(Keys.ARROW_DOWN)
    first = browser.focused.get_attribute("href")
    hand.press(Keys.ARROW_RIGHT)
    assert browser.focused.get_attribute("href") != first
    assert browser.one("#chosen").text
    hand.press(Keys.ARROW_LEFT)
    assert browser.focused.get_attribute("href") == first
    hand.press(Keys.ENTER)
    browser.wait(lambda: browser.driver.current_url == first, "Enter does not open the bed")


def test_a_move_in_four_presses(station, browser):
    _, bed = beds.occupied(station)
    name = bed["occupant"].split(" ")[0]
    choose(browser, bed)
    hand = browser.hand()
    hand.press("m")
    browser.wait(lambda: "/move" in browser.path, "m does not lead to the move")
    assert name in browser.one(".repeat").text
    hand.press("1")
    assert browser.focused.get_attribute("data-number") == "1"
    target = browser.focused.get_attribute("value")
    hand.press(Keys.ENTER)
    browser.wait(lambda: browser.path.startswith(f"/beds/{target}"), "the move did not lead to the target bed")
    assert name in browser.one(".repeat").text and hand.presses <= 4


def test_a_discharge_repeats_name_birth_date_and_bed(station, browser):
    _, bed = beds.occupied(station)
    choose(browser, bed)
    hand = browser.hand()
    hand.press("s")
    browser.wait(lambda: "/discharge" in browser.path, "s does not lead to the discharge")
    said = browser.one(".repeat").text
    assert bed["code"] in said and bed["occupant"].split(" ")[0] in said
    hand.press(Keys.ESCAPE)
    browser.wait(lambda: browser.path.startswith("/beds/") and "/discharge" not in browser.path, "Escape does not cancel")
    assert bed["occupant"].split(" ")[0] in browser.one(".repeat").text


def test_a_page_that_is_out_of_date_does_nothing(station, browser):
    unit, bed = beds.occupied(station)
    browser.go(f"/beds/{bed['bed']}/discharge?stay={bed['stay']}")
    empty = next(b for _, b in beds.beds(station, "free", unit) if b["staffed"])
    beds.act(station, bed, "move", stay=bed["stay"], target=empty["bed"])
    browser.one("main form[action$='/discharge'] button").click()
    browser.wait(lambda: browser.all("[role=alert]"), "nothing says that the patient left the bed")
    assert not browser.all("main form[method=post]")
    assert station.get(f"/beds/{empty['bed']}").json["occupants"][0]["stay"] == bed["stay"]


def test_a_place_in_five_seconds(station, browser):
    browser.go("/beds")
    hand = browser.hand()
    hand.press("+")
    browser.wait(lambda: browser.path.startswith("/beds/new"), "+ does not lead to a new place")
    browser.wait(lambda: browser.focused.get_attribute("name") == "kind", "the kind does not have the focus")
    hand.press(Keys.ENTER)
    browser.wait(lambda: "/beds/new" not in browser.path, "Enter does not make the place")
    assert "BRANCARD" in browser.text and hand.presses == 2
    place = browser.path.split("?")[0].removeprefix("/beds/")
    assert station.post(f"/beds/{place}/remove", {}).status == 200


def test_filters(station, browser):
    browser.go("/beds")
    hand = browser.hand()
    hand.press("/")
    assert browser.focused.get_attribute("id") == "filter"
    hand.type("femmes")
    hand.press(Keys.ENTER)
    browser.wait(lambda: "q=femmes" in browser.path, "the filter is not asked")
    assert browser.one(".board").get_attribute("data-filter") == "women"


def test_the_same_without_javascript(station, plain_browser):
    _, bed = beds.occupied(station)
    name = bed["occupant"].split(" ")[0]
    plain_browser.go("/beds")
    plain_browser.one(f"#bed-{bed['bed']} a").click()
    plain_browser.wait(lambda: plain_browser.all(".repeat a[href*='/move']"), "the bed's page has no move")
    plain_browser.one(".repeat a[href*='/move']").click()
    plain_browser.wait(lambda: plain_browser.all("input[name=target]:checked"), "the move proposes no bed")
    assert name in plain_browser.one(".repeat").text
    target = plain_browser.one("input[name=target]:checked").get_attribute("value")
    plain_browser.one("main form[action$='/move'] button").click()
    plain_browser.wait(
        lambda: plain_browser.path.startswith(f"/beds/{target}") and name in plain_browser.one(".repeat").text,
        "the patient is not in the new bed")
