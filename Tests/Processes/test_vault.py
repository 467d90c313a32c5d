"""The vault played for real: seal, lose everything, restore on an empty folder, be joined; then what a thief can do."""

import contextlib
import html
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid

import pytest

import admission
import station as stations
from hospital import SECONDS, Serving, forged_marks, free_ports, run, same, wait

PEERS = pathlib.Path(__file__).resolve().parents[1] / "Peers"


def admit(serving, account, count=3):
    there = stations.Station(serving.url, account["name"], account["secret"])
    there.sign_in()
    for number in range(count):
        assert there.post(admission.PATH, admission.unknown(str(uuid.uuid4()), number)).status == 200


@pytest.fixture
def hospital(tmp_path):
    """A folder with a sample hospital and a paper, the paper's path, and who may sign in."""
    data, paper = tmp_path / "one", tmp_path / "paper.txt"
    account = run(data, "init", "--station", "adm-1", "--sample", "60", "--seed", "3")["account"]
    assert (data / "root.key").exists()
    made = run(data, "key", "new", "--paper", str(paper))
    assert made["holdsRoot"] and not (data / "root.key").exists()
    assert paper.stat().st_mode & 0o777 == 0o600
    return data, paper, account


@pytest.fixture
def vault(tmp_path):
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


def files(vault, kind):
    return sorted(path for path in (vault / kind).rglob("*") if path.is_file())


def restore(tmp_path, vault, paper, name="two", code=0, station="secours-1"):
    return run(tmp_path / name, "restore", "--from", str(vault), "--key", str(paper), "--station", station, code=code)


def test_sealed_lost_restored_and_the_same(tmp_path, hospital, vault):
    data, paper, account = hospital
    sealed = run(data, "vault", "seal", "--to", str(vault))
    assert sealed["snapshots"] == 1 and sealed["segments"] >= 1
    # Nothing is sealed twice.
    again = run(data, "vault", "seal", "--to", str(vault))
    assert again["snapshots"] == 1 and again["segments"] == 1
    proved = run(data, "vault", "prove")
    assert proved["proofs"][0].get("failure") is None and proved["proofs"][0]["counts"]["patients"] == 60
    status = run(data, "vault", "status")
    assert status["targets"][0]["snapshots"] == 2 and status["lastProof"]["counts"]["patients"] == 60
    assert {key["purpose"] for key in status["recipients"]} == {"recovery", "proving"}

    told = {finding["code"] for finding in run(data, "doctor", code=1)["findings"]}
    assert not told & {"root-key-here", "no-recovery-key", "no-vault", "vault-stale", "proof-failed", "no-proof"}, told

    digest = run(data, "digest")
    opened = restore(tmp_path, vault, paper)
    assert opened["missing"] == [] and opened["openSeconds"] <= opened["verifiedSeconds"]
    new = run(tmp_path / "two", "digest")
    assert new["digest"] == digest["digest"]
    # What it was sealed with, and the chain of the restored station beside it, under a name of its own.
    assert [name for name in new["heads"] if name not in digest["heads"]] == [opened["station"]]
    assert opened["station"].startswith("secours-1-")
    verified = run(tmp_path / "two", "ledger", "verify")
    assert verified["failures"] == [] and verified["root"] == run(data, "ledger", "verify")["root"]


