"""The main system comes back with the state of an older day: what its feed replays is compared with what was registered
meanwhile, over a real socket, through a kill, and by a list that is sent as a file."""

import datetime
import html
import json
import re
import urllib.request
import uuid

import pytest

import station as stations
from mllp import Sender, said
from test_handback import feed

PATIENT = "7100001"


def message(trigger, control, born, hour="20220820100000+0200"):
    """A main system describes somebody (A28, A31)."""
    return "\r".join([
        f"MSH|^~\\&|GAM|CH|PERM|CH|{hour}||ADT^{trigger}^ADT_A05|{control}|P|2.5^FRA^2.11|||||FRA|8859/1",
        f"EVN||{hour}",
        f"PID|1||{PATIENT}^^^&2.999.91.1&ISO^PI||LEFEVRE^ALIX^^^^^L||{born}|F" + "|" * 24 + "VALI",
        "PV1|1|N", ""]).encode()


def upload(station, text, name="liste.csv"):
    mark = uuid.uuid4().hex
    body = (f"--{mark}\r\nContent-Disposition: form-data; name=\"command\"\r\n\r\n{uuid.uuid4()}\r\n"
            f"--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
            "Content-Type: text/csv\r\n\r\n").encode() + text + f"\r\n--{mark}--\r\n".encode()
    request = urllib.request.Request(f"{station.url}/return/read", body, {
        "Accept": "application/json", "Authorization": f"Bearer {station.token}",
        "Content-Type": f"multipart/form-data; boundary={mark}"}, method="POST")
    return station.opener.open(request, timeout=60)


@pytest.fixture()
def night():
    process = stations.Process(patients=0)
    with Sender(process.mllp_port()) as sender:
        assert said(sender.ask(message("A28", "1", "19610312")))[0] == "AA"
    process.run("mode", "declare", "degrade", "--reason", "essai")
    yield process
    process.stop()


def traits(station):
    return [d for d in station.get("/return").json["differences"] if d["kind"] == "trait"]


def test_a_replayed_feed_and_a_list(night):
    station = night.station
    patient = night.run("patient", "find", PATIENT)
    patient = patient[0]["id"].split("/")[-1]
    night.run("mode", "declare", "reprise", "--reason", "essai")
    assert traits(station) == []
    # The backup is older than what it told before the crisis.
    with Sender(night.mllp_port()) as sender:
        assert said(sender.ask(message("A31", "2", "19610313")))[0] == "AA"
    found = traits(station)
    assert [d["field"] for d in found] == ["birthDate"] and found[0]["subject"] == f"patient/{patient}"
    decided = station.post(
        f"/return/{found[0]['id']}", {"command": str(uuid.uuid4()), "version": found[0]["version"], "way": "keep"})
    assert decided.status == 200, decided.body
    # The feed had said its own: ours is said again.
    assert station.get(f"/patients/{patient}").json["birthDate"] == "1961-03-12"
    assert traits(station)[0]["settled"]
    night.kill()
    night.start()
    station = night.station
    assert traits(station)[0]["settled"]
    # A strict trait that is said again is proved anew: that is still to be decided.
    assert [d["kind"] for d in station.get("/return").json["differences"] if not d["settled"]] == ["status"]
    # Another word of the main system opens it anew.
    with upload(station, "IPP;Nom;Né le\n7100001;Lefèvre;14/03/1961\n;X;1961\n".encode("latin-1")) as answer:
        assert answer.status == 200
    listed = station.get("/return").json
    assert listed["lists"][0]["rows"] == 1 and listed["lists"][0]["aside"][0]["reason"] == "number-missing"
    reopened = traits(station)[0]
    assert not reopened["settled"] and reopened["id"] == found[0]["id"]
    station.post(
        f"/return/{reopened['id']}",
        {"command": str(uuid.uuid4()), "version": reopened["version"], "way": "correct"})
    assert traits(station) == []
    # What our correction settled is put back on the same page.
    past = station.get(f"/return/{reopened['id']}").json
    assert past["settled"] and past["way"] == "correct"
    back = station.post(
        f"/return/{reopened['id']}", {"command": str(uuid.uuid4()), "version": past["version"], "way": "keep"})
    assert back.status == 200, back.body
    assert station.get(f"/patients/{patient}").json["birthDate"] == "1961-03-12"
    assert [d["way"] for d in traits(station) if d["settled"]] == ["keep"]
    account = station.get("/return/account").body.decode()
    assert account.count("  decided ") == 3 and "signed test-1" in account and "LEFEVRE" not in account


