"""What was registered meanwhile goes back to the main system: by messages that PyPI's hl7apy finds valid, to a receiver
that refuses, loses answers, dies; nothing acknowledged is missing, nothing is created twice, and the census is the
same, bed for bed."""

import json
import pathlib
import random
import re
import ssl
import subprocess
import threading
import uuid

import pytest

import admission
import station as stations
from hospital import free_ports, join, run, same, serving, wait
from judge_messages import problem
from mllp import Sender, control, said
from receiver import Apart, MainSystem, Receiver, acknowledgement
from test_feed import certificate

SEED = 20220821


def feed(number, unit, bed):
    """A main system admits somebody: an identity, then a stay."""
    header = "MSH|^~\\&|GAM|CH|PERM|CH|20220821010000+0200||ADT^{}|{}|P|2.5^FRA^2.11|||||FRA|8859/1"
    name, born = "NOM" + "ABCDEFGHIJ"[number % 10], f"1970010{1 + number % 9}"
    pid = (f"PID|1||71{number:04}^^^&2.999.91.1&ISO^PI||{name}^ALIX^^^^^L||{born}|F"
           f"||||||||||72{number:04}^^^&2.999.91.2&ISO^AN||||||||||||N||VALI")
    room, code = bed
    yield "\r".join([header.format("A28^ADT_A05", f"1{number:04}"), "EVN||20220821010000+0200", pid, "PV1|1|N", ""])
    yield "\r".join([
        header.format("A01^ADT_A01", f"2{number:04}"), "EVN||20220821010000+0200||||20220821010000+0200", pid,
        f"PV1|1|I|{unit}^{room}^{code}|R" + "|" * 15 + f"72{number:04}^^^&2.999.91.2&ISO^VN",
        f"ZBE|{number}^GAM^2.999.91.3^ISO|20220821010000+0200||INSERT|N||^^^^^^UF^^^{unit}||HMS", ""])


