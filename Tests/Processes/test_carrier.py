"""Lines on a USB key, between real stations that the network does not join."""

import random
import shutil
import subprocess
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

import admission
import station as stations
from hospital import Serving, free_ports, run

PARTS = 65_536
# Of each line's signature, hash and names alone 128 bytes or more are random: these are more than two parts.
SAMPLE = 1200


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    """Two stations that heard each other once, then the first alone with admissions that the second lacks."""
    folder = tmp_path_factory.mktemp("hospital")
    first, second = folder / "first", folder / "second"
    one = free_ports()
    account = run(first, "init", "--station", "urg-1", "--sample", SAMPLE)["account"]
    serving = Serving(first, one)
    code = run(first, "station", "invite")["code"]
    run(second, "station", "join", f"127.0.0.1:{one}", code, "--station", "lits-2")
    there = stations.Station(serving.url, account["name"], account["secret"])
    there.sign_in()
    for number in range(10):
        assert there.post("/admissions/unknown", admission.unknown(str(uuid.uuid4()), number)).status == 200
    yield first, second, there, serving
    serving.kill()


def copy_of(folder, data, name):
    """The second station as it was, for one test."""
    subprocess.run(["cp", "-a", data, folder / name], check=True)
    return folder / name


def test_what_one_said_the_other_has(hospital, tmp_path):
    first, second, _, _ = hospital
    data = copy_of(tmp_path, second, "second")
    key = tmp_path / "night.carrier"
    # By the station that serves.
    written = run(first, "carrier", "write", key)
    assert written["commits"] >= SAMPLE + 12 and written["stations"] == 1 and written["files"] == [str(key)]
    assert key.stat().st_mode & 0o777 == 0o600
    assert run(first, "digest")["digest"] != run(data, "digest")["digest"]
    read = run(data, "carrier", "read", key)
    assert read["commits"] >= 10 and read["refused"] == [] and read["aside"] == 0
    assert read["commits"] + read["known"] == written["commits"]
    assert run(first, "digest")["digest"] == run(data, "digest")["digest"]
    assert run(data, "ledger", "verify")["failures"] == []
    again = run(data, "carrier", "read", key)
    assert again["commits"] == 0 and again["known"] == written["commits"] and again["refused"] == []
    # And on to a third by the second, which does not serve: everything goes round.
    onward = tmp_path / "onward.carrier"
    assert run(data, "carrier", "write", onward)["commits"] >= written["commits"]
    assert run(first, "carrier", "read", onward)["refused"] == []


def test_for_a_station_less_than_everything(hospital, tmp_path):
    first, second, _, _ = hospital
    data = copy_of(tmp_path, second, "second")
    everything, some = tmp_path / "everything", tmp_path / "some"
    run(first, "carrier", "write", everything)
    # The second says what it has heard, and the first hears that.
    run(data, "mode", "declare", "degrade", "--local", "--reason", "essai")
    run(data, "carrier", "write", tmp_path / "back")
    # What it just said; and that it is there, where no other carrier has told yet.
    assert run(first, "carrier", "read", tmp_path / "back")["commits"] in (1, 2)
    written = run(first, "carrier", "write", some, "--for", "lits-2")
    assert 10 <= written["commits"] < 30, written
    assert some.stat().st_size < everything.stat().st_size / 3
    assert run(data, "carrier", "read", some)["commits"] == written["commits"]
    assert run(data, "digest")["digest"] == run(first, "digest")["digest"]
    assert "No station" in run(first, "carrier", "write", some, "--for", "nowhere", code=1)["error"]


