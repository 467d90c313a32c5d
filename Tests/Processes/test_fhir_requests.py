"""ServiceRequest: beds and transfers that were asked for on pages, as a program is told of them."""

import json
import urllib.request

import pytest

import station as stations
from test_fhir import UNIT, Program, admitted, done, ids, judge, judged, pages
from test_transfers import DIRECTORY, of, partners, step

WARD = "2010"
BED, TRANSFER = "ACCM", "19712007"


@pytest.fixture(scope="module")
def hospital():
    process = stations.Process(patients=60)
    process.run("mode", "declare", "degrade", "--reason", "essai")
    process.run("partners", "read", str(DIRECTORY))
    yield process
    process.stop()


@pytest.fixture(scope="module")
def program(hospital):
    return Program(hospital, "system/*.rs")


def person(hospital, name, **fields):
    return admitted(hospital, birthName=name, birthGivenName="Ève", birthDate="12/03/1961", anyway=True, **fields)


def bed(hospital, stay, **fields):
    made = done(hospital.station.post(f"/stays/{stay}/bed-request", {"unit": WARD, "from": "emergency", **fields}))
    return next(s.split("/")[1] for s in made["subjects"] if s.startswith("request/"))


def send(hospital, stay, finess="990000117", **fields):
    done(hospital.station.post(f"/stays/{stay}/send", {
        "partner": [partners(hospital)[finess]], "need": ["ct", "intensive-care"], "reason": "AVC", **fields}))
    return of(hospital, stay)[-1]["id"]


@pytest.fixture(scope="module")
def asked(hospital):
    """A person in emergency who waits for a bed, and for another hospital's answer."""
    patient, stay = person(hospital, "Demande")
    return {"patient": patient, "stay": stay, "bed": bed(hospital, stay, single=True, isolation="contact"),
            "transfer": send(hospital, stay)}


def codes(resource):
    return {coding["code"] for concept in resource["category"] for coding in concept["coding"]}


def test_both_kinds_are_read(program, asked):
    read = {kind: program.get(f"/fhir/ServiceRequest/{asked[kind]}") for kind in ("bed", "transfer")}
    for resource in read.values():
        assert resource["subject"]["reference"] == f"Patient/{asked['patient']}"
        assert resource["encounter"]["reference"] == f"Encounter/{asked['stay']}"
        assert (resource["status"], resource["intent"]) == ("active", "order")
        program.get(f"/fhir/{resource['requester']['reference']}")
    assert codes(read["bed"]) == {BED} and codes(read["transfer"]) == {TRANSFER}
    assert read["bed"]["locationReference"][0]["reference"] == f"Location/unit-{WARD}"
    assert read["transfer"]["performer"][0]["identifier"]["value"] == "990000117"


@pytest.mark.parametrize("query, found", [
    ("patient={patient}", {"bed", "transfer"}), ("subject=Patient/{patient}", {"bed", "transfer"}),
    ("encounter={stay}", {"bed", "transfer"}), ("encounter=Encounter/{stay}&code=" + BED, {"bed"}),
    ("patient={patient}&category=http://snomed.info/sct%7C" + TRANSFER, {"transfer"}),
    ("patient={patient}&status=completed", set()), ("patient={stay}", set()),
    ("_id={bed},{transfer}", {"bed", "transfer"}), ("_id={bed}&status=active,completed", {"bed"}),
    ("_id={bed}&authored=ge2020", {"bed"}), ("_id={bed}&_lastUpdated=lt2020", set()),
])
def test_they_are_found(program, asked, query, found):
    entries = pages(program, "/fhir/ServiceRequest?" + query.format(**asked))
    assert sorted(ids(entries)) == sorted(asked[kind] for kind in found)


def test_pages_are_whole(hospital, program, asked):
    for letter in "abc":
        _, stay = person(hospital, f"Page{letter}")
        bed(hospital, stay)
        send(hospital, stay, "990000125")
    whole = ids(pages(program, "/fhir/ServiceRequest"))
    assert len(set(whole)) == len(whole) >= 8
    assert ids(pages(program, "/fhir/ServiceRequest?_count=3")) == whole
    assert program.get("/fhir/ServiceRequest?_summary=count")["total"] == len(whole)
    # What is still open is looked up, and is the same as what a look at all of them finds.
    open_ = ids(pages(program, "/fhir/ServiceRequest?status=active"))
    assert sorted(open_) == sorted(
        entry["resource"]["id"] for entry in pages(program, "/fhir/ServiceRequest")
        if entry["resource"]["status"] == "active")
    assert sorted(open_) == sorted(ids(pages(program, "/fhir/ServiceRequest?status=active,draft")))


def test_from_outside_by_name_alone(hospital, program):
    done(hospital.station.post("/bed-requests/new", {"name": "M. Dehors", "specialty": "intensive"}))
    (found,) = [entry["resource"] for entry in pages(program, f"/fhir/ServiceRequest?code={BED}")
                if "encounter" not in entry["resource"]]
    assert found["subject"] == {"display": "M. Dehors"}
    assert found["locationCode"][0]["coding"][0]["code"] == "ICU"


