"""FHIR R4 as a program sees it: every answer is read by `fhir.resources`, which knows the standard and not us, and is
what it claims of FR Core."""

import base64
import concurrent.futures
import functools
import importlib
import json
import subprocess
import urllib.parse
import urllib.request
import uuid

import pytest

import fr_core
import station as stations
from hospital import wait


class Program:
    """A client of a station, with its token."""

    def __init__(self, process, *scopes, units=(), name="laboratoire"):
        arguments = [argument for scope in scopes for argument in ("--scope", scope)]
        arguments += [argument for unit in units for argument in ("--unit", unit)]
        self.station = process.station
        self.made = process.run("client", "add", name, *arguments)
        self.token = self.granted()["access_token"]

    def granted(self, **more):
        answer = self.station.ask("POST", "/fhir/token", list({
            "grant_type": "client_credentials", "client_id": self.made["id"], "client_secret": self.made["secret"],
            **more}.items()), token=False)
        assert answer.status == 200, answer.body
        return answer.json

    def ask(self, method, path, body=None, **headers):
        sent = {"Accept": "application/fhir+json", "Authorization": f"Bearer {self.token}",
                **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.station.ask(method, path, body, token=False, headers=sent.items())

    def get(self, path, status=200, **headers):
        """The resource, judged."""
        answer = self.ask("GET", path, **headers)
        assert answer.status == status, (path, answer.status, answer.body[:2000])
        return judged(answer)


def judged(answer):
    assert answer.headers["Content-Type"] == "application/fhir+json"
    return judge(answer.json)


def judge(resource):
    """`resource`, once the standard's own model (R4B, which keeps R4's names) has read it, and those of a bundle, and once
    it is what it claims of FR Core."""
    if resource["resourceType"] == "Bundle":
        for entry in resource.get("entry", []):
            if "resource" in entry:
                judge(entry["resource"])
    kind = resource["resourceType"]
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    model.model_validate(resource)
    fr_core.check(resource)
    return resource


@pytest.fixture(scope="module")
def hospital():
    process = stations.Process(patients=200)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def program(hospital):
    return Program(hospital, "system/*.rs", "system/Patient.crs")


@pytest.fixture(scope="module")
def people(hospital):
    """Stays and patients of the census, as the pages tell them."""
    return [person for unit in hospital.station.get("/census").json["units"] for person in unit["patients"]]


def patient_of(hospital, stay):
    return hospital.station.get(f"/stays/{stay}").json["patient"].split("/")[1]


def test_what_it_is_is_said_to_anyone(hospital):
    answer = hospital.station.ask("GET", "/fhir/metadata", token=False)
    said = judged(answer)
    assert said["fhirVersion"] == "4.0.1"
    types = said["rest"][0]["resource"]
    profiles = {one["type"]: one["supportedProfile"] for one in types if "supportedProfile" in one}
    assert profiles == {kind: [*map(fr_core.profile, names)] for kind, names in fr_core.PROFILES.items()}
    smart = hospital.station.ask("GET", "/fhir/.well-known/smart-configuration", token=False).json
    assert smart["token_endpoint"].endswith("/fhir/token")


def test_a_patient_is_read(hospital, program, people):
    id = patient_of(hospital, people[0]["stay"])
    answer = program.ask("GET", f"/fhir/Patient/{id}")
    patient = judged(answer)
    shown = hospital.station.get(f"/patients/{id}").json
    assert patient["id"] == id
    assert [name["family"] for name in patient["name"] if name["use"] == "official"] == [shown["birthName"]]
    assert patient["birthDate"] == shown["birthDate"]
    assert set(shown["ipp"]) <= {number["value"] for number in patient["identifier"]}
    again = program.ask("GET", f"/fhir/Patient/{id}", If_None_Match=answer.headers["ETag"])
    assert again.status == 304 and not again.body


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer " + 64 * "0"}, {"Authorization": "Basic eDp5"}])
def test_nobody_reads_without_a_token(hospital, people, headers):
    id = patient_of(hospital, people[0]["stay"])
    answer = hospital.station.ask("GET", f"/fhir/Patient/{id}", token=False, headers=headers.items())
    assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert judged(answer)["resourceType"] == "OperationOutcome"


def test_a_person_s_session_is_no_token(hospital, people):
    id = patient_of(hospital, people[0]["stay"])
    assert hospital.station.ask("GET", f"/fhir/Patient/{id}").status == 401


def test_a_token_opens_no_page(hospital, program):
    assert program.ask("GET", "/census").status in (303, 401)


def test_the_secret_is_asked(hospital, program):
    for secret in ("", "0" * 64, program.made["secret"][:-1]):
        answer = hospital.station.ask("POST", "/fhir/token", [
            ("grant_type", "client_credentials"), ("client_id", str(uuid.uuid4())), ("client_secret", secret)],
            token=False)
        assert answer.status == 401 and answer.json == {"error": "invalid_client"}
    basic = base64.b64encode(f"{program.made['id']}:{program.made['secret']}".encode()).decode()
    answer = hospital.station.ask(
        "POST", "/fhir/token", [("grant_type", "client_credentials"), ("scope", "system/Patient.r")], token=False,
        headers={"Authorization": f"Basic {basic}"}.items())
    assert answer.status == 200 and answer.json["scope"] == "system/Patient.r"
    assert answer.json["token_type"] == "Bearer" and answer.json["expires_in"] <= 900


def test_guessing_costs_time(hospital):
    program = Program(hospital, "system/Patient.rs", name="lent")
    for _ in range(8):
        answer = hospital.station.ask("POST", "/fhir/token", [
            ("grant_type", "client_credentials"), ("client_id", program.made["id"]), ("client_secret", "x")],
            token=False)
    assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0


def test_a_scope_is_a_limit(hospital, people):
    id = patient_of(hospital, people[0]["stay"])
    narrow = Program(hospital, "system/Encounter.rs", name="étroit")
    assert narrow.get(f"/fhir/Patient/{id}", 403)["issue"][0]["code"] == "forbidden"
    answer = narrow.station.ask("POST", "/fhir/token", [
        ("grant_type", "client_credentials"), ("client_id", narrow.made["id"]),
        ("client_secret", narrow.made["secret"]), ("scope", "system/*.rs")], token=False)
    assert answer.status == 400 and answer.json == {"error": "invalid_scope"}


def test_a_revoked_program_is_out_at_once(hospital, people):
    id = patient_of(hospital, people[0]["stay"])
    gone = Program(hospital, "system/*.rs", name="parti")
    gone.get(f"/fhir/Patient/{id}")
    hospital.run("client", "revoke", gone.made["id"])
    answer = gone.station.ask("POST", "/fhir/token", [
        ("grant_type", "client_credentials"), ("client_id", gone.made["id"]), ("client_secret", gone.made["secret"])],
        token=False)
    assert answer.status == 401
    listed = {client["id"]: client["revoked"] for client in hospital.run("client", "list")["clients"]}
    assert listed[gone.made["id"]]
    # By the name that people gave it too, where one alone is called so: what is out already counts for none.
    named = Program(hospital, "system/*.rs", name="parti")
    assert hospital.run("client", "revoke", "parti") == {"revoked": named.made["id"]}
    two = [Program(hospital, "system/*.rs", name="double").made["id"] for _ in range(2)]
    for name in ("double", "parti"):
        ran = subprocess.run(
            [stations.BINARY, "client", "revoke", name, "--data", hospital.data], capture_output=True, text=True)
        assert ran.returncode == 1 and "client list shows them all" in ran.stderr, ran
    listed = {client["id"]: client["revoked"] for client in hospital.run("client", "list")["clients"]}
    assert listed[named.made["id"]] and not any(listed[id] for id in two)


def test_who_read_is_recorded(hospital, people):
    id = patient_of(hospital, people[1]["stay"])
    reader = Program(hospital, "system/Patient.rs", name="robot de lecture")
    reader.get(f"/fhir/Patient/{id}")
    reads = wait(lambda: hospital.station.get(f"/audit?account={reader.made['id']}").json["reads"])
    assert {read["name"] for read in reads} == {"robot de lecture"}
    assert {read["patient"] for read in reads} == {f"patient/{id}"}


# --- A hospital with every kind of gesture ---------------------------------------------------------------------------

UNIT = "1010"


def admitted(hospital, **fields):
    answer = hospital.station.post("/admissions/new", {
        "sex": "F", "birthPlace": "29064", "stayClass": "emergency", "unit": UNIT, "entryMode": "8", "anyway": True,
        **fields})
    assert answer.status in (200, 201), answer.body
    subjects = answer.json["subjects"]
    return [next(s.split("/")[1] for s in subjects if s.startswith(kind)) for kind in ("patient/", "stay/")]


def done(answer):
    assert answer.status in (200, 201), answer.body
    return answer.json


@pytest.fixture(scope="module")
def gestures(hospital, tmp_path_factory):
    """What was done: ids of patients and stays by what they show."""
    station, made = hospital.station, {}
    made["named"] = admitted(
        hospital, birthName="Le Goff-Déroff", birthGivenName="Anne Marie", birthDate="12/03/1961",
        usedName="O'Brien", phone="0601020304", addressLine="1 rue de l'Eau", postcode="29000", city="Quimper")
    made["protected"] = admitted(
        hospital, birthName="Cachée", birthGivenName="Ève", birthDate="1980", protected=True)
    made["month"] = admitted(hospital, birthName="Sansjour", birthGivenName="Luc", birthDate="03/1975", sex="M")
    unknown = done(station.post("/admissions/unknown", {
        "sex": "I", "estimatedAge": 40, "stayClass": "emergency", "unit": UNIT, "entryMode": "8"}))
    made["unknown"] = [s.split("/")[1] for s in sorted(unknown["subjects"]) if s.startswith(("patient/", "stay/"))]
    done(station.post(f"/patients/{made['named'][0]}/situation", {"kind": "protected-adult", "note": "tutelle"}))
    made["prisoner"] = admitted(hospital, birthName="Gardée", birthGivenName="Ève", birthDate="1981")
    done(station.post(f"/patients/{made['prisoner'][0]}/situation", {"kind": "prisoner", "note": "escorte"}))
    done(station.post(f"/stays/{made['month'][1]}/bed-request", {"unit": UNIT, "from": "emergency"}))
    left = admitted(hospital, birthName="Partie", birthGivenName="Rose", birthDate="02/02/1990")
    done(station.post(f"/stays/{left[1]}/discharge", {"exitMode": "8"}))
    made["left"] = left
    twin = admitted(hospital, birthName="Partie", birthGivenName="Rose", birthDate="02/02/1990", entryMode="7")
    made["twin"] = twin
    expected = done(station.post(f"/patients/{made['month'][0]}/expected", {
        "stayClass": "inpatient", "unit": UNIT, "expectedAt": "demain 08:00"}))
    made["expected"] = next(s.split("/")[1] for s in expected["subjects"] if s.startswith("stay/"))
    folder = tmp_path_factory.mktemp("messages")
    messages = {
        "feed": [
            "MSH|^~\\&|SIH|CH|PERM|CH|20220821010000||ADT^A01^ADT_A01|1|P|2.5^FRA^2.11||||||UNICODE UTF-8",
            "EVN||20220821010000",
            "PID|||4711^^^CH&1.2.250.1.99.1&ISO^PI~261032906400175^^^ASIP&1.2.250.1.213.1.4.8&ISO^INS||"
            "DUPONT^ANNE^ANNE LEA^^Mme^^D~MARTIN^ANNE^ANNE LEA^^Mme^^L||19610312|F|||^^^^^^BDL^^99352|||||||9001^^^CH&"
            "1.2.250.1.99.2&ISO^AN||||||||||||||VALI",
            f"PV1||I|{UNIT}|R|||10100000001^LEROY^PAUL^^^^^^ASIP&1.2.250.1.71.4.2.1&ISO^L^^^RPPS||||||||||||"
            "77^^^CH&1.2.250.1.99.2&ISO^VN", "ZBE|501^CH^1.2.250.1.99.2^ISO|20220821004500||INSERT|N||^^^^^^UF^^^"
            f"{UNIT}||HMS"],
        "diary": [
            "MSH|^~\\&|RDV|CH|PERM|CH|20220821010000||SIU^S12|2001|P|2.5|||||FRA|UNICODE UTF-8",
            "SCH|D12^GAM|RDV77^DIARY^1.2.250.1.99.7^ISO||||PLAN|COX^coxarthrose|BLOC^Bloc|90|MIN||||||10100000001^LEROY"
            "^PAUL^^^^^^X^^^^RPPS|||||||||Booked", "TQ1|1||||||20220825083000|20220825100000",
            "PID|||4711^^^CH&1.2.250.1.99.1&ISO^PI||DUPONT^ANNE^ANNE LEA^^Mme^^D~MARTIN^ANNE^ANNE LEA^^Mme^^L||19610312"
            "|F", "RGS|1|A", f"AIL|1|A|{UNIT}^S3"],
        # Of nobody, nowhere, at no hour.
        "open": [
            "MSH|^~\\&|RDV|CH|PERM|CH|20220821010000||SIU^S12|2002|P|2.5|||||FRA|UNICODE UTF-8",
            "SCH||RDV78^DIARY^1.2.250.1.99.7^ISO|||||||||||||||||||||||Booked"],
    }
    for name, segments in messages.items():
        (folder / f"{name}.hl7").write_bytes(("\r".join(segments) + "\r").encode())
    report = hospital.run("import", "hl7", str(folder))
    assert report["accepted"] + report["warned"] == 3, report
    return made


# Those of which all may be asked for at once, and so exported. Provenance and AuditEvent are judged where they are asked
# for.
TYPES = ("Patient", "Encounter", "EpisodeOfCare", "Appointment", "ServiceRequest", "Location", "Organization",
         "Practitioner")


def pages(program, path, **headers):
    """Every entry of a search, page by page."""
    found, links = [], path
    while links:
        bundle = program.get(links, **headers)
        found += [entry for entry in bundle.get("entry", []) if entry["search"]["mode"] == "match"]
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        links = following[0].replace(program.station.url, "") if following else None
    return found


def ids(entries):
    return [entry["resource"]["id"] for entry in entries]


@pytest.mark.parametrize("kind", TYPES)
def test_every_resource_is_what_the_standard_says(program, gestures, kind):
    found = pages(program, f"/fhir/{kind}?_count=37")
    assert found, kind
    assert len(set(ids(found))) == len(found), "a page repeats another"
    told = [entry["resource"] for entry in found]
    claimed = {name for one in told for name in one.get("meta", {}).get("profile", [])}
    assert claimed == {*map(fr_core.profile, fr_core.PROFILES.get(kind, {}))}, "what is not claimed is not judged"
    if kind == "Location":
        numbers = [(one["system"], one["value"]) for place in told for one in place.get("identifier", [])]
        assert len(set(numbers)) == len(numbers), "an identifier of two places"
    assert program.get(f"/fhir/{kind}?_summary=count")["total"] == len(found)
    alone = program.get(f"/fhir/{kind}/{found[-1]['resource']['id']}")
    assert alone == found[-1]["resource"]


@pytest.mark.parametrize("count", [1, 7, 500])
def test_pages_are_whole_and_repeat_nobody(program, gestures, count):
    if count == 1:
        found = pages(program, "/fhir/Patient?_count=1&birthdate=ge2000")
        assert sorted(ids(found)) == sorted(ids(pages(program, "/fhir/Patient?birthdate=ge2000")))
        return
    assert sorted(ids(pages(program, f"/fhir/Patient?_count={count}"))) == sorted(ids(pages(program, "/fhir/Patient")))


def test_those_who_are_here_are_those_of_the_census(hospital, program, gestures):
    units = hospital.station.get("/census").json["units"]
    census = {person["stay"] for unit in units for person in unit["patients"]}
    everywhere = Program(hospital, "system/*.rs", units=[unit["unit"] for unit in units], name="partout")
    found = pages(everywhere, "/fhir/Encounter?status=in-progress,onleave")
    assert census <= {entry["resource"]["id"] for entry in found}
    found = pages(program, "/fhir/Encounter?status=in-progress,onleave")
    told = set(ids(found))
    assert told and not told & {gestures["protected"][1], gestures["prisoner"][1]}
    psychiatry = {person["stay"] for unit in units if unit["unit"] == "8020" for person in unit["patients"]}
    assert psychiatry and not told & psychiatry
    # Sessions and outpatients are not in the census once their hour is over.
    assert all(
        entry["resource"]["class"]["code"] == "AMB" for entry in found if entry["resource"]["id"] not in census)


def test_a_unit_is_searched_as_a_place(hospital, program, gestures):
    found = pages(program, f"/fhir/Encounter?status=in-progress,onleave&location=Location/unit-{UNIT}")
    here = {
        entry["resource"]["id"] for entry in found
        if any(place["status"] == "active" and place["location"].get("reference") for place in
               entry["resource"].get("location", []))}
    census = {person["stay"] for unit in hospital.station.get("/census").json["units"] if unit["unit"] == UNIT
              for person in unit["patients"]}
    assert census - {gestures["protected"][1], gestures["prisoner"][1]} <= here


def test_occupied_beds_are_told_without_who(hospital, program, gestures):
    beds = pages(program, "/fhir/Location?operational-status=O&_count=500")
    board = hospital.station.get("/census").json
    assert len(beds) == board["occupied"]
    assert "Patient/" not in str(beds)


@pytest.mark.parametrize("query, who", [
    ("family=le goff", "named"), ("family=derof", "named"), ("family=OBRIEN", "named"),
    ("given=anne&family=goff", "named"),
    ("birthdate=1961-03-12&gender=female", "named"), ("birthdate=1975-03&family=sansjour", "month"),
    ("birthdate=ge1975-03-01&birthdate=le1975-03-31&family=sans", "month"), ("name=sansj", "month"),
])
def test_people_are_found(program, gestures, query, who):
    found = ids(pages(program, "/fhir/Patient?" + query.replace(" ", "%20")))
    assert gestures[who][0] in found
    posted = program.ask("POST", "/fhir/Patient/_search", [
        tuple(part.split("=", 1)) for part in query.split("&")])
    assert sorted(ids(judged(posted)["entry"])) == sorted(found)


def test_numbers_lead_to_people(program, gestures):
    patient = program.get(f"/fhir/Patient/{gestures['named'][0]}")
    number = next(number for number in patient["identifier"] if number["type"]["coding"][0]["code"] == "PI")
    token = f"{number['system']}|{number['value']}".replace("|", "%7C")
    assert ids(pages(program, f"/fhir/Patient?identifier={token}")) == [patient["id"]]
    assert not pages(program, f"/fhir/Patient?identifier=urn:oid:1.2.3%7C{number['value']}")
    stays = pages(program, f"/fhir/Encounter?patient={patient['id']}")
    assert ids(stays) == [gestures["named"][1]]
    nda = next(n["value"] for n in stays[0]["resource"]["identifier"] if n["type"]["coding"][0]["code"] == "AN")
    assert ids(pages(program, f"/fhir/Encounter?identifier={nda}")) == [gestures["named"][1]]
    included = program.get(f"/fhir/Encounter?identifier={nda}&_include=Encounter:patient")
    assert [entry["search"]["mode"] for entry in included["entry"]] == ["match", "include"]


def test_a_feed_s_patient_bears_ins_and_physician(program, gestures):
    (entry,) = pages(program, "/fhir/Patient?identifier=4711")
    patient = entry["resource"]
    ins = [number for number in patient["identifier"] if number["system"] == "urn:oid:1.2.250.1.213.1.4.8"]
    assert [number["type"]["coding"][0]["code"] for number in ins] == ["INS-NIR"]
    assert patient["meta"]["profile"] == [fr_core.profile("fr-core-patient-ins")]
    (stay,) = pages(program, f"/fhir/Encounter?patient={patient['id']}")
    (physician,) = stay["resource"]["contained"]
    (number,) = physician["identifier"]
    assert (number["system"], number["value"]) == ("https://rpps.esante.gouv.fr", "10100000001")
    assert number["type"]["coding"][0]["code"] == "RPPS"
    (appointment,) = pages(program, f"/fhir/Appointment?patient={patient['id']}")
    assert appointment["resource"]["status"] == "booked"
    assert appointment["resource"]["start"] == "2022-08-25T06:30:00.000Z"
    assert [one["identifier"][0]["value"] for one in appointment["resource"]["contained"]] == ["10100000001"]


def test_an_appointment_at_no_hour_is_proposed(program, gestures):
    (found,) = pages(program, "/fhir/Appointment?status=proposed")
    assert found["resource"]["identifier"][0]["value"] == "RDV78" and "start" not in found["resource"]


@pytest.mark.parametrize("query, found", [
    ("identifier=%7C4711", False), ("identifier=urn:oid:1.2.250.1.99.1%7C4711", True),
    ("identifier=urn:oid:1.2.250.1.99.1%7C", True), ("identifier=urn:oid:1.2.3%7C", False)])
def test_a_number_with_and_without_its_system(program, gestures, query, found):
    ours = ids(pages(program, "/fhir/Patient?identifier=4711"))
    assert len(ours) == 1 and ids(pages(program, f"/fhir/Patient?{query}")) == (ours if found else [])


@pytest.mark.parametrize("kind, finess", [
    ("Organization", "990000018"), ("Organization", "990000026"), ("Location", "990000026")])
def test_a_structure_is_found_by_its_finess(program, kind, finess):
    for token in (f"{fr_core.FINESS}%7C{finess}", f"{fr_core.STRUCTURES}%7C1{finess}"):
        assert len(pages(program, f"/fhir/{kind}?identifier={token}")) == 1, token


def test_a_closed_file_stays_closed_but_to_its_unit(hospital, program, gestures):
    id, stay = gestures["protected"]
    for path in (f"Patient/{id}", f"Encounter/{stay}", f"EpisodeOfCare/{stay}", f"Patient/{id}/_history",
                 f"Encounter/{stay}/_history"):
        assert "Cachée".upper() not in str(program.get(f"/fhir/{path}", 403)).upper()
    assert not pages(program, "/fhir/Patient?family=cachee")
    assert not pages(program, f"/fhir/Encounter?patient={id}")
    opened = program.get(f"/fhir/Patient/{id}", X_Read_Reason="transfusion")
    assert opened["meta"]["security"][0]["code"] == "R"
    ward = Program(hospital, "system/*.rs", units=[UNIT], name="urgences")
    assert ids(pages(ward, "/fhir/Patient?family=cachee")) == [id]


def test_what_was_known_is_known_again(hospital, program, gestures):
    id = gestures["named"][0]
    before = program.get(f"/fhir/Patient/{id}")
    done(hospital.station.post(f"/patients/{id}/edit", {"phone": "0611111111"}))
    now = program.get(f"/fhir/Patient/{id}")
    assert now["telecom"][0]["value"] == "0611111111" and now["meta"]["versionId"] != before["meta"]["versionId"]
    past = program.get(f"/fhir/Patient/{id}/_history/{before['meta']['versionId']}")
    assert past == before
    history = program.get(f"/fhir/Patient/{id}/_history")
    assert [entry["resource"]["meta"]["versionId"] for entry in history["entry"]][:2] == [
        now["meta"]["versionId"], before["meta"]["versionId"]]
    assert history["total"] == len(history["entry"]) >= 3
    told = program.get(f"/fhir/Provenance?target=Patient/{id}")
    assert {entry["resource"]["id"] for entry in told["entry"]} == {
        entry["resource"]["meta"]["versionId"] for entry in history["entry"]}
    assert program.get(f"/fhir/Provenance/{now['meta']['versionId']}")["recorded"] == now["meta"]["lastUpdated"]
    assert ids(pages(program, f"/fhir/Patient?_id={id}&_lastUpdated=ge{now['meta']['lastUpdated']}")) == [id]
    assert not pages(program, f"/fhir/Patient?_id={id}&_lastUpdated=gt{now['meta']['lastUpdated']}")


def test_merged_identities_are_linked(hospital, program, gestures):
    (kept, _), (gone, stay) = gestures["left"], gestures["twin"]
    second = done(hospital.station.post(
        "/staff/new", {"name": "Second Regard", "login": "second", "roles": ["records"]}))["accounts"][0]
    before = program.ask("GET", f"/fhir/Patient/{kept}")
    request = urllib.request.Request(
        program.station.url + "/fhir/$changes", headers={"Authorization": f"Bearer {program.token}"})
    with urllib.request.urlopen(request, timeout=30) as stream:
        stream.readline()
        done(hospital.station.post(f"/patients/{kept}/merge", {
            "with": gone, "keeps": "this", "reason": "doublon", "checkedTraits": ["birthName", "birthDate"],
            "second": second["login"], "secondPin": second["secret"]}))
        for line in stream:
            told = set(line.decode().removeprefix("data: ").split())
            if f"Patient/{gone}" in told:
                break
        # The line is about the file that gave way; others tell something else because of it.
        assert {f"Patient/{kept}", f"Encounter/{stay}", f"EpisodeOfCare/{stay}"} <= told
    assert program.ask("GET", f"/fhir/Patient/{kept}", If_None_Match=before.headers["ETag"]).status == 200
    absorbed = program.get(f"/fhir/Patient/{gone}")
    assert not absorbed["active"] and absorbed["link"][0]["type"] == "replaced-by"
    assert program.get(f"/fhir/Patient/{kept}")["link"][0]["other"]["reference"] == f"Patient/{gone}"
    assert program.get(f"/fhir/Encounter/{stay}")["subject"]["reference"] == f"Patient/{kept}"
    assert stay in ids(pages(program, f"/fhir/Encounter?patient={kept}"))
    assert ids(pages(program, f"/fhir/Encounter?_id={stay}&patient={kept}")) == [stay]
    assert not pages(program, f"/fhir/Encounter?_id={stay}&patient={NOBODY}")


# --- What a search asks ----------------------------------------------------------------------------------------------

NOBODY = "00000000-0000-4000-8000-000000000000"
OTHER_SYSTEM = "urn:oid:1.2.3|{identifier[0][value]}"
OWN_NUMBER = "{identifier[0][system]}|{identifier[0][value]}"

# What each parameter is asked: a value to which the resource of `known` answers, and one to which it does not. Names in
# braces are of that resource; `named` is a patient's id.
SEARCHES = {
    "Patient": {
        "_id": ("{id}", NOBODY), "_lastUpdated": ("ge2020", "lt2020"), "active": ("true", "false"),
        "address": ("quimper", "brest"), "address-city": ("quimper", "29000"),
        "address-postalcode": ("29000", "29001"), "deceased": ("false", "true"),
        "email": (None, "nobody@exemple.fr"),
        "phone": ("{telecom[0][value]}", "0600000000"), "telecom": ("{telecom[0][value]}", "0600000000"),
        "birthdate": ("1961-03-12", "1961-03-13"), "family": ("le goff", "legoffe"), "gender": ("female", "male"),
        "given": ("anne", "hanne"), "identifier": (OWN_NUMBER, OTHER_SYSTEM), "name": ("deroff", "zzz")},
    "Encounter": {
        "_id": ("{id}", NOBODY), "_lastUpdated": ("ge2020", "lt2020"), "class": ("EMER", "IMP"),
        "date": ("ge{period[start]}", "lt{period[start]}"), "identifier": (OWN_NUMBER, OTHER_SYSTEM),
        "location": (f"Location/unit-{UNIT}", "Location/unit-none"), "patient": ("{subject[reference]}", NOBODY),
        "participant": (None, "Practitioner/none"), "practitioner": (None, "Practitioner/none"),
        "service-provider": ("{serviceProvider[reference]}", "Organization/uf-none"),
        "status": ("in-progress", "finished"), "subject": ("{subject[reference]}", NOBODY)},
    "EpisodeOfCare": {
        "_id": ("{id}", NOBODY), "_lastUpdated": ("ge2020", "lt2020"),
        "date": ("ge{period[start]}", "lt{period[start]}"), "identifier": (OWN_NUMBER, OTHER_SYSTEM),
        "organization": ("{managingOrganization[reference]}", "Organization/none"),
        "patient": ("{patient[reference]}", NOBODY), "status": ("active", "finished")},
    "Appointment": {
        "_id": ("{id}", NOBODY), "_lastUpdated": ("ge2020", "lt2020"), "date": ("2022-08-25", "2022-08-24"),
        "actor": (f"Location/unit-{UNIT}", f"Patient/{NOBODY}"),
        "location": (f"Location/unit-{UNIT}", "Location/unit-none"), "practitioner": (None, "Practitioner/none"),
        "identifier": ("urn:oid:1.2.250.1.99.7|RDV77", "urn:oid:1.2.250.1.99.8|RDV77"),
        "patient": ("{participant[0][actor][reference]}", NOBODY), "status": ("booked", "cancelled")},
    "ServiceRequest": {
        "_id": ("{id}", NOBODY), "_lastUpdated": ("ge2020", "lt2020"), "authored": ("ge2020", "lt2020"),
        "category": ("ACCM", "19712007"), "code": ("ACCM", "19712007"),
        "encounter": ("{encounter[reference]}", NOBODY), "patient": ("{subject[reference]}", NOBODY),
        "status": ("active", "completed"), "subject": ("{subject[reference]}", NOBODY)},
    "Location": {
        "_id": ("{id}", NOBODY), "identifier": (OWN_NUMBER, OTHER_SYSTEM), "name": ("{name}", "zzz"),
        "operational-status": ("O", "U"), "organization": ("{managingOrganization[reference]}", "Organization/none"),
        "partof": ("{partOf[reference]}", "Location/none"), "status": ("active", "inactive"), "type": (None, "none")},
    "Organization": {
        "_id": ("{id}", "uf-none"), "identifier": (OWN_NUMBER, OTHER_SYSTEM), "name": ("{name}", "!"),
        "partof": ("{partOf[reference]}", "Organization/none"), "type": ("UF", "prov")},
    "Practitioner": {
        "_id": ("{id}", NOBODY), "_lastUpdated": ("ge2020", "lt2020"), "active": ("true", "false"),
        "identifier": (OWN_NUMBER, OTHER_SYSTEM), "name": ("{name[0][text]}", "zzz")},
    "Provenance": {
        "_id": ("{id}", "test-1.1.00000000"), "patient": ("Patient/{named}", NOBODY),
        "recorded": ("{recorded}", "lt{recorded}"), "target": ("Patient/{named}", f"Patient/{NOBODY}")},
    "AuditEvent": {
        "_id": ("{id}", "999999999"), "agent": ("{agent[0][who][reference]}", NOBODY),
        "date": ("{recorded}", "lt{recorded}"), "patient": ("{entity[0][what][reference]}", NOBODY)},
}


# Parameters that are asked beside another alone.
BESIDE = {
    **{("Patient", name): "_id={id}" for name in (
        "address", "address-city", "address-postalcode", "email", "phone", "telecom")},
    ("Encounter", "participant"): "_id={id}", ("Encounter", "practitioner"): "_id={id}",
    ("Appointment", "practitioner"): "_id={id}", ("Provenance", "recorded"): "_id={id}"}


# What people are reached by is the same however it is written: it is no token to be told apart by its text.
REACHED = ("email", "phone", "telecom")


@functools.cache
def described(program, kind):
    return next(one for one in program.get("/fhir/metadata")["rest"][0]["resource"] if one["type"] == kind)


@pytest.fixture(scope="module")
def auditor(hospital):
    return Program(hospital, "system/AuditEvent.rs", name="contrôle")


@pytest.fixture(scope="module")
def known(hospital, program, auditor, gestures):
    """A resource of each type."""
    (patient, stay), (_, waiting) = gestures["named"], gestures["month"]
    searches = {
        "Appointment": f"patient={pages(program, '/fhir/Patient?identifier=4711')[0]['resource']['id']}",
        "ServiceRequest": f"encounter={waiting}", "Location": "operational-status=O&status=active",
        "Provenance": f"patient={patient}"}
    found = {kind: pages(program, f"/fhir/{kind}?{search}")[0]["resource"] for kind, search in searches.items()}
    for path in (f"Patient/{patient}", f"Encounter/{stay}", f"EpisodeOfCare/{stay}", f"Organization/uf-{UNIT}"):
        found[path.split("/")[0]] = program.get(f"/fhir/{path}")
    # A sealed envelope has no name yet.
    found["Practitioner"] = next(
        entry["resource"] for entry in pages(program, "/fhir/Practitioner") if "name" in entry["resource"])
    # Of a person: a program has no reference.
    hospital.station.get(f"/patients/{patient}")
    found["AuditEvent"] = wait(lambda: [
        entry["resource"] for entry in pages(auditor, f"/fhir/AuditEvent?patient={patient}")
        if "reference" in entry["resource"]["agent"][0]["who"]])[0]
    return found


def test_no_parameter_is_forgotten(program):
    said = program.get("/fhir/metadata")["rest"][0]["resource"]
    assert {one["type"]: {parameter["name"] for parameter in one["searchParam"]} for one in said} == {
        kind: set(values) for kind, values in SEARCHES.items()}


@pytest.mark.parametrize("kind, name", [(kind, name) for kind, values in SEARCHES.items() for name in values])
def test_every_parameter_narrows(program, auditor, gestures, known, kind, name):
    asker = auditor if kind == "AuditEvent" else program
    beside = BESIDE.get((kind, name), "").format(**known[kind])
    for value, isFound in zip(SEARCHES[kind][name], (True, False)):
        # To some nobody here answers who is asked for so.
        if value is None:
            continue
        said = value.format(**known[kind], named=gestures["named"][0]).replace(",", "\\,")
        query = f"{name}={urllib.parse.quote(said, safe='')}"
        if beside and (kind, name) != ("Provenance", "recorded"):
            assert asker.get(f"/fhir/{kind}?{query}", 400)["issue"][0]["details"]["coding"][0]["code"] == (
                "fhir.parameter-alone")
        found = pages(asker, f"/fhir/{kind}?_count=500&{query}&{beside}")
        assert (known[kind]["id"] in ids(found)) == isFound, said
        kinds = {one["name"]: one["type"] for one in described(program, kind)["searchParam"]}
        if kinds[name] == "token" and name not in REACHED:
            others = pages(asker, f"/fhir/{kind}?_id={known[kind]['id']}&{query.replace('=', ':not=', 1)}")
            assert bool(others) != isFound, said


@pytest.mark.parametrize("kind, name, system", [
    ("Patient", "gender", "http://hl7.org/fhir/administrative-gender"),
    ("Encounter", "status", "http://hl7.org/fhir/encounter-status"),
    ("EpisodeOfCare", "status", "http://hl7.org/fhir/episode-of-care-status"),
    ("Appointment", "status", "http://hl7.org/fhir/appointmentstatus"),
    ("ServiceRequest", "status", "http://hl7.org/fhir/request-status"),
    ("Location", "status", "http://hl7.org/fhir/location-status"),
    ("Location", "operational-status", "http://terminology.hl7.org/CodeSystem/v2-0116"),
])
def test_a_code_is_asked_for_with_its_system(program, known, kind, name, system):
    for code, is_found in zip(SEARCHES[kind][name], (True, False)):
        token = urllib.parse.quote(f"{system}|{code}", safe="")
        assert (known[kind]["id"] in ids(pages(program, f"/fhir/{kind}?_count=500&{name}={token}"))) == is_found


def summary(kind):
    """Elements at a resource's root that the standard calls its summary, as `fhir.resources` knows them."""
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    fields = model.model_fields.items()
    return {field.alias or name for name, field in fields if (field.json_schema_extra or {}).get(
        "summary_element_property")}


@pytest.mark.parametrize("kind", list(SEARCHES))
@pytest.mark.parametrize("query", ["_elements=id", "_elements=identifier", "_summary=true", "_summary=text"])
def test_a_part_of_a_resource_is_one_too(program, auditor, known, kind, query):
    asker = auditor if kind == "AuditEvent" else program
    whole = asker.get(f"/fhir/{kind}/{known[kind]['id']}")
    part = asker.get(f"/fhir/{kind}/{whole['id']}?{query}")
    (found,) = pages(asker, f"/fhir/{kind}?_id={whole['id']}&{query}")
    assert found["resource"] == part
    assert [tag["code"] for tag in part["meta"]["tag"]] == ["SUBSETTED"] and "profile" not in part["meta"]
    assert part["meta"].get("security") == whole.get("meta", {}).get("security")
    # `fhir.resources` has judged what is mandatory; what is there is as it was.
    assert {name: part[name] for name in part if name != "meta"} == {
        name: whole[name] for name in part if name != "meta"}
    if query == "_elements=identifier":
        assert part.get("identifier") == whole.get("identifier")
    if query == "_summary=true":
        assert set(whole) & summary(kind) <= set(part)
    assert asker.get(f"/fhir/{kind}/{whole['id']}?_summary=data") == whole


@pytest.mark.parametrize("kind, sort, narrow, told", [
    ("Patient", "birthdate", "", lambda one: one.get("birthDate")),
    ("Patient", "_lastUpdated", "", lambda one: one["meta"]["lastUpdated"]),
    ("Encounter", "date", "", lambda one: one["period"]["start"]),
    ("Encounter", "date", "status=in-progress", lambda one: one["period"]["start"]),
    ("Appointment", "date", "", lambda one: one.get("start")),
    ("ServiceRequest", "authored", "", lambda one: one.get("authoredOn")),
    ("Location", "_id", "", lambda one: one["id"]),
    ("Practitioner", "_lastUpdated", "", lambda one: one["meta"]["lastUpdated"]),
])
def test_an_answer_is_told_in_order(program, gestures, kind, sort, narrow, told):
    every = sorted(ids(pages(program, f"/fhir/{kind}?_count=500&{narrow}")))
    for sign in ("", "-"):
        found = pages(program, f"/fhir/{kind}?{narrow}&_count=23&_sort={sign}{sort}")
        assert sorted(ids(found)) == every, "pages are whole and repeat nobody"
        keys = [told(entry["resource"]) for entry in found]
        said = [key for key in keys if key is not None]
        assert said == sorted(said, reverse=bool(sign)) and keys == said + [None] * (len(keys) - len(said))


def test_what_each_type_is_sorted_by_is_said(program, auditor, gestures):
    for one in program.get("/fhir/metadata")["rest"][0]["resource"]:
        asker = auditor if one["type"] == "AuditEvent" else program
        narrow = f"patient={gestures['named'][0]}&" if one["type"] in ("AuditEvent", "Provenance") else ""
        names = one["documentation"].removeprefix("_sort: ").split(", ")
        for name in names:
            asker.get(f"/fhir/{one['type']}?{narrow}_sort={name}")
        refused = asker.get(f"/fhir/{one['type']}?{narrow}_sort=nothing", 400)["issue"][0]
        assert refused["details"]["coding"][0]["code"] == "fhir.sort-unknown"
        assert all(name in refused["details"]["text"] for name in names)


# What is told with one resource, by the parameter of an `_include`.
INCLUDED = {
    "actor": {"Patient", "Location"}, "encounter": {"Encounter"}, "location": {"Location"},
    "organization": {"Organization"}, "patient": {"Patient"}, "service-provider": {"Organization"},
    "subject": {"Patient"}}


def test_what_is_told_with_a_page_is_said(program, known):
    for one in program.get("/fhir/metadata")["rest"][0]["resource"]:
        kind, named = one["type"], {}
        for value in one.get("searchRevInclude", []):
            bundle = program.get(f"/fhir/{kind}?_id={known[kind]['id']}&_revinclude={value}")
            named[value] = [entry["resource"] for entry in bundle["entry"] if entry["search"]["mode"] == "include"]
            referring = value.split(":")[0]
            assert {resource["resourceType"] for resource in named[value]} <= {referring}
            for resource in named[value]:
                assert f"{kind}/{known[kind]['id']}" in json.dumps(resource)
        for value in one.get("searchInclude", []):
            bundle = program.get(f"/fhir/{kind}?_id={known[kind]['id']}&_include={value}")
            found, *told = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
            assert (found, set(told)) == (kind, INCLUDED.get(value.split(":")[1], {kind})), value
        if "Provenance:target" in named and kind != "Location":
            lines = ids(pages(program, f"/fhir/Provenance?target={kind}/{known[kind]['id']}"))
            assert sorted(resource["id"] for resource in named["Provenance:target"]) == sorted(lines) and lines
        if kind == "Patient":
            assert named["Encounter:subject"] and named["EpisodeOfCare:patient"]


def test_the_feed_of_changes_is_described(hospital, program):
    operations = {one["name"]: one["definition"] for one in program.get("/fhir/metadata")["rest"][0]["operation"]}
    assert set(operations) == {"changes", "export"}
    described = program.get(operations["changes"].replace(hospital.station.url, ""))
    assert described["resourceType"] == "OperationDefinition" and described["code"] == "changes"
    assert described["url"] == operations["changes"]


def test_a_physician_s_number_finds_what_names_them(program, known):
    patient = known["Appointment"]["participant"][0]["actor"]["reference"]
    for kind, name in (("Encounter", "participant"), ("Encounter", "practitioner"), ("Appointment", "practitioner")):
        for form in (f"{name}.identifier", f"{name}:identifier"):
            for value, count in (("https://rpps.esante.gouv.fr%7C10100000001", 1), ("10100000002", 0)):
                assert len(pages(program, f"/fhir/{kind}?patient={patient}&{form}={value}")) == count, form


def test_where_it_comes_from_is_narrowed_by_all_that_is_asked(program, gestures):
    def lines(query):
        return ids(pages(program, f"/fhir/Provenance?{query}"))

    (one, stay), (other, _) = gestures["named"], gestures["month"]
    own, others = lines(f"patient={one}"), lines(f"patient={other}")
    assert own and others and not set(own) & set(others)
    both = pages(program, f"/fhir/Provenance?patient={one}&target=Encounter/{stay}")
    assert both and set(ids(both)) == set(own) & set(lines(f"target=Encounter/{stay}"))
    for entry in both:
        named = [target["reference"].partition("/_history/")[0] for target in entry["resource"]["target"]]
        assert named == [f"Patient/{one}", f"Encounter/{stay}"]
    for query, expected in [
        (f"patient={one},{other}", own + others), (f"patient={one}&patient={other}", []),
        (f"target=Patient/{one},Patient/{other}", own + others),
        (f"target=Patient/{one}&target=Patient/{other}", []), (f"patient={one}&target=Patient/{one}", own),
        (f"patient={one}&target=Patient/{other}", []), (f"_id={own[0]}&patient={one}", own[:1]),
        (f"_id={own[0]}&patient={other}", []), (f"_id={own[0]},{others[0]}", [own[0], others[0]]),
        (f"_id={own[0]}&_id={others[0]}", []),
    ]:
        assert sorted(lines(query)) == sorted(expected), query


@pytest.mark.parametrize("kind", ["Patient", "Encounter", "EpisodeOfCare", "Appointment", "ServiceRequest"])
def test_every_version_is_a_line(program, known, kind):
    path = f"{kind}/{known[kind]['id']}"
    versions = {entry["resource"]["meta"]["versionId"] for entry in program.get(f"/fhir/{path}/_history")["entry"]}
    told = [entry["resource"] for entry in pages(program, f"/fhir/Provenance?target={path}")]
    assert versions and {(one["id"], one["target"][0]["reference"]) for one in told} == {
        (version, f"{path}/_history/{version}") for version in versions}


def test_what_was_said_of_a_bed_is_told(hospital, program, known):
    bed = known["Location"]["id"]
    done(hospital.station.post(f"/beds/{bed}/seen", {}))
    told = [entry["resource"] for entry in pages(program, f"/fhir/Provenance?target=Location/{bed}")]
    assert "bed.seen" in {coding["code"] for one in told for coding in one["activity"]["coding"]}
    # A bed has no history to point at.
    assert {one["target"][0]["reference"] for one in told} == {f"Location/{bed}"}


def test_readings_are_narrowed_by_all_that_is_asked(hospital, auditor, gestures):
    one, other = gestures["named"][0], gestures["month"][0]
    readers = [Program(hospital, "system/Patient.r", name=name) for name in ("lecteur un", "lecteur deux")]
    for reader in readers:
        for id in (one, other):
            reader.get(f"/fhir/Patient/{id}")
    first, second = (reader.made["id"] for reader in readers)

    def found(query):
        return sorted(
            (entry["resource"]["agent"][0]["who"]["identifier"]["value"].removeprefix("urn:uuid:"),
             entry["resource"]["entity"][0]["what"]["reference"].split("/")[1])
            for entry in pages(auditor, f"/fhir/AuditEvent?{query}"))

    every = sorted((reader, patient) for reader in (first, second) for patient in (one, other))
    wait(lambda: found(f"agent={first},{second}") == every)
    entries = pages(auditor, f"/fhir/AuditEvent?agent={first}")
    numbers = ids(entries)
    for query, expected in [
        (f"agent={first}&patient={one}", [(first, one)]), (f"agent=Practitioner/{first}&agent={second}", []),
        (f"agent={first},{second}&agent={second}", [pair for pair in every if pair[0] == second]),
        (f"agent={first},{second}&patient=Patient/{one},{other}", every),
        (f"agent={first}&patient={one}&patient={other}", []),
        (f"_id={','.join(numbers)}", [pair for pair in every if pair[0] == first]),
        (f"_id={numbers[0]}&_id={numbers[1]}", []), (f"_id={numbers[0]}&agent={second}", []),
        (f"agent={first},{second}&_count=1", every),
    ]:
        assert found(query) == expected, query
    assert auditor.get(f"/fhir/AuditEvent?agent={first},{second}&_summary=count")["total"] == len(every)
    assert auditor.get(f"/fhir/AuditEvent/{numbers[0]}") == entries[0]["resource"]


# --- Creating, matching, exporting -----------------------------------------------------------------------------------

NEW = {
    "resourceType": "Patient", "gender": "male", "birthDate": "1944-05-06",
    "name": [{"use": "official", "family": "Neuf", "given": ["Octave"]}],
    "identifier": [{"system": "urn:oid:1.2.250.1.77", "value": "L-1"}],
    "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        "valueAddress": {"extension": [{
            "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
            "valueCoding": {"code": "75112"}}]}}],
}
CONDITION = "identifier=urn:oid:1.2.250.1.77%7CL-1"


