"""The night itself: five stations of one hospital under load, four of them encrypted at moments nobody chose and the
network cut at others; what had been acknowledged, and where it is. Then the last one goes too, and the vault restores.

PERMANENCE_ATTACK_SEEDS=1-11 plays it once for each seed, and wants nothing lost in the median run. One run alone may
lose what was acknowledged in the instant before a station was: how much is printed."""

import asyncio
import hashlib
import json
import os
import pathlib
import random
import statistics
import threading
import time
import uuid

import admission
import pytest
import station as stations
from hospital import Serving, free_ports, run, same

FIRST, _, LAST = os.environ.get("PERMANENCE_ATTACK_SEEDS", "1").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)
LOST = []
NAMES = ("urg-1", "lits-2", "adm-3", "bloc-4", "secours-5")


class Wire:
    """The way to one station, which somebody can cut: what others are told is its address."""

    def __init__(self, port):
        self.target, self.is_cut, self.open = port, False, set()
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        async def serve():
            server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            async with server:
                await server.serve_forever()

        threading.Thread(target=lambda: self.loop.run_until_complete(serve()), daemon=True).start()
        assert ready.wait(10)

    async def _pass(self, reader, writer):
        if self.is_cut:
            return writer.close()
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return writer.close()
        self.open |= {writer, back}

        async def copy(source, sink):
            try:
                while piece := await source.read(65536):
                    sink.write(piece)
                    await sink.drain()
            except (OSError, ConnectionError):
                pass
            sink.close()

        await asyncio.gather(copy(reader, back), copy(there, writer))
        self.open -= {writer, back}

    def cut(self):
        self.is_cut = True
        for writer in list(self.open):
            self.loop.call_soon_threadsafe(writer.close)

    def mend(self):
        self.is_cut = False


class Load(threading.Thread):
    """Somebody at a desk who admits without pause; what was acknowledged, as the receipts say."""

    def __init__(self, url, account):
        super().__init__(daemon=True)
        self.there = stations.Station(url, account["name"], account["secret"])
        self.there.sign_in()
        self.receipts, self.is_over = [], False
        self.start()

    def run(self):
        number = 0
        while not self.is_over:
            number += 1
            try:
                answer = self.there.post(admission.PATH, admission.unknown(str(uuid.uuid4()), number))
            except OSError:
                return
            if answer.status == 200:
                receipt = answer.json
                self.receipts.append((receipt["station"], receipt["sequence"], receipt["hash"]))
            time.sleep(0.02)

    def end(self):
        self.is_over = True
        self.join(30)


def encrypt(serving):
    """What ransomware leaves: the process is gone, every file is noise."""
    serving.kill()
    for path in pathlib.Path(serving.data).rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.write_bytes(os.urandom(min(path.stat().st_size, 65536)))


def lines(data, folder):
    """(station, sequence, hash) of every line that a station holds."""
    folder.mkdir()
    run(data, "ledger", "export", "--out", folder)
    held = set()
    for ledger in folder.iterdir():
        for line in ledger.read_bytes().splitlines():
            body = json.loads(line.split(b" ", 1)[1])
            held.add((body["station"], body["sequence"], hashlib.sha256(line).hexdigest()))
    return held


@pytest.mark.parametrize("seed", SEEDS)
def test_four_of_five_are_lost_then_the_last(tmp_path, seed):
    dice = random.Random(seed)
    ports = [free_ports() for _ in NAMES]
    wires = [Wire(port) for port in ports]
    data = [tmp_path / name for name in NAMES]
    vault, paper = tmp_path / "vault", tmp_path / "paper.txt"
    vault.mkdir()
    account = run(data[0], "init", "--station", NAMES[0], "--sample", 100, "--seed", seed)["account"]
    run(data[0], "key", "new", "--paper", paper)

    def serve(number):
        return Serving(
            data[number], ports[number], more=["--peers-address", f"127.0.0.1:{wires[number].port}"])

    serving = [serve(0)]
    loads = []
    try:
        for number in range(1, len(NAMES)):
            code = run(data[0], "station", "invite")["code"]
            run(data[number], "station", "join", f"127.0.0.1:{ports[0]}", code, "--station", NAMES[number])
            serving.append(serve(number))
        for number in range(1, len(NAMES)):
            same(data[0], data[number])
        loads = [Load(station.url, account) for station in serving]
        time.sleep(1)
        # A cut that heals, of a station that lives on and of one that is lost later.
        for number in (len(NAMES) - 1, dice.randrange(len(NAMES) - 1)):
            wires[number].cut()
            time.sleep(dice.uniform(0.2, 1))
            wires[number].mend()
        lost = list(range(len(NAMES) - 1))
        dice.shuffle(lost)
        for number in lost:
            time.sleep(dice.uniform(0.2, 1))
            encrypt(serving[number])
        time.sleep(1)
        for load in loads:
            load.end()
        last = len(NAMES) - 1
        sealed = run(data[last], "vault", "seal", "--to", vault)
        assert sealed["snapshots"] == 1
        held = lines(data[last], tmp_path / "held")
        digest = run(data[last], "digest")["digest"]
        assert run(data[last], "ledger", "verify")["failures"] == []
    finally:
        for load in loads:
            load.is_over = True
        for station in serving:
            station.kill()

    acknowledged = [receipt for load in loads for receipt in load.receipts]
    assert len(acknowledged) > 100
    missing = [receipt for receipt in acknowledged if receipt not in held]
    print(f"seed {seed}: {len(acknowledged)} acknowledged, {len(missing)} had not reached the survivor: {missing}")
    LOST.append(len(missing))
    # The survivor's own are all there. Of a lost one only the end of its chain can be missing: what it said before the
    # last line that got away got away with it.
    for load in loads:
        own = [receipt in held for receipt in load.receipts]
        assert own == sorted(own, reverse=True), load.receipts
    assert all(receipt in held for receipt in loads[-1].receipts)

    encrypt(serving[-1])
    opened = run(tmp_path / "laptop", "restore", "--from", vault, "--key", paper, "--station", "portable-1")
    assert opened["missing"] == []
    assert run(tmp_path / "laptop", "digest")["digest"] == digest
    restored = lines(tmp_path / "laptop", tmp_path / "restored")
    # All but what the survivor said of the sealing itself, after it.
    assert {line for line in acknowledged if line in held} <= restored


@pytest.mark.skipif(len(SEEDS) < 2, reason="one run is no median")
def test_the_median_run_lost_nothing():
    print(f"lost in each run: {LOST}")
    assert statistics.median(LOST) == 0