def test_what_is_wrong_with_a_file_is_told_apart(hospital, tmp_path):
    first, second, _, _ = hospital
    data = copy_of(tmp_path, second, "second")
    key = tmp_path / "key"
    run(first, "carrier", "write", key)
    whole = key.read_bytes()
    before = run(data, "digest")
    dice = random.Random(1)
    altered = bytearray(whole)
    altered[dice.randrange(200, len(whole))] ^= 1
    for name, content, code in [
        ("cut", whole[: dice.randrange(200, len(whole))], "truncated"), ("altered", bytes(altered), "altered"),
        ("longer", whole + b"x", "altered"), ("other", b"%PDF-1.7 and so on", "not-sealed"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        answer = run(data, "carrier", "read", path, code=1)
        assert [(row["file"], row["code"]) for row in answer["refused"]] == [(str(path), code)], answer
        assert answer["commits"] == 0 and run(data, "digest") == before
    foreign = tmp_path / "foreign"
    run(foreign, "init", "--station", "urg-1")
    run(foreign, "carrier", "write", tmp_path / "theirs")
    assert run(data, "carrier", "read", tmp_path / "theirs", code=1)["refused"][0]["code"] == "foreign"
    # What is not there, or cannot be written there, says what to look at.
    absent = run(data, "carrier", "read", tmp_path / "absent", code=1)["refused"][0]
    assert absent["code"] == "unreadable" and "check the path" in absent["reason"], absent
    assert "check the path" in run(data, "carrier", "write", tmp_path / "no-folder" / "key", code=1)["error"]
    # One bad file does not keep a good one out.
    answer = run(data, "carrier", "read", tmp_path / "cut", key, code=1)
    assert answer["commits"] >= 10 and len(answer["refused"]) == 1


def test_parts(hospital, tmp_path):
    first, second, _, _ = hospital
    data = copy_of(tmp_path, second, "second")
    files = [Path(file) for file in run(first, "carrier", "write", tmp_path / "key", "--part", PARTS)["files"]]
    count = len(files)
    assert count > 2 and files == [tmp_path / f"key.{number}of{count}" for number in range(1, count + 1)]
    assert all(file.stat().st_size == PARTS for file in files[:-1]) and 0 < files[-1].stat().st_size <= PARTS
    assert not (tmp_path / "key").exists()
    away = files[1].rename(tmp_path / "away")
    assert [row["code"] for row in run(data, "carrier", "read", files[0], code=1)["refused"]] == ["missing-part"]
    away.rename(files[1])
    # Any of them names all, and all of them are one.
    read = run(data, "carrier", "read", files[2])
    assert read["commits"] >= 10 and read["refused"] == [] and read["aside"] == 0
    assert run(data, "carrier", "read", *files)["known"] == read["commits"] + read["known"]


def test_the_paper_opens_it_once_every_station_is_lost(tmp_path):
    """What was said since the vault's newest copy lies on the USB key alone."""
    data, restored, vault, paper, key = (tmp_path / name for name in ("one", "two", "vault", "paper.txt", "night"))
    vault.mkdir()
    run(data, "init", "--station", "urg-1", "--sample", 20)
    run(data, "key", "new", "--paper", paper)
    assert run(data, "vault", "seal", "--to", vault)["snapshots"] == 1
    run(data, "mode", "declare", "degrade", "--local", "--reason", "essai")
    heads = run(data, "digest")["heads"]
    run(data, "carrier", "write", key)
    shutil.rmtree(data)
    run(restored, "restore", "--from", vault, "--key", paper, "--station", "secours-1")
    assert any(run(restored, "digest")["heads"][chain] != tips for chain, tips in heads.items())
    refused = run(restored, "carrier", "read", key, code=1)["refused"]
    assert [row["code"] for row in refused] == ["foreign"]
    read = run(restored, "carrier", "read", "--key", paper, key)
    assert read["commits"] >= 1 and read["refused"] == [] and read["aside"] == 0
    assert all(run(restored, "digest")["heads"][chain] == tips for chain, tips in heads.items())
    assert run(restored, "ledger", "verify")["failures"] == []


def send(station, files):
    """The files as a browser's form sends them."""
    edge = uuid.uuid4().hex
    body = b""
    for name, content in files:
        body += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode()
        body += b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n"
    request = urllib.request.Request(
        station.url + "/carrier/read", body + f"--{edge}--\r\n".encode(), method="POST",
        headers={
            "Accept": "application/json", "Authorization": f"Bearer {station.token}",
            "Content-Type": f"multipart/form-data; boundary={edge}",
        })
    try:
        with station.opener.open(request, timeout=60) as answer:
            return stations.Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as answer:
        return stations.Answer(answer.code, answer.headers, answer.read())


def test_through_the_pages(hospital, tmp_path):
    first, second, there, serving = hospital
    data = copy_of(tmp_path, second, "second")
    sent = there.post("/carrier/write", {})
    assert sent.status == 200 and "attachment" in sent.headers["Content-Disposition"], sent.body[:300]
    # Or the second would ask it for everything.
    serving.kill()
    b = Serving(data, free_ports())
    try:
        here = stations.Station(b.url, there.login, there.secret)
        here.sign_in()
        cut = send(here, [("key", sent.body[:-100])])
        assert cut.status == 200 and cut.json["refused"] == [{"file": "key", "code": "truncated"}], cut.body
        middle = len(sent.body) // 2
        read = send(here, [("key.2of2", sent.body[middle:]), ("../key.1of2", sent.body[:middle])])
        assert read.status == 200 and read.json["refused"] == [] and read.json["commits"] >= 10, read.body
        assert send(here, [("key", sent.body)]).json["commits"] == 0
        assert run(data, "digest")["digest"] == run(first, "digest")["digest"]
        assert send(here, []).status == 400
        # What was under way is gone from the disk.
        assert list((data / "carrier").iterdir()) == []
    finally:
        b.kill()
