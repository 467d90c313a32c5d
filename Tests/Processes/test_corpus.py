"""The real messages of ../shared/corpora through the real command line, against what was read in them by hand."""

import json
import os
import pathlib
import random
import shutil
import subprocess

import pytest

import station as stations

CORPORA = stations.ROOT.parent / "shared/corpora"
PAM = CORPORA / "hl7-pam-fr"
SIMHOSPITAL = CORPORA / "hl7-simhospital"

if not CORPORA.exists():
    assert os.environ.get("CI") != "true", f"{CORPORA} is required when CI=true"
    pytest.skip(f"{CORPORA} is not there: this clone stands alone", allow_module_level=True)


class Folder:
    def __init__(self, path, like=None):
        """`like`: of the same station as another one is now."""
        self.data = str(path)
        if like:
            shutil.copytree(like.data, self.data)
        else:
            self.ask("init", "--station", "test-1")

    def ask(self, *arguments, code=0):
        ran = subprocess.run(
            [stations.BINARY, *map(str, arguments), "--data", self.data, "--json"],
            capture_output=True, text=True, timeout=300)
        assert ran.returncode == code, f"{arguments[:3]}: {ran.returncode} {ran.stderr}"
        return json.loads(ran.stdout)


def counts(report):
    return {key: report[key] for key in ("messages", "accepted", "warned", "ignored", "refused", "duplicates")}


def golden():
    return json.loads((PAM / "golden.json").read_text())


def agrees(said, golden, path=""):
    """Whatever the golden case says, this says too; hours compare without the offset that golden leaves out."""
    for key, value in golden.items():
        found = said.get(key)
        if key == "ipp":
            assert value in found, (path, key, found)
        elif isinstance(value, dict):
            agrees(found or {}, value, f"{path}.{key}")
        elif key.endswith("At") or key == "at":
            assert (found or None) is None if value is None else found[:19] == value, (path, key, found, value)
        elif key == "movements":
            assert len(found) == len(value), (path, key)
            for one, other in zip(found, value):
                agrees(one, other, f"{path}.movements")
        elif value in (None, False, []):
            assert found in (None, False, []), (path, key, found)
        else:
            assert found == value, (path, key, found, value)


def everything(folder):
    patients = {p["ipp"]: folder.ask("patient", "show", "--ipp", p["ipp"]) for p in golden()["patients"]}
    stays = {s["number"]: folder.ask("stay", "show", "--number", s["number"]) for s in golden()["stays"]}
    census = folder.ask("census", "--at", "2025-11-03T12:00:00.000Z")
    return patients, stays, census


@pytest.fixture(scope="module")
def in_file_order(tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("pam") / "data")
    report = folder.ask("import", "hl7", PAM)
    return folder, report


def test_all_are_taken_in(in_file_order):
    _, report = in_file_order
    found = counts(report)
    assert (found["messages"], found["refused"], found["ignored"], found["duplicates"]) == (105, 0, 0, 0)
    assert len(report["outcomes"]) == 105
    assert all(one["reasons"] for one in report["outcomes"] if one["outcome"] == "warned")


def test_the_register_is_the_golden_one(in_file_order):
    folder, _ = in_file_order
    patients, stays, _ = everything(folder)
    assert (len(patients), len(stays)) == (61, 17)
    for case in golden()["patients"]:
        agrees(patients[case["ipp"]], case, case["ipp"])
    for case in golden()["stays"]:
        assert stays[case["number"]]["patient"] == patients[case.pop("ipp")]["id"]
        agrees(stays[case["number"]], case, case["number"])
    statuses = [stay["status"] for stay in stays.values()]
    assert (statuses.count("discharged"), statuses.count("admitted")) == (9, 8)


def test_a_second_import_finds_only_duplicates(in_file_order):
    folder, _ = in_file_order
    before = folder.ask("digest")
    assert counts(folder.ask("import", "hl7", PAM)) == {
        "messages": 105, "accepted": 0, "warned": 0, "ignored": 0, "refused": 0, "duplicates": 105}
    assert folder.ask("digest") == before


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_ends_the_same(in_file_order, tmp_path, seed):
    files = sorted(PAM.glob("*.hl7"))
    random.Random(seed).shuffle(files)
    folder = Folder(tmp_path / "data")
    # In several imports, as feeds come.
    third = len(files) // 3
    for part in (files[:third], files[third:2 * third], files[2 * third:]):
        folder.ask("import", "hl7", *part)
    assert everything(folder) == everything(in_file_order[0])


def test_an_english_hospital_is_taken_in_too(tmp_path):
    folder = Folder(tmp_path / "data")
    found = counts(folder.ask("import", "hl7", SIMHOSPITAL))
    assert (found["messages"], found["ignored"], found["refused"]) == (1013, 612, 0)
    assert found["accepted"] + found["warned"] == 401
    again = counts(folder.ask("import", "hl7", SIMHOSPITAL))
    assert (again["duplicates"], again["ignored"]) == (401, 612)


def test_a_bad_message_never_stops_the_next(tmp_path):
    good = next(iter(sorted(PAM.glob("*.hl7")))).read_bytes()
    bad = pathlib.Path(tmp_path / "bad.hl7")
    bad.write_bytes(b"\x0bnothing of the kind\x1c\r" + b"\x0b" + good + b"\x1c\r" + b"MSH|^~\\&|A|B\r")
    report = Folder(tmp_path / "data").ask("import", "hl7", bad, code=1)
    assert report["refused"] >= 1 and report["accepted"] + report["warned"] == 1
    assert all(one["reasons"] for one in report["outcomes"] if one["outcome"] == "refused")
