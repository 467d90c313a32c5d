"""The contracts of the command line that programs rely on: documents, exit codes, one writer."""

import json
import os
import subprocess
import time

import pytest

import station as stations


def run(*arguments):
    return subprocess.run(
        [stations.BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def process():
    made = stations.Process(patients=60)
    yield made
    made.stop()


def test_a_station_is_made_once(tmp_path):
    made = json.loads(run("init", "--data", tmp_path / "d", "--sample", "30", "--json").stdout)
    assert made["patients"] == 30 and made["beds"] > 900 and made["account"]["secret"]
    again = run("init", "--data", tmp_path / "d", "--json")
    assert again.returncode == 1 and "already" in again.stderr and again.stderr.count("\n") == 1


def test_nobody_is_found_and_what_to_try(process):
    found = run("patient", "find", "01011901", "QZXQZX", "--data", process.data)
    assert found.returncode == 1 and found.stdout.startswith("Nobody is found: try"), found
    listed = run("patient", "find", "01011901", "QZXQZX", "--data", process.data, "--json")
    assert listed.returncode == 1 and json.loads(listed.stdout) == []


def test_earlier_stays_are_over(tmp_path):
    census, made = [], []
    for name, more in (("a", ()), ("b", ("--earlier-stays", "70"))):
        data = ("--data", tmp_path / name)
        made.append(json.loads(run("init", *data, "--sample", "30", *more, "--json").stdout)["stays"])
        found = json.loads(run("census", *data, "--json").stdout)
        census.append((found["occupied"], found["conflicts"], [len(unit["patients"]) for unit in found["units"]]))
    assert made[1] == made[0] + 70
    assert census[0] == census[1] and census[0][0] > 0
    alone = run("init", "--data", tmp_path / "c", "--earlier-stays", "70")
    assert alone.returncode == 64 and "--sample" in alone.stderr


def test_the_same_seed_gives_the_same_people(tmp_path):
    found = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        run("init", "--data", tmp_path / name, "--sample", "40", "--seed", seed)
        census = json.loads(run("census", "--data", tmp_path / name, "--json").stdout)
        found.append(sorted(p["name"] for unit in census["units"] for p in unit["patients"]))
    assert found[0] == found[1] != found[2] and found[0]


def test_wrong_usage_is_64():
    for arguments in (["serve", "--host", "0.0.0.0"], ["mode", "declare", "panique", "--reason", "x"], ["nothing"]):
        assert run(*arguments).returncode == 64, arguments


def test_jemalloc_gives_out_the_memory_from_two_arenas():
    asked = subprocess.run(
        [stations.BINARY, "--help"], capture_output=True, text=True, timeout=120,
        env={**os.environ, "MALLOC_CONF": "stats_print:true"})
    assert asked.returncode == 0 and "opt.narenas: 2\n" in asked.stderr


def test_a_printer_without_paper_is_refused():
    alone = run("serve", "--pack-printer", "office")
    assert alone.returncode == 64 and "--pack FOLDER" in alone.stderr


def test_no_is_1_and_says_what_to_do(tmp_path):
    for arguments in (["digest"], ["census"], ["patient", "show", "--ipp", "1"]):
        answer = run(*arguments, "--data", tmp_path / "absent", "--json")
        assert answer.returncode == 1 and "permanence init" in answer.stderr, arguments


def test_a_writer_hands_its_work_to_the_station_that_serves(process):
    declared = process.run("mode", "declare", "degrade", "--reason", "essai")
    assert declared["mode"] == "degrade" and declared["scope"] == "hospital"
    assert process.run("mode", "show") == declared
    time.sleep(1.2)  # a banner is at most a second old
    assert "DÉGRADÉ" in process.station.ask("GET", "/", headers={"Accept": "text/html"}).body.decode().upper()


def test_another_slice_of_numbers(process):
    def nda(answer):
        return next(numbers for numbers in answer["numbers"] if numbers["kind"] == "nda")

    before = nda(process.run("numbers", "show"))
    after = nda(process.run("numbers", "grant", "nda", "--first", "20000000", "--last", "20000099"))
    assert after["granted"] == before["granted"] + 100 and after["left"] == before["left"] + 100
    again = run("numbers", "grant", "nda", "--first", "20000050", "--last", "20000149", "--data", process.data, "--json")
    assert again.returncode == 1 and "granted already (20000000 to 20000099)" in again.stderr
    assert run("numbers", "grant", "finess", "--first", "1", "--last", "2").returncode == 64


def test_reading_goes_on_beside_the_station_that_serves(process):
    census = process.run("census")
    assert census["beds"] > 900 and census["occupied"] > 0 and census["conflicts"] == 0
    assert process.run("ledger", "verify")["failures"] == []
    someone = next(p for unit in census["units"] for p in unit["patients"])
    found = process.run("patient", "show", "--ipp", someone["ipp"])
    assert someone["ipp"] in found["ipp"]
    stay = process.run("stay", "show", "--number", someone["stay"])
    assert stay["status"] == "admitted" and stay["patient"] == found["id"]


def test_two_verdicts_on_an_exported_ledger(process, tmp_path):
    exported = process.run("ledger", "export", "--out", str(tmp_path / "out"))
    verified = json.loads(run("ledger", "verify", tmp_path / "out", "--json").stdout)
    assert verified["commits"] == exported["commits"] and verified["failures"] == [] and len(verified["root"]) == 64
    file = max((tmp_path / "out").glob("*.ledger"), key=lambda path: path.stat().st_size)
    lines = file.read_bytes().split(b"\n")
    del lines[3]
    file.write_bytes(b"\n".join(lines))
    broken = run("ledger", "verify", tmp_path / "out", "--json")
    assert broken.returncode == 1
    assert [failure["sequence"] for failure in json.loads(broken.stdout)["failures"]] == [4]


def test_likely_duplicates_of_two_files(tmp_path):
    (tmp_path / "a.csv").write_text("n,nom,prenom,ne\n1,MARTIN,Louise,1961-03-12\n2,DURAND,Paul,1950-01-07\n")
    (tmp_path / "b.csv").write_text("n,nom,prenom,ne\n8,MARTIN,Loise,1961-03-12\n9,PETIT,Anne,1999-09-09\n")
    answer = run(
        "identity", "link", tmp_path / "a.csv", tmp_path / "b.csv", "--columns",
        "id=n,birthName=nom,birthGivenName=prenom,birthDate=ne", "--json", "--data", tmp_path / "as-every-command")
    assert answer.returncode == 0, answer.stderr
    document = json.loads(answer.stdout)
    assert set(document) == {"pairs", "seconds"}
    for pair in document["pairs"]:
        assert set(pair) == {"a", "b", "probability", "reasons"} and 0 <= pair["probability"] <= 1


@pytest.mark.parametrize("arguments", [
    ["patient", "show", "--ipp", "000000000000"], ["stay", "show", "--number", "000000000"],
    ["import", "hl7", "/nowhere"], ["ledger", "verify", "/nowhere"],
])
def test_what_fails_says_so_in_json_too(tmp_path, arguments):
    data = str(tmp_path / "data")
    subprocess.run([stations.BINARY, "init", "--data", data, "--json"], check=True, capture_output=True)
    ran = subprocess.run([stations.BINARY, *arguments, "--data", data, "--json"], capture_output=True, text=True)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert json.loads(ran.stdout), "a document"
    assert ran.stderr.strip()
