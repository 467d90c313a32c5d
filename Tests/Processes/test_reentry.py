"""What was registered meanwhile is typed in or carried in a file, and the main system's own feed ticks it off."""

import csv
import io
import uuid

import pytest

from hospital import run, wait
from mllp import Sender, control, said
from receiver import Receiver
from test_handback import Night


@pytest.fixture
def night():
    with Night(fed=2) as night:
        yield night


def take(night):
    return night.post("/handback/reentry/next")["id"]


def told(night):
    return night.process.station.get("/handback/reentry").json


# Those whom `Night.admit` registers first, as a main system writes them: name, date of birth, sex.
PEOPLE = [("LEVEQUEA", "19300301", "M"), ("D'ARTAGNANB", "19310302", "F")]


def admission(number, ipp, person, unit, room, bed):
    """A main system's own words for a stay that was typed in."""
    name, born, sex = person
    return "\r".join([
        f"MSH|^~\\&|GAM|CH|PERM|CH|20260821010000+0200||ADT^A01^ADT_A01|R{number}|P|2.5^FRA^2.11|||||FRA|8859/1",
        "EVN||20260821010000+0200||||20260821010000+0200",
        f"PID|1||{ipp}^^^&2.999.91.1&ISO^PI||{name}^ZOE^^^^^L||{born}|{sex}||||||||||{number}^^^&2.999.91.2&ISO^AN||||||||||||N||PROV",
        f"PV1|1|I|{unit}^{room}^{bed}|R" + "|" * 15 + f"{number}^^^&2.999.91.2&ISO^VN",
        f"ZBE|{number}^GAM^2.999.91.3^ISO|20260821010000+0200||INSERT|N||^^^^^^UF^^^{unit}||HMS", ""]).encode()


def tell(night, message):
    with Sender(night.process.mllp_port()) as sender:
        assert said(sender.ask(message))[0] == "AA"


def test_typed_in_and_ticked_off_by_the_feed(night):
    people = [night.admit(number) for number in range(2)]
    assert told(night)["toEnter"] == 2
    # The main system keeps the first one's numbers, and gives the second one its own.
    for place in range(2):
        stay = take(night)
        assert stay == people[place][1] and take(night) == stay
        more = {} if place == 0 else {"number": "T26001", "ipp": "T777"}
        night.post(f"/handback/reentry/{stay}", way="enter", **more)
    assert take(night) is None
    answer = told(night)
    assert (answer["toEnter"], answer["entered"], answer["confirmed"]) == (0, 2, 0)
    assert night.status()["pending"] == 0
    before = night.census()
    for place, (patient, stay) in enumerate(people):
        document = night.stay(stay)
        number, ipp = (document["number"], night.ipp(patient)) if place == 0 else ("T26001", "T777")
        where = document["location"]
        tell(night, admission(number, ipp, PEOPLE[place], where["unit"], where["room"], where["bed"]))
        wait(lambda: night.stay(stay)["status"] == "cancelled")
    wait(lambda: told(night)["confirmed"] == 2)
    assert told(night)["unconfirmed"] == 0
    after = night.census()
    assert [place[:2] for place in after] == [place[:2] for place in before]
    assert "T777" in {place[2] for place in after}
    account = night.process.station.get("/handback/account").body.decode()
    assert "total hand 2" in account and "total confirmed 2" in account and "unconfirmed" not in account
    assert night.ipp(people[0][0]) not in account


def test_the_file_notes_what_it_holds(night, tmp_path):
    patient, stay = night.admit(1, reason="=HYPERLINK(1)")
    file = tmp_path / "back.csv"
    export = ["handback", "export", "--to", str(file)]
    looked = night.process.run(*export, "--dry-run")
    assert looked["commits"] == 0 and night.status()["pending"] == 2
    written = night.process.run(*export)
    first = file.read_bytes()
    assert first.startswith(b"\xef\xbb\xbf") and written["lines"] == 3
    rows = list(csv.DictReader(io.StringIO(first.decode("utf-8-sig"), newline="")))
    assert [row["line"] for row in rows] == ["identity", "stay", "movement"]
    assert rows[0]["ipp"] == night.ipp(patient) and rows[1]["number"] == night.stay(stay)["number"]
    assert rows[1]["reason"] == "'=HYPERLINK(1)" and rows[2]["trigger"] == "A01"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert night.process.run(*export) == {"lines": 3, "commits": 0} and file.read_bytes() == first
    status = night.status()
    assert status["pending"] == 0 and status["reentry"]["exported"] == 1 and status["reentry"]["unconfirmed"] == 1
    where = night.stay(stay)["location"]
    tell(night, admission(
        night.stay(stay)["number"], night.ipp(patient), PEOPLE[1], where["unit"], where["room"], where["bed"]))
    wait(lambda: told(night)["unconfirmed"] == 0)


