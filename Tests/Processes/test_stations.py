"""Real stations of one hospital: one joins by a code, all find each other, one dies, one is revoked, one forks."""

import re
import shutil
import subprocess
import time
import uuid
from pathlib import Path
from unittest.mock import ANY

import admission
import pytest
import station as stations
from hospital import SECONDS, Serving, Wire, free_ports, join, register, run, same, serving, wait

EXAMPLES = Path(__file__).parents[2] / "Examples"


def test_a_station_joins_and_both_are_one_hospital(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    one, two = free_ports(), free_ports()
    account = run(first, "init", "--station", "urg-1", "--sample", 200)["account"]
    assert "not serving" in run(first, "station", "invite", code=1)["error"]
    a = Serving(first, one, [two])
    serving = [a]
    try:
        code = run(first, "station", "invite")["code"]
        refused = run(second, "station", "join", f"127.0.0.1:{one}", "0000-00000", code=1)
        assert "did not let this one in" in refused["error"], refused
        # Where nobody listens it says so, and what to look at.
        nowhere = run(second, "station", "join", f"127.0.0.1:{free_ports()}", "0000-00000", code=1)
        assert "No station answers" in nowhere["error"] and "(Connection refused)" in nowhere["error"], nowhere
        assert "--peers-host" in nowhere["error"], nowhere
        # A slip of the tongue is told before anybody is asked.
        for slip in (["0000-00001"], [code, "--station", "Lits 2"]):
            asked = [stations.BINARY, "station", "join", f"127.0.0.1:{one}", *slip]
            assert subprocess.run(asked, capture_output=True).returncode == 64
        # Nobody is called as a station is or was; the code stays good.
        taken = run(second, "station", "join", f"127.0.0.1:{one}", code, "--station", "urg-1", code=1)
        assert "never given twice" in taken["error"] and "--station" in taken["error"], taken
        assert not (second / "store.sqlite").exists()
        joined = run(second, "station", "join", f"127.0.0.1:{one}", code, "--station", "lits-2")
        assert joined["station"].startswith("lits-2-")
        assert run(first, "digest")["digest"] == run(second, "digest")["digest"]
        # A code opens once.
        run(tmp_path / "third", "station", "join", f"127.0.0.1:{one}", code, "--station", "lits-3", code=1)

        b = Serving(second, two)
        serving.append(b)
        there = stations.Station(a.url, account["name"], account["secret"])
        there.sign_in()
        for number in range(20):
            assert there.post("/admissions/unknown", admission.unknown(str(uuid.uuid4()), number)).status == 200
        before = same(first, second)
        # What is said at the new one comes back, under numbers of its own.
        run(second, "mode", "declare", "degrade", "--local", "--reason", "essai")
        assert same(first, second) == before
        listed = run(first, "station", "list")["stations"]
        assert [(row["connected"], row["behind"], row["ahead"]) for row in listed] == [(True, 0, 0)], listed
        assert listed[0]["station"] == joined["station"] and abs(listed[0]["clockDifferenceMilliseconds"]) < 5000
        numbers = [
            {row["kind"]: row["granted"] for row in run(data, "numbers", "show")["numbers"]} for data in (first, second)
        ]
        assert abs(numbers[0]["ipp"] - numbers[1]["ipp"]) <= numbers[0]["ipp"] // 2

        # The first one dies; what it had acknowledged is at the second.
        a.kill()
        assert run(second, "ledger", "verify")["failures"] == []
        assert run(second, "digest")["digest"] == before
    finally:
        for station in serving:
            station.kill()


def test_a_station_whose_joining_was_cut_short_takes_the_rest_once_it_serves(tmp_path):
    first, port = tmp_path / "first", free_ports()
    run(first, "init", "--station", "urg-1", "--sample", 500)

    def joining(name, port, code):
        return ["station", "join", f"127.0.0.1:{port}", code, "--station", name]

    with serving() as start:
        start(first, port)
        # Nothing of its lines passes: the new one is let in, and says what to do.
        silent, wire = tmp_path / "silent", Wire(port, breaks_after=0)
        code = run(first, "station", "invite")["code"]
        error = run(silent, *joining("lits-2", wire.port, code), code=1)["error"]
        assert "let this one in" in error and f"permanence serve --data {silent} takes the rest" in error, error
        wire.mend()
        # It has not heard yet that all are made up, so it takes nobody on a disk that is not encrypted.
        start(silent, free_ports(), (), ("--accept-unencrypted-disk", "a test"))
        same(first, silent)
        # Some of them pass, and then somebody ends it.
        killed, wire = tmp_path / "killed", Wire(port, breaks_after=60_000)
        code = run(first, "station", "invite")["code"]
        process = subprocess.Popen(
            [stations.BINARY, *joining("lits-3", wire.port, code), "--data", killed], stdout=subprocess.DEVNULL)
        wait(lambda: wire.is_cut)
        process.kill()
        assert process.wait() < 0
        # It has joined: it cannot again, and uses no code up.
        code = run(first, "station", "invite")["code"]
        error = run(killed, *joining("lits-3", port, code), code=1)["error"]
        assert f"permanence serve --data {killed}" in error, error
        run(tmp_path / "other", *joining("lits-4", port, code))
        wire.mend()
        start(killed, free_ports(), (), ("--accept-unencrypted-disk", "a test"))
        same(first, killed)


def test_a_scanner_reads_the_code_that_is_shown(tmp_path):
    data, port = tmp_path / "first", free_ports()
    run(data, "init", "--station", "urg-1")
    a = Serving(data, port)
    try:
        shown = subprocess.run(
            [stations.BINARY, "station", "invite", "--data", data], capture_output=True, check=True, timeout=SECONDS)
        rows = shown.stdout.decode().splitlines()
        count = next(number for number, row in enumerate(rows) if row.strip(" ▀▄█"))
        code = rows[count]
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{5}", code), rows
        # What to type there, whole; and that nobody elsewhere reaches a station that listens here alone.
        assert rows[count + 1].endswith(f"permanence station join 127.0.0.1:{port} {code}"), rows
        assert "--peers-host" in rows[count + 2], rows
        # As a terminal shows it, dark on white: two modules in each character, blanks all around.
        width = max(map(len, rows[:count])) + 4
        half = [[mark in marks for mark in row.ljust(width)] for row in rows[:count] for marks in ("▀█", "▄█")]
        blank = [[False] * width] * 4
        pixels = [[module for module in row for _ in range(8)] for row in blank + half + blank for _ in range(8)]
        picture = tmp_path / "code.pbm"
        picture.write_text(
            f"P1 {width * 8} {len(pixels)}\n" + "\n".join(" ".join("01"[pixel] for pixel in row) for row in pixels))
        read = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, timeout=SECONDS)
        assert read.stdout.splitlines() == [code], read
        # What it types lets a station in.
        typed = read.stdout.strip()
        joined = run(tmp_path / "second", "station", "join", f"127.0.0.1:{port}", typed)
        # Nobody else is called so.
        assert re.fullmatch(r"poste-([0-9a-f]{4})-\1[0-9a-f]{4}", joined["station"]), joined
    finally:
        a.kill()