def test_one_condition_from_several_connections_is_one_patient(program):
    condition = "identifier=urn:oid:1.2.250.1.77%7CL-7"
    body = {**NEW, "birthDate": "1931-11-23", "identifier": [],
            "name": [{"use": "official", "family": "Ensemble", "given": ["Zoltan"]}]}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda _: program.ask("POST", "/fhir/Patient", body, If_None_Exist=condition), range(8)))
    assert sorted(answer.status for answer in answers) == 7 * [200] + [201], [answer.body for answer in answers]
    assert len({judged(answer)["id"] for answer in answers}) == 1


def test_created_once_however_often_it_is_sent(hospital, program):
    judge(NEW)
    first = program.ask("POST", "/fhir/Patient", NEW, If_None_Exist=CONDITION)
    assert first.status == 201, first.body
    made = judged(first)
    assert first.headers["Location"].endswith(f"/fhir/Patient/{made['id']}/_history/{made['meta']['versionId']}")
    again = program.ask("POST", "/fhir/Patient", NEW, If_None_Exist=CONDITION)
    other = {**NEW, "name": [{"use": "official", "family": "Autrement", "given": ["Octave"]}]}
    changed = program.ask("POST", "/fhir/Patient", other, If_None_Exist=CONDITION)
    assert (again.status, changed.status) == (200, 200)
    assert judged(again)["id"] == judged(changed)["id"] == made["id"]
    assert ids(pages(program, "/fhir/Patient?" + CONDITION)) == [made["id"]]
    shown = hospital.station.get(f"/patients/{made['id']}").json
    assert (shown["birthName"], shown["birthDate"], shown["identityStatus"]) == ("NEUF", "1944-05-06", "PROV")
    assert len([n for n in made["identifier"] if n["type"]["coding"][0]["code"] == "PI"]) == 1
    # Without a condition it is told that they have a file already.
    twin = program.ask("POST", "/fhir/Patient", {**NEW, "identifier": []})
    assert twin.status == 409 and made["id"] in judged(twin)["issue"][0]["diagnostics"]


