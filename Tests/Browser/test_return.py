"""Retour: a list of the recovered system, three columns, one key decides; a link by two people."""

import uuid

import test_access

HEAD = "IPP;Nom de naissance;Prénom;Date de naissance;Sexe\r\n"


def post(station, path, **body):
    answer = station.post(path, {"command": str(uuid.uuid4()), **body})
    assert answer.status in (200, 201), (path, answer.status, answer.body[:400])
    return answer.json


def registered(station, name):
    """A new identity; its UUID and its IPP."""
    made = post(
        station, "/admissions/new", only="identity", anyway=True, birthName=name, birthGivenName="LISE",
        birthDate="12/03/1996", sex="F", birthPlace="75056")
    patient = next(s for s in made["subjects"] if s.startswith("patient/")).partition("/")[2]
    return patient, station.get(f"/patients/{patient}").json["ipp"][0]


def deposit(browser, folder, text):
    path = folder / "liste.csv"
    path.write_bytes(text.encode("latin-1"))
    browser.go("/return")
    browser.one("#file").send_keys(str(path))
    browser.one("form[action='/return/read'] button").click()


def test_a_difference_decided_by_one_key(station, browser, tmp_path):
    mode = station.get("/mode").json["mode"]
    if mode == "veille":
        post(station, "/mode", mode="degrade", reason="essai")
    _, ipp = registered(station, "QUENTIN")
    deposit(browser, tmp_path, HEAD + f"{ipp};Quentin;Lise;13/03/1996;F\r\nX;Y;Z;32/01/1996;F\r\n")

    def found():
        return [d for d in station.get("/return").json["differences"] if d["number"] == ipp]

    browser.wait(lambda: [d["field"] for d in found()] == ["birthDate"], "the list is not compared")
    assert [a["reason"] for a in station.get("/return").json["lists"][0]["aside"]] == ["date"]
    problems = []
    browser.errors()  # those of the pages before
    browser.go("/return")
    test_access.judge(browser, "/return", problems)
    browser.go(f"/return/{found()[0]['id']}")
    test_access.judge(browser, "/return/{id}", problems)
    assert not problems, "\n".join(problems)
    shown = browser.one("main").text
    assert "12/03/1996" in shown and "13/03/1996" in shown and "liste.csv" in shown
    browser.hand().press("1")
    browser.wait(lambda: found()[0]["settled"], "the key decides nothing")
    assert found()[0]["way"] == "keep"


def test_without_javascript(station, plain_browser, tmp_path):
    _, ipp = registered(station, "ROUSSEL")
    deposit(plain_browser, tmp_path, HEAD + f"{ipp};Roussel;Lise;14/03/1996;F\r\n")

    def found():
        return [d for d in station.get("/return").json["differences"] if d["number"] == ipp]

    plain_browser.wait(lambda: [d["kind"] for d in found()] == ["trait"], "the list is not compared")
    plain_browser.go(f"/return/{found()[0]['id']}")
    plain_browser.one("button[value='correct']").click()
    plain_browser.wait(lambda: not found(), "a button decides nothing")
