"""A hand-back is as fast as its receiver: the same receiver takes the same messages from a plain sender, which runs in
a process of its own as the station does."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import admission
import mllp
import station as stations

FACTS = int(os.environ.get("PERMANENCE_BENCH_HANDBACK", "50000"))
CLERKS = 8
PLAIN = pathlib.Path(__file__).with_name("plain.py")
HEADER = b"MSH|^~\\&|GAM|CH|PERMANENCE|CH|20220821050000||ACK|1|P|2.5\r"
# Of each receiver the seconds after which it answers (an engine that writes what it takes needs a millisecond or more),
# and which share of the facts it is handed.
RECEIVERS = ((0.001, 1), (0, 5), (0.005, 25))


class Taking:
    """Takes every message, each after so many seconds."""

    def __init__(self, seconds=0.0):
        self.messages, self.times, self.seconds = [], [], seconds
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            client, _ = self.listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            received = b""
            while part := client.recv(1 << 16):
                received += part
                while mllp.END in received:
                    message, received = received.split(mllp.END, 1)
                    if self.seconds:
                        time.sleep(self.seconds)
                    control = message.split(b"|", 10)[9]
                    self.messages.append(message[1:])
                    self.times.append(time.perf_counter())
                    client.sendall(mllp.framed(HEADER + b"MSA|AA|" + control + b"\r"))
            client.close()

    def rate(self, start):
        """Messages a second from `start` to the last."""
        return len(self.times) / (self.times[-1] - start)


def admit(process, count):
    def clerk(own):
        for number in range(own, count, CLERKS):
            answer = process.station.post(admission.PATH, admission.unknown(str(uuid.uuid4()), number % 80))
            assert answer.status == 200, answer.body

    threads = [threading.Thread(target=clerk, args=(own,)) for own in range(CLERKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def hand(process, facts, seconds, say, title, types=False):
    """That many facts more go to a receiver, and then from a plain sender to another that is the same."""
    admit(process, facts // 2)
    if types:
        type_in(process, say)
    start = time.perf_counter()
    pending = process.run("handback", "status")["pending"]
    counted = time.perf_counter() - start
    receiver = Taking(seconds)
    before = process.run("handback", "status")["acknowledged"]
    start = time.perf_counter()
    ran = subprocess.run(
        [stations.BINARY, "handback", "send", "--mllp", f"127.0.0.1:{receiver.port}", "--per-second", "0", "--data",
         process.data, "--json"], capture_output=True, text=True)
    whole = time.perf_counter() - start
    assert json.loads(ran.stdout)["acknowledged"] - before == pending, (ran.stdout, ran.stderr)
    assert len(set(receiver.messages)) == len(receiver.messages) == pending
    ours, plain = receiver.rate(start), Taking(seconds)
    theirs = plain.rate(send_plainly(receiver.messages, plain))
    say(title, f"{facts:,} facts, {pending:,} messages in {whole:.0f} s, each answered after {seconds * 1000:.0f} ms: "
        f"{ours:,.0f} messages/s; the same receiver takes {theirs:,.0f}/s from a plain sender: "
        f"ratio {ours / theirs:.2f}")
    say("", f"counted before in {counted:.1f} s")


def send_plainly(messages, receiver):
    """By another process, so that sender and receiver wait for no interpreter of each other's. Gives when it began."""
    with tempfile.TemporaryDirectory(prefix="permanence-plain-") as folder:
        path = pathlib.Path(folder, "messages")
        path.write_bytes(mllp.END.join(messages))
        start = time.perf_counter()
        subprocess.run([sys.executable, PLAIN, str(receiver.port), str(path)], check=True)
    assert receiver.messages == messages
    return start


def type_in(process, say):
    """The pages of who types it in by hand, while all of it is open: the first one, and those after one more fact each."""
    def page(path, **body):
        start = time.perf_counter()
        answer = process.station.ask("POST" if body else "GET", path, body or None, headers={"Accept": "text/html"})
        assert answer.status in (200, 303), (path, answer.status, answer.body[:300])
        return time.perf_counter() - start

    times = {"first": [page("/handback/reentry")]}
    for number in range(20):
        admit(process, 1)
        times.setdefault("list", []).append(page("/handback/reentry"))
        times.setdefault("next", []).append(page("/handback/reentry/next", command=str(uuid.uuid4())))
    # What somebody has on their screen is not sent.
    item = process.station.post("/handback/reentry/next", {"command": str(uuid.uuid4())}).json["id"]
    page(f"/handback/reentry/{item}", command=str(uuid.uuid4()), way="release")
    times["reprise"] = [page("/handback"), page("/handback")]
    median = {name: sorted(found)[len(found) // 2] * 1000 for name, found in times.items()}
    say("", f"typed in by hand: the first list in {median['first']:,.0f} ms; after each new stay the list in "
        f"{median['list']:,.0f} ms, the next item in {median['next']:,.0f} ms; Reprise first in "
        f"{times['reprise'][0] * 1000:,.0f} ms, then in {times['reprise'][1] * 1000:,.0f} ms")


def handback(say):
    process = stations.Process(patients=0)
    try:
        process.run("mode", "declare", "degrade", "--reason", "mesure")
        for place, (seconds, share) in enumerate(RECEIVERS):
            hand(process, FACTS // share, seconds, say, "" if place else "handback", types=place == 0)
    finally:
        process.stop()