@pytest.mark.parametrize("change, status, details", [
    ({"birthDate": "1944-13-01"}, 400, None), ({"gender": "x"}, 400, None), ({"resourceType": "Person"}, 400, None),
    ({"birthDate": None}, 400, None), ({"name": []}, 422, "refusal.birth-name-missing"),
    ({"extension": []}, 422, "refusal.birth-place-missing"),
    ({"identifier": [{"system": "urn:oid:1.2.250.1.77", "value": ""}]}, 400, None),
    ({"birthDate": "2199-01-01"}, 422, "refusal.date-future"),
])
def test_a_refusal_is_the_pages_own(program, change, status, details):
    body = {**NEW, "identifier": [{"system": "urn:oid:1.2.250.1.77", "value": "L-2"}], **change}
    answer = program.ask("POST", "/fhir/Patient?anyway=yes", body)
    assert answer.status == status, answer.body
    outcome = judged(answer)
    assert outcome["issue"][0]["details"]["text"]
    if details:
        assert outcome["issue"][0]["details"]["coding"][0]["code"] == details


def test_creating_takes_its_scope(hospital):
    reader = Program(hospital, "system/Patient.rs", name="lecteur")
    assert reader.ask("POST", "/fhir/Patient", NEW).status == 403
    # A condition is a search, and its answer a reading.
    maker = Program(hospital, "system/Patient.c", name="createur")
    assert maker.ask("POST", "/fhir/Patient", NEW, If_None_Exist=CONDITION).status == 403