def test_a_station_without_numbers_to_give_says_so(tmp_path):
    hospital = (EXAMPLES / "hospital.yaml").read_text(encoding="utf-8").replace("last: 9999999 }", "last: 7 }")
    (tmp_path / "hospital.yaml").write_text(hospital, encoding="utf-8")
    first, port = tmp_path / "first", free_ports()
    run(first, "init", "--station", "urg-1", "--hospital", tmp_path / "hospital.yaml")
    a = Serving(first, port)
    try:
        said = []
        for number in range(4):
            code = run(first, "station", "invite")["code"]
            new = ("station", "join", f"127.0.0.1:{port}", code, "--station", f"lits-{number}")
            answer = run(tmp_path / f"new-{number}", *new, code=0 if number < 2 else 1)
            said.append(answer.get("error"))
        assert said[:2] == [None, None], said
        assert all("no numbers left" in error for error in said[2:]), said
    finally:
        a.kill()


def test_stations_find_each_other(tmp_path):
    data = [tmp_path / name for name in ("first", "second", "third")]
    ports = [free_ports() for _ in data]
    account = run(data[0], "init", "--station", "urg-1", "--sample", 20)["account"]
    alone = run(data[0], "doctor", code=1)["findings"]
    assert {"root-key-here", "one-station"} <= {finding["code"] for finding in alone}, alone
    with serving() as start:
        first = start(data[0], ports[0])
        names = []
        for number in (1, 2):
            names.append(join(data[0], ports[0], data[number], f"lits-{number}"))
            third = start(data[number], ports[number])
        # Nobody told anybody an address but that of the one that invited.
        same(data[0], data[1])
        same(data[1], data[2])
        # Every page says so, before anybody has signed in.
        page = stations.Station(third.url, "", "")

        def banner():
            return page.ask("GET", "/sign-in", headers={"Accept": "text/html"}).body.decode()

        wait(lambda: "autres postes : 2 à jour<" in banner())
        there = stations.Station(third.url, account["name"], account["secret"])
        there.sign_in()
        # Both others soon hold what is said here.
        register(data[2], 2)
        wait(lambda: [row["holdsAllSaidHere"] for row in there.get("/").json["stations"]] == [True, True])
        first.kill()
        register(data[2], 1)
        same(data[1], data[2])
        # Half a minute after it was last heard it is called silent, by name, and the other one is not.
        wait(lambda: "autres postes : 1 à jour, 1 muet (urg-1, " in banner())
        rows = {row["station"]: row for row in there.get("/").json["stations"]}
        assert rows.pop(names[0])["standing"] == "up-to-date", rows
        assert [(row["standing"], row["holdsAllSaidHere"]) for row in rows.values()] == [("silent", False)], rows
        rows = {row["station"]: row for row in run(data[1], "station", "list")["stations"]}
        assert rows[names[1]]["connected"], rows
        # Asked to stop, a station does so, whoever listens to it.
        third.process.terminate()
        assert third.process.wait(15) == 0
    # Nobody serves any more: what was last known is.
    rows = {row["station"]: row for row in run(data[1], "station", "list")["stations"]}
    assert len(rows) == 2 and rows[names[1]].get("lastHeard") and not rows[names[1]]["connected"], rows
    assert "one-station" not in {finding["code"] for finding in run(data[0], "doctor", code=1)["findings"]}
    # They run the same program, and say so.
    said, listed = (
        subprocess.run([stations.BINARY, *command], capture_output=True, text=True, timeout=60, check=True).stdout
        for command in (["--version"], ["station", "list", "--data", data[1]]))
    version = said.strip()
    assert re.fullmatch(r"1\.\d+", version) and {row["version"] for row in rows.values()} == {version}, (said, rows)
    assert listed.count(f", version {version},") == 2, listed