class Night:
    """A station in degraded mode, whose main system had fed it before."""

    def __init__(self, fed=12):
        self.process = stations.Process(patients=0)
        self.main, self.dice = MainSystem(), random.Random(SEED)
        units = self.process.station.get("/beds").json["units"]
        self.free = [(unit["unit"], bed) for unit in units for bed in unit["beds"] if bed["state"] == "free"]
        self.dice.shuffle(self.free)
        with Sender(self.process.mllp_port()) as sender:
            for number in range(fed):
                unit, bed = self.bed()
                for message in feed(number, unit, (self.room(bed), bed["code"])):
                    assert said(sender.ask(message.encode()))[0] == "AA"
                    self.main.take(message.encode())
        self.fed = [f"71{number:04}" for number in range(fed)]
        self.process.run("mode", "declare", "degrade", "--reason", "essai")

    def bed(self):
        return self.free.pop()

    def room(self, bed):
        """Of a bed made with the structure: what its page says."""
        return self.process.station.get(f"/beds/{bed['bed']}").json["room"]

    def post(self, path, **body):
        answer = self.process.station.post(path, {"command": str(uuid.uuid4()), **body})
        assert answer.status in (200, 201), (path, body, answer.status, answer.body)
        return answer.json

    def admit(self, number, stayClass="inpatient", **more):
        """Somebody new, in a bed; the patient's and the stay's ids."""
        unit, bed = self.bed()
        names = ["LÉVÊQUE", "D'ARTAGNAN", "ŒUVRARD", "MARTIN", "NOËL"]
        receipt = self.post(
            "/admissions/new", birthName=names[number % 5] + "ABCDEFGHIJ"[number % 10], birthGivenName="ZOÉ",
            birthDate=f"{1 + number % 28:02}/03/{1930 + number}", sex="MF"[number % 2], birthPlace="99999",
            document="CN", stayClass=stayClass, unit=unit, bed=bed["bed"], entryMode="8", anyway=True, phone="06 12 34 56 78",
            addressLine="12 rue de l'Hôpital", postcode="21000", city="DIJON", **more)
        return tuple(next(s.split("/")[1] for s in receipt["subjects"] if s.startswith(kind)) for kind in
                     ("patient/", "stay/"))

    def gestures(self):
        """All kinds of them."""
        people = [self.admit(number, reason="Chute | de vélo ^ & \\ ~") for number in range(8)]
        for patient, stay in people[:3]:
            unit, bed = self.bed()
            self.post(f"/stays/{stay}/transfer", bed=bed["bed"])
        self.post(f"/stays/{people[0][1]}/discharge", exitMode="8")
        self.post(f"/stays/{people[3][1]}/discharge", exitMode="8")
        document = self.stay(people[3][1])
        self.post(f"/stays/{people[3][1]}/cancel", movement=document["movements"][-1]["key"])
        self.post(f"/stays/{people[4][1]}/leave", kind="permission")
        self.post(f"/stays/{people[5][1]}/leave", kind="round-trip")
        self.post(f"/stays/{people[5][1]}/return")
        self.post(f"/patients/{people[6][0]}/edit", usedName="DURAND", phone="")
        self.post(f"/patients/{people[6][0]}/protect", protected=True)
        for code in "SPI", "SDT":
            self.post(f"/patients/{people[5][0]}/situation", kind="psychiatric", code=code)
        self.post(f"/patients/{people[4][0]}/situation", kind="psychiatric", code="SDRE")
        self.post(f"/patients/{people[4][0]}/situation-ended", kind="psychiatric")
        self.post(f"/patients/{people[7][0]}/status", status="QUAL", document="CN",
                  matricule="296032116623634", oid="1.2.250.1.213.1.4.8")
        unknown = self.post(
            "/admissions/unknown", sex="M", estimatedAge=40, stayClass="emergency", unit="1010", entryMode="8")
        stay = next(s.split("/")[1] for s in unknown["subjects"] if s.startswith("stay/"))
        unit, bed = self.bed()
        self.post(f"/stays/{stay}/class", stayClass="inpatient", unit=unit, bed=bed["bed"])
        self.post(f"/patients/{people[1][0]}/expected", stayClass="inpatient", unit=unit, expectedAt="demain 08:00")
        for ipp in self.fed[:4]:
            number = self.known(ipp)["stays"][0]["id"].split("/")[1]
            unit, bed = self.bed()
            self.post(f"/stays/{number}/transfer", bed=bed["bed"])
        for ipp in self.fed[4:6]:
            number = self.known(ipp)["stays"][0]["id"].split("/")[1]
            self.post(f"/stays/{number}/discharge", exitMode="8")
        self.rarer(people)
        return people

    def rarer(self, people):
        """Births, a death, two files of one person, what did not happen after all, what happened otherwise."""
        mother = people[1][1]
        self.post(f"/stays/{mother}/birth", sex1="F", sex2="M", givenName1="ANNE")
        stay = people[2][1]
        self.post(f"/stays/{stay}/cancel", movement=self.stay(stay)["movements"][-1]["key"])
        self.post(f"/stays/{stay}/correct", movement=self.stay(stay)["movements"][0]["key"], attending="LEROY PAUL")
        leave = people[4][1]
        self.post(f"/stays/{leave}/cancel", movement=self.stay(leave)["movements"][-1]["key"])
        expected = self.post(f"/patients/{people[5][0]}/expected", stayClass="daycase", unit="1010",
                             expectedAt="demain 09:00")
        seen = self.admit(11)
        self.post(f"/stays/{seen[1]}/class", stayClass="outpatient")
        back = people[5][1]
        self.post(f"/stays/{back}/cancel", movement=self.stay(back)["movements"][-1]["key"])
        self.post(f"/patients/{people[7][0]}/edit", birthName="LEFEBVRE")
        # One is expected to leave, and an hour later; one no longer.
        for hour in "09:00", "10:00":
            self.post(f"/stays/{people[6][1]}/expected-discharge", expected=f"demain {hour}")
        self.post(f"/stays/{people[7][1]}/expected-discharge", expected="demain 09:00")
        self.post(f"/stays/{people[7][1]}/expected-discharge")
        never = next(s.split("/")[1] for s in expected["subjects"] if s.startswith("stay/"))
        self.post(f"/stays/{never}/cancel", movement=self.stay(never)["movements"][0]["key"])
        nobody = self.admit(9)
        self.post(f"/stays/{nobody[1]}/cancel", movement=self.stay(nobody[1])["movements"][0]["key"])
        dead = self.admit(10)
        self.post(f"/patients/{dead[0]}/death", physician="Dr LEROY", wristband=self.ipp(dead[0]))
        one, other, third, fourth = (self.known(ipp)["id"].split("/")[1] for ipp in self.fed[6:10])
        self.asked(people)
        self.post(f"/patients/{one}/merge", **{"with": other, "keeps": "this"})
        self.post(f"/patients/{third}/merge", **{"with": fourth, "keeps": "this"})
        self.post(f"/patients/{fourth}/unmerge", reason="deux personnes")

    def asked(self, people):
        """What the list of a unit asks of everybody, and the first coming of a series."""
        self.post(f"/stays/{people[5][1]}/asked", allergies="pénicilline ; latex", diet="mixé", isolation="none")
        self.post(f"/stays/{people[6][1]}/asked", allergiesNone=True, dietNone=True)
        self.post(f"/stays/{people[7][1]}/asked", allergies="iode", diet="sans sel")
        self.post(f"/stays/{people[7][1]}/asked", allergies="", diet="")
        fed = self.known(self.fed[0])["stays"][0]["id"].split("/")[1]
        self.post(f"/stays/{fed}/asked", allergies="arachide")
        self.isolated = self.known(self.fed[10])["stays"][0]
        units = {unit["unit"]: unit["beds"] for unit in self.process.station.get("/beds").json["units"]}
        lies = self.isolated["location"]
        bed = next(bed for bed in units[lies["unit"]] if (self.room(bed), bed["code"]) == (lies["room"], lies["bed"]))
        self.post(f"/beds/{bed['bed']}/isolate", isolation="droplet")
        receipt = self.post(
            "/admissions/new", birthName="SERIE", birthGivenName="ZOÉ", birthDate="01/03/1950", sex="F",
            birthPlace="99999", document="CN", stayClass="recurring", unit="1010", entryMode="8", anyway=True)
        series = next(s.split("/")[1] for s in receipt["subjects"] if s.startswith("stay/"))
        self.post(f"/stays/{series}/attend", attending="LEROY PAUL")
        self.series = self.stay(series)["number"]

    def known(self, ipp):
        return self.process.run("patient", "show", "--ipp", ipp)

    def ipp(self, id):
        return self.process.station.get(f"/patients/{id}").json["ipp"][0]

    def stay(self, id):
        return self.process.station.get(f"/stays/{id}").json

    def send(self, receiver, *more, code=0, host="127.0.0.1"):
        ran = subprocess.run(
            [stations.BINARY, "handback", "send", "--mllp", f"{host}:{receiver.port}", "--per-second", "0", *more,
             "--data", self.process.data, "--json"], capture_output=True, text=True, timeout=120)
        assert ran.returncode == code, (ran.returncode, ran.stdout[-2000:], ran.stderr[-2000:])
        return json.loads(ran.stdout)

    def status(self):
        return self.process.run("handback", "status")

    def census(self):
        """Who lies where here, as the receiver says it."""
        found = []
        for unit in self.process.run("census")["units"]:
            for patient in unit["patients"]:
                found.append((unit["unit"], patient["bed"] or "", patient["ipp"]))
        return sorted(found)

    def check(self, receiver):
        """The receiver, which knew what it had fed, has the same census, bed for bed, and created nobody twice."""
        assert receiver.faults == []
        main = self.main
        for message in receiver.messages():
            main.take(message)
        assert sorted((unit, bed, ipp) for unit, _, bed, ipp in main.census()) == self.census()
        return main

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()