def test_the_same_messages_again():
    """A main system put back to its backup replays what it had told, byte for byte: nothing is said anew, and its old
    bed stands beside ours."""
    night = stations.Process(patients=0)
    try:
        (unit, bed), (other, moved) = [
            (unit["unit"], bed) for unit in night.station.get("/beds").json["units"] for bed in unit["beds"]
            if bed["state"] == "free"][:2]
        room = night.station.get(f"/beds/{bed['bed']}").json["room"]
        messages = [message.encode() for message in feed(0, unit, (room, bed["code"]))]

        def tell():
            with Sender(night.mllp_port()) as sender:
                return [said(sender.ask(message)) for message in messages]

        told = tell()
        assert [answer[0] for answer in told] == ["AA", "AA"]
        night.run("mode", "declare", "degrade", "--reason", "essai")
        stay = night.run("patient", "show", "--ipp", "710000")["stays"][0]["id"].split("/")[-1]
        answer = night.station.post(f"/stays/{stay}/transfer", {"command": str(uuid.uuid4()), "bed": moved["bed"]})
        assert answer.status in (200, 201), answer.body
        night.run("mode", "declare", "reprise", "--reason", "essai")
        before = night.station.get("/return").json
        assert before["differences"] == [] and before["census"]["unknown"]
        digest = night.run("digest")["digest"]
        assert tell() == told and night.run("digest")["digest"] == digest

        def compared():
            found = night.station.get("/return").json
            assert not found["census"]["unknown"] and not found["census"]["equal"]
            return ([(d["kind"], d["subject"]) for d in found["differences"]],
                    [(line["here"], line["there"]) for line in found["census"]["differing"]])

        sides = ([("place", f"stay/{stay}")], [(f"{other} {moved['code']}", f"{unit} {bed['code']}")])
        assert compared() == sides
        night.kill()
        night.start()
        assert compared() == sides
    finally:
        night.stop()


IDENTITIES = "IPP;Nom;Prénom;Né le;Sexe;INS;Adresse;CP;Ville;Téléphone;Non-divulgation;Décès\n"
STAYS = "NDA;IPP;Statut;UF;Lit;Type;Entrée;Médecin\n"


