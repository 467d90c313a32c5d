#!/usr/bin/env python3
"""Side by side with what a hospital would pick instead, as ratios in one run on one machine.

    bench.py [admissions] [search] [board] [emergency] [import] [mllp] [handback] [catch-up] [rebuild] [verify] [visibility] [memory]
             [restore] [sealing] [linkage] [fhir]                   (all, without a name)

The station holds PERMANENCE_BENCH_PATIENTS made-up patients (600,000 unless said) and, where restoring or rebuilding is
measured, PERMANENCE_BENCH_EARLIER_STAYS ended stays (1,000,000 unless said); PostgreSQL holds as many rows."""

import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Processes"))

import feeding  # noqa: E402
import handing  # noqa: E402
import mllp  # noqa: E402
import restoring  # noqa: E402
import station as stations  # noqa: E402
import visibility  # noqa: E402

PATIENTS = int(os.environ.get("PERMANENCE_BENCH_PATIENTS", "600000"))
# Ended stays of earlier years: restores and rebuilds are of a hospital that has them.
HAS_PAST = not sys.argv[1:] or bool({"restore", "rebuild"} & set(sys.argv[1:]))
EARLIER = int(os.environ.get("PERMANENCE_BENCH_EARLIER_STAYS", "1000000" if HAS_PAST else "0"))
SECONDS = int(os.environ.get("PERMANENCE_BENCH_SECONDS", "15"))
CLIENTS, ROUNDS = 32, 3
FHIR_PATIENTS = 30_000
# Built by bin/bench.
SIGNATURES = ROOT / ".build/release/signatures"
HERE = pathlib.Path(__file__).parent


def say(name, text):
    print(f"{name:12} {text}", flush=True)


class Postgres:
    """Debian's PostgreSQL 15 in a folder of its own, loaded with as many patients."""

    BIN = "/usr/lib/postgresql/15/bin"

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="permanence-pg-")
        shutil.chown(self.folder, "postgres", "postgres")
        self.port = "54329"
        self.run(f"{self.BIN}/initdb", "-D", f"{self.folder}/db", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        self.run(
            f"{self.BIN}/pg_ctl", "-D", f"{self.folder}/db", "-w", "-l", f"{self.folder}/log", "-o",
            f"-p {self.port} -k {self.folder} -c synchronous_commit=on -c shared_buffers=512MB", "start")
        for file in ("schema.sql", "load.sql"):
            self.psql(
                "-v", f"patients={PATIENTS}", "-v", f"stays={EARLIER}", "-f", self.readable(HERE / "admissions" / file))

    def readable(self, path):
        copy = f"{self.folder}/{path.name}"
        shutil.copy(path, copy)
        shutil.chown(copy, "postgres", "postgres")
        return copy

    def run(self, *command):
        ran = subprocess.run(
            ["runuser", "-u", "postgres", "--", *command], capture_output=True, text=True, cwd="/")
        assert ran.returncode == 0, ran.stderr[-2000:]
        return ran.stdout

    def psql(self, *arguments):
        return self.run("psql", "-q", "-h", "127.0.0.1", "-p", self.port, "-d", "postgres", *arguments)

    def pgbench(self, mode="simple", host="127.0.0.1", seconds=SECONDS):
        out = self.run(
            "pgbench", "-n", "-M", mode, "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-h", host, "-p", self.port,
            "-f", self.readable(HERE / "admissions/admission.sql"), "postgres")
        return float(re.search(r"tps = ([\d.]+)", out)[1])

    def stop(self):
        subprocess.run(
            ["runuser", "-u", "postgres", "--", f"{self.BIN}/pg_ctl", "-D", f"{self.folder}/db", "-m", "immediate",
             "stop"], capture_output=True, cwd="/")
        shutil.rmtree(self.folder, ignore_errors=True)


def wrk(process, unit, seconds=SECONDS):
    page = process.station.ask("GET", "/admissions/new", headers={
        "Accept": "text/html", "Cookie": f"session={process.station.token}"}, token=False).body.decode()
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    out = subprocess.run(
        ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / "admissions/admit.lua"),
         process.station.url],
        capture_output=True, text=True,
        env={**os.environ, "BENCH_SESSION": process.station.token, "BENCH_CSRF": csrf, "BENCH_UNIT": unit}).stdout
    requests, duration, p99, errors = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", out).groups())
    assert errors == 0, out
    return requests / duration * 1e6, p99 / 1000