@pytest.fixture
def night():
    with Night() as night:
        yield night


def test_everything_goes_back_valid_and_the_census_is_the_same(night):
    people = night.gestures()
    before = night.status()
    assert before["pending"] > 30 and before["acknowledged"] == 0 and before["refused"] == []
    with Receiver() as receiver:
        after = night.send(receiver)
        assert after["pending"] == 0 and after["acknowledged"] == after["sent"] == before["pending"]
        main = night.check(receiver)
        assert {number: at[8:12] for number, at in main.leaving().items()} == {
            night.stay(people[6][1])["number"]: "1000"}
        here = {place: (night.ipp(patient), night.stay(stay)["number"]) for place, (patient, stay) in enumerate(people)}
        assert main.allergies == {
            here[5][0]: ["pénicilline", "latex"], here[6][0]: ["Aucune allergie connue"], here[7][0]: [],
            night.fed[0]: ["arachide"]}
        assert main.diets == {
            here[5][1]: "mixé", here[6][1]: "Aucun régime particulier", here[7][1]: ""}
        assert {key[:2] for key in main.observations} == {
            (here[5][1], "ISOLEMENT"), (night.isolated["number"], "ISOLEMENT"), (night.series, "SEANCE")}
        assert {"Aucun", "Gouttelettes"} < set(main.observations.values()) and len(main.observations) == 3
        triggers = set()
        for message in receiver.messages():
            triggers.add(message.decode("latin-1").split("|")[8].split("^")[1])
            assert problem(message.decode("latin-1")) is None, message
        assert triggers == {
            "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A11", "A12", "A13", "A16", "A21", "A22", "A25", "A28",
            "A31", "A37", "A38", "A40", "A47", "A52", "A53", "Z99"}
        # Nothing is left, so nothing goes.
        again = night.send(receiver)
        assert (again["pending"], again["acknowledged"]) == (0, after["acknowledged"])
        assert set(receiver.times.values()) == {1}
    assert night.status() == again


def test_another_station_reads_the_same(night, tmp_path):
    """Our own reader, in an empty hospital: the same who, where."""
    people = night.gestures()
    with Receiver() as receiver:
        night.send(receiver, "--charset", "UNICODE UTF-8")
        folder = tmp_path / "messages"
        folder.mkdir()
        for number, message in enumerate(receiver.messages()):
            (folder / f"{number:04}.hl7").write_bytes(message)
    other = stations.Process(patients=0)
    try:
        with Sender(other.mllp_port()) as sender:
            for message in receiver.messages():
                assert said(sender.ask(message))[0] == "AA"
        untold = set(night.fed[6:]) - {night.fed[10]}
        ours = {place for place in night.census() if place[2] not in untold}
        theirs = set()
        for unit in other.run("census")["units"]:
            theirs |= {(unit["unit"], patient["bed"] or "", patient["ipp"]) for patient in unit["patients"]}
        assert theirs == ours
        known = []
        for patient, stay in people[5:8]:
            there = other.run("patient", "show", "--ipp", night.ipp(patient))
            # One of them is protected.
            read = lambda path: other.station.ask("GET", path, headers=[("X-Read-Reason", "test")]).json
            stays = [read(f"/stays/{row['id'].split('/')[1]}") for row in there["stays"]]
            diet = next(row["diet"] for row in stays if row["number"] == night.stay(stay)["number"])
            allergies = read(f"/patients/{there['id'].split('/')[1]}")["allergies"]
            known.append((allergies["state"], allergies["value"], diet["state"], diet["value"]))
        assert known == [
            ("value", "pénicilline, latex", "value", "mixé"), ("none", None, "none", None),
            ("not-asked", None, "not-asked", None)]
    finally:
        other.stop()


def triggers(receiver):
    """Of those acknowledged, in their order; each is valid."""
    texts = [message.decode("latin-1") for message in receiver.messages()]
    assert [problem(text) for text in texts] == [None] * len(texts)
    return [text.split("|")[8].split("^")[1] for text in texts]


