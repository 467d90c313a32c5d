"""What a station answers to others, as docs/decisions/wire.md lists it: asked by a program that is none of ours, with
the key and the certificates of a station that joined."""

import base64
import contextlib
import hashlib
import http.client
import json
import socket
import ssl
import time

import pytest
from hospital import SECONDS, free_ports, join, register, run, serving, wait

NOBODY = "ab" * 32


def enrolled(data, folder):
    """A TLS client that shows what the station of this folder shows."""
    run(data, "ledger", "export", "--out", folder)
    [path] = folder.glob("lits-2-*.ledger")
    opened = path.read_bytes().split(b"\n", 1)[0].split(b" ", 1)[1]
    certificates = json.loads(opened)["facts"][0]["data"]["certificates"]
    chain = "".join(ssl.DER_cert_to_PEM_cert(base64.b64decode(text)) for text in certificates)
    (folder / "chain.pem").write_text(chain, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(folder / "chain.pem", data / "station.key")
    return context


def ask(context, port, path, body=None, **headers):
    there = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
    with contextlib.closing(there):
        there.request("POST" if body is not None else "GET", path, body, headers)
        answer = there.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def test_every_answer(tmp_path):
    first, second, port = tmp_path / "first", tmp_path / "second", free_ports()
    run(first, "init", "--station", "urg-1", "--sample", 50)
    with serving() as start:
        start(first, port)
        name = join(first, port, second, "lits-2")
        register(first, 1)
        context = enrolled(second, tmp_path / "out")
        own = run(first, "station", "list")["station"]
        run(first, "ledger", "export", "--out", tmp_path / "all")
        lines = (tmp_path / "all" / f"{own}.ledger").read_bytes().splitlines(keepends=True)

        before = time.time()
        status, headers, body = ask(context, port, "/heads")
        heads = json.loads(body)
        assert status == 200 and headers["Content-Type"] == "application/json"
        assert before - 5 < int(headers["Permanence-Time"]) / 1000 < time.time() + 5
        assert headers["Permanence-Version"] and int(headers["Permanence-Beside"]) > 0
        assert heads[own] == [[len(lines), hashlib.sha256(lines[-1].rstrip(b"\n")).hexdigest()]]

        tip = heads[own][0][1]
        for after, expected in (("", lines), ("?after=3", lines[3:]), (f"?after={len(lines)}", [])):
            status, headers, body = ask(context, port, f"/commits/{tip}{after}")
            assert (status, headers["Content-Type"]) == (200, "application/x-permanence-lines"), after
            assert "Content-Encoding" not in headers and body == b"".join(expected), after
        middle = hashlib.sha256(lines[4].rstrip(b"\n")).hexdigest()
        assert ask(context, port, f"/commits/{middle}?after=4")[2] == lines[4]
        # Compressed for whoever asks, unless it is little.
        _, headers, body = ask(context, port, f"/commits/{tip}", **{"Accept-Encoding": "zstd"})
        assert headers["Content-Encoding"] == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd")
        _, headers, body = ask(context, port, f"/commits/{tip}?after={len(lines) - 1}", **{"Accept-Encoding": "zstd"})
        assert "Content-Encoding" not in headers and body == lines[-1]

        status, headers, body = ask(context, port, "/beside")
        assert (status, headers["Content-Type"]) == (200, "application/x-permanence-lines")
        numbers = [int(entry.split(b" ", 1)[0]) for entry in body.splitlines()]
        assert numbers and numbers == sorted(numbers)
        assert ask(context, port, f"/beside?after={numbers[-1]}")[::2] == (200, b"")

        key = json.dumps({"publicKey": "A" * 43})
        for path, question, expected in (
            (f"/commits/{NOBODY}", None, 404), ("/commits/abc", None, 400), (f"/commits/{tip}?after=-1", None, 400),
            (f"/commits/{tip}?after=x", None, 400), ("/beside?after=x", None, 400), ("/nothing", None, 404),
            ("/enrolment", "", 400), ("/enrolment", "{}", 400), ("/enrolment", key, 409),
            ("/enrolment", " " * 70_000, 413),
        ):
            assert ask(context, port, path, question)[0] == expected, path

        # The live channel says the heads at once, and again as a line comes.
        there = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
        with contextlib.closing(there):
            there.request("GET", "/heads/live")
            answer = there.getresponse()
            assert answer.getheader("Content-Type").startswith("text/event-stream")

            def event():
                frame = []
                while line := answer.readline().rstrip(b"\n"):
                    frame.append(line)
                return frame

            assert event()[0] == b"event: beside"
            kind, data = event()
            assert kind == b"event: heads" and json.loads(data.removeprefix(b"data: ")) == heads
            register(first, 2)
            # Reads and other words may come first.
            while True:
                frame = event()
                if frame[0] == b"event: heads" and json.loads(frame[1].removeprefix(b"data: "))[own] != heads[own]:
                    break

        # Nobody without a certificate, and whoever was revoked hears that alone.
        stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        stranger.check_hostname, stranger.verify_mode = False, ssl.CERT_NONE
        with pytest.raises((OSError, http.client.HTTPException)):
            ask(stranger, port, "/heads")
        run(first, "station", "revoke", "lits-2")
        for path in ("/heads", f"/commits/{tip}", "/nothing"):
            status, _, body = ask(context, port, path)
            fact = json.loads(body)
            assert status == 403 and (fact["kind"], fact["subject"]) == ("station.revoked", f"station/{name}"), path


def test_joining_is_refused_in_words(tmp_path):
    data, port = tmp_path / "data", free_ports()
    run(data, "init", "--station", "urg-1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def refused(question=None):
        status, _, body = ask(context, port + 1, "/join", question)
        assert status == 403, (status, body)
        return json.loads(body)["refusal"]

    with serving() as start:
        start(data, port)
        # Whoever asks nothing.
        mute = socket.create_connection(("127.0.0.1", port + 1), timeout=SECONDS)
        assert refused() == "notInvited" and refused("{}") == "notInvited"
        run(data, "station", "invite")
        status, _, body = ask(context, port + 1, "/join")
        assert status == 200 and len(base64.urlsafe_b64decode(json.loads(body)["salt"] + "==")) == 16
        assert ask(context, port + 1, "/join", " " * 5000)[0] == 413
        # Three questions, whatever they hold.
        assert [refused("{}") for _ in range(4)] == ["malformed"] * 3 + ["notInvited"]
        with mute:
            assert mute.recv(1) == b"", "it is let go"


def test_a_station_that_moved_is_found(tmp_path):
    """Its old address is all that the other one knows, and the line that says the new one can be had there alone."""
    first, second = tmp_path / "first", tmp_path / "second"
    one, two, three = free_ports(), free_ports(), free_ports()
    run(first, "init", "--station", "urg-1")
    with serving() as start:
        start(first, one)
        name = join(first, one, second, "lits-2")
        there = start(second, two)
        wait(lambda: run(first, "station", "list")["stations"][0]["connected"])
        there.kill()
        start(second, three)
        register(second, 1)
        wait(lambda: run(first, "digest")["heads"].get(name) == run(second, "digest")["heads"][name])
        [row] = run(first, "station", "list")["stations"]
        assert row["connected"], row
