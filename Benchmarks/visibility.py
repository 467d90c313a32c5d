"""From the question and from the answer on one station to the moment another one tells its browsers, under load, by one
clock."""

import asyncio
import contextlib
import http.client
import json
import os
import pathlib
import tempfile
import threading
import time
import urllib.parse
import uuid

import admission
import hospital
import station as stations

CLIENTS = 8
# Admissions per second of all stations together, at night.
QUIET = 10


class Desk:
    """A browser's connection to one station, kept open."""

    def __init__(self, station):
        self.address, self.token = urllib.parse.urlsplit(station.url), station.token

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(self.address.hostname, self.address.port)

    async def ask(self, method, path, body=b""):
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {self.address.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("HTTP/1.1 200"), head
        return {k.lower(): v for k, v in (line.split(": ", 1) for line in head.split("\r\n")[1:] if line)}

    async def admit(self, number):
        """Seconds until the answer, the clock then, and the stay."""
        body = json.dumps(admission.unknown(str(uuid.uuid4()), number % 60)).encode()
        asked = time.perf_counter()
        head = await self.ask("POST", admission.PATH, body)
        answer = json.loads(await self.reader.readexactly(int(head["content-length"])))
        now = time.perf_counter()
        return now - asked, now, answer["subjects"][-1]

    async def listen(self, seen):
        """Keeps when each subject was first told of."""
        await self.ask("GET", "/live")
        while line := await self.reader.readline():
            if line.startswith(b"data: "):
                now = time.perf_counter()
                for subject in line[6:].decode().split():
                    seen.setdefault(subject, now)


def emergency(station, stay, rounds):
    """Milliseconds from asking for a note to its line on an open emergency board, each time."""
    address = urllib.parse.urlsplit(station.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    connection.request("GET", "/emergency/events", headers={"Authorization": f"Bearer {station.token}"})
    events = connection.getresponse()
    events.readline()
    delays = []
    for number in range(rounds):
        mark = f"mark {number} {uuid.uuid4()}"
        asked = time.perf_counter()
        asking = threading.Thread(target=station.post, args=(f"/emergency/{stay}/note", {"nextStep": mark}))
        asking.start()
        while mark.encode() not in events.readline():
            pass
        delays.append((time.perf_counter() - asked) * 1000)
        asking.join()
    connection.close()
    return delays


async def admitting(servers, seconds, rate):
    """Admits on all stations in turn, `rate` times a second altogether."""
    free = [asyncio.Queue() for _ in servers]
    for queue, server in zip(free, servers):
        for _ in range(CLIENTS):
            desk = Desk(server)
            await desk.open()
            queue.put_nowait(desk)
    answers = []

    async def admit(place, number):
        desk = await free[place].get()
        answers.append((place, *await desk.admit(number)))
        free[place].put_nowait(desk)

    start = time.perf_counter()
    async with asyncio.TaskGroup() as running:
        for number in range(round(seconds * rate)):
            await asyncio.sleep(number / rate - (time.perf_counter() - start))
            running.create_task(admit(number % len(servers), number))
    return answers


async def told(seen, answers):
    """Waits until every station has told of all of them."""
    async with asyncio.timeout(60):
        while any(subject not in subjects for *_, subject in answers for subjects in seen):
            await asyncio.sleep(0.01)


async def most(servers, seen, seconds):
    """Admissions per second that all stations together answer and tell of."""
    start = time.perf_counter()
    answers = []

    async def admit(server):
        desk = Desk(server)
        await desk.open()
        while time.perf_counter() < start + seconds:
            answers.append(await desk.admit(len(answers)))

    async with asyncio.TaskGroup() as running:
        for _ in range(CLIENTS):
            for server in servers:
                running.create_task(admit(server))
    await told(seen, answers)
    return len(answers) / (time.perf_counter() - start)


async def measure(servers, seconds):
    """For a quiet night, and for half of what they can do: admissions per second; sorted milliseconds until answered,
    from then until told of elsewhere, and from the question until then."""
    seen = [{} for _ in servers]
    async with asyncio.TaskGroup() as listening:
        tasks = []
        for server, subjects in zip(servers, seen):
            desk = Desk(server)
            await desk.open()
            tasks.append(listening.create_task(desk.listen(subjects)))
        found = []
        for isQuiet in (True, False):
            rate = QUIET if isQuiet else await most(servers, seen, 3) / 2
            answers = await admitting(servers, seconds, rate)
            await told(seen, answers)
            elsewhere = [(took, subjects[subject] - answered) for place, took, answered, subject in answers
                         for other, subjects in enumerate(seen) if other != place]
            found.append((
                rate, sorted(took * 1000 for _, took, *_ in answers),
                # Another station may tell of it before the answer arrives.
                sorted(max(0, after) * 1000 for _, after in elsewhere),
                sorted((took + after) * 1000 for took, after in elsewhere)))
        for task in tasks:
            task.cancel()
    return found


def percentiles(values):
    return f"p50 {values[len(values) // 2]:.1f} ms, p99 {values[len(values) * 99 // 100]:.1f} ms"


def visibility(count, seconds, say):
    """`count` stations, each with a load, and who sees what on which."""
    with tempfile.TemporaryDirectory(prefix="permanence-visibility-") as folder, contextlib.ExitStack() as running:
        data = [pathlib.Path(folder) / f"station-{number}" for number in range(count)]
        account = hospital.run(data[0], "init", "--sample", 300, "--seed", 1)["account"]
        started, ports = [], [hospital.free_ports() for _ in data]
        for number, (path, port) in enumerate(zip(data, ports)):
            if number:
                hospital.join(data[0], ports[0], path, f"other-{number}")
            started.append(hospital.Serving(path, port))
            running.callback(started[-1].kill)
        for path in data[1:]:
            hospital.same(data[0], path)
        servers = [stations.Station(one.url, account["name"], account["secret"]) for one in started]
        for server in servers:
            server.sign_in()
        for rate, took, after, whole in asyncio.run(measure(servers, seconds)):
            say("visibility", f"{count} stations, {rate:,.0f} admissions/s altogether: answered within "
                f"{percentiles(took)}; told of on another station {percentiles(after)} after that, "
                f"{percentiles(whole)} after it was asked for")
