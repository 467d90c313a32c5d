"""What /openapi.json says holds: the document is valid, and nothing that it allows makes the station fail."""

import subprocess
import sys

import pytest

import station as stations

# Streams never end; the others end or change the session that asks, or the account it belongs to.
APART = ("/live", "/beds/events", "/sign-out", "/sign-in", "/account")
EXAMPLES_MAX = 6


def test_document_is_valid(openapi):
    validator = pytest.importorskip("openapi_spec_validator", reason="pip install openapi-spec-validator")
    validator.validate(openapi)


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


def test_nothing_makes_the_station_fail(own_station):
    pytest.importorskip("schemathesis", reason="pip install schemathesis")
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{own_station.url}/openapi.json",
        "--header", f"Authorization: Bearer {own_station.token}", "--header", "Accept: application/json",
        "--checks", "not_a_server_error", "--max-examples", str(EXAMPLES_MAX), "--seed", "1",
        "--phases", "examples,coverage,fuzzing", "--request-timeout", "10", "--workers", "2", "--no-color",
    ]
    for path in APART:
        command += ["--exclude-path", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    print(done.stdout[-1500:])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert own_station.get("/").status == 200