def admissions(process):
    unit = process.emergency_unit
    peer = Postgres()
    try:
        ours, theirs, p99 = [], [], []
        # Both with what they hold in memory.
        peer.pgbench(seconds=3)
        wrk(process, unit, seconds=3)
        for _ in range(ROUNDS):
            theirs.append(peer.pgbench())
            rate, worst = wrk(process, unit)
            ours.append(rate)
            p99.append(worst)
        simple, rate = statistics.median(theirs), statistics.median(ours)
        say("admissions", f"{rate:,.0f}/s durable over HTTP, p99 {statistics.median(p99):.1f} ms; PostgreSQL 15 "
            f"-M simple {simple:,.0f}/s: ratio {rate / simple:.2f}")
        say("", f"PostgreSQL prepared {peer.pgbench('prepared'):,.0f}/s, over a socket simple "
            f"{peer.pgbench('simple', peer.folder):,.0f}/s")
    finally:
        peer.stop()
    census = process.run("ledger", "verify")
    say("", f"ledger verified: {census['commits']:,} commits in {census['seconds']:.1f} s, "
        f"{len(census['failures'])} failures")


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def slip(text, dice, letters="abcdefghijklmnopqrstuvwxyz"):
    """One edit: a letter more, less, other, or two exchanged."""
    place = dice.randrange(len(text))
    kind = dice.randrange(4)
    letter = dice.choice(letters)
    if kind == 0 and len(text) > 1:
        return text[:place] + text[place + 1:]
    if kind == 1:
        return text[:place] + letter + text[place:]
    if kind == 2 and place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2:]
    return text[:place] + letter + text[place + 1:]


def someone(process, dice, count=1000):
    """Traits of so many patients at random, from the ledger itself."""
    people = []
    folder = tempfile.mkdtemp()
    process.run("ledger", "export", "--out", folder)
    path = max(pathlib.Path(folder).glob("*.ledger"), key=lambda p: p.stat().st_size)
    size = path.stat().st_size
    with open(path, "rb") as file:
        while len(people) < count:
            file.seek(dice.randrange(size))
            file.readline()
            line = file.readline()
            if b'"patient.registered"' not in line:
                continue
            for fact in json.loads(line.split(b" ", 1)[1])["facts"]:
                data = fact["data"]
                if fact["kind"] == "patient.registered" and len(data.get("birthDate", "")) == 10:
                    people.append((fact["subject"], data["birthName"], data["birthGivenName"], data["birthDate"]))
    shutil.rmtree(folder)
    return people


def search(process):
    dice = random.Random(20220821)
    people = someone(process, dice)
    for title, query in (
        ("date, name, given name, one slip", lambda p, d: slipped(p, d)),
        ("name, given name, one slip", lambda p, d: slipped(p, d, date=False)),
        ("name, given name", lambda p, d: f"{plain(p[1])} {plain(p[2])}"),
    ):
        found, times = 0, []
        for person in people:
            text = query(person, dice)
            start = time.perf_counter()
            answer = process.station.get("/admissions?q=" + stations.urllib.parse.quote(text)).json
            times.append((time.perf_counter() - start) * 1000)
            ids = json.dumps(answer.get("patients", answer.get("results", answer))[:5])
            found += person[0].split("/")[1] in ids
        times.sort()
        say("search", f"{title}: found in the first five {found / len(people):.1%}; over HTTP p50 "
            f"{times[len(times) // 2]:.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms")


def slipped(person, dice, date=True):
    _, name, given, birth = person
    year, month, day = birth.split("-")
    parts = [day + month + year, plain(name), plain(given)] if date else [plain(name), plain(given)]
    place = dice.randrange(len(parts))
    letters = "0123456789" if date and place == 0 else "abcdefghijklmnopqrstuvwxyz"
    parts[place] = slip(parts[place], dice, letters)
    return " ".join(parts)


def board(process):
    times = []
    for _ in range(60):
        start = time.perf_counter()
        answer = process.station.ask("GET", "/beds", headers={"Accept": "text/html"})
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status == 200
    times.sort()
    say("board", f"bed board over HTTP: p50 {times[30]:.1f} ms, p99 {times[-1]:.1f} ms, {len(answer.body):,} bytes")


EMERGENCY_PRESENT, EMERGENCY_PAST = 150, 100_000


