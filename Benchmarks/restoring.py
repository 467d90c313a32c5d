"""The vault beside what a hospital would restore from instead: a PostgreSQL dump, and the same data under restic."""

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
import station as stations

SEALED = 5000


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
        self.cpu, self.memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


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
        self.memory = os.wait4(process.pid, 0)[2].ru_maxrss / 1024
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
    """The share of one core that sealing takes at a thousand commits per second."""
    with tempfile.TemporaryDirectory(dir=pathlib.Path(process.data).parent) as folder:
        data, vault = f"{folder}/data", f"{folder}/vault"
        os.mkdir(vault)

        def run(*arguments):
            return Ran(stations.BINARY, *arguments, "--data", data, "--json").cpu

        run("init", "--sample", str(SEALED))
        run("key", "new", "--paper", f"{folder}/paper")
        whole = run("vault", "seal", "--lines", "--to", vault)
        nothing = run("vault", "seal", "--lines", "--to", vault)
        share = (whole - nothing) / SEALED * 1000
        say("sealing", f"at 1,000 commits/s: {share:.1%} of one core")