def match(program, patient, **more):
    parameters = [{"name": "resource", "resource": patient}] + [
        {"name": name, f"value{'Boolean' if isinstance(value, bool) else 'Integer'}": value}
        for name, value in more.items()]
    answer = program.ask("POST", "/fhir/Patient/$match", {"resourceType": "Parameters", "parameter": parameters})
    assert answer.status in (200, 201), answer.body
    return judged(answer).get("entry", [])


def grade(entry):
    return entry["search"]["extension"][0]["valueCode"]


def test_likely_people_are_told_with_how_likely(program, gestures):
    slip = {"resourceType": "Patient", "birthDate": "1961-03-12", "gender": "female",
            "name": [{"use": "official", "family": "LE GOF DEROFF", "given": ["Anne Marie"]}]}
    found = match(program, slip)
    assert found[0]["resource"]["id"] == gestures["named"][0]
    assert grade(found[0]) in ("probable", "possible") and 0.5 <= found[0]["search"]["score"] < 1
    assert match(program, slip, onlyCertainMatches=True) == []
    known = program.get(f"/fhir/Patient/{gestures['named'][0]}")
    certain = match(program, {"resourceType": "Patient", "identifier": known["identifier"]}, onlyCertainMatches=True)
    assert [entry["resource"]["id"] for entry in certain] == [known["id"]] and grade(certain[0]) == "certain"
    nobody = {"resourceType": "Patient", "birthDate": "1901-01-01", "name": [{"family": "Zyx", "given": ["Qwv"]}]}
    assert match(program, nobody) == []