def test_what_came_after_the_snapshot_is_in_the_segments(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    serving = Serving(data, free_ports())
    try:
        admit(serving, account)
        run(data, "vault", "seal", "--to", str(vault))
    finally:
        serving.kill()
    # The newest snapshot is damaged: the one before it, and the segments, have it all.
    newest = files(vault, "snapshots")[-1]
    newest.write_bytes(newest.read_bytes()[:-100])
    digest = run(data, "digest")["digest"]
    opened = restore(tmp_path, vault, paper)
    assert [entry for entry in opened["unused"] if newest.name in entry] and opened["missing"] == [], opened
    assert run(tmp_path / "two", "digest")["digest"] == digest


def test_no_snapshot_at_all(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    shutil.rmtree(vault / "snapshots")
    opened = restore(tmp_path, vault, paper)
    assert opened["missing"] == [] and opened.get("snapshot") is None
    assert run(tmp_path / "two", "digest")["digest"] == run(data, "digest")["digest"]
    left = {row["kind"]: row["left"] for row in run(tmp_path / "two", "numbers", "show")["numbers"]}
    printed = re.findall(r"^RESERVE: (ipp|nda) (\d+) (\d+)$", paper.read_text(), re.MULTILINE)
    # They came with the segments, and are those that the paper names.
    assert {kind: int(last) - int(first) + 1 for kind, first, last in printed} == {
        kind: left[kind] for kind in ("ipp", "nda")}


def test_a_missing_segment_is_named(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    first = set(files(vault, "segments"))
    run(data, "mode", "declare", "veille", "--reason", "essai")
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    [segment] = set(files(vault, "segments")) - first
    run(data, "mode", "declare", "degrade", "--reason", "encore")
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    whole = segment.read_bytes()
    segment.write_bytes(whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:])
    opened = restore(tmp_path, vault, paper, code=1)
    # The next run follows it: so it was there.
    assert any(segment.name in entry for entry in opened["missing"]), opened
    assert unverified(tmp_path / "two")
    # Found again, it is taken in by the same restore.
    segment.write_bytes(whole)
    assert restore(tmp_path, vault, paper)["missing"] == []
    assert not unverified(tmp_path / "two")
    assert run(tmp_path / "two", "digest")["digest"] == run(data, "digest")["digest"]


def test_a_segment_that_is_gone_is_missed_by_the_next(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    gone = files(vault, "segments")
    run(data, "mode", "declare", "veille", "--reason", "essai")
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    for segment in gone:
        segment.unlink()
    opened = restore(tmp_path, vault, paper, code=1)
    assert len(opened["missing"]) == 1 and "lines before it" in opened["missing"][0], opened


def test_the_wrong_paper_opens_nothing(tmp_path, hospital, vault):
    data, *_ = hospital
    run(data, "vault", "seal", "--to", str(vault))
    other, paper = tmp_path / "other", tmp_path / "other.txt"
    run(other, "init", "--station", "adm-2", "--sample", "5")
    run(other, "key", "new", "--paper", str(paper))
    refused = subprocess.run(
        [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", tmp_path / "two", "--json"],
        capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1
    assert "sealed to other keys" in refused.stderr and "nothing in" in refused.stderr, refused.stderr
    assert not (tmp_path / "two/store.sqlite").exists()


def test_a_vault_that_is_not_there_makes_no_hospital(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    for elsewhere in (tmp_path / "not-mounted", tmp_path):
        error = run(tmp_path / "two", "restore", "--from", str(elsewhere), "--key", str(paper), code=1)["error"]
        assert "is no folder" in error or "nothing in" in error, error
        assert not (tmp_path / "two/store.sqlite").exists()
    assert restore(tmp_path, vault, paper)["missing"] == []


def test_any_of_several_papers_restores(tmp_path, hospital, vault):
    data, paper, account = hospital
    second, third = tmp_path / "second.txt", tmp_path / "third.txt"
    assert "--root-from" in run(data, "key", "new", "--paper", second, code=1)["error"]
    assert not second.exists()
    made = run(data, "key", "new", "--paper", second, "--paper", third, "--root-from", paper)
    assert len(made) == 2 and all(entry["holdsRoot"] for entry in made)
    run(data, "vault", "seal", "--to", str(vault))
    paper.unlink()
    assert restore(tmp_path, vault, third)["missing"] == []
    # A second restore from the same paper must not give the same numbers; another paper has others.
    left = {}
    for name, by in (("four", third), ("five", second)):
        # Nor under a name that somebody has: the copy's, or that of whoever was restored before.
        for taken in ("adm-1", "secours-1"):
            error = restore(tmp_path, vault, by, name, code=1, station=taken)["error"]
            assert "never given twice" in error and "--station secours-2" in error, error
            assert not (tmp_path / name / "store.sqlite").exists()
        restore(tmp_path, vault, by, name, station=f"portable-{name}")
        left[name] = {row["kind"]: row["left"] for row in run(tmp_path / name, "numbers", "show")["numbers"]}
    assert left["four"]["ipp"] == 0 and left["five"]["ipp"] > 0, left


def told(data, code):
    findings = run(data, "doctor", code=1)["findings"]
    return [(finding["severity"], finding["sentence"]) for finding in findings if finding["code"] == code]


def test_a_second_restore_from_the_same_paper_says_that_nobody_can_be_admitted(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    first = restore(tmp_path, vault, paper)
    assert first["numbers"]["ipp"] > 0 and "numbersWarning" not in first and not first["drill"], first
    assert told(tmp_path / "two", "no-numbers") == []
    ran = subprocess.run(
        [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", tmp_path / "three", "--json"],
        capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == 0, ran.stderr
    assert "NOT for admissions" in ran.stderr and first["station"] in ran.stderr, ran.stderr
    second = json.loads(ran.stdout)
    assert second["numbers"] == {"ipp": 0, "nda": 0}, second
    [(severity, sentence)] = told(tmp_path / "three", "no-numbers")
    assert severity == "unsafe" and "another paper" in sentence and sentence == second["numbersWarning"]


def test_a_drill_takes_nothing_from_the_real_night(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    kinds = ("reserve", "segments", "snapshots", "enrolments")
    before = [files(vault, kind) for kind in kinds]
    two = tmp_path / "two"
    drill = run(two, "restore", "--from", vault, "--key", paper, "--drill")
    assert drill["drill"] and drill["numbers"] == {"ipp": 0, "nda": 0} and "drill" in drill["numbersWarning"], drill
    assert run(two, "digest")["digest"] == run(data, "digest")["digest"]
    [(severity, _)] = told(two, "drill")
    assert severity == "advice" and told(two, "no-numbers") == []
    # Nobody hears it, also who knows the machine's address from before.
    serving = subprocess.Popen(
        [stations.BINARY, "serve", "--data", two, "--port", "0", "--peers-port", str(free_ports())],
        stdout=subprocess.PIPE, text=True)
    try:
        said = []
        while not (url := re.search(r"listening on (http\S+)", said[-1] if said else "")):
            said.append(serving.stdout.readline())
            assert said[-1], said
        stations.Station(url[1], drill["account"]["name"], drill["account"]["secret"]).sign_in()
        assert "a drill" in run(two, "station", "invite", code=1)["error"]
    finally:
        serving.terminate()
    said += serving.stdout.readlines()
    assert not [line for line in said if "stations" in line], said
    # Nothing of it lies in the vault, nor will.
    assert run(two, "vault", "status")["targets"] == []
    assert [files(vault, kind) for kind in kinds] == before
    night = restore(tmp_path, vault, paper, "three")
    assert night["numbers"]["ipp"] > 0 and night["numbers"]["nda"] > 0, night
    assert (vault / "reserve").exists()


def test_a_vault_that_was_emptied_is_filled_again(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    for folder in vault.iterdir():
        shutil.rmtree(folder)
    sealed = run(data, "vault", "seal", "--to", str(vault))
    assert sealed["gone"] and files(vault, "enrolments") and files(vault, "program")
    shutil.rmtree(vault / "snapshots")
    assert restore(tmp_path, vault, paper)["missing"] == []
    assert run(tmp_path / "two", "digest")["digest"] == run(data, "digest")["digest"]


def test_a_restore_that_was_killed_goes_on(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    two = tmp_path / "two"
    for number in range(12):
        process = subprocess.Popen(
            [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", two],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.05 * number)
        process.kill()
        process.wait()
    if unverified(two):
        assert run(two, "restore", "--from", vault, "--key", paper)["missing"] == []
    assert run(two, "digest")["digest"] == run(data, "digest")["digest"]
    assert {row["kind"]: row["left"] for row in run(two, "numbers", "show")["numbers"]}["ipp"] > 0
    assert not (two / "restore-work").exists()


def unverified(data):
    """Whether a restore into this folder has not come to its end."""
    return not (data / "store.sqlite").exists() or "unverified" in {
        finding["code"] for finding in run(data, "doctor", code=1)["findings"]}


def test_without_a_paper_nothing_is_sealed(tmp_path, vault):
    data = tmp_path / "bare"
    run(data, "init", "--station", "adm-1", "--sample", "1")
    told = {finding["code"] for finding in run(data, "doctor", code=1)["findings"]}
    assert {"root-key-here", "no-recovery-key"} <= told, told
    assert "key new --paper" in run(data, "vault", "seal", "--to", str(vault), code=1)["error"]
    assert list(vault.iterdir()) == []


def test_no_secret_and_no_session_is_in_a_snapshot(tmp_path, hospital, vault):
    """Opened by the reader in another language: a SQLite file whose tables are known, one by one."""
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    plain = tmp_path / "plain"
    plain.mkdir()
    read = subprocess.run(
        [sys.executable, PEERS / "read_sealed.py", paper, files(vault, "snapshots")[0], plain],
        capture_output=True, text=True, timeout=120)
    assert read.returncode == 0, read.stderr
    manifest = json.loads(read.stdout)
    assert manifest["kind"] == "snapshot" and manifest["counts"]["patients"] == 60
    with sqlite3.connect(plain / "snapshot.sqlite") as store:
        tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not tables & {"credentials", "sessions", "vaultTargets", "vaultObjects", "vaultFailures"}, tables
        assert store.execute("SELECT count(*) FROM commits WHERE warnings IS NOT NULL").fetchone() == (0,)
        assert store.execute("SELECT count(*) FROM beside").fetchone() == (0,)
        assert store.execute("SELECT count(*) FROM slices").fetchone() == (0,)


def test_every_segment_verifies_in_another_language(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    run(data, "mode", "declare", "veille", "--reason", "essai")
    run(data, "vault", "seal", "--to", str(vault))
    segments = files(vault, "segments")
    assert len(segments) > len({segment.parent for segment in segments}), segments
    opened, exported = tmp_path / "opened", tmp_path / "exported"
    opened.mkdir()
    exported.mkdir()
    # The later ones first: their order is in their lines.
    for segment in reversed(segments):
        read = subprocess.run(
            [sys.executable, PEERS / "read_sealed.py", paper, segment, opened],
            capture_output=True, text=True, timeout=120)
        assert read.returncode == 0, (segment, read.stderr)
    verified = subprocess.run(
        [sys.executable, PEERS / "read_ledger.py", opened], capture_output=True, text=True, timeout=120)
    assert verified.returncode == 0, verified.stdout
    commits = sum(path.read_bytes().count(b"\n") for path in opened.iterdir())
    assert json.loads(verified.stdout)["commits"] == commits
    run(data, "ledger", "export", "--out", str(exported))
    for ledger in exported.iterdir():
        assert (opened / ledger.name).read_bytes() == ledger.read_bytes(), ledger.name


def test_a_thief_changes_nothing(tmp_path, hospital, vault):
    """With a station's credentials: fill, write over, forge a snapshot of 2099, delete what a folder lets be deleted."""
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    snapshot = files(vault, "snapshots")[0]
    whole = snapshot.read_bytes()
    station = snapshot.name.split("-", 2)[2]
    for name in (f"20990101T000000.000Z-0000-{station}", f"20220101T000000.000Z-0000-{station}", "garbage"):
        (vault / "snapshots" / name).write_bytes(whole[:5000] if name == "garbage" else os.urandom(4000))
    # A true one under a name of 2099 is still what it was.
    (vault / "snapshots" / f"20980101T000000.000Z-0000-{station}").write_bytes(whole)
    (vault / "segments" / station / f"1-2-{'0' * 64}").write_bytes(os.urandom(100))
    true = next(path for path in files(vault, "segments") if path.parent.name == station)
    (vault / "segments" / station / f"1-3-{'0' * 64}").write_bytes(true.read_bytes()[:-9])
    (vault / "reserve").mkdir()
    for key in run(data, "vault", "status")["recipients"]:
        for mark in forged_marks(key):
            (vault / mark).write_bytes(b"")
    opened = restore(tmp_path, vault, paper)
    # What nothing signed bears out is nothing that is missing, and is named.
    assert opened["missing"] == [], opened
    assert {entry.split(":")[0] for entry in opened["unused"]} == {
        "snapshots/garbage", f"segments/{station}/1-2-{'0' * 64}", f"segments/{station}/1-3-{'0' * 64}",
        f"snapshots/20990101T000000.000Z-0000-{station}", f"snapshots/20220101T000000.000Z-0000-{station}"}, opened
    assert not unverified(tmp_path / "two")
    # Nor is a mark that the holder of the paper did not sign.
    left = {row["kind"]: row["left"] for row in run(tmp_path / "two", "numbers", "show")["numbers"]}
    assert left["ipp"] > 0, left
    assert run(tmp_path / "two", "digest")["digest"] == run(data, "digest")["digest"]


def test_a_revoked_sealer_is_passed_over(tmp_path, hospital, vault):
    data, paper, account = hospital
    port = free_ports()
    serving = Serving(data, port)
    other = tmp_path / "other"
    try:
        code = run(data, "station", "invite")["code"]
        name = run(other, "station", "join", f"127.0.0.1:{port}", code, "--station", "adm-2")["station"]
        there = Serving(other, free_ports(), [port])
        try:
            same(data, other)
        finally:
            there.kill()
        run(data, "station", "revoke", "adm-2")
        admit(serving, account, 2)
        run(data, "vault", "seal", "--to", str(vault))
    finally:
        serving.kill()
    # It does not know, and its copy is the newest.
    run(other, "vault", "seal", "--to", str(vault))
    assert name in files(vault, "snapshots")[-1].name
    restored = subprocess.run(
        [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", tmp_path / "two", "--json"],
        capture_output=True, text=True, timeout=120)
    assert restored.returncode == 0, restored.stderr
    assert f"sealed by {name}, which is revoked" in restored.stderr
    assert run(tmp_path / "two", "digest")["digest"] == run(data, "digest")["digest"]
    # Somebody damages the marks: they are named, and the lines themselves still say it.
    for marks in files(vault, "enrolments"):
        marks.write_bytes(marks.read_bytes()[:-9])
    opened = restore(tmp_path, vault, paper, name="three", code=1, station="secours-2")
    assert "revoked" in opened["failure"] and any("enrolments/" in entry for entry in opened["unused"]), opened


def test_the_restored_hospital_is_joined(tmp_path, hospital, vault):
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    opened = restore(tmp_path, vault, paper)
    shutil.rmtree(data)
    port = free_ports()
    serving = Serving(tmp_path / "two", port)
    try:
        admit(serving, opened["account"])
        code = run(tmp_path / "two", "station", "invite")["code"]
        run(tmp_path / "three", "station", "join", f"127.0.0.1:{port}", code, "--station", "adm-3")
        assert run(tmp_path / "three", "digest")["digest"] == run(tmp_path / "two", "digest")["digest"]
    finally:
        serving.kill()


def test_serving_seals_and_proves_by_itself(tmp_path, hospital, vault):
    data, paper, account = hospital
    serving = Serving(data, free_ports(), more=["--vault", str(vault)])
    try:
        wait(lambda: run(data, "vault", "status").get("lastProof"), 180)
        there = stations.Station(serving.url, account["name"], account["secret"])
        there.sign_in()
        page = there.get("/vault").json
        assert page["proved"] and page["failure"] is None and page["snapshots"][0]["patients"] == 60
        text = shown(there, "/vault")
        assert "60 identités" in text and "restaurée et recomptée" in text
    finally:
        serving.kill()
    assert restore(tmp_path, vault, paper)["missing"] == []


def test_a_vault_that_was_taken_away_is_said(tmp_path, hospital, vault):
    """The disk is unplugged under a serving station: told within minutes, and no longer once it is there again."""
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    away = vault.rename(tmp_path / "away")
    serving = Serving(data, free_ports())
    try:
        def kept():
            with contextlib.closing(sqlite3.connect(data / "store.sqlite")) as store:
                if store.execute("SELECT 1 FROM sqlite_master WHERE name = 'vaultFailures'").fetchone():
                    return store.execute("SELECT since, reason FROM vaultFailures").fetchall()

        [(since, reason)] = wait(kept)
        assert str(vault) in reason
        # So long ago, not in this test's time.
        with contextlib.closing(sqlite3.connect(data / "store.sqlite", timeout=SECONDS)) as store, store:
            store.execute("UPDATE vaultFailures SET since = since - 600000")
        there = stations.Station(serving.url, account["name"], account["secret"])
        there.sign_in()
        wait(lambda: "coffre : scellement en échec depuis" in shown(there, "/"))
        [failure] = there.get("/vault").json["unsealed"]
        assert failure["target"] == str(vault) and failure["reason"] == reason
        assert reason in html.unescape(shown(there, "/vault"))
        [(severity, sentence)] = told(data, "vault-failing")
        assert severity == "unsafe" and reason in sentence
        [row] = run(data, "vault", "status")["targets"]
        assert [(entry["kind"], entry["reason"]) for entry in row["failing"]] == [("lines", reason)]
        away.rename(vault)
        run(data, "vault", "seal", "--to", str(vault))
        assert kept() == [] and told(data, "vault-failing") == []
        wait(lambda: "scellement en échec" not in shown(there, "/"))
        assert there.get("/vault").json["newestSealed"]
    finally:
        serving.kill()


def test_a_stop_ends_a_proof_that_somebody_asked_for(tmp_path, vault):
    """Caught at work: whoever asked is told, nothing is said of what was sealed, and no file is left."""
    data = tmp_path / "one"
    run(data, "init", "--station", "adm-1", "--sample", 20_000)
    run(data, "key", "new", "--paper", tmp_path / "paper.txt")
    run(data, "vault", "seal", "--to", vault)
    # The nightly proof has nothing to do.
    run(data, "vault", "prove")
    before = run(data, "vault", "status")["lastProof"]
    serving = Serving(data, free_ports())
    try:
        asking = subprocess.Popen(
            [stations.BINARY, "vault", "prove", "--data", data, "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait(lambda: list(data.glob("vault-work/*/proving-*")))
        # As it is while we look.
        serving.process.send_signal(signal.SIGSTOP)
        assert list(data.glob("vault-work/*/proving-*")) and asking.poll() is None
        serving.process.terminate()
        serving.process.send_signal(signal.SIGCONT)
        said, _ = asking.communicate(timeout=SECONDS)
        assert asking.returncode == 1 and "The station stopped" in json.loads(said)["error"], said
        assert serving.process.wait(SECONDS) == 0
    finally:
        serving.kill()
    assert list(data.glob("vault-work/*")) == []
    status = run(data, "vault", "status")
    assert status["lastProof"] == before and status.get("failure") is None, status


@contextlib.contextmanager
def restored_and_serving(tmp_path, vault, paper):
    """`restore --serve` once all was read that is there: its document, and the station, signed in."""
    process = subprocess.Popen(
        [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", tmp_path / "two", "--serve", "--port",
         "0", "--peers-port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        document, url = None, None
        for line in process.stdout:
            if match := re.search(r"listening on (http\S+)", line):
                url = match[1]
            if line.startswith("{"):
                document = json.loads(line)
            if document and url:
                break
        there = stations.Station(url, document["account"]["name"], document["account"]["secret"])
        there.sign_in()
        yield document, there
    finally:
        process.terminate()
        process.wait()


def shown(station, path):
    """A page as a browser gets it."""
    return station.ask("GET", path, headers={
        "Accept": "text/html", "Cookie": f"session={station.token}"}, token=False).body.decode()


def test_whoever_serves_already_is_not_told_to(tmp_path, hospital, vault):
    data, paper, _ = hospital
    run(data, "vault", "seal", "--to", str(vault))
    command = [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", tmp_path / "two"]
    process = subprocess.Popen(
        [*command, "--serve", "--port", "0", "--peers-port", "0", "--mllp-port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Sign in as "):
                break
    finally:
        process.terminate()
        lines += process.stdout.readlines()
        process.wait()
    assert any("read again after" in line for line in lines), lines
    assert not any("permanence serve" in line for line in lines), lines


def test_pages_serve_while_all_is_verified(tmp_path, hospital, vault):
    """Open at once, and verified behind the pages; the document comes at the end."""
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    with restored_and_serving(tmp_path, vault, paper) as (document, there):
        assert document["missing"] == [] and document["commits"] >= 60
        page = there.get("/vault").json
        assert page["unverified"] is None and page["percent"] == 100
        wait(lambda: "non vérifié" not in shown(there, "/"))


def test_pages_say_what_is_missing(tmp_path, hospital, vault):
    """All was read that is there, and it is not all: every page goes on saying so, and one says what."""
    data, paper, account = hospital
    run(data, "vault", "seal", "--to", str(vault))
    whole = set(files(vault, "segments"))
    run(data, "mode", "declare", "veille", "--reason", "essai")
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    [segment] = set(files(vault, "segments")) - whole
    run(data, "mode", "declare", "degrade", "--reason", "encore")
    run(data, "vault", "seal", "--lines", "--to", str(vault))
    segment.write_bytes(segment.read_bytes()[:-30])
    with restored_and_serving(tmp_path, vault, paper) as (document, there):
        # It, and the run that follows it.
        assert len(document["missing"]) == 2 and segment.name in document["missing"][0], document
        page = there.get("/vault").json
        assert page["missing"] == document["missing"] and page["unverified"] == document["snapshot"]
        wait(lambda: "non vérifié : 100 %" in shown(there, "/"))
        for path in ("/", "/beds", "/admissions/new", "/vault"):
            assert "non vérifié : 100 %" in shown(there, path), path
        assert segment.name in shown(there, "/vault")
        # And people admit meanwhile.
        assert there.post(admission.PATH, admission.unknown(str(uuid.uuid4()), 1)).status == 200