def test_a_transfer_said_after_the_leave_that_it_came_before(night):
    """A receiver has the place of the last movement: the leave, which went with the bed before, is told again."""
    _, stay = night.admit(1, at="il y a 3 h")
    night.post(f"/stays/{stay}/leave", kind="permission", at="il y a 1 h")
    unit, bed = night.bed()
    night.post(f"/stays/{stay}/transfer", bed=bed["bed"], at="il y a 2 h")
    with Receiver() as receiver:
        assert night.send(receiver)["pending"] == 0
        assert triggers(receiver) == ["A28", "A01", "A21", "A02", "Z99"]
        night.check(receiver)


def test_whom_the_main_system_has_is_not_created(night):
    """Two people say that somebody registered meanwhile is one whom it had fed: nothing goes of a second file."""
    first, second = night.process.colleague("Premier"), night.process.colleague("Second")
    unit, bed = night.bed()
    receipt = night.post(
        "/admissions/new", birthName="NOMA", birthGivenName="ALIX", birthDate="01/01/1970", sex="F",
        birthPlace="99999", stayClass="inpatient", unit=unit, bed=bed["bed"], entryMode="8", anyway=True)
    here = next(s.split("/")[1] for s in receipt["subjects"] if s.startswith("patient/"))
    ipp, known = night.ipp(here), night.known(night.fed[0])["id"].split("/")[1]
    assert first.post(f"/patients/{here}/link", {
        "command": str(uuid.uuid4()), "with": known, "checked": ["birthName", "birthDate"]}).status == 200
    link = second.get("/links").json["links"][0]["id"]
    assert second.post(f"/links/{link}", {"command": str(uuid.uuid4()), "way": "confirm"}).status == 200
    with Receiver() as receiver:
        assert night.send(receiver)["pending"] == 0
        told = triggers(receiver)
        assert "A01" in told and not {"A28", "A40"} & set(told)
        for message in receiver.messages():
            numbers = message.decode("latin-1").split("\rPID|")[1].split("|")[2].split("~")
            assert [number.split("^")[0] for number in numbers] == [night.fed[0], ipp]
        night.check(receiver)


def test_a_refusal_parks_its_patient_alone(night):
    people = [night.admit(number) for number in range(3)]
    stay = people[1][1]
    unit, bed = night.bed()
    night.post(f"/stays/{stay}/transfer", bed=bed["bed"])
    ipp = night.ipp(people[1][0])

    def refuse(message, times):
        return "AE" if b"^A01^" in message and ipp.encode() in message and isRefusing else "AA"

    isRefusing = True
    with Receiver(refuse) as receiver:
        answer = night.send(receiver, code=1)
        assert [row["trigger"] for row in answer["refused"]] == ["A01"]
        assert answer["refused"][0]["reason"] == "Refusé" and answer["pending"] == 1
        assert sum(b"^A02^" in message for message in receiver.messages()) == 0
        assert sum(b"^A01^" in message for message in receiver.messages()) == 2
        # Nobody said that it may go again.
        assert night.send(receiver, code=1) == answer
        isRefusing = False
        row = night.process.station.get("/handback").json["refused"][0]
        assert row["patient"] == f"patient/{people[1][0]}"
        night.post("/handback/settle", handback=row["handback"], control=row["control"], way="again", note="UF créée")
        assert night.send(receiver)["pending"] == 0
        night.check(receiver)


def test_a_message_done_by_hand_lets_the_others_pass(night):
    people = [night.admit(number) for number in range(2)]
    with Receiver(lambda message, times: "AR" if b"^A28^" in message else "AA") as receiver:
        assert len(night.send(receiver, code=1)["refused"]) == 2
        for row in night.process.station.get("/handback").json["refused"]:
            night.post("/handback/settle", handback=row["handback"], control=row["control"], way="byHand")
        answer = night.send(receiver)
        assert (answer["settled"], answer["acknowledged"], answer["pending"]) == (2, 2, 0)
    account = night.process.station.get("/handback/account").body.decode()
    assert "total settled 2" in account and "total acknowledged 2" in account
    assert account.splitlines()[-1].startswith("signed test-1-")
    assert night.ipp(people[0][0]) not in account


