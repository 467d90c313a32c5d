"""Transferts: from the stay to the partner, by forms that work without JavaScript; axe finds nothing."""

import uuid

import test_access


def partner(station, finess, name, *capabilities):
    made = station.post("/partners/new", {
        "command": str(uuid.uuid4()), "finess": finess, "name": name, "minutes": "20", "capability": list(capabilities)})
    assert made.status in (200, 422), made.body


def present(station):
    """A stay that is here."""
    made = station.post("/admissions/unknown", {
        "command": str(uuid.uuid4()), "sex": "F", "estimatedAge": 40, "stayClass": "emergency", "unit": "1010",
        "entryMode": "8"})
    assert made.status == 200, made.body
    return next(s for s in made.json["subjects"] if s.startswith("stay/")).partition("/")[2]


def ask(browser, stay):
    browser.go(f"/stays/{stay}/send?need=ct")
    browser.one("input[name=partner]").click()
    browser.one("form.form .actions button").click()
    browser.wait(lambda: browser.path == "/transfers", "nobody was asked")


def test_every_page(station, browser):
    partner(station, "990000901", "Hôpital de Beaulieu", "ct")
    problems = []
    browser.errors()
    stay = present(station)
    browser.go(f"/stays/{stay}/send?need=mri")
    test_access.judge(browser, "/stays/{id}/send", problems)
    ask(browser, stay)
    test_access.judge(browser, "/transfers", problems)
    transfer = next(t["id"] for t in station.get("/transfers").json["transfers"] if t["stay"] == f"stay/{stay}")
    browser.go(f"/transfers/{transfer}")
    test_access.judge(browser, "/transfers/{id}", problems)
    browser.one("button[value=accepted]").click()
    browser.wait(lambda: browser.all("button[value=left]"), "nothing was accepted")
    test_access.judge(browser, "/transfers/{id}, accepted", problems)
    browser.go(f"/transfers/{transfer}/liaison")
    test_access.judge(browser, "/transfers/{id}/liaison", problems)
    known = station.get("/transfers").json["partners"][0]["id"].partition("/")[2]
    for path in (f"/partners/{known}", "/partners/new"):
        browser.go(path)
        test_access.judge(browser, path, problems)
    assert not problems, "\n".join(problems)


def test_without_javascript(station, plain_browser):
    partner(station, "990000901", "Hôpital de Beaulieu", "ct")
    stay = present(station)
    ask(plain_browser, stay)
    transfer = next(t["id"] for t in station.get("/transfers").json["transfers"] if t["stay"] == f"stay/{stay}")
    plain_browser.go(f"/transfers/{transfer}")
    plain_browser.one("button[value=accepted]").click()
    plain_browser.wait(lambda: plain_browser.all("button[value=left]"), "nothing was accepted")
    plain_browser.one("select[name=transport] option[value=AMBU]").click()
    plain_browser.one("button[value=left]").click()
    plain_browser.wait(lambda: "parti" in plain_browser.one("h1").text, "nobody has left")