def test_an_export_of_patients_holds_their_files_alone(program):
    begun = program.ask("GET", "/fhir/Patient/$export", Prefer="respond-async")
    assert begun.status == 202
    manifest = program.ask("GET", begun.headers["Content-Location"].replace(program.station.url, ""))
    assert manifest.json["request"] == f"{program.station.url}/fhir/Patient/$export"
    assert [output["type"] for output in manifest.json["output"]] == [
        "Patient", "Encounter", "EpisodeOfCare", "Appointment", "ServiceRequest"]


def test_an_export_is_what_searches_find(program, gestures):
    assert program.ask("GET", "/fhir/$export").status == 400
    begun = program.ask("GET", "/fhir/$export", Prefer="respond-async")
    assert begun.status == 202
    status = begun.headers["Content-Location"].replace(program.station.url, "")
    manifest = program.ask("GET", status)
    assert manifest.status == 200
    files = {output["type"]: output["url"].replace(program.station.url, "") for output in manifest.json["output"]}
    assert set(files) == set(TYPES)
    for kind, path in files.items():
        answer = program.ask("GET", path)
        assert answer.headers["Content-Type"] == "application/fhir+ndjson"
        lines = [judge(json.loads(line)) for line in answer.body.decode().splitlines()]
        assert sorted(line["id"] for line in lines) == sorted(ids(pages(program, f"/fhir/{kind}?_count=500"))), kind


