"""What `doctor` finds of the disk beneath a station and of other stations, as it says it on the machine itself."""

import contextlib
import sqlite3
import tempfile
import time
from pathlib import Path

import pytest

from hospital import free_ports, join, run, same, serving, wait

EXAMPLES = Path(__file__).parents[2] / "Examples"


def found(data, code):
    """Each such finding's severity and sentence."""
    findings = run(data, "doctor", code=1)["findings"]
    return [(finding["severity"], finding["sentence"]) for finding in findings if finding["code"] == code]


@pytest.mark.parametrize(("fictive", "severity"), [("true", "advice"), ("false", "unsafe")])
def test_a_disk_that_is_not_encrypted(tmp_path, fictive, severity):
    hospital = (EXAMPLES / "hospital.yaml").read_text(encoding="utf-8")
    assert "fictive: true" in hospital
    (tmp_path / "hospital.yaml").write_text(hospital.replace("fictive: true", f"fictive: {fictive}"), encoding="utf-8")
    # In memory: there whatever the machine's own disk is.
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        run(folder, "init", "--station", "urg-1", "--hospital", tmp_path / "hospital.yaml")
        [(said, sentence)] = found(folder, "disk-unencrypted")
    assert said == severity and folder in sentence


def test_a_clock_behind_what_the_station_wrote(tmp_path):
    """No other station to compare with: its own lines are later than this machine says."""
    data, vault = tmp_path / "data", tmp_path / "vault"
    vault.mkdir()
    run(data, "init", "--station", "urg-1")
    run(data, "key", "new", "--paper", tmp_path / "paper.txt")
    run(data, "vault", "seal", "--to", vault)
    assert found(data, "clock-here") == []
    # What it wrote, sealed and heard is a year later: as it is for a clock that was set back by one.
    year = time.gmtime().tm_year
    with contextlib.closing(sqlite3.connect(data / "store.sqlite")) as store, store:
        number, line = store.execute("SELECT id, line FROM commits ORDER BY id DESC LIMIT 1").fetchone()
        later = line.replace(f'"time":"{year}-'.encode(), f'"time":"{year + 1}-'.encode())
        assert later != line
        store.execute("UPDATE commits SET line = ? WHERE id = ?", (later, number))
        assert store.execute("UPDATE vaultObjects SET at = at + 31536000000").rowcount > 0
    [(severity, sentence)] = found(data, "clock-here")
    assert severity == "unsafe" and f" {year}-" in sentence and f" {year + 1}-" in sentence, sentence
    # Something was sealed, and proving it is not late by a clock that is wrong.
    for code in ("no-vault", "vault-stale", "no-proof"):
        assert found(data, code) == [], code


def test_what_init_warns_of(tmp_path):
    data, passphrase = tmp_path / "data", tmp_path / "passphrase"
    [warning] = run(data, "init", "--station", "urg-1")["warnings"]
    assert "permanence key lock" in warning
    [(severity, sentence)] = found(data, "enrolling-key-unlocked")
    assert severity == "advice" and "permanence key lock" in sentence
    passphrase.write_text("a night without lights\n")
    run(data, "key", "lock", "--passphrase-file", passphrase)
    assert found(data, "enrolling-key-unlocked") == []


def test_stations_that_are_silent(tmp_path):
    data = [tmp_path / name for name in ("first", "second", "third")]
    ports = [free_ports() for _ in data]
    run(data[0], "init", "--station", "urg-1")
    with serving() as start:
        start(data[0], ports[0])
        names = []
        for number in (1, 2):
            names.append(join(data[0], ports[0], data[number], f"lits-{number}"))
            start(data[number], ports[number])
            same(data[0], data[number])
        wait(lambda: sum("lastHeard" in row for row in run(data[0], "station", "list")["stations"]) == 2)

    def heard(*minutes):
        """So long ago; None: never."""
        with sqlite3.connect(data[0] / "store.sqlite") as store:
            for name, ago in zip(names, minutes, strict=True):
                if ago is None:
                    assert store.execute("DELETE FROM heard WHERE station = ?", (name,)).rowcount == 1
                    continue
                at = int((time.time() - ago * 60) * 1000)
                assert store.execute("UPDATE heard SET at = ? WHERE station = ?", (at, name)).rowcount == 1
        store.close()

    for minutes, severity, silent in (
        ((0, 50), None, ()), ((0, 70), "advice", ("lits-2",)), ((70, 0), "advice", ("lits-1",)),
        ((70, 70), "unsafe", ("lits-1", "lits-2")),
        # Heard by a clock that ran ahead then: nobody knows when.
        ((0, -70), "advice", ("lits-2",)), ((0, None), "advice", ("lits-2",)),
    ):
        heard(*minutes)
        told = found(data[0], "station-silent")
        assert [said for said, _ in told] == ([severity] if severity else []), (minutes, told)
        for _, sentence in told:
            assert tuple(name for name in ("urg-1", "lits-1", "lits-2") if name in sentence) == silent, minutes
    # Whoever was revoked may be silent.
    run(data[0], "station", "revoke", "lits-2")
    assert found(data[0], "station-silent") == []


def test_a_vault_on_the_same_disk(tmp_path):
    data = tmp_path / "one"
    run(data, "init", "--station", "urg-1")
    run(data, "key", "new", "--paper", str(tmp_path / "paper.txt"))
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        run(data, "vault", "seal", "--to", elsewhere)
        assert found(data, "vault-same-disk") == []
        [(said, sentence)] = found(data, "vault-unlocked")
        assert said == "advice" and elsewhere in sentence
        (tmp_path / "vault").mkdir()
        run(data, "vault", "seal", "--to", str(tmp_path / "vault"))
        [(said, sentence)] = found(data, "vault-same-disk")
    assert said == "unsafe" and str(tmp_path / "vault") in sentence and elsewhere not in sentence