def emergency(_):
    """A board of 150, in a hospital that has seen 100,000 visits: arrivals, the board, and how soon it shows a change."""
    # Of the sample's earlier stays one in two is a visit to emergency.
    process = stations.Process(patients=1000, seconds=600, earlier=2 * EMERGENCY_PAST)
    try:
        station, unit = process.station, os.environ.get("PERMANENCE_BENCH_UNIT", "1010")
        here = len(station.get("/emergency").json["present"])
        times, last = [], None
        start = time.perf_counter()
        for number in range(max(0, EMERGENCY_PRESENT - here)):
            began = time.perf_counter()
            answer = station.post("/admissions/unknown", {
                "sex": "M", "estimatedAge": str(20 + number % 60), "stayClass": "emergency", "unit": unit,
                "complaint": "R07.4", "transport": "PERSO"})
            times.append(time.perf_counter() - began)
            last = next(s for s in answer.json["subjects"] if s.startswith("stay/")).removeprefix("stay/")
        took = time.perf_counter() - start
        present = station.get("/emergency").json["present"]
        say("emergency", f"{len(times) / took:,.0f} arrivals/s durable over HTTP, one after the other")
        boards = []
        for _ in range(60):
            began = time.perf_counter()
            answer = station.ask("GET", "/emergency", headers={"Accept": "text/html"})
            boards.append((time.perf_counter() - began) * 1000)
            assert answer.status == 200
        boards.sort()
        say("", f"board of {len(present)} over HTTP: p50 {boards[30]:.1f} ms, p99 {boards[-1]:.1f} ms, "
            f"{len(answer.body):,} bytes")
        past = time.time() - 200 * 86_400
        week = "&".join(f"{name}={time.strftime('%Y-%m-%dT%H:%MZ', time.gmtime(past + days * 86_400))}"
                        for name, days in (("from", 0), ("to", 7)))
        flows = []
        for _ in range(20):
            began = time.perf_counter()
            flow = station.get(f"/emergency/flow?{week}").json
            flows.append((time.perf_counter() - began) * 1000)
        visits = sum(hour["arrivals"] for hour in flow["hours"])
        say("", f"flow of a week of {visits} visits: p50 {statistics.median(flows):.1f} ms, p99 {max(flows):.1f} ms")
        delays = visibility.emergency(station, last, rounds=20)
        say("", f"from a note to the board's live update: p50 {statistics.median(delays):.0f} ms, "
            f"slowest {max(delays):.0f} ms")
    finally:
        process.stop()


def import_(_):
    with tempfile.TemporaryDirectory() as folder:
        count, path = 0, f"{folder}/many.hl7"
        with open(path, "wb") as out:
            for hospital in feeding.many(200):
                out.write(b"".join(map(mllp.framed, hospital)))
                count += len(hospital)
        subprocess.run([stations.BINARY, "init", "--data", f"{folder}/d", "--json"], check=True, capture_output=True)
        start, before = time.perf_counter(), os.times()
        ran = subprocess.run(
            [stations.BINARY, "import", "hl7", path, "--data", f"{folder}/d", "--json"], capture_output=True)
        seconds, after = time.perf_counter() - start, os.times()
        report = json.loads(ran.stdout)
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        say("import", f"{count / seconds:,.0f} HL7 messages/s, {count / cpu:,.0f} per core-second, durable; "
            f"{report['refused']} refused of {count:,}")


def rebuild(process):
    """The screens' tables made again from the ledger."""
    process.process.terminate()
    process.process.wait(30)
    facts = process.run("ledger", "verify")["facts"]
    ran = restoring.Ran(stations.BINARY, "rebuild", "--data", process.data, "--json")
    seconds = json.loads(ran.out)["seconds"]
    say("rebuild", f"{facts / seconds:,.0f} facts/s ({facts:,} facts in {seconds:.1f} s); "
        f"{ran.memory:.0f} MB of memory at most")
    process.start()


def verify(process):
    """Every line read, hashed, linked and its signature verified, beside the signatures alone of as long messages."""
    with tempfile.TemporaryDirectory() as folder:
        process.run("ledger", "export", "--out", folder)
        ours, bare = [], []
        for _ in range(ROUNDS):
            ran = restoring.Ran(stations.BINARY, "ledger", "verify", folder, "--json")
            ours.append(json.loads(ran.out)["commits"] / ran.cpu)
            alone = json.loads(restoring.Ran(SIGNATURES, *pathlib.Path(folder).glob("*.ledger")).out)
            bare.append(alone["verified"] / alone["cpuSeconds"])
    rate, alone = statistics.median(ours), statistics.median(bare)
    say("verify", f"{rate:,.0f} commits per core-second; Ed25519 of swift-crypto alone {alone:,.0f}: "
        f"ratio {rate / alone:.2f}")


