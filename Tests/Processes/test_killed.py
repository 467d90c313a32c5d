"""Nothing acknowledged is lost: the real process is killed at random moments under load, two hundred times. What was
answered is there afterwards, once, under the same place in the chain; what was not answered can be sent again with the
same key, and counts once; the chain verifies, with our software and with a reader that shares none of its code."""

import collections
import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid

import admission
import station as stations

KILLS = int(os.environ.get("PERMANENCE_KILLS", "200"))
SEED = int(os.environ.get("PERMANENCE_SEED", "20220821"))
CLERKS = 6


class Load:
    """Clerks who admit until their station dies. Each keeps what it sent and what it was told."""

    def __init__(self, station, sent, told):
        self.station, self.sent, self.told = station, sent, told
        self.over = threading.Event()
        self.unexpected = []
        self.clerks = [threading.Thread(target=self.clerk, args=(number,)) for number in range(CLERKS)]
        for clerk in self.clerks:
            clerk.start()

    def clerk(self, number):
        while not self.over.is_set():
            key = str(uuid.uuid4())
            body = admission.unknown(key, number)
            self.sent[key] = body
            try:
                answer = self.station.post(admission.PATH, body)
            except Exception:  # the station is dead, or dying: nothing was said
                return
            if answer.status in (200, 201):
                self.told[key] = answer.json
            else:
                self.unexpected.append((answer.status, answer.body[:300]))
                return

    def end(self):
        self.over.set()
        for clerk in self.clerks:
            clerk.join(30)


def place(receipt):
    return receipt["station"], receipt["sequence"], receipt["hash"]


def lines(folder):
    for name in os.listdir(folder):
        with open(f"{folder}/{name}", "rb") as file:
            for line in file:
                yield json.loads(line.split(b" ", 1)[1])


def test_nothing_acknowledged_is_lost(tmp_path):
    dice = random.Random(SEED)
    sent, told = {}, {}
    process = stations.Process(patients=20)
    try:
        for kill in range(KILLS):
            load = Load(process.station, sent, told)
            time.sleep(dice.uniform(0.01, 0.25))
            process.kill()
            load.end()
            assert not load.unexpected, load.unexpected[:3]
            process.start()
            # Whoever had no answer sends the same form again; whoever had one and doubts it, too.
            lost = [key for key in sent if key not in told]
            doubted = dice.sample(sorted(told), min(2, len(told)))
            for key in lost + doubted:
                again = process.station.post(admission.PATH, sent[key])
                assert again.status in (200, 201), (kill, again.status, again.body[:300])
                if key in told:
                    assert place(again.json) == place(told[key]) and again.json["repeated"], kill
                told[key] = again.json
        print(f"{KILLS} kills, {len(told)} admissions, seed {SEED}")
        assert len(told) > KILLS, "hardly anything was admitted: the load is no load"
        process.kill()

        out = str(tmp_path / "ledgers")
        process.run("ledger", "export", "--out", out)
        written = collections.Counter()
        by_key = {}
        for body in lines(out):
            written[body["command"]] += 1
            by_key[body["command"]] = body
        for key, receipt in told.items():
            assert written[key] == 1, f"{key} is written {written[key]} times"
            assert by_key[key]["sequence"] == receipt["sequence"]
        verified = process.run("ledger", "verify")
        assert verified["failures"] == [] and verified["forks"] == []
        reader = stations.ROOT / "Tests/Peers/read_ledger.py"
        independent = subprocess.run([sys.executable, reader, out], capture_output=True, text=True)
        assert independent.returncode == 0, independent.stdout + independent.stderr
        before = process.run("digest")["digest"]
        assert process.run("digest")["digest"] == before
    finally:
        process.stop()
