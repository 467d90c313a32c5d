"""The paper for when even the stations are off, as PDFs: read back by Poppler, its codes by ZBar, as printed."""

import json
import os
import pathlib
import re
import subprocess
import time

import pytest

import station as stations
from hospital import Serving, free_ports, run, wait

HOSPITAL = """
name: Hôpital du test
finess: "990000018"
fictive: true
timeZone: Europe/Paris
ippAuthority: 2.999.91.1
ndaAuthority: 2.999.91.2
emergencyKeepsNumber: true
lateEntryHoursMax: 72
numbers:
  ipp: { prefix: "9", length: 12, check: none, first: 1, last: 9999999 }
  nda: { prefix: "9", length: 9, check: none, first: 1, last: 9999999 }
sites:
  - finess: "990000026"
    name: Hôpital
    units:
      - { code: "1010", name: Urgences adultes, specialty: emergency, phone: "01 99 00 10 10", rooms: [{ codes: B01..B02, beds: 1, kind: bay }] }
      - { code: 4EST, name: Médecine 4 Est, specialty: medicine, phone: "01 99 00 40 00", rooms: [{ codes: 401..404, beds: 1 }] }
"""


def text(pdf):
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout


def codes(pdf, folder):
    """What a scanner reads on each page."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", pdf, folder / "page"], check=True)
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", *sorted(folder.glob("page*.png"))], capture_output=True, text=True)
    return read.stdout.split()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    (folder / "hospital.yaml").write_text(HOSPITAL, encoding="utf-8")
    made = run(folder / "data", "init", "--station", "urg-1", "--hospital", folder / "hospital.yaml",
               "--sample", "30", "--seed", "1")
    (folder / "account.json").write_text(json.dumps(made["account"]))
    return folder / "data"


def blocks(files, kind):
    return [file for file in files if file.startswith(kind)]


def test_a_folder_of_paper(data, tmp_path):
    (data / "procedures").mkdir()
    (data / "procedures" / "plan-blanc.pdf").write_bytes(b"%PDF-1.4 the site's own")
    files = run(data, "pack", "--out", tmp_path / "pack", "--blank", "3")["files"]
    assert sorted(path.name for path in (tmp_path / "pack").iterdir()) == sorted([*files, "pack.json"])
    assert all(re.fullmatch(r"[0-7]-[a-zA-Z0-9-]+\.pdf", file) for file in files), files
    assert {"0-lisez-moi.pdf", "1-urgences.pdf", "2-unite-4EST.pdf", "3-telephones.pdf", "7-plan-blanc.pdf"} <= set(files)
    for path in (tmp_path / "pack").iterdir():
        assert path.stat().st_mode & 0o077 == 0, f"{path.name} is not for its owner alone"

    # Everybody who lies there is on their unit's sheet, under their bed.
    census = run(data, "census")
    for unit in census["units"]:
        sheet = text(tmp_path / "pack" / f"2-unite-{unit['unit']}.pdf")
        assert all(patient["bed"] in sheet for patient in unit["patients"] if patient["bed"]), unit
        assert all(patient["ipp"] in sheet for patient in unit["patients"] if patient["ipp"] and patient["name"]), unit
    assert "01 99 00 40 00" in text(tmp_path / "pack" / "3-telephones.pdf")
    number = re.search(r"[0-9A-F]{8}-4EST", text(tmp_path / "pack" / "2-unite-4EST.pdf"))[0]
    assert codes(tmp_path / "pack" / "2-unite-4EST.pdf", tmp_path).count(number) == 2, "a bar code and a QR code"
    pack = number.partition("-")[0]
    for name, own in (("0-lisez-moi", "GUIDE"), ("3-telephones", "TEL")):
        folder = tmp_path / name
        folder.mkdir()
        assert f"{pack}-{own}" in codes(tmp_path / "pack" / f"{name}.pdf", folder)


def test_forms_are_numbered_once_and_read_by_a_scanner(data, tmp_path):
    out = tmp_path / "pack"
    files = run(data, "pack", "--out", out, "--blank", "3")["files"]
    (admissions,), (arrivals,) = blocks(files, "5-"), blocks(files, "6-")
    for name in (admissions, arrivals):
        block = name.rpartition("-")[2].partition(".")[0].upper()
        assert text(out / name).count("\f") == 3, "a page a form"
        folder = tmp_path / name
        folder.mkdir()
        read = codes(out / name, folder)
        for serial in ("001", "002", "003"):
            assert read.count(f"{block}-{serial}") == 2, read
        stays = [code for code in read if re.fullmatch(r"9\d{8}", code)]
        assert len(set(stays)) == 3, read

    # Made again, a stack is neither another nor printed anew; another folder has other numbers.
    stack = (out / admissions).stat()
    assert run(data, "pack", "--out", out, "--blank", "3")["files"] == files
    assert (out / admissions).stat().st_mtime_ns == stack.st_mtime_ns
    other = run(data, "pack", "--out", tmp_path / "other", "--blank", "3")["files"]
    assert not set(blocks(other, "5-") + blocks(other, "6-")) & set(files)

    # Taken out to be printed, a stack is not made again: there would be two of it. So with another key at the same path.
    (out / admissions).unlink()
    taken = run(data, "pack", "--out", out, "--blank", "3")["files"]
    assert admissions not in taken and len(blocks(taken, "5-")) == 1 and arrivals in taken
    out.rename(tmp_path / "first-key")
    second = run(data, "pack", "--out", out, "--blank", "3")["files"]
    assert not set(blocks(second, "5-") + blocks(second, "6-")) & set(taken)


def test_each_stack_in_a_folder_is_somebodys(data, tmp_path):
    """Stations may share a folder; keys are pulled out early; files are open at somebody's screen."""
    out = tmp_path / "pack"
    (out / "2-unite-4EST.pdf" / "in-the-way").mkdir(parents=True)
    theirs = out / "5-admissions-0a1b2c3d.pdf"
    theirs.write_bytes(b"%PDF-1.4\nof a station that was not heard yet\n%%EOF\n")
    ran = subprocess.run([stations.BINARY, "pack", "--out", out, "--blank", "2", "--data", data, "--json"],
                         capture_output=True, text=True, timeout=300)
    assert ran.returncode != 0 and "4EST" in ran.stderr, (ran.stdout, ran.stderr)
    there = {path.name for path in out.iterdir()}
    assert {"3-telephones.pdf", "2-unite-1010.pdf", "pack.json"} <= there and not [n for n in there if "part" in n]
    (own,) = [name for name in there if name.startswith("5-") and name != theirs.name]
    (arrivals,) = blocks(there, "6-")

    # Put right, the same stacks are there, theirs too; one that was cut short is none.
    (out / "2-unite-4EST.pdf" / "in-the-way").rmdir()
    (out / "2-unite-4EST.pdf").rmdir()
    whole = (out / arrivals).read_bytes()
    (out / arrivals).write_bytes(whole[:len(whole) // 2])
    files = run(data, "pack", "--out", out, "--blank", "2")["files"]
    assert set(blocks(files, "5-")) == {own, theirs.name} and theirs.exists()
    assert blocks(files, "6-") != [arrivals] and len(blocks(files, "6-")) == 1 and not (out / arrivals).exists()
    assert "4EST" in text(out / "2-unite-4EST.pdf")


def test_what_somebody_wrote_on_a_key_takes_nothing_away(data, tmp_path):
    out, beside = tmp_path / "key" / "pack", tmp_path / "key" / "holiday.pdf"
    out.mkdir(parents=True)
    beside.write_bytes(b"%PDF-1.4 somebody's own")
    (out / "letter.pdf").write_bytes(b"%PDF-1.4 somebody's own")
    (out / "pack.json").write_text(json.dumps({"files": ["..", ".", "../holiday.pdf", "letter.pdf", "2-unite-gone.pdf",
                                                       "3-holiday.pdf", 7], "id": "../../x"}))
    (out / "3-holiday.pdf").write_bytes(b"%PDF-1.4 somebody's own")
    (out / "2-unite-gone.pdf").write_bytes(b"%PDF-1.4 of an earlier pack")
    run(data, "pack", "--out", out, "--blank", "0")
    assert all(path.exists() for path in (beside, out / "letter.pdf", out / "3-holiday.pdf"))
    assert not (out / "2-unite-gone.pdf").exists()
    assert not (data / "pack-work").exists()


@pytest.fixture
def no_converter(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return monkeypatch


def waiting(data, out):
    """The blocks of which the station's record says that they did not reach the folder."""
    id = json.loads((out / "pack.json").read_text())["id"]
    return json.loads((data / "pack-made.json").read_text())["waiting"].get(id)


def test_a_stack_is_somebodys_from_the_moment_it_bears_its_name(data, tmp_path, no_converter):
    out = tmp_path / "pack"

    def pack():
        return set(run(data, "pack", "--out", out, "--blank", "2", code=1)["files"])

    files = pack()
    (admissions,) = blocks(files, "5-")
    assert waiting(data, out) is None, "a folder that waits for nothing is not named"

    # Stopped between the record and the name, a stack is made whole once more. Another station may be writing its own.
    part, theirs = (out / admissions).with_suffix(".part"), out / "6-arrivees-0a1b2c3d.part"
    (out / admissions).rename(part)
    theirs.write_text("half a sta")
    assert pack() == files
    assert (out / admissions).is_file() and not part.exists() and theirs.exists()

    # So it is where it could not be given its name, as often as that fails.
    (out / admissions).rename(part)
    (out / admissions / "in-the-way").mkdir(parents=True)
    for _ in range(2):
        ran = subprocess.run([stations.BINARY, "pack", "--out", out, "--blank", "2", "--data", data, "--json"],
                             capture_output=True, text=True, timeout=300)
        assert ran.returncode != 0 and admissions in ran.stderr, (ran.stdout, ran.stderr)
        assert part.exists()
    (out / admissions / "in-the-way").rmdir()
    (out / admissions).rmdir()
    assert pack() == files
    assert (out / admissions).is_file() and not part.exists() and waiting(data, out) is None

    # A converter is there by then: a stack has one part, of whichever kind, and taken out it is not made again.
    (out / admissions).rename(part)
    no_converter.undo()
    files = run(data, "pack", "--out", out, "--blank", "2")["files"]
    assert part.with_suffix(".pdf").name in files and not part.exists()
    part.with_suffix(".pdf").unlink()
    files = run(data, "pack", "--out", out, "--blank", "2")["files"]
    assert part.with_suffix(".pdf").name not in files and len(blocks(files, "5-")) == 1


def test_killed_while_it_puts_stacks(data, tmp_path, no_converter):
    """Whoever takes what bears its name has the only one of it; what does not yet is there the next time."""
    for number in range(8):
        out = tmp_path / f"pack-{number}"
        out.mkdir()
        process = subprocess.Popen([stations.BINARY, "pack", "--out", out, "--blank", "2", "--data", data],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def stacks(ending):
            return {name for name in os.listdir(out) if re.fullmatch(f"[56]-.*[.]{ending}", name)}

        until = time.monotonic() + 60
        while not stacks(".*") and process.poll() is None:
            assert time.monotonic() < until
        time.sleep(number / 1000)
        process.kill()
        process.wait()
        taken, parts = stacks("html"), {name.replace(".part", ".html") for name in stacks("part")}
        for name in taken:
            (out / name).unlink()
        files = set(run(data, "pack", "--out", out, "--blank", "2", code=1)["files"])
        assert parts <= files and not taken & files, (taken, parts, files)
        assert len(blocks(files, "5-")) == 1 and len(blocks(files, "6-")) == 1
        assert not stacks("part") and waiting(data, out) is None


def test_without_a_converter_there_are_pages_to_print(data, tmp_path, no_converter):
    files = run(data, "pack", "--out", tmp_path / "pack", "--blank", "0", code=1)["files"]
    pages = [file for file in files if file.endswith(".html")]
    assert "2-unite-4EST.html" in pages and "Médecine 4 Est" in (tmp_path / "pack" / "2-unite-4EST.html").read_text()
    # As soon as there is one, the pages go.
    no_converter.undo()
    files = run(data, "pack", "--out", tmp_path / "pack", "--blank", "0")["files"]
    assert not [file for file in files if file.endswith(".html")] and not list((tmp_path / "pack").glob("*.html"))


def banner(data, serving, words):
    """Once the banner says so."""
    account = json.loads((data.parent / "account.json").read_text())
    station = stations.Station(serving.url, account["name"], account["secret"])
    station.sign_in()
    wait(lambda: re.search(words, station.ask("GET", "/units", headers={"Accept": "text/html"}).body.decode()), 180)


def test_a_serving_station_makes_it_by_itself_and_hands_it_out(data, tmp_path):
    key, unplugged = tmp_path / "key", tmp_path / "unplugged"
    key.mkdir()
    serving = Serving(
        data, free_ports(), more=["--pack", str(unplugged), "--pack", str(key), "--pack-blank", "1"])
    try:
        wait(lambda: list(key.glob("2-unite-4EST.pdf")), 180)
        assert not unplugged.exists(), "a key that is not plugged in is no folder to be made"
        wait(lambda: any("no such folder" in line for line in serving.errors))
        # The folder that is worst off is told.
        banner(data, serving, "papier : aucun")
        # The command is handed to the station that serves.
        files = run(data, "pack", "--out", tmp_path / "by-hand", "--blank", "1")["files"]
        assert "2-unite-4EST.pdf" in files
    finally:
        serving.kill()
    serving = Serving(data, free_ports(), more=["--pack", str(key), "--pack-blank", "1"])
    try:
        banner(data, serving, r"papier : (?:\d\d/\d\d )?\d\d:\d\d")
    finally:
        serving.kill()
