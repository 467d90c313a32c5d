"""Transfers to other hospitals from a real station: the directory from a file, several asked at once, refused and sent
elsewhere, left and arrived; and the liaison sheet, which `fhir.resources` judges."""

import pathlib
import uuid

import pytest

import station as stations
from admission import unknown
from test_fhir import judge

DIRECTORY = pathlib.Path(__file__).resolve().parents[2] / "Examples" / "partners.yaml"


def key():
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def night():
    process = stations.Process(patients=0)
    process.run("mode", "declare", "degrade", "--reason", "essai")
    assert process.run("partners", "read", str(DIRECTORY)) == {"declared": 4, "partners": 4}
    yield process
    process.stop()


def stay(night, number):
    made = night.station.post("/admissions/unknown", unknown(key(), number))
    assert made.status == 200, made.body
    return next(s for s in made.json["subjects"] if s.startswith("stay/")).partition("/")[2]


def partners(night):
    """Ids by FINESS."""
    return {one["finess"]: one["id"].partition("/")[2] for one in night.station.get("/transfers").json["partners"]}


def of(night, stay):
    return [one for one in night.station.get("/transfers").json["transfers"] if one["stay"] == f"stay/{stay}"]


def step(night, transfer, step, status=200, **fields):
    answer = night.station.post(f"/transfers/{transfer}", {"command": key(), "step": step, **fields})
    assert answer.status == status, answer.body
    return answer.json


def test_the_same_file_says_nothing_twice(night):
    assert night.run("partners", "read", str(DIRECTORY)) == {"declared": 0, "partners": 4}


def test_two_are_refused_and_sent_elsewhere(night):
    known = partners(night)
    for number in (1, 2):
        here = stay(night, number)
        asked = night.station.post(f"/stays/{here}/send", {
            "command": key(), "partner": [known["990000117"], known["990000133"]], "need": ["ct"], "reason": "AVC"})
        assert asked.status == 200, asked.body
        one, other = (transfer["id"] for transfer in of(night, here))
        step(night, one, "refused", status=422)
        step(night, one, "refused", note="plus de place", spokenTo="Dr Roy")
        step(night, other, "accepted", spokenTo="Dr Petit")
        step(night, other, "left", transport="SMUR", escort="IDE")
        step(night, other, "arrived")
        gone = night.run("stay", "show", "--number", night.station.get(f"/stays/{here}").json["number"])
        assert gone["status"] == "discharged"
        ended = {transfer["id"]: transfer["status"] for transfer in of(night, here)}
        assert ended == {one: "refused", other: "arrived"}


def test_there_and_back_with_the_bed_kept(night):
    here = stay(night, 3)
    asked = night.station.post(f"/stays/{here}/send", {
        "command": key(), "partner": [partners(night)["990000125"]], "kind": "round-trip", "need": ["ct"]})
    assert asked.status == 200, asked.body
    transfer = of(night, here)[0]["id"]
    step(night, transfer, "accepted")
    step(night, transfer, "left", status=422, transport="AMBU")
    step(night, transfer, "left", transport="AMBU", until="dans 3 h")
    assert of(night, here)[0]["until"] is not None
    step(night, transfer, "returned")
    number = night.station.get(f"/stays/{here}").json["number"]
    told = night.run("stay", "show", "--number", number)
    assert told["status"] == "admitted"
    assert [movement["trigger"] for movement in told["movements"]][-2:] == ["A21", "A22"]


def test_the_liaison_sheet_is_a_fhir_document(night):
    here = stay(night, 4)
    night.station.post(f"/stays/{here}/send", {
        "command": key(), "partner": [partners(night)["990000133"]], "need": ["stroke"], "reason": "AVC <1 h>"})
    transfer = of(night, here)[0]["id"]
    came = night.station.post(f"/emergency/{here}/arrival", {
        "command": key(), "complaint": "I64", "complaintText": "depuis <1 h", "accompaniedBy": "sa fille"})
    assert came.status == 200, came.body
    answer = night.station.get(f"/transfers/{transfer}/liaison.json")
    assert answer.headers["Content-Type"] == "application/fhir+json"
    bundle = judge(answer.json)
    assert bundle["type"] == "document"
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Composition", "Patient", "Encounter", "Organization", "Organization"]
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    composition = bundle["entry"][0]["resource"]
    assert composition["subject"]["reference"] in urls and composition["encounter"]["reference"] in urls
    assert composition["author"][0]["reference"] in urls
    why, course = (composition["section"][place]["text"]["div"] for place in (0, 1))
    assert "AVC &lt;1 h&gt;" in why and "Déficit neurologique : depuis &lt;1 h" in why and "sa fille" in course