@pytest.mark.parametrize("path, status", [
    ("/fhir/Patient/x", 404), ("/fhir/Patient/00000000-0000-4000-8000-000000000000", 404), ("/fhir/Nothing", 404),
    ("/fhir/Nothing/1", 404), ("/fhir/nothing/1/2/3/4", 404), ("/fhir/Patient?colour=red", 400),
    ("/fhir/Patient?birthdate=hier", 400), ("/fhir/Patient?_count=-1", 400), ("/fhir/Patient?_after=x", 400),
    ("/fhir/Patient?birthdate=2022-01-01T10:00", 400), ("/fhir/Patient?_after=9223372036854775807", 400),
    ("/fhir/Patient?gender:text=male", 400), ("/fhir/Patient?gender:not=asleep", 400),
    ("/fhir/Patient?gender:missing=yes", 400), ("/fhir/Patient?family=" + "a," * 200, 400),
    ("/fhir/Patient?active=foo", 400),
    ("/fhir/Encounter?patient=a&patient=b", 400),
    ("/fhir/Patient?_lastUpdated=2022-99", 400), ("/fhir/Encounter?status=asleep", 400),
    ("/fhir/EpisodeOfCare?status=in-progress", 400), ("/fhir/Encounter?status=active", 400),
    ("/fhir/Encounter?status=onhold", 400), ("/fhir/Appointment?status=asleep", 400),
    ("/fhir/Appointment?status=urn:x%7Cbooked", 400), ("/fhir/Patient?gender=urn:x%7Cmale", 400),
    ("/fhir/Location?status=urn:x%7Cactive", 400), ("/fhir/Location?operational-status=urn:x%7CO", 400),
    ("/fhir/ServiceRequest?status=asleep", 400), ("/fhir/Encounter?class=ZZ", 400), ("/fhir/Encounter?class=UNK", 200),
    ("/fhir/Encounter?_include=Patient:link", 400), ("/fhir/Patient?_revinclude=List:subject", 400),
    ("/fhir/Patient?_elements=name.family", 400), ("/fhir/Patient?_summary=all", 400),
    ("/fhir/Patient?_sort=family&_after=12", 400), ("/fhir/Patient?_after=%5B%22x%22%5D", 400),
    ("/fhir/Location/x/_history", 404), ("/fhir/Provenance", 400), ("/fhir/Provenance/a.b.c", 404),
    ("/fhir/AuditEvent", 403), ("/fhir/$export/Patient?_since=x", 400), ("/fhir/$export/AuditEvent", 404),
    ("/fhir/%ff/1", 400), ("/fhir/Patient/%00", 404), ("/fhir/Patient?family=" + "%25" * 400, 200),
    ("/fhir/Patient?identifier=%7C", 200), ("/fhir/Encounter?patient=Group/1", 200),
    ("/fhir/Patient?_id=" + "x" * 5000, 200),
])
def test_what_cannot_be_answered_is_said(program, path, status):
    program.get(path, status)