def test_what_was_refused_and_then_exported_waits_for_nobody(night, tmp_path):
    for number in range(3):
        night.admit(number)
    refused = []

    def answer(message, times):
        if not refused:
            refused.append(control(message))
        return "AE" if control(message) in refused else "AA"

    with Receiver(answer) as receiver:
        assert [row["control"] for row in night.send(receiver, code=1)["refused"]] == refused
        night.process.run("handback", "export", "--to", str(tmp_path / "back.csv"))
        left = night.send(receiver)
    assert (left["pending"], left["acknowledged"], left["refused"]) == (0, 4, []), left
    page = night.process.station.get("/handback").json
    assert page["refused"] == [], page
    # Told by no road after all, it waits again.
    night.post("/handback/csv/reopen")
    assert [row["control"] for row in run(night.process.data, "handback", "status", code=1)["refused"]] == refused


def test_a_file_that_cannot_be_written_says_what_to_look_at(night, tmp_path):
    refused = run(night.process.data, "handback", "export", "--to", tmp_path / "no-folder" / "back.csv", code=1)
    assert "back.csv cannot be written: check the folder" in refused["error"]


def test_the_file_says_of_whom_nobody_may_tell(night, tmp_path):
    people = [night.admit(number) for number in range(2)]
    numbers = [(night.ipp(patient), night.stay(stay)["number"]) for patient, stay in people]
    patient, stay = people[0]
    night.post(f"/stays/{stay}/asked", allergies="latex", dietNone=True)
    night.post(f"/patients/{patient}/mark", attribute="HOMD", isSet=True)
    night.post(f"/patients/{patient}/protect", protected=True)
    file = tmp_path / "back.csv"
    night.process.run("handback", "export", "--to", str(file), "--dry-run")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    persons = {row["ipp"]: row for row in rows if row["line"] == "identity"}
    stays = {row["number"]: row for row in rows if row["line"] == "stay"}
    columns = ["protected", "secret", "deceased", "attributes", "document", "allergies"]
    assert [[persons[ipp][column] for column in columns] for ipp, _ in numbers] == [
        ["Y", "N", "N", "HOMD", "CN", "latex"], ["N", "N", "N", "", "CN", ""]]
    assert [stays[number]["diet"] for _, number in numbers] == ["none", ""]


def test_the_file_says_what_was_undone_and_who_was_matched(night, tmp_path):
    fed = [night.known(ipp) for ipp in night.fed]
    stays = [person["stays"][0]["id"].split("/")[1] for person in fed]
    keys = [night.stay(stay)["movements"][-1]["key"] for stay in stays]
    night.post(f"/stays/{stays[0]}/cancel", movement=keys[0])
    night.post(f"/stays/{stays[1]}/correct", movement=keys[1], attending="LEROY PAUL")
    # The first of them came again under no name that anybody found, and two people saw later who it is.
    unit, bed = night.bed()
    receipt = night.post(
        "/admissions/new", birthName="NOMA", birthGivenName="ALIX", birthDate="01/01/1970", sex="F",
        birthPlace="99999", stayClass="inpatient", unit=unit, bed=bed["bed"], entryMode="8", anyway=True)
    here, stay = (next(s.split("/")[1] for s in receipt["subjects"] if s.startswith(kind)) for kind in
                  ("patient/", "stay/"))
    ours, number = night.ipp(here), night.stay(stay)["number"]
    first, second = night.process.colleague("Premier"), night.process.colleague("Second")
    assert first.post(f"/patients/{here}/link", {
        "command": str(uuid.uuid4()), "with": fed[0]["id"].split("/")[-1], "checked": ["birthName", "birthDate"],
        "reason": "carte vue"}).status == 200
    link = second.get("/links").json["links"][0]["id"]
    assert second.post(f"/links/{link}", {"command": str(uuid.uuid4()), "way": "confirm"}).status == 200
    file = tmp_path / "back.csv"
    night.process.run("handback", "export", "--to", str(file))
    before = file.read_bytes()
    rows = list(csv.DictReader(io.StringIO(before.decode("utf-8-sig"), newline="")))
    assert all(row["ipp"] != ours for row in rows)
    assert {row["ipp"]: row["action"] for row in rows if row["line"] == "identity"} == {
        ipp: "update" for ipp in night.fed}
    assert {row["number"]: (row["ipp"], row["action"]) for row in rows if row["line"] == "stay"} == {
        "720000": (night.fed[0], "cancel"), "720001": (night.fed[1], "update"), number: (night.fed[0], "create")}
    assert {(row["number"], row["trigger"], row["action"], row["wasAttending"], row["movementAttending"])
            for row in rows if row["line"] == "movement"} == {
        ("720000", "A01", "cancel", "", ""), ("720001", "A01", "update", "", "LEROY PAUL"),
        (number, "A01", "insert", "", "")}
    night.process.run("handback", "export", "--to", str(file))
    assert file.read_bytes() == before