def test_a_refused_message_is_edited_and_goes_again(night):
    """A code that the main system lacks: what was edited goes under a number of its own, and a repeat says it again."""
    patient, _ = night.admit(1)

    def answer(message, times):
        if b"^A01^" not in message:
            return "AA"
        control = message.split(b"|")[9].decode()
        if b"|4E-GAM^" not in message:
            return acknowledgement("AE", control, "UF inconnue").replace(b"PID^1^5", b"PV1^1^3")
        # The first time, the answer is lost.
        return "cut" if times == 1 else "AA"

    with Receiver(answer) as receiver:
        refused = night.send(receiver, code=1)["refused"]
        assert [(row["trigger"], row["place"]) for row in refused] == [("A01", "PV1^1^3")]
        row = night.process.station.get("/handback").json["refused"][0]
        control = row["control"]
        address = f"/handback/messages/{row['handback'].split('/')[1]}"
        shown = night.process.station.get(f"{address}?control={control}").json
        assert (shown["reason"], shown["place"], shown["answer"]) == ("UF inconnue", "PV1^1^3", "AE")
        assert shown["patient"] == f"patient/{patient}"
        pv1 = next(segment for segment in shown["segments"] if segment.startswith("PV1|")).split("|")
        place = "4E-GAM^" + pv1[3].split("^", 1)[1]

        def edit(**fields):
            return night.process.station.post(address, {"command": str(uuid.uuid4()), "control": control, **fields})

        for fields in ({"PV1-3": "4E|GAM"}, {"PV1-3": "4E\rPID|2"}, {"PV1-3": "4E\\T"}, {"PID-3": "71^^^X^PI"},
                       {"PV1-19": "1"}, {"PID-18": "1"}, {}):
            refusal = edit(reason="essai", **fields)
            assert refusal.status == 422, (fields, refusal.body)
        assert edit(**{"PV1-3": place}).status == 422
        # Nothing of that was kept.
        assert night.send(receiver, code=1)["refused"] == refused
        assert edit(reason="le SIH dit 4E-GAM", **{"PV1-3": place}).status in (200, 201)
        assert edit(reason="deux fois", **{"PV1-3": "X"}).status == 404
        status = night.status()
        assert (status["pending"], status["edited"], status["refused"]) == (1, 1, [])
        after = night.send(receiver)
        assert (after["pending"], after["acknowledged"], after["edited"], after["refused"]) == (0, 2, 1, [])
    assert receiver.faults == []
    edited = next(message for message in receiver.messages() if b"^A01^" in message)
    number = edited.split(b"|")[9].decode()
    assert receiver.times[number] == 2 and receiver.times[control] == 1
    assert number != control and number[:15] == control[:15] and len(number) == 20
    before = receiver.heard[control].split(b"\r")
    changed = [segment[:3] for segment, other in zip(edited.split(b"\r"), before, strict=True) if segment != other]
    assert changed == [b"MSH", b"PV1"]
    account = night.process.station.get("/handback/account").body.decode()
    assert f"edit {control} PV1-3" in account and "total edits 1" in account
    assert "4E-GAM" not in account and "total acknowledged 2" in account


def test_a_refused_message_goes_as_the_file_was_put_right(night):
    """The name was wrong: once it is right in the file, the refused message says it too, and what waited follows."""
    patient, _ = night.admit(1)
    shown = night.process.station.get(f"/patients/{patient}").json
    wrong = shown["birthName"].encode()

    def answer(message, times):
        control = message.split(b"|")[9].decode()
        return acknowledgement("AE", control, "Nom refusé") if b"^A28^" in message and wrong in message else "AA"

    with Receiver(answer) as receiver:
        assert [row["trigger"] for row in night.send(receiver, code=1)["refused"]] == ["A28"]
        row = night.process.station.get("/handback").json["refused"][0]
        address = f"/handback/messages/{row['handback'].split('/')[1]}"

        def changed():
            return night.process.station.get(f"{address}?control={row['control']}").json["changed"]

        def again():
            return night.process.station.post(
                address, {"command": str(uuid.uuid4()), "control": row["control"], "asFile": True})

        assert changed() == [] and again().status == 422
        assert night.process.station.post(f"/patients/{patient}/edit", {
            "command": str(uuid.uuid4()), "birthName": "Redressé"}).status in (200, 201)
        assert "PID-5" in changed()
        page = night.process.station.ask("GET", f"{address}?control={row['control']}", headers={"Accept": "text/html"})
        assert "REDRESSE" in page.body.decode() and 'name="asFile"' in page.body.decode()
        # The refused message is not read anew by itself.
        assert len(night.send(receiver, code=1)["refused"]) == 1
        assert again().status in (200, 201)
        after = night.send(receiver)
        assert (after["pending"], after["refused"], after["edited"]) == (0, [], 1)
    created = [message for message in receiver.messages() if b"^A28^" in message and wrong not in message]
    assert len(created) == 1 and b"|REDRESSE^" in created[0]
    assert receiver.faults == []


def test_what_the_character_set_lacks_is_logged_without_what_was_said(night):
    night.admit(2, reason="Œdème")
    with Receiver() as receiver:
        night.send(receiver)
    log = pathlib.Path(night.process.log.name).read_text()
    lacking, = [message for message in receiver.messages() if "OEdème".encode("latin-1") in message]
    control = lacking.split(b"|")[9].decode()
    assert re.search(rf"message {control} \(A01\): .* 8859/1 lacks were transliterated: [1-9]", log)
    assert "dème" not in log and "UVRARD" not in log


def test_from_the_page_in_the_background(night):
    night.admit(1)
    with Receiver() as receiver:
        night.post("/handback/send", address=f"127.0.0.1:{receiver.port}", perSecond=0)
        wait(lambda: not night.process.station.get("/handback").json["running"])
        assert night.status()["acknowledged"] == 2
        sent = night.process.station.get("/exchanges").json["sent"]
        assert [(row["to"], row["acknowledged"], row["refused"], row["connections"]) for row in sent] == [
            (f"127.0.0.1:{receiver.port}", 2, 0, 0)]
        assert sent[0]["lastMessageAt"] is not None