def test_every_column_of_the_lists(night):
    """What the recovered system says beyond traits and beds: the same in other words is no difference; anything else is
    seen on its page and decided, and stays so through a kill."""
    unit, bed = next((unit["unit"], bed) for unit in night.station.get("/beds").json["units"] for bed in unit["beds"]
                     if bed["state"] == "free")

    def post(path, **body):
        answer = night.station.post(path, {"command": str(uuid.uuid4()), **body})
        assert answer.status in (200, 201), (path, answer.status, answer.body)
        return answer.json

    receipt = post(
        "/admissions/new", birthName="QUENTIN", birthGivenName="LISE", birthDate="12/03/1996", sex="F",
        birthPlace="75056", document="CN", stayClass="inpatient", unit=unit, bed=bed["bed"], entryMode="8", anyway=True,
        attending="MOREL ANNE", phone="06 12 34 56 78", addressLine="12 rue de l'Hôpital", postcode="21000",
        city="DIJON")
    patient, stay = [next(s.split("/")[1] for s in receipt["subjects"] if s.startswith(kind))
                     for kind in ("patient/", "stay/")]
    post(f"/patients/{patient}/status", status="QUAL", document="CN", matricule="296032116623634",
         oid="1.2.250.1.213.1.4.8")
    ipp = night.station.get(f"/patients/{patient}").json["ipp"][0]

    def movement():
        return night.station.get(f"/stays/{stay}").json["movements"][0]

    nda = night.station.get(f"/stays/{stay}").json["number"]
    came = datetime.datetime.fromisoformat(movement()["at"])
    earlier = (came - datetime.timedelta(hours=1)).replace(second=0, microsecond=0)
    night.run("mode", "declare", "reprise", "--reason", "essai")

    def found():
        return {d["field"]: d for d in night.station.get("/return").json["differences"] if d["number"] in (ipp, nda)}

    def give(identity, stay):
        who = f"{ipp};Quentin;Lise;12/03/1996;F;{identity}\n"
        where = f"{nda};{ipp};présent;{unit};{bed['code']};{stay}\n"
        for text in IDENTITIES + who, STAYS + where:
            with upload(night.station, text.encode()) as answer:
                assert json.load(answer)["aside"] == []
        assert night.station.get("/return").json["census"]["equal"]
        return {field: d["kind"] for field, d in found().items()}

    assert give("2960321166236;12, RUE DE L HOPITAL;21000;Dijon Cedex;+33 6 12 34 56 78;non;non",
                f"HC;{came.isoformat()};Dr Anne Morel") == {}
    assert give("2960321166237;14 rue de l'Hôpital;21000;DIJON;0699887766;oui;20/08/2022",
                f"externe;{earlier.isoformat()};MARTIN PAUL") == {
        "ins": "trait", "addresses": "trait", "phones": "trait", "protected": "status", "death": "status",
        "stayClass": "movement", "admittedAt": "movement", "attending": "movement"}

    def page(field):
        """Its words, as somebody reads them."""
        address = f"/return/{found()[field]['id']}"
        shown = night.station.ask("GET", address, headers={"Accept": "text/html"})
        assert shown.status == 200
        return html.unescape(re.sub("<[^>]+>", "", shown.body.decode()))

    for field, here, there in [
            ("ins", "296032116623634", "2960321166237"),
            ("addresses", "12 rue de l'Hôpital 21000 DIJON", "14 rue de l'Hôpital 21000 DIJON"),
            ("phones", "06 12 34 56 78", "0699887766"), ("protected", "présence non protégée", "ne pas divulguer"),
            ("death", "vivant(e)", "décédé(e) le 20/08/2022"),
            ("stayClass", "hospitalisation", "consultation externe"),
            ("admittedAt", f"{came:%d/%m/%Y %H:%M}", f"{earlier:%d/%m/%Y %H:%M}"),
            ("attending", "MOREL ANNE", "MARTIN PAUL")]:
        text = page(field)
        assert f"Ici, entre-temps{here}dit" in text and f"Logiciel revenu{there}dit" in text, (field, text)

    def decide(field, way):
        difference = found()[field]
        post(f"/return/{difference['id']}", version=difference["version"], way=way)
        left = found().get(field)
        return left and (left["settled"], left["way"])

    file = night.station.get(f"/patients/{patient}").json
    for field in "ins", "addresses", "death":
        assert decide(field, "keep") == (True, "keep")
    assert night.station.get(f"/patients/{patient}").json == file
    assert decide("phones", "correct") is None
    assert night.station.get(f"/patients/{patient}").json["phones"] == ["0699887766"]
    assert decide("admittedAt", "correct") is None
    assert datetime.datetime.fromisoformat(movement()["at"]) == earlier
    assert decide("stayClass", "again") == (True, "again")
    # A physician is corrected at the movement, and the difference is open until that is done.
    assert decide("attending", "correct") == (False, "correct")
    post(f"/stays/{stay}/correct", movement=movement()["key"], attending="MARTIN PAUL")
    assert "attending" not in found()
    assert decide("protected", "correct") is None
    left = found()
    assert {field: d["way"] for field, d in left.items() if d["settled"]} == {
        "ins": "keep", "addresses": "keep", "death": "keep", "stayClass": "again"} and len(left) == 4
    night.kill()
    night.start()
    assert found() == left
    account = night.station.get("/return/account").body.decode()
    assert account.count("  decided ") == 8
    assert not any(said in account for said in ["QUENTIN", "Hôpital", "0699887766", "29603211662"])


