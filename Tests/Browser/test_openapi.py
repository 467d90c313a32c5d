"""What /openapi.json says holds: the document is valid, and nothing that it allows makes the station fail."""

import json
import subprocess
import sys

import openapi_spec_validator
import pytest

import station as stations

# Streams never end; the others end or change the session that asks, or the account it belongs to.
APART = ("/live", "/beds/events", "/emergency/events", "/sign-out", "/sign-in", "/account")
EXAMPLES_MAX = 2


def test_document_is_valid(openapi):
    openapi_spec_validator.validate(openapi)


def test_every_operation_that_needs_a_session_says_so(station, openapi):
    for path, item in openapi["paths"].items():
        if "get" not in item or "{" in path or path in APART:
            continue
        answer = station.ask("GET", path, token=False)
        if item["get"].get("security"):
            assert answer.status in (401, 303), f"{path} answers {answer.status} to somebody who is not signed in"
        else:
            assert answer.status < 400, f"{path} answers {answer.status} though it needs no session"


@pytest.fixture(scope="module")
def own_station():
    """Its own: what schemathesis sends closes beds and changes the mode."""
    found = stations.given()
    if found:
        yield found
        return
    if not stations.BINARY.exists():
        pytest.skip(f"build first (swift build -c release), or set PERMANENCE_URL: there is no {stations.BINARY}")
    process = stations.Process(patients=30)
    yield process.station
    process.stop()


def with_real_ids(station, document):
    """The document with ids that lead somewhere, so that more than "not found" is tried."""
    def uuids(subjects):
        return [subject.rpartition("/")[2] for subject in subjects]

    units = station.get("/units").json["units"]
    census = station.get("/census").json["units"]
    stays = [patient["stay"] for unit in census for patient in unit["patients"]][:3]
    places = [bed["bed"] for unit in station.get("/beds").json["units"] for bed in unit["beds"]]
    # Never the account that asks: closing it would end the run.
    own = station.login
    accounts = [account["id"] for account in station.get("/staff").json["accounts"] if account.get("login") != own]
    known = {
        "beds": places[:4] + places[-2:], "units": [unit["unit"] for unit in units[:3]], "stays": stays,
        "patients": uuids(station.get(f"/stays/{stay}").json["patient"] for stay in stays),
        "staff": uuids(accounts)[:3],
    }
    for path, item in document["paths"].items():
        ids = known.get(path.split("/")[1])
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and ids:
                    parameter["schema"] = {"type": "string", "enum": ids}
    return document


def test_nothing_makes_the_station_fail(own_station, tmp_path):
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(with_real_ids(own_station, own_station.get("/openapi.json").json)))
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", own_station.url,
        "--header", f"Authorization: Bearer {own_station.token}", "--header", "Accept: application/json",
        "--checks", "not_a_server_error", "--max-examples", str(EXAMPLES_MAX), "--seed", "1", "--no-shrink",
        "--phases", "coverage,fuzzing", "--request-timeout", "10", "--workers", "1", "--no-color", "--warnings", "off",
    ]
    for path in APART:
        command += ["--exclude-path", path]
    # It keeps a folder of its own where it runs.
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    print(done.stdout[-900:])
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert own_station.get("/").status == 200