def test_the_feed_that_follows_speaks_of_the_same_file(night):
    """The main system keeps our numbers and says where the patient is, in its own words: one person, in one bed."""
    patient, stay = night.admit(1)
    before = night.census()
    with Receiver() as receiver:
        night.send(receiver)
    admission = next(message for message in receiver.messages() if b"^A01^" in message)
    with Sender(night.process.mllp_port()) as sender:
        theirs = admission.replace(b"|PERMANENCE|990000018|", b"|GAM|CH|")
        theirs = theirs.replace(b"^PERMANENCE^2.25.", b"^GAM^2.999.91.3.")
        assert said(sender.ask(theirs))[0] == "AA"
    document = wait(lambda: night.process.station.get(f"/patients/{patient}").json["mergedInto"])
    assert document != f"patient/{patient}"
    wait(lambda: night.stay(stay)["status"] == "cancelled")
    assert night.census() == before
    assert night.status()["pending"] == 0
    # A person says that they are two, and so they stay; in one bed, which is a conflict.
    night.post(f"/stays/{stay}/part")
    night.post(f"/patients/{patient}/unmerge", reason="deux personnes")
    with Sender(night.process.mllp_port()) as sender:
        assert said(sender.ask(theirs.replace(b"|P|2.5", b"1|P|2.5")))[0] == "AA"
    assert night.stay(stay)["status"] == "admitted"
    assert night.process.station.get(f"/patients/{patient}").json["mergedInto"] is None
    assert night.process.run("census")["conflicts"] > 0


@pytest.mark.parametrize("fault", ["silent", "cut", "garbage", "another"])
def test_an_answer_that_is_lost_is_asked_for_again(night, fault):
    """The same number again, with the same words: nothing is created twice."""
    for number in range(4):
        night.admit(number)
    dice = random.Random(SEED)

    def answer(message, times):
        if times > 1 or dice.random() < 0.5:
            return "AA"
        another = acknowledgement("AA", "7")
        return {"silent": None, "cut": "cut", "garbage": b"hello", "another": another}[fault]

    with Receiver(answer) as receiver:
        answered = night.send(receiver, "--answer-seconds", "1")
        assert answered["pending"] == 0 and answered["refused"] == []
        assert 2 in receiver.times.values()
        night.check(receiver)


def test_one_message_that_nothing_survives_does_not_hold_the_others(night):
    for number in range(3):
        night.admit(number)
    poison = []

    def answer(message, times):
        control = message.split(b"\r", 1)[0].split(b"|")[9]
        if not poison and b"^A28^" in message:
            poison.append(control)
        return "cut" if control in poison else "AA"

    with Receiver(answer) as receiver:
        answered = night.send(receiver, code=1)
        assert [(row["answer"], row["trigger"]) for row in answered["refused"]] == [("none", "A28")]
        assert answered["acknowledged"] == 4 and answered["pending"] == 1


def test_a_peer_that_answers_nothing_refuses_nothing(night):
    for number in range(2):
        night.admit(number)
    with Receiver(lambda message, times: "cut") as receiver:
        ran = subprocess.run(
            [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{receiver.port}", "--patience", "8", "--data",
             night.process.data], capture_output=True, text=True, timeout=120)
        assert ran.returncode == 1 and "did not answer" in ran.stderr
    assert night.status()["refused"] == [] and night.status()["pending"] == 4