def test_a_stay_that_the_feed_alone_opens():
    """The recovered system tells of somebody admitted before it was back, whom nobody knew here."""
    night = stations.Process(patients=0)
    try:
        unit, bed = next(
            (unit["unit"], bed) for unit in night.station.get("/beds").json["units"] for bed in unit["beds"]
            if bed["state"] == "free")
        room = night.station.get(f"/beds/{bed['bed']}").json["room"]
        for mode in ("degrade", "reprise"):
            night.run("mode", "declare", mode, "--reason", "essai")
        with Sender(night.mllp_port()) as sender:
            for told in feed(0, unit, (room, bed["code"])):
                assert said(sender.ask(told.encode()))[0] == "AA"
        found = night.station.get("/return").json
        assert [d["kind"] for d in found["differences"]] == ["missing-here"]
        assert [(line["here"], line["there"]) for line in found["census"]["differing"]] == [
            (None, f"{unit} {bed['code']}")]
        difference = found["differences"][0]
        decided = night.station.post(f"/return/{difference['id']}", {
            "command": str(uuid.uuid4()), "version": difference["version"], "way": "correct"})
        assert decided.status == 200, decided.body
        found = night.station.get("/return").json
        assert found["open"] == 0 and found["census"]["equal"] and found["census"]["same"] == 1
        assert "census equal same 1 " in night.station.get("/return/account").body.decode()
    finally:
        night.stop()


def test_two_people_link_a_provisional_identity(night):
    first, second = night.colleague("Premier"), night.colleague("Second")
    known = night.run("patient", "find", PATIENT)[0]["id"].split("/")[-1]
    new = night.station.post("/admissions/new", {
        "command": str(uuid.uuid4()), "only": "identity", "anyway": True, "birthName": "LEFEVRE",
        "birthGivenName": "ALIX", "birthDate": "12/03/1961", "sex": "F", "birthPlace": "99999"})
    here = next(s for s in new.json["subjects"] if s.startswith("patient/")).partition("/")[2]

    def asked():
        return [row["patient"] for row in first.get("/identities/to-confirm").json["toQuery"]]

    assert asked() == [here]
    upload(night.station, f"IPP;Nom;Prénom;Né le;Sexe\n{PATIENT};Lefèvre;Alix;12/03/1961;F\n".encode()).close()
    twice = [d for d in night.station.get("/return").json["differences"] if d["kind"] == "twice"]
    assert [d["subject"] for d in twice] == [f"patient/{here}"]

    def propose(*checked):
        return first.post(f"/patients/{here}/link", {
            "command": str(uuid.uuid4()), "with": known, "checked": list(checked), "reason": "carte vue"})

    def answer(station, way):
        return station.post(f"/links/{link}", {"command": str(uuid.uuid4()), "way": way})

    assert propose("birthName").status == 422
    assert propose("birthName", "birthDate").status == 200
    link = second.get("/links").json["links"][0]["id"]
    assert night.station.get(f"/patients/{here}").json["mergedInto"] is None
    # The same person twice is one person.
    assert answer(first, "confirm").status == 422
    assert answer(second, "withdraw").status == 200 and answer(second, "confirm").status == 422
    assert propose("birthName", "document").status == 200
    assert answer(second, "confirm").status == 200
    assert night.station.get(f"/patients/{here}").json["mergedInto"].endswith(known)
    assert second.get("/links").json["links"] == [] and asked() == [known]
    assert all(d["kind"] != "twice" for d in night.station.get("/return").json["differences"])
