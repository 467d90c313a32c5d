"""Messages heard over MLLP: how many a core takes, durable and acknowledged, and how soon the answer comes."""

import asyncio
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time

import mllp
import station as stations

CORPUS = stations.ROOT.parent / "shared/corpora/hl7-pam-fr"
COPIES = int(os.environ.get("PERMANENCE_BENCH_COPIES", "200"))
SENDERS = 4
# Who wait for each answer before they go on, so that together they can keep the rate.
PACED = 16
# Sent before the first answer is waited for.
AHEAD = 256
ASKED_PER_CORE = 3000


def many(copies):
    """The vendor's messages as of that many hospitals, each a list in its order: the same under another number is
    another message; other people, other stays."""
    messages = [path.read_bytes() for path in sorted(CORPUS.glob("*.hl7"))]
    for copy in range(copies):
        hospital = []
        for message in messages:
            head, rest = message.split(b"\r", 1)
            fields = head.split(b"|")
            fields[9] += b"%03d" % copy
            rest = re.sub(rb"(\d{9,12})(\^\^\^)", lambda m: m[1] + b"%03d" % copy + m[2], rest)
            hospital.append(b"|".join(fields) + b"\r" + rest.rstrip(b"\n"))
        yield hospital


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def parted(hospitals, senders):
    """Each hospital's messages come from one sender, in their order, as they do."""
    return [[message for hospital in hospitals[place::senders] for message in hospital] for place in range(senders)]


def throughput(station, hospitals):
    def send(share):
        with mllp.Sender(station.port) as sender:
            for start in range(0, len(share), AHEAD):
                part = share[start:start + AHEAD]
                sender.send(b"".join(map(mllp.framed, part)))
                for _ in part:
                    assert b"MSA|AA|" in sender.answer()

    count = sum(map(len, hospitals))
    before, start = cpu_seconds(station.process.pid), time.perf_counter()
    threads = [threading.Thread(target=send, args=(share,)) for share in parted(hospitals, SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - start), count / (cpu_seconds(station.process.pid) - before)


def answers(station, hospitals, rate):
    """Milliseconds from when each message was due to its answer, sorted, and how many a second there were: `rate`, if
    that can be kept. One thread sends for all, so that no sender waits for another one's turn at the interpreter."""
    times = []

    async def send(share, start):
        reader, writer = await asyncio.open_connection("127.0.0.1", station.port)
        for place, message in enumerate(share):
            due = start + place * PACED / rate
            await asyncio.sleep(due - time.perf_counter())
            writer.write(mllp.framed(message))
            answer = await reader.readuntil(b"\x1c\r")
            times.append((time.perf_counter() - due) * 1000)
            assert b"MSA|AA|" in answer, answer
        writer.close()

    async def send_all():
        # Each begins a little after the one before, as senders that know nothing of one another do.
        start = time.perf_counter() + 0.1
        await asyncio.gather(*(send(share, start + place / rate) for place, share in enumerate(parted(hospitals, PACED))))
        return time.perf_counter() - start

    seconds = asyncio.run(send_all())
    return sorted(times), len(times) / seconds


def mllp_(say):
    with tempfile.TemporaryDirectory(prefix="permanence-feed-") as folder:
        data = f"{folder}/data"
        subprocess.run([stations.BINARY, "init", "--data", data, "--json"], check=True, capture_output=True)
        hospitals = list(many(COPIES))
        first = COPIES * 3 // 4
        with mllp.Listening(data) as station:
            rate, per_core = throughput(station, hospitals[:first])
            say("mllp", f"{rate:,.0f} messages/s heard, durable and answered, {per_core:,.0f} per core-second "
                f"({ASKED_PER_CORE:,} asked), {SENDERS} senders")
            half = ASKED_PER_CORE / 2
            times, kept_rate = answers(station, hospitals[first:], half)
            say("", f"at {kept_rate:,.0f}/s of {half:,.0f} the answer comes after p50 {times[len(times) // 2]:.1f} ms, "
                f"p99 {times[len(times) * 99 // 100]:.1f} ms (10 asked); {station.peak():.0f} MB at most")
        assert json.loads(subprocess.run(
            [stations.BINARY, "ledger", "verify", "--data", data, "--json"], capture_output=True).stdout)["failures"] == []