def test_what_a_revoked_station_says_counts_for_nothing(tmp_path):
    data = [tmp_path / name for name in ("first", "second", "third")]
    ports = [free_ports() for _ in data]
    run(data[0], "init", "--station", "urg-1", "--sample", 20)
    with serving() as start:
        start(data[0], ports[0])
        name = join(data[0], ports[0], data[1], "lits-2")
        second = start(data[1], ports[1])
        register(data[1], 1)
        before = same(data[0], data[1])
        assert "enrolling key" in run(data[1], "station", "revoke", "urg-1", code=1)["error"]
        assert "no station" in run(data[0], "station", "revoke", "lits-9", code=1)["error"].lower()
        second.kill()
        revoked = run(data[0], "station", "revoke", "lits-2")
        assert revoked["station"] == name and len(revoked["last"][name]) == 1
        # Until it hears of it, it goes on for itself.
        register(data[1], 2)
        second = start(data[1], ports[1])
        wait(lambda: run(data[1], "station", "list")["stations"][0].get("fault"))
        listed = subprocess.run(
            [stations.BINARY, "station", "list", "--data", data[1]], capture_output=True, text=True, timeout=SECONDS)
        assert re.search(r", heard .* lines behind.* \(.+\)$", listed.stdout.strip()), listed
        # The others answer it nothing but that it was revoked, and it tells nobody any more that something is kept.
        wait(lambda: "revoked" in [finding["code"] for finding in run(data[1], "doctor", code=1)["findings"]])
        with pytest.raises(AssertionError):
            register(data[1], 3)
        assert run(data[0], "digest")["digest"] == before
        assert [row["revoked"] for row in run(data[0], "station", "list")["stations"]] == [True]
        # Its lines, brought by another way, count nowhere.
        join(data[0], ports[0], data[2], "lits-3")
        start(data[2], ports[2])
        assert same(data[0], data[2]) == before
        run(data[0], "station", "revoke", "lits-2", "--lift")
        second.kill()
        start(data[1], ports[1])
        after = same(data[0], data[1])
        assert after != before
        # Nothing of it is dated later than now, so nothing moves.
        assert "goes on" in run(data[0], "station", "end", "urg-1", code=1)["error"]
        assert run(data[0], "station", "end", "lits-2")["station"] == name
        assert same(data[0], data[1]) == same(data[1], data[2]) == after