# The usual one, at which each answer is kept by itself, and the first at which they are kept together.
@pytest.mark.parametrize("pace", [50, 101])
def test_killed_on_either_side_it_goes_on_where_it_stopped(night, tmp_path, pace):
    """What comes twice is the same bytes under the same number: a repeat, as any receiver knows it."""
    night.gestures()
    total = night.status()["pending"]
    dice, sending = random.Random(SEED), None
    with Apart(tmp_path / "received", free_ports()) as receiver:

        def send():
            return subprocess.Popen(
                [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{receiver.port}", "--per-second", str(pace),
                 "--data", night.process.data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        for killed in dice.sample([(True, False), (False, True), (True, True)] * 2, 6):
            if sending is None or sending.poll() is not None:
                sending = send()
            limit = receiver.path.stat().st_size + dice.randint(500, 5000)
            wait(lambda: sending.poll() is not None or receiver.path.stat().st_size > limit)
            # It is the serving station that sends.
            for side, isKilled in zip((night.process, receiver), killed):
                if isKilled:
                    side.kill()
            if killed[0]:
                sending.communicate(timeout=30)
            for side, isKilled in zip((night.process, receiver), killed):
                if isKilled:
                    side.start()
        sending.communicate(timeout=60)
        answered = night.send(receiver)
        assert answered["pending"] == 0 and answered["acknowledged"] == total
        arrived = receiver.arrived()
        words = {}
        for message in arrived:
            assert words.setdefault(control(message), message) == message
        # Each has one number, whichever way it came. At the usual pace the message under way alone comes again; where
        # answers are kept together some more did.
        again = len(arrived) - total
        print(f"{again} of {total} came again")
        assert len(words) == total
        assert again <= 6 if pace == 50 else again > 0
        night.check(receiver)


def test_a_repeat_is_the_same_words_whatever_happened_since(night):
    _, stay = night.admit(1)
    heard = threading.Event()

    def answer(message, times):
        if b"^A01^" in message and times == 1:
            heard.set()
            return None
        return "AA"

    with Receiver(answer) as receiver:
        sending = subprocess.Popen(
            [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{receiver.port}", "--data",
             night.process.data], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert heard.wait(30)
        night.process.kill()
        sending.communicate(timeout=30)
        night.process.start()
        night.post(f"/stays/{stay}/transfer", bed=night.bed()[1]["bed"])
        night.send(receiver)
        admission = next(message for message in receiver.messages() if b"^A01^" in message)
        assert b"|INSERT|N|" in admission and 2 in receiver.times.values()
        night.check(receiver)


def test_a_repeat_that_says_something_else_has_another_number(night):
    """Whom a mark hides since is hidden; who remembers the first number would not read it."""
    patient, _ = night.admit(1)
    admissions, answers = [], iter(["cut", None, "cut", "AA"])

    def answer(message, times):
        if b"^A01^" not in message:
            return "AA"
        admissions.append(message)
        return next(answers)

    with Receiver(answer) as receiver:
        sending = subprocess.Popen(
            [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{receiver.port}", "--data",
             night.process.data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(lambda: len(admissions) == 2)
        night.process.kill()
        sending.communicate(timeout=30)
        night.process.start()
        night.post(f"/patients/{patient}/protect", protected=True)
        night.send(receiver)
        first, repeat, hidden, again = admissions
        assert first == repeat and hidden == again
        assert control(first) != control(hidden) and control(first)[:15] == control(hidden)[:15]
        assert [segment.split(b"|")[12] for segment in hidden.split(b"\r") if segment.startswith(b"PD1")] == [b"Y"]
        night.check(receiver)


def test_the_main_systems_own_number_goes_with_all_that_follows(night):
    """Its answer to a creation holds one: whatever had not gone yet bears it beside ours, and a repeat is the same."""
    people = [night.admit(number) for number in range(3)]
    ours = [night.ipp(patient) for patient, _ in people]
    total = night.status()["pending"]

    def theirs(message):
        return f"GAM{ours.index(numbers(message)[0])}"

    def numbers(message):
        pid = next(segment for segment in message.split(b"\r") if segment.startswith(b"PID|"))
        return [number.split(b"^")[0].decode() for number in pid.split(b"|")[3].split(b"~")]

    def answer(message, times):
        if b"^A28^" in message:
            own = f"PID|1||{theirs(message)}^^^&2.999.91.1&ISO^PI\r".encode()
            return acknowledgement("AA", message.split(b"|")[9].decode()) + own
        return "cut" if times == 1 else "AA"

    with Receiver(answer) as receiver:
        after = night.send(receiver)
        assert (after["pending"], after["acknowledged"], after["refused"]) == (0, total, [])
        # What is said of them another day too.
        night.post(f"/patients/{people[0][0]}/edit", usedName="DURAND")
        assert night.send(receiver)["pending"] == 0
    assert receiver.faults == [] and len(receiver.heard) == total + 1
    told = {"A01": 0, "A28": 0, "A31": 0}
    for message in receiver.heard.values():
        trigger = message.split(b"|")[8].split(b"^")[1].decode()
        told[trigger] += 1
        assert numbers(message)[1:] == ([] if trigger == "A28" else [theirs(message)]), message
    assert told == {"A01": 3, "A28": 3, "A31": 1}
    assert set(receiver.times.values()) == {1, 2}


def test_what_a_proxy_takes_for_a_system_that_is_dead_is_not_refused(night):
    """It accepts each connection and says nothing; once the system behind it is back, all goes."""
    for number in range(4):
        night.admit(number)
    cuts = []

    def answer(message, times):
        if 2 <= len(receiver.taken) and len(cuts) < 5:
            cuts.append(message)
            return "cut"
        return "AA"

    with Receiver(answer) as receiver:
        answered = night.send(receiver)
        assert len(cuts) == 5 and len(set(cuts)) == 2
        assert answered["refused"] == [] and answered["acknowledged"] == 8
        night.check(receiver)


def test_nobody_listens(night):
    night.admit(1)
    with Receiver() as receiver:
        port = receiver.port
    ran = subprocess.run(
        [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{port}", "--patience", "1", "--data",
         night.process.data, "--json"], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1 and "did not answer" in ran.stderr
    # Whoever waits was told first for how long.
    assert ran.stderr.startswith(f"Sending to 127.0.0.1:{port}.") and "for 1 s in all" in ran.stderr
    with Receiver() as receiver:
        assert night.send(receiver)["pending"] == 0


def test_the_page_says_for_how_long_nobody_is_waited_for(night):
    night.admit(1)
    with Receiver() as receiver:
        port = receiver.port
    station = night.process.station
    assert night.post("/handback/send", address=f"127.0.0.1:{port}", perSecond=0)["running"]
    page = station.ask("GET", "/handback", headers={
        "Accept": "text/html", "Cookie": f"session={station.token}"}, token=False).body.decode()
    assert f"127.0.0.1:{port}." in page and "dix minutes en tout" in page


def test_what_was_said_in_standby_is_not_handed_back(night):
    night.process.run("mode", "declare", "veille", "--reason", "essai")
    night.admit(1)
    assert night.status()["pending"] == 0


def test_what_a_station_says_before_it_hears_that_the_night_is_over(tmp_path):
    """Cut off, its people go on as they were; and one station sends at a time."""
    first, second = tmp_path / "first", tmp_path / "second"
    one, two = free_ports(), free_ports()
    account = run(first, "init", "--station", "urg-1")["account"]
    with serving() as start, Receiver() as receiver:

        def admit(station):
            there = stations.Station(station.url, account["name"], account["secret"])
            there.sign_in()
            assert there.post(admission.PATH, admission.unknown(str(uuid.uuid4()), 1)).status == 200

        a = start(first, one, [two])
        join(first, one, second, "lits-2")
        b = start(second, two)
        run(first, "mode", "declare", "degrade", "--reason", "essai")
        admit(a)
        same(first, second)
        wait(lambda: run(second, "mode", "show")["mode"] == "degrade")
        admit(b)
        same(first, second)
        b.kill()
        run(first, "mode", "declare", "veille", "--reason", "fini")
        admit(a)
        a.kill()
        b = start(second, two)
        admit(b)
        a = start(first, one, [two])
        same(first, second)
        wait(lambda: run(second, "mode", "show")["mode"] == "veille")
        admit(b)
        same(first, second)
        # An identity and a visit each, of the night and of who was cut off.
        for data in (first, second):
            assert run(data, "handback", "status")["pending"] == 6
        begun = threading.Event()
        receiver.answer = lambda message, times: begun.set()
        sending = subprocess.Popen(
            [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{receiver.port}", "--data", str(second)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert begun.wait(30)
        same(first, second)
        send = ["handback", "send", "--mllp", f"127.0.0.1:{receiver.port}"]
        refused = run(first, *send, code=1)
        assert "lits-2" in refused["error"] and "has been sending" in refused["error"], refused
        b.kill()
        sending.communicate(timeout=30)
        # It may go on where it stopped.
        receiver.answer = lambda message, times: "AA"
        start(second, two)
        assert run(second, *send)["pending"] == 0
        same(first, second)
        assert run(first, *send)["pending"] == 0 and len(receiver.taken) == 6


def test_the_account_tells_of_what_no_message_carries(night):
    """Beds and emergency are kept here alone: told by kind, and nothing of them is to be sent."""
    night.admit(1)
    unknown = night.post(
        "/admissions/unknown", sex="M", estimatedAge=40, stayClass="emergency", unit="1010", entryMode="8")
    visit = next(s.split("/")[1] for s in unknown["subjects"] if s.startswith("stay/"))
    night.post(f"/emergency/{visit}/triage", level="2")
    with Receiver() as receiver:
        assert night.send(receiver)["pending"] == 0
    account = night.process.station.get("/handback/account").body.decode().splitlines()
    facts = [line.split() for line in account if line.startswith("  fact ")]
    assert [fact[3:] for fact in facts if fact[2] == "emergency.triaged"] == [["kept", "beside"]]
    told = [fact[3:] for fact in facts if fact[2] == "stay.admitted"]
    assert told and all(fact[0] == "message" and fact[2] == "acknowledged" for fact in told), told
    # Under the numbers that the receiver heard.
    assert {fact[1] for fact in told} <= set(receiver.times)
    assert not [line for line in account if line.startswith("total un") or "nothing sent" in line]
    kept = sum(fact[3] == "kept" for fact in facts)
    assert f"total kept {kept}" in account and kept > 1


def test_encrypted_from_the_page(night, tmp_path):
    """With the files of the data folder: whom to trust, and what to show a receiver that asks who it is."""
    night.admit(1)
    authority, signer = certificate(tmp_path, "authority")
    server, _ = certificate(tmp_path, "server", signer)
    own, _ = certificate(tmp_path, "own", signer)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority[0])
    context.load_cert_chain(*server)
    context.verify_mode = ssl.CERT_REQUIRED
    data = pathlib.Path(night.process.data)
    with Receiver(context=context) as receiver:
        (data / "handback-authority.pem").write_bytes(authority[0].read_bytes())
        (data / "handback-certificate.pem").write_bytes(own[0].read_bytes())
        fields = {"address": f"localhost:{receiver.port}", "perSecond": 0, "tls": True}
        half = night.process.station.post("/handback/send", {"command": str(uuid.uuid4()), **fields})
        assert half.status == 422 and half.json["code"] == "handback-tls", half.body
        assert receiver.heard == {}
        (data / "handback-certificate-key.pem").write_bytes(own[1].read_bytes())
        night.post("/handback/send", **fields)
        wait(lambda: night.status()["acknowledged"] == 2)
        assert len(receiver.taken) == 2


def test_encrypted(night, tmp_path):
    night.admit(1)
    authority, signer = certificate(tmp_path, "authority")
    server, _ = certificate(tmp_path, "server", signer)
    stranger, _ = certificate(tmp_path, "stranger")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*server)
    with Receiver(context=context) as receiver:
        sending = ["handback", "send", "--mllp", f"localhost:{receiver.port}", "--tls", "--patience", "1", "--data",
                   night.process.data]
        # Whom nobody vouches for is told nothing.
        for more in (["--tls-authority", str(stranger[0])], []):
            assert subprocess.run([stations.BINARY, *sending, *more], capture_output=True, timeout=60).returncode == 1
        assert receiver.heard == {}
        assert night.send(receiver, "--tls", "--tls-authority", str(authority[0]), host="localhost")["pending"] == 0
