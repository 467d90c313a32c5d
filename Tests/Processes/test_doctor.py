"""What `doctor` finds of the disk beneath a station and of other stations, as it says it on the machine itself."""

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
        ((70, 70), "unsafe", ("lits-1", "lits-2")), ((0, None), "advice", ("lits-2",)),
    ):
        heard(*minutes)
        told = found(data[0], "station-silent")
        assert [said for said, _ in told] == ([severity] if severity else []), (minutes, told)
        for _, sentence in told:
            assert tuple(name for name in ("urg-1", "lits-1", "lits-2") if name in sentence) == silent, minutes
    # Whoever was revoked may be silent.
    run(data[0], "station", "revoke", "lits-2")
    assert found(data[0], "station-silent") == []
