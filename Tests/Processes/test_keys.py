"""The enrolling key: nobody invites or revokes without its passphrase, and a paper gives one to another station."""

from hospital import Serving, free_ports, join, run, same, serving


def test_nobody_enrols_without_the_passphrase(tmp_path):
    data, new, port = tmp_path / "first", tmp_path / "second", free_ports()
    good, wrong, short = tmp_path / "good", tmp_path / "wrong", tmp_path / "short"
    good.write_text("cheval exact batterie agrafe\n")
    wrong.write_text("cheval exact batterie crayon\n")
    short.write_text("court\n")
    run(data, "init", "--station", "urg-1", "--sample", 5)
    assert "12 characters" in run(data, "key", "lock", "--passphrase-file", short, code=1)["error"]
    assert run(data, "key", "lock", "--passphrase-file", good)["locked"] is True
    assert "locked already" in run(data, "key", "lock", "--passphrase-file", good, code=1)["error"]
    assert not (data / "authority/enrolling.key").exists()
    assert "enrolling-key-unlocked" not in {row["code"] for row in run(data, "doctor", code=1)["findings"]}

    serving = Serving(data, port)
    try:
        assert "locked" in run(data, "station", "invite", code=1)["error"]
    finally:
        serving.kill()
    serving = Serving(data, port, more=["--passphrase-file", str(good)])
    try:
        code = run(data, "station", "invite")["code"]
        name = run(new, "station", "join", f"127.0.0.1:{port}", code, "--station", "lits-2")["station"]
        there = Serving(new, free_ports(), [port])
        try:
            # It names the station once its first line has come back.
            same(data, new)
        finally:
            there.kill()
    finally:
        serving.kill()
    assert "locked" in run(data, "station", "revoke", name, code=1)["error"]
    assert "not the passphrase" in run(data, "station", "revoke", name, "--passphrase-file", wrong, code=1)["error"]
    assert run(data, "station", "revoke", name, "--passphrase-file", good)["station"] == name


def test_a_paper_makes_another_station_one_that_enrols(tmp_path):
    data = [tmp_path / name for name in ("first", "second", "third")]
    ports = [free_ports() for _ in data]
    paper, foreign = tmp_path / "paper", tmp_path / "foreign"
    run(data[0], "init", "--station", "urg-1", "--sample", 5)
    run(data[0], "key", "new", "--paper", paper)
    run(tmp_path / "other", "init", "--station", "autre-1")
    run(tmp_path / "other", "key", "new", "--paper", foreign)
    with serving() as start:
        first = start(data[0], ports[0])
        join(data[0], ports[0], data[1], "lits-2")
        start(data[1], ports[1], [ports[0]])
        same(data[0], data[1])
        # The first one is stolen.
        first.kill()
        assert "enrolling key" in run(data[1], "station", "invite", code=1)["error"]
        assert "this hospital's root key" in run(data[1], "key", "enrol", "--root-from", foreign, code=1)["error"]
        assert "cannot be read" in run(data[1], "key", "enrol", "--root-from", tmp_path / "none", code=1)["error"]
        assert run(data[1], "key", "enrol", "--root-from", paper)["holdsEnrollingKey"] is True
        assert "already" in run(data[1], "key", "enrol", "--root-from", paper, code=1)["error"]
        assert (data[1] / "authority/enrolling.key").stat().st_mode & 0o777 == 0o600
        assert not (data[1] / "root.key").exists()
        revoked = run(data[1], "station", "revoke", "urg-1")
        assert len(revoked["last"][revoked["station"]]) == 1
        joined = join(data[1], ports[1], data[2], "lits-3")
        third = start(data[2], ports[2])
        same(data[1], data[2])
        rows = {row["station"]: row for row in run(data[2], "station", "list")["stations"]}
        assert rows[revoked["station"]]["revoked"] and joined not in rows, rows
        third.kill()
    assert run(data[2], "ledger", "verify")["failures"] == []


def test_a_station_with_too_many_papers_bars_no_other(tmp_path):
    data = [tmp_path / name for name in ("first", "second")]
    ports = [free_ports() for _ in data]
    paper, other = tmp_path / "paper", tmp_path / "other"
    run(data[0], "init", "--station", "urg-1", "--sample", 5)
    run(data[0], "key", "new", "--paper", paper)
    with serving() as start:
        start(data[0], ports[0])
        join(data[0], ports[0], data[1], "lits-2")
        start(data[1], ports[1], [ports[0]])
        # With that paper and the proving key they are sixteen.
        more = [argument for number in range(14) for argument in ("--paper", tmp_path / f"more-{number}")]
        run(data[0], "key", "new", *more, "--root-from", paper)
        full = run(data[0], "key", "new", "--paper", tmp_path / "full", "--root-from", paper, code=1)["error"]
        assert "sixteen" in full and not (tmp_path / "full").exists()
        same(*data)
        key = run(data[1], "key", "new", "--paper", other, "--root-from", paper)["key"]
    sealed = {row["key"]: row["sealed"] for row in run(data[1], "vault", "status")["recipients"]}
    assert sealed[key], sealed
