"""The public notice, from a real station that is full of patients: two people, one version, files for any web server,
signed so that openssl alone can tell."""

import datetime
import hashlib
import json
import re
import subprocess
import uuid
import xml.etree.ElementTree

import pytest

import station as stations

FIELDS = {
    "advice": "call-first", "nextUpdateAt": "dans 4 h", "places": "Hôpital d'Évry; 1 rue de la Gare; 01 60 00 00 00",
    "families": "01 99 00 00 02", "messageFr": "Prenez vos ordonnances.", "messageEn": "Bring your prescriptions."}


def key():
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def night():
    process = stations.Process(patients=200)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def second(night):
    """Somebody else, who is on duty too."""
    account = night.station.post("/staff/new", {
        "command": key(), "name": "Second", "login": "second", "roles": ["duty"]}).json["accounts"][0]
    other = stations.Station(night.station.url, account["login"], account["secret"])
    other.sign_in()
    return other


def told(night, second):
    """One declares and drafts, the other approves; the version that is out."""
    closed = night.station.post("/care", {
        "command": key(), "line": ["ct", "mri", "laboratory"], "state": "closed", "reason": "system",
        "reviewAt": "dans 4 h", "note": "PACS chiffré"})
    assert closed.status in (200, 422), closed.body
    drafted = night.station.post("/notice", {"command": key(), **FIELDS})
    assert drafted.status == 200, drafted.body
    notice = next(s for s in drafted.json["subjects"] if s.startswith("notice/")).partition("/")[2]
    version = night.station.get(f"/notice/{notice}").json
    answer = {"way": "approve", "hash": version["hash"]}
    own = night.station.post(f"/notice/{notice}", {"command": key(), **answer})
    assert own.status == 422, "whoever wrote it approved it"
    approved = second.post(f"/notice/{notice}", {"command": key(), **answer})
    assert approved.status == 200, approved.body
    return second.get(f"/notice/{notice}").json


def publish(night, out):
    return night.run("notice", "publish", "--out", str(out), "--base", "https://hopital.example/crise/")["files"]


def test_nothing_is_published_before_somebody_approved(tmp_path):
    process = stations.Process(patients=0)
    try:
        ran = subprocess.run(
            [stations.BINARY, "notice", "publish", "--out", str(tmp_path / "www"), "--data", process.data, "--json"],
            capture_output=True, text=True, timeout=120)
        assert ran.returncode == 1 and json.loads(ran.stdout) == {"files": []}
        assert not list(tmp_path.glob("www/*"))
    finally:
        process.stop()


def test_a_page_set_for_any_host(night, second, tmp_path):
    version = told(night, second)
    files = publish(night, tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == files
    french, english = (tmp_path / "index.html").read_text(), (tmp_path / "index.en.html").read_text()
    for page in (french, english):
        assert len(page.encode()) < 30_000 and version["version"] in page
        assert not re.search(r"<script|src=|url\(|https?:", page)
        assert "PACS" not in page
    assert "Scanner" in french and "CT scan" in english and "Prenez vos ordonnances." in french
    assert datetime.date.today().strftime("%Y") in english
    # openssl knows nothing of us.
    document = tmp_path / next(name for name in files if name.endswith(".json"))
    check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / "station.pem"), "-rawin",
             "-in", str(document), "-sigfile", f"{document}.sig"]
    assert subprocess.run(check, capture_output=True).returncode == 0
    assert hashlib.sha256(document.read_bytes()).hexdigest() == version["hash"]
    told_number = json.loads(document.read_text())
    assert told_number["number"] == version["number"] and told_number["lines"][0]["line"] == "ct"
    altered = tmp_path / "altered.json"
    altered.write_bytes(document.read_bytes().replace(b"ct", b"cu", 1))
    check[check.index(str(document))] = str(altered)
    assert subprocess.run(check, capture_output=True).returncode != 0
    items = xml.etree.ElementTree.parse(tmp_path / "feed.fr.xml").findall("channel/item")
    assert items[0].find("link").text.startswith("https://hopital.example/crise/versions/")


@pytest.mark.parametrize("base", ["javascript:alert(1)", "ftp://hopital.example/", "hopital.example", "https:"])
def test_only_addresses_of_the_web(night, tmp_path, base):
    done = subprocess.run(
        [stations.BINARY, "notice", "publish", "--data", night.data, "--out", tmp_path, "--base", base],
        capture_output=True, text=True)
    assert done.returncode == 64 and "https://" in done.stderr
    assert not list(tmp_path.iterdir())


def test_older_versions_stay(night, second, tmp_path):
    told(night, second)
    first = publish(night, tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in first if ".json" in name}
    opened = night.station.post("/care", {"command": key(), "line": ["ct"], "state": "open"})
    assert opened.status == 200, opened.body
    told(night, second)
    after = publish(night, tmp_path)
    assert set(first) < set(after)
    assert all((tmp_path / name).read_bytes() == content for name, content in before.items())


def test_no_patient_is_in_it(night, second, tmp_path):
    told(night, second)
    publish(night, tmp_path)
    everything = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file())
    lines = tmp_path.parent / "ledger"
    night.run("ledger", "export", "--out", str(lines))
    secrets = set()
    for ledger in lines.glob("*.ledger"):
        for line in ledger.read_text().splitlines():
            for fact in json.loads(line.partition(" ")[2])["facts"]:
                if fact["subject"].startswith(("patient/", "stay/")):
                    secrets.add(fact["subject"].partition("/")[2])
                    data = fact["data"]
                    secrets.update(one["value"] for one in data.get("identifiers", []))
                    secrets.update(filter(None, [data.get("number"), data.get("birthDate")]))
                    names = [data.get(name) for name in ("birthName", "birthGivenName", "usedName")]
                    secrets.update(name for name in names if name and len(name) > 3)
    assert len(secrets) > 600
    words = set(re.findall(r"[\w-]+", everything.upper()))
    found = {secret for secret in secrets if secret.upper() in words}
    assert not found, sorted(found)[:5]