def test_a_certified_station_that_was_never_heard_is_shut_out(tmp_path):
    data, port = [tmp_path / name for name in ("first", "second")], free_ports()
    run(data[0], "init", "--station", "urg-1")
    with serving() as start:
        start(data[0], port)
        name = join(data[0], port, data[1], "lits-2")
        # A paper has numbers as a station has, and is none.
        run(data[0], "key", "new", "--paper", tmp_path / "paper.txt")
        assert "no station" in run(data[0], "station", "revoke", "paper", code=1)["error"].lower()

        def listed():
            rows = run(data[0], "station", "list")["stations"]
            return [(row["station"], row["revoked"], row.get("lastHeard")) for row in rows]

        assert listed() == [(name, False, None)]
        assert run(data[0], "station", "revoke", "lits-2") == {"station": name, "at": ANY, "last": {}}
        assert listed() == [(name, True, None)]
        register(data[1], 1)
        start(data[1], free_ports())
        assert name not in run(data[0], "digest")["heads"]
        run(data[0], "station", "revoke", "lits-2", "--lift")
        same(data[0], data[1])


def test_two_stations_of_one_name_are_told_apart(tmp_path):
    """Each certified by a station that could not hear the other."""
    data = [tmp_path / name for name in ("first", "second", "third", "fourth")]
    ports = [free_ports() for _ in data]
    run(data[0], "init", "--station", "urg-1")
    with serving() as start:
        first = start(data[0], ports[0])
        join(data[0], ports[0], data[1], "lits-2")
        run(data[0], "key", "new", "--paper", tmp_path / "paper.txt")
        run(data[1], "key", "enrol", "--root-from", tmp_path / "paper.txt")
        names = [join(data[0], ports[0], data[2], "adm")]
        first.kill()
        start(data[1], ports[1])
        names.append(join(data[1], ports[1], data[3], "adm"))
        for number in (0, 2, 3):
            start(data[number], ports[number])
        for number in (1, 2, 3):
            same(data[0], data[number])
        findings = run(data[0], "doctor", code=1)["findings"]
        [sentence] = [finding["sentence"] for finding in findings if finding["code"] == "name-shared"]
        assert all(name in sentence for name in names) and "lits-2" not in sentence, sentence
        listed = subprocess.run(
            [stations.BINARY, "station", "list", "--data", data[0]], capture_output=True, text=True, timeout=SECONDS)
        assert sorted(line.split(":")[0] for line in listed.stdout.splitlines()) == sorted([*names, "lits-2"]), listed


def test_a_station_put_back_takes_its_lines_back_or_takes_another_name(tmp_path):
    data = [tmp_path / name for name in ("first", "second")]
    ports = [free_ports() for _ in data]
    snapshot = tmp_path / "snapshot"
    run(data[0], "init", "--station", "urg-1", "--sample", 20)

    def put_back():
        shutil.rmtree(data[1])
        shutil.copytree(snapshot, data[1])

    with serving() as start:
        first = start(data[0], ports[0])
        name = join(data[0], ports[0], data[1], "lits-2")
        shutil.copytree(data[1], snapshot)
        second = start(data[1], ports[1])
        register(data[1], 1)
        same(data[0], data[1])
        second.kill()
        put_back()
        # The other one has its lines.
        second = start(data[1], ports[1])
        register(data[1], 2)
        same(data[0], data[1])
        assert run(data[1], "ledger", "verify")["forks"] == []
        second.kill()
        put_back()
        first.kill()
        # Nobody has them tonight.
        start(data[1], ports[1])
        register(data[1], 3)
        start(data[0], ports[0])
        rows = wait(lambda: [row for row in run(data[0], "station", "list")["stations"] if row["goesOnAs"]])
        assert rows[0]["station"] == name and len(rows[0]["goesOnAs"]) == 1, rows
        renewed = rows[0]["goesOnAs"][0]
        assert renewed.startswith("lits-2-") and renewed != name
        wait(lambda: renewed in run(data[0], "digest")["heads"])
        register(data[1], 4)
        same(data[0], data[1])
        report = run(data[0], "ledger", "verify")
        assert report["failures"] == [] and [fork["station"] for fork in report["forks"]] == [name]
        left = {row["kind"]: row["left"] for row in run(data[1], "numbers", "show")["numbers"]}
        assert left["ipp"] > 0 and left["nda"] > 0, left
        # Every branch counts: nothing that was acknowledged is lost.
        for number in (1, 2, 3, 4):
            assert run(data[0], "patient", "show", "--ipp", number), number