def test_each_line_is_a_version(hospital, program):
    patient, stay = person(hospital, "Versions")
    transfer = send(hospital, stay)
    before = program.get(f"/fhir/ServiceRequest/{transfer}")
    step(hospital, transfer, "refused", note="complet")
    step(hospital, transfer, "accepted", spokenTo="Dr Roy", note="lit 12")
    step(hospital, transfer, "left", transport="SMUR")
    step(hospital, transfer, "arrived")
    history = program.get(f"/fhir/ServiceRequest/{transfer}/_history")
    told = [entry["resource"] for entry in history["entry"]]
    assert [one["status"] for one in told] == ["completed", "active", "active", "revoked", "active"]
    assert told[3]["extension"][0]["valueCodeableConcept"]["text"] == "refused: complet"
    assert program.get(f"/fhir/ServiceRequest/{transfer}/_history/{before['meta']['versionId']}") == before
    proof = program.get(f"/fhir/Provenance?target=ServiceRequest/{transfer}")
    assert {entry["resource"]["id"] for entry in proof["entry"]} == {one["meta"]["versionId"] for one in told}
    assert all(entry["resource"]["target"][0]["reference"].startswith(f"ServiceRequest/{transfer}/_history/")
               for entry in proof["entry"])
    assert not pages(program, f"/fhir/ServiceRequest?patient={patient}&status=active")
    assert ids(pages(program, f"/fhir/ServiceRequest?patient={patient}&_include=ServiceRequest:patient")) == [transfer]


def test_the_marks_of_lists_hold(hospital, program):
    patient, stay = person(hospital, "Celee", protected=True)
    made = [bed(hospital, stay), send(hospital, stay, "990000133")]
    for id in made:
        assert id not in str(program.get(f"/fhir/ServiceRequest/{id}", 403))
        program.get(f"/fhir/ServiceRequest/{id}/_history", 403)
        assert not program.get(f"/fhir/Provenance?target=ServiceRequest/{id}").get("entry")
    listed = ids(pages(program, "/fhir/ServiceRequest")) + ids(pages(program, "/fhir/ServiceRequest?status=active"))
    assert not set(made) & set(listed)
    assert not pages(program, f"/fhir/ServiceRequest?patient={patient}")
    lines = program.ask("GET", "/fhir/$export/ServiceRequest").body.decode()
    assert not any(id in lines for id in made)
    opened = program.get(f"/fhir/ServiceRequest/{made[0]}", X_Read_Reason="transfusion")
    assert opened["meta"]["security"][0]["code"] == "R"
    ward = Program(hospital, "system/*.rs", units=[UNIT], name="urgences")
    assert sorted(ids(pages(ward, f"/fhir/ServiceRequest?patient={patient}"))) == sorted(made)


def test_psychiatry_elsewhere_is_marked(hospital, program):
    _, stay = person(hospital, "Ailleurs")
    sent = program.get(f"/fhir/ServiceRequest/{send(hospital, stay, '990000141', need=['ct'])}")
    assert sent["meta"]["security"][0]["code"] == "R"


def test_a_scope_of_its_own(hospital, asked):
    other = Program(hospital, "system/Encounter.rs", name="sans demandes")
    other.get(f"/fhir/ServiceRequest/{asked['bed']}", 403)
    own = Program(hospital, "system/ServiceRequest.rs", name="demandes")
    own.get(f"/fhir/ServiceRequest/{asked['bed']}")
    own.get(f"/fhir/ServiceRequest?_id={asked['bed']}&_include=ServiceRequest:patient", 403)
    said = judged(own.ask("GET", "/fhir/metadata"))
    (resource,) = [one for one in said["rest"][0]["resource"] if one["type"] == "ServiceRequest"]
    assert {one["code"] for one in resource["interaction"]} == {"read", "search-type", "vread", "history-instance"}
    lines = own.ask("GET", "/fhir/$export/ServiceRequest").body.decode().splitlines()
    exported = [judge(json.loads(line))["id"] for line in lines]
    assert sorted(exported) == sorted(ids(pages(own, "/fhir/ServiceRequest?_count=500")))


def test_changes_are_told_but_not_of_whom_a_list_would_not_name(hospital, program):
    _, hidden = person(hospital, "Tue", protected=True)
    _, shown = person(hospital, "Dite")
    request = urllib.request.Request(
        program.station.url + "/fhir/$changes", headers={"Authorization": f"Bearer {program.token}"})
    with urllib.request.urlopen(request, timeout=30) as stream:
        stream.readline()
        made = bed(hospital, hidden)
        wanted = {f"ServiceRequest/{bed(hospital, shown)}", f"ServiceRequest/{send(hospital, shown)}"}
        for line in stream:
            told = set(line.decode().removeprefix("data: ").split())
            assert f"ServiceRequest/{made}" not in told
            wanted -= told
            if not wanted:
                break
