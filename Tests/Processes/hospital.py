"""Stations of one hospital as processes: what serves, what each command answers, what two of them agree on."""

import asyncio
import base64
import contextlib
import functools
import hashlib
import json
import math
import random
import re
import socket
import subprocess
import threading
import time

import station as stations

SECONDS = 60
# Below those that Linux gives to whoever connects: one of these might be taken before its station listens.
PORTS = iter(random.sample(range(20_000, 32_000, 2), 6_000))


def free_ports():
    """Two ports in a row that nobody listens on, and that nobody was given before."""
    for port in PORTS:
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Serving:
    """`serve` on a folder, with other stations."""

    def __init__(self, data, port, peers=(), more=()):
        self.data = str(data)
        arguments = [argument for peer in peers for argument in ("--peer", f"127.0.0.1:{peer}")]
        self.process = subprocess.Popen(
            [stations.BINARY, "serve", "--data", self.data, "--port", "0", "--peers-port", str(port), *arguments,
             *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = None
        listening, ready = set(), threading.Event()

        def read():
            for line in self.process.stdout:
                if match := re.search(r"listening on (http\S+)", line):
                    self.url = match[1]
                # Whether it hears feeds too depends on who else has the usual port.
                if "messages" not in line:
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


class Wire:
    """The only way to one station that others know, which somebody can cut, or which breaks once it has brought so many
    bytes of that station's lines."""

    def __init__(self, target, breaks_after=math.inf):
        self.port, self.is_cut, self.open = free_ports(), False, set()
        self.lines_at, self.left = target, breaks_after
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        async def serve():
            # A new station asks to join at the next port.
            self.servers = [
                await asyncio.start_server(functools.partial(self._pass, target + step), "127.0.0.1", self.port + step)
                for step in (0, 1)]
            ready.set()
            await asyncio.gather(*(server.serve_forever() for server in self.servers))

        threading.Thread(target=lambda: self.loop.run_until_complete(serve()), daemon=True).start()
        assert ready.wait(10)

    async def _pass(self, target, reader, writer):
        try:
            there, back = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            return writer.close()
        if self.is_cut:
            back.close()
            return writer.close()
        self.open |= {writer, back}

        async def copy(source, sink):
            try:
                while piece := await source.read(65536):
                    if source is there and target == self.lines_at:
                        self.left -= len(piece)
                    if self.left < 0:
                        self.cut()
                        break
                    sink.write(piece)
                    await sink.drain()
            except (OSError, ConnectionError):
                pass
            sink.close()

        await asyncio.gather(copy(reader, back), copy(there, writer))
        self.open -= {writer, back}

    def cut(self):
        self.is_cut = True
        self.loop.call_soon_threadsafe(lambda: [writer.close() for writer in self.open])

    def mend(self):
        self.is_cut, self.left = False, math.inf


def run(data, *arguments, code=0):
    ran = subprocess.run(
        [stations.BINARY, *map(str, arguments), "--data", str(data), "--json"],
        capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == code, (arguments, ran.stdout, ran.stderr)
    return json.loads(ran.stdout)


def wait(isSo, seconds=SECONDS):
    """What `isSo` answers, once that is true."""
    until = time.monotonic() + seconds
    while not (answer := isSo()):
        assert time.monotonic() < until, answer
        time.sleep(0.1)
    return answer


def join(host, port, new, name):
    code = run(host, "station", "invite")["code"]
    return run(new, "station", "join", f"127.0.0.1:{port}", code, "--station", name)["station"]


def register(data, number):
    """A patient, as a feed says it."""
    file = data.parent / f"{number}.hl7"
    file.write_bytes("\r".join([
        f"MSH|^~\\&|SIH|CH|PERM|CH|20220821030000+0200||ADT^A28^ADT_A05|{number}|P|2.5^FRA^2.11||||||UNICODE UTF-8",
        "EVN||20220821030000+0200",
        f"PID|1||{number}^^^CH&1.2.250.1.999.9&ISO^PI||MARTIN^LOUISE^^^^^L||19610312|F|||||||||||||||||||||VALI",
        "PV1|1|N", ""]).encode())
    answer = run(data, "import", "hl7", file)
    assert answer["accepted"] + answer["warned"] == 1, answer


@contextlib.contextmanager
def serving():
    """Starts stations, and stops them all at the end: `start(data, port)`."""
    started = []

    def start(*arguments):
        started.append(Serving(*arguments))
        return started[-1]

    try:
        yield start
    finally:
        for station in started:
            station.kill()


def same(first, second, seconds=SECONDS):
    """Waits until both are one hospital; the digest of both."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        one, two = run(first, "digest"), run(second, "digest")
        if one["digest"] == two["digest"] and one["heads"] == two["heads"]:
            return one["digest"]
        time.sleep(0.1)
    raise AssertionError((one, two, run(first, "station", "list"), run(second, "station", "list")))


def forged_marks(recipient):
    """That a paper's numbers are taken, as somebody says who reads the digits of its key in a sealed header."""
    digits = hashlib.sha256(base64.urlsafe_b64decode(recipient["key"] + "=")).hexdigest()[:8]
    return [f"reserve/paper-{digits}-x", f"reserve/paper-{digits}-secours-1-0123abcd-{'0' * 128}"]
