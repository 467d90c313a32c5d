"""The vault beside what a hospital would restore from instead: a PostgreSQL dump, and the same data under restic."""

import asyncio
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time
import uuid

import admission
import hospital
import station as stations
import visibility

# A minute and some: a station seals each minute.
SEALING_SECONDS, SEALING_RATE = 75, 1000


class Ran:
    """A command that has ended well: seconds, CPU seconds, the most memory in MB, and what it printed."""

    def __init__(self, *command, **options):
        start = time.perf_counter()
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen(command, stdout=out, stderr=errors, **options)
            _, status, used = os.wait4(process.pid, 0)
            self.seconds = time.perf_counter() - start
            out.seek(0)
            errors.seek(0)
            self.out = out.read()
            assert status == 0, f"{command}: {self.out[-500:]} {errors.read()[-1000:]}"
        self.cpu, self.memory = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6


def size(folder):
    return sum(path.stat().st_size for path in pathlib.Path(folder).rglob("*") if path.is_file())


class Restored:
    """`restore --serve` on an empty machine: seconds until somebody was admitted over HTTP, and until all was verified
    behind the pages; the most memory in MB."""

    def __init__(self, vault, paper, data):
        start = time.perf_counter()
        process = subprocess.Popen(
            [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", data, "--serve", "--port", "0",
             "--peers-port", "0", "--mllp-port", "0", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        noted = []
        notes = threading.Thread(target=lambda: noted.extend(process.stderr), daemon=True)
        notes.start()
        for line in process.stdout:
            if match := re.search(r"listening on (http\S+)", line):
                # Noted before it listens, and read beside this.
                while not (account := re.search(r"Sign in as (\S+) with (\S+) ", "".join(noted))):
                    time.sleep(0.01)
                station = stations.Station(match[1], *account.groups())
                station.sign_in()
                answer = station.post(admission.PATH, admission.unknown(str(uuid.uuid4()), 0))
                assert answer.status == 200, answer.body
                self.open = time.perf_counter() - start
            if line.startswith("{"):
                break
        answer = json.loads(line)
        self.verified = answer["verifiedSeconds"]
        assert not answer["missing"] and answer.get("failure") is None, answer
        process.terminate()
        self.memory = os.wait4(process.pid, 0)[2].ru_maxrss * 1024 / 1e6
        notes.join()


def restore(process, postgres, say):
    """Sealed, lost, opened and verified; PostgreSQL's dump of as many rows, and restic with that dump."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="permanence-vault-", dir=pathlib.Path(process.data).parent))
    vault, paper, restored = work / "vault", work / "paper.txt", work / "restored"
    vault.mkdir()
    process.process.terminate()
    process.process.wait(60)
    try:
        process.run("key", "new", "--paper", str(paper))
        counts = process.run("digest")
        sealed = Ran(stations.BINARY, "vault", "seal", "--to", vault, "--data", process.data, "--json")
        say("vault", f"sealed {counts['commits']:,} commits in {sealed.seconds:.1f} s ({sealed.cpu:.1f} s of CPU), "
            f"{size(vault) / 1e6:,.0f} MB with the program; {sealed.memory:.0f} MB of memory at most")
        proof = Ran(stations.BINARY, "vault", "prove", "--data", process.data, "--json")
        say("", f"proved in {proof.seconds:.1f} s; {proof.memory:.0f} MB of memory at most")
        ours = Restored(vault, paper, restored)
        say("restore", f"{process.made['stays']:,} stays: somebody admitted after {ours.open:.1f} s, "
            f"verified after {ours.verified:.1f} s; {ours.memory:.0f} MB of memory at most")
        shutil.rmtree(restored)
        peer = postgres()
        try:
            dump = f"{peer.folder}/dump"
            peer.run("pg_dump", "-h", "127.0.0.1", "-p", peer.port, "-Fc", "-f", dump, "postgres")
            peer.psql("-c", "CREATE DATABASE again")
            start = time.perf_counter()
            peer.run("pg_restore", "-h", "127.0.0.1", "-p", peer.port, "-j", "2", "-d", "again", dump)
            theirs = time.perf_counter() - start
        finally:
            peer.stop()
        say("", f"pg_restore -j 2 of as many patients and stays, no history: {theirs:.1f} s; open ratio "
            f"{theirs / ours.open:.2f}")
        environment = {**os.environ, "RESTIC_PASSWORD": "bench", "RESTIC_REPOSITORY": str(work / "restic"),
                       "RESTIC_CACHE_DIR": str(work / "cache")}
        Ran("restic", "init", env=environment)
        Ran("restic", "backup", process.data, env=environment)
        files = Ran("restic", "restore", "latest", "--target", work / "files", env=environment).seconds
        say("", f"restic restore of the data folder, nothing opened: {files:.1f} s; open ratio "
            f"{files / ours.open:.2f}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        process.start()


def sealing(process, say):
    """A station that serves, at a thousand admissions per second: what sealing each minute adds to its processor, how
    long a line waits to be sealed, and the most memory of all of it."""
    with tempfile.TemporaryDirectory(dir=pathlib.Path(process.data).parent) as folder:
        data, vault = pathlib.Path(folder) / "data", pathlib.Path(folder) / "vault"
        vault.mkdir()
        account = hospital.run(data, "init", "--sample", 300)["account"]
        hospital.run(data, "key", "new", "--paper", f"{folder}/paper")
        # Proving is measured beside restoring.
        (data / "proving.key").unlink()
        serving = hospital.Serving(data, hospital.free_ports())
        try:
            server = stations.Station(serving.url, account["name"], account["secret"])
            server.sign_in()

            def admitted(then=lambda: None):
                """Admissions per second, and what each took of the station's processor with `then`."""
                start, used = time.perf_counter(), processor(serving.process.pid)
                count = len(asyncio.run(visibility.admitting([server], SEALING_SECONDS, SEALING_RATE)))
                rate = count / (time.perf_counter() - start)
                then()
                return rate, (processor(serving.process.pid) - used) / count

            rate, bare = admitted()
            # From here on it seals by itself.
            hospital.run(data, "vault", "seal", "--to", vault)
            start = time.time()
            sealed_rate, whole = admitted(lambda: hospital.run(data, "vault", "seal", "--lines", "--to", vault))
            made = [path.stat().st_mtime for path in (vault / "segments").rglob("*") if path.is_file()]
            times = [start, *sorted(time for time in made if time > start)]
            waits = [later - earlier for earlier, later in zip(times, times[1:])]
            share = (whole - bare) * SEALING_RATE
            say("sealing", f"{SEALING_RATE:,} admissions/s asked, {rate:,.0f}/s answered without it, "
                f"{sealed_rate:,.0f}/s with it, which takes {share:.1%} of one core; each sealed within "
                f"{max(waits):.0f} s; {megabytes(serving.process.pid, 'VmHWM'):.0f} MB of memory at most")
        finally:
            serving.kill()


def processor(pid):
    """Seconds of processor that a process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid, name):
    """What the kernel says of a process's memory: VmRSS for now, VmHWM for the most."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) * 1024 / 1e6
