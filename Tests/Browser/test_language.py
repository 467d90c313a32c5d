"""Sign-in by hand, and the language: French first, English at one press, kept."""

from selenium.webdriver.common.keys import Keys

from browser import Browser


def test_sign_in_and_switch_language(station):
    person = Browser(station, signed_in=False)
    try:
        person.go("/beds")
        person.wait(lambda: person.all("form[action='/sign-in']"), "nobody is asked who they are")
        assert person.run("return document.documentElement.lang") == "fr"
        hand = person.hand()
        hand.type(station.login)
        hand.press(Keys.TAB)
        hand.type(station.secret)
        hand.press(Keys.ENTER)
        person.wait(lambda: not person.all("#pin"), "sign-in does not end")
        assert hand.presses == 2
        person.go("/beds")
        assert person.one("h1").text.startswith("Lits")
        person.one("a[href^='/language']").click()
        person.wait(lambda: person.run("return document.documentElement.lang") == "en", "the language does not change")
        assert person.path.startswith("/beds") and person.one("h1").text.startswith("Beds")
        person.go("/units")
        assert person.one("h1").text.startswith("Units")
    finally:
        person.quit()


def test_a_wrong_secret_says_so_and_keeps_the_login(station):
    person = Browser(station, signed_in=False)
    try:
        person.go("/sign-in")
        person.one("#login").send_keys("nobody-of-that-name")
        person.one("#pin").send_keys("wrong" + Keys.ENTER)
        person.wait(lambda: person.all("[role=alert]"), "nothing says that the secret is wrong")
        assert person.one("#login").get_attribute("value") == "nobody-of-that-name"
        assert person.one("#pin").get_attribute("value") == ""
    finally:
        person.quit()