def test_other_methods_are_refused_as_fhir(program):
    for method in ("PUT", "DELETE", "PATCH"):
        answer = program.ask(method, "/fhir/Patient/00000000-0000-4000-8000-000000000000", {"resourceType": "Patient"})
        assert answer.status == 405 and judged(answer)["resourceType"] == "OperationOutcome"
    for body in (b"", b"[]", b"{", b'{"resourceType":"Patient","resourceType":"Patient"}'):
        answer = program.station.ask("POST", "/fhir/Patient", None, token=False, headers={
            "Authorization": f"Bearer {program.token}"}.items()) if not body else raw(program, body)
        assert answer.status == 400, (body, answer.body)


def raw(program, body):
    request = urllib.request.Request(program.station.url + "/fhir/Patient", body, {
        "Authorization": f"Bearer {program.token}", "Content-Type": "application/fhir+json"}, method="POST")
    try:
        with program.station.opener.open(request, timeout=60) as answer:
            return stations.Answer(answer.status, answer.headers, answer.read())
    except stations.urllib.error.HTTPError as answer:
        return stations.Answer(answer.code, answer.headers, answer.read())


def test_changes_are_told_as_they_come(hospital, program, gestures):
    request = urllib.request.Request(
        program.station.url + "/fhir/$changes", headers={"Authorization": f"Bearer {program.token}"})
    with urllib.request.urlopen(request, timeout=30) as stream:
        stream.readline()
        id = gestures["month"][0]
        done(hospital.station.post(f"/patients/{id}/edit", {"phone": "0622222222"}))
        for line in stream:
            if f"Patient/{id}" in line.decode():
                break


@pytest.mark.parametrize("scope, kinds", [
    ("system/*.rs", {"Encounter", "EpisodeOfCare"}), ("system/Encounter.r", {"Encounter"}),
    ("system/EpisodeOfCare.r", {"EpisodeOfCare"}),
])
def test_a_stay_is_told_of_as_all_that_a_program_may_read(hospital, scope, kinds):
    program = Program(hospital, scope, name="suivi")
    request = urllib.request.Request(
        program.station.url + "/fhir/$changes", headers={"Authorization": f"Bearer {program.token}"})
    with urllib.request.urlopen(request, timeout=30) as stream:
        stream.readline()
        _, stay = admitted(
            hospital, birthName="Suivie " + " ".join(sorted(kinds)), birthGivenName="Ève", birthDate="1982")
        for line in stream:
            told = [name for name in line.decode().removeprefix("data: ").split() if name.endswith(f"/{stay}")]
            if told:
                break
        assert sorted(told) == sorted(f"{kind}/{stay}" for kind in kinds)
