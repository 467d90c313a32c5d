"""FHIR R4 as a program sees it: every answer is read by `fhir.resources`, which knows the standard and not us."""

import base64
import importlib
import uuid

import pytest

import station as stations
from hospital import wait

resources = pytest.importorskip("fhir.resources", reason="pip install fhir.resources")


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
    """`resource`, once the standard's own model (R4B, which keeps R4's names) has read it. A bundle's are judged too."""
    if resource["resourceType"] == "Bundle":
        for entry in resource.get("entry", []):
            if "resource" in entry:
                judge(entry["resource"])
    kind = resource["resourceType"]
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    model.model_validate(resource)
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


def test_who_read_is_recorded(hospital, people):
    id = patient_of(hospital, people[1]["stay"])
    reader = Program(hospital, "system/Patient.rs", name="robot de lecture")
    reader.get(f"/fhir/Patient/{id}")
    reads = wait(lambda: hospital.station.get(f"/audit?account={reader.made['id']}").json["reads"])
    assert {read["name"] for read in reads} == {"robot de lecture"}
    assert {read["patient"] for read in reads} == {f"patient/{id}"}