def test_a_cloned_disk_while_both_machines_run(tmp_path):
    """Each says things that the other one has not, under one name, at another address."""
    data = [tmp_path / name for name in ("first", "second", "clone")]
    ports = [free_ports() for _ in data]
    run(data[0], "init", "--station", "urg-1", "--sample", 20)
    with serving() as start:
        first = start(data[0], ports[0])
        name = join(data[0], ports[0], data[1], "lits-2")
        second = start(data[1], ports[1])
        same(data[0], data[1])
        second.process.terminate()
        second.process.wait()
        first.kill()
        shutil.copytree(data[1], data[2], ignore=shutil.ignore_patterns("control"))
        both = [start(data[number], ports[number]) for number in (1, 2)]
        for number in (1, 2):
            register(data[number], number)
        for station in both:
            station.kill()
        for number in (0, 1, 2):
            start(data[number], ports[number])

        def names():
            return [row["goesOnAs"] for row in run(data[0], "station", "list")["stations"] if row["station"] == name]

        wait(lambda: len(names()[0]) == 2)
        for number in (1, 2):
            wait(lambda number=number: run(data[number], "station", "list")["station"] in names()[0])
        # Each begins again under its new name, and answers commands once it is heard by that.
        wait(lambda: set(names()[0]) <= set(run(data[0], "digest")["heads"]))
        for number in (1, 2):
            register(data[number], number + 2)
        for number in (1, 2):
            same(data[0], data[number])
        for number in (1, 2, 3, 4):
            assert run(data[0], "patient", "show", "--ipp", number), number
        assert run(data[0], "ledger", "verify")["failures"] == []


def signs_in(url, login, secret):
    """Whether that secret opens that station now."""
    answer = stations.Station(url, login, secret).ask("POST", "/sign-in", {"login": login, "pin": secret}, token=False)
    return answer.status == 200


def soon_signs_in(url, login, secret):
    """Waits until it does. Wrong attempts cost the next one some seconds."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if signs_in(url, login, secret):
            return True
        time.sleep(0.2)
    return False


def test_whoever_has_an_account_signs_in_at_every_station(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    one, two = free_ports(), free_ports()
    account = run(first, "init", "--station", "urg-1")["account"]
    serving = [Serving(first, one, [two])]
    try:
        code = run(first, "station", "invite")["code"]
        run(second, "station", "join", f"127.0.0.1:{one}", code, "--station", "lits-2")
        serving.append(Serving(second, two))
        a, b = serving
        # Who was there before it joined.
        assert signs_in(b.url, account["name"], account["secret"])
        # Who comes later.
        there = stations.Station(a.url, account["name"], account["secret"])
        there.sign_in()
        made = there.post("/staff/new", {"name": "Jeanne Petit", "roles": ["nurse"], "login": "j.petit"})
        assert made.status == 201, made.body
        secret = made.json["accounts"][0]["secret"]
        assert soon_signs_in(b.url, "j.petit", secret)
        left_open = stations.Station(a.url, "j.petit", secret)
        left_open.sign_in()
        a.kill()
        here = stations.Station(b.url, "j.petit", secret)
        here.sign_in()
        changed = here.post("/account", {"pin": secret, "new": "719428", "again": "719428"})
        assert changed.status in (200, 303), changed.body
        assert signs_in(b.url, "j.petit", "719428") and not signs_in(b.url, "j.petit", secret)
        # The first one comes back, and hears of it.
        serving.append(Serving(first, one, [two]))
        assert soon_signs_in(serving[-1].url, "j.petit", "719428")
        assert not signs_in(serving[-1].url, "j.petit", secret)
        # What was open there with the old one has ended.
        left_open.url = serving[-1].url
        wait(lambda: left_open.get("/account").status == 401)
        # Nothing that is said of it is in a line.
        for data in (first, second):
            out = tmp_path / f"ledger-{data.name}"
            run(data, "ledger", "export", "--out", out)
            text = b"".join(path.read_bytes() for path in out.iterdir())
            assert b"j.petit" in text and b"derived" not in text and b"scrypt" not in text
    finally:
        for station in serving:
            station.kill()
