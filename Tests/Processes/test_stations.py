"""Two real stations of one hospital: one joins by a code, each takes what the other said, one dies, none is lost."""

import json
import re
import socket
import subprocess
import threading
import time
import uuid

import admission
import station as stations

SECONDS = 60


def free_ports():
    """Two ports in a row that nobody listens on."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Serving:
    """`serve` on a folder, with other stations."""

    def __init__(self, data, port, peers=()):
        self.data = str(data)
        arguments = [argument for peer in peers for argument in ("--peer", f"127.0.0.1:{peer}")]
        self.process = subprocess.Popen(
            [stations.BINARY, "serve", "--data", self.data, "--port", "0", "--peers-port", str(port), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = None
        listening, ready = set(), threading.Event()

        def read():
            for line in self.process.stdout:
                if match := re.search(r"listening on (http\S+)", line):
                    self.url = match[1]
                listening.add(re.sub(r"\d+", "", line))
                if len(listening) == 3:
                    ready.set()

        threading.Thread(target=read, daemon=True).start()
        self.errors = []
        threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True).start()
        assert ready.wait(SECONDS), (listening, self.errors)

    def kill(self):
        self.process.kill()
        self.process.wait()


def run(data, *arguments, code=0):
    ran = subprocess.run(
        [stations.BINARY, *map(str, arguments), "--data", str(data), "--json"],
        capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == code, (arguments, ran.stdout, ran.stderr)
    return json.loads(ran.stdout)


def same(first, second):
    """Waits until both are one hospital; the digest of both."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        one, two = run(first, "digest"), run(second, "digest")
        if one["digest"] == two["digest"] and one["heads"] == two["heads"]:
            return one["digest"]
        time.sleep(0.1)
    raise AssertionError((one, two, run(first, "station", "list"), run(second, "station", "list")))


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
        # A slip of the tongue is told before anybody is asked.
        slip = [stations.BINARY, "station", "join", "127.0.0.1", "0000-00001"]
        assert subprocess.run(slip, capture_output=True).returncode == 64
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
