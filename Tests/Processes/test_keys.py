"""The enrolling key under a passphrase: nobody invites or revokes without it."""

from hospital import Serving, free_ports, run, same


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