def two_and_five(_):
    for count in (2, 5):
        visibility.visibility(count, SECONDS, say)


def catch_up(process):
    """A new station takes everything over the network: verified, stored, folded."""
    code = process.run("station", "invite")["code"]
    # The giver's peak so far is forgotten.
    pathlib.Path(f"/proc/{process.process.pid}/clear_refs").write_text("5")
    with tempfile.TemporaryDirectory(prefix="permanence-join-") as folder:
        ran = restoring.Ran(
            stations.BINARY, "station", "join", "127.0.0.1", code, "--data", f"{folder}/data", "--json")
        answer = json.loads(ran.out)
        commits, seconds = answer["commits"], answer["seconds"]
        say("catch-up", f"{commits / seconds:,.0f} commits/s, verified, stored and folded "
            f"({commits:,} commits in {seconds:.1f} s); memory at most {ran.memory:.0f} MB of who takes, "
            f"{restoring.megabytes(process.process.pid, 'VmHWM'):.0f} MB of who gives")


def fhir(process):
    """Reads of patients at random, of more than any cache of states holds, with a token; each read is recorded."""
    made = process.run("client", "add", "bench", "--scope", "system/*.rs")
    token = process.station.ask("POST", "/fhir/token", [
        ("grant_type", "client_credentials"), ("client_id", made["id"]), ("client_secret", made["secret"])],
        token=False).json["access_token"]
    people = someone(process, random.Random(20220821), FHIR_PATIENTS)
    with tempfile.NamedTemporaryFile("w") as ids:
        ids.write("\n".join(subject.split("/")[1] for subject, *_ in people))
        ids.flush()
        out = subprocess.run(
            ["wrk", "-t2", f"-c{CLIENTS}", f"-d{SECONDS}s", "-s", str(HERE / "fhir/read.lua"), process.station.url],
            capture_output=True, text=True, env={**os.environ, "BENCH_TOKEN": token, "BENCH_IDS": ids.name}).stdout
    requests, duration, p99, errors = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", out).groups())
    assert errors == 0, out
    say("fhir", f"{requests / duration * 1e6:,.0f} reads of Patient/<id> a second (5,000 asked), p99 {p99 / 1000:.1f} ms, "
        f"recorded; {len(set(people)):,} patients at random")


def memory(process):
    """At rest, and the most so far with the rate of admissions at which it is asked last."""
    rest = restoring.megabytes(process.process.pid, "VmRSS")
    rate, _ = wrk(process, process.emergency_unit)
    say("memory", f"serving {PATIENTS:,} patients: {rest:.0f} MB resident before, "
        f"{restoring.megabytes(process.process.pid, 'VmHWM'):.0f} MB at most, with {rate:,.0f} admissions/s over HTTP")


def linkage(_):
    subprocess.run([sys.executable, str(HERE / "linkage/peer.py"), str(stations.BINARY)], check=True)


def mllp_(_):
    feeding.mllp_(say)


def handback(_):
    handing.handback(say)


def restore(process):
    restoring.restore(process, Postgres, say)


def sealing(process):
    restoring.sealing(process, say)


PARTS = {
    "search": search, "board": board, "emergency": emergency, "admissions": admissions, "memory": memory,
    "import": import_, "mllp": mllp_, "handback": handback, "catch-up": catch_up, "rebuild": rebuild, "verify": verify,
    "visibility": two_and_five, "restore": restore, "sealing": sealing, "linkage": linkage,
    "fhir": fhir,
}


def main():
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}")
    process = None
    if set(wanted) & {"search", "board", "memory", "admissions", "catch-up", "rebuild", "verify", "restore", "sealing",
                     "fhir"}:
        start = time.perf_counter()
        process = stations.Process(patients=PATIENTS, seconds=3600, earlier=EARLIER)
        say("made", f"{PATIENTS:,} patients and {EARLIER:,} earlier stays in {time.perf_counter() - start:.0f} s")
        process.emergency_unit = os.environ.get("PERMANENCE_BENCH_UNIT", "1010")
    try:
        for name in PARTS:
            if name in wanted:
                PARTS[name](process)
    finally:
        if process:
            process.stop()


main()
