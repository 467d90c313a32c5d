"""The other side of MLLP, for tests: sends messages as they are told to be cut, and reads answers one by one."""

import re
import socket
import subprocess
import threading

import station as stations

START, END = b"\x0b", b"\x1c\r"


def framed(message):
    return START + message + END


class Sender:
    def __init__(self, port, seconds=60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def send(self, bytes):
        self.socket.sendall(bytes)

    def answer(self):
        """The next answer, without its frame; None where the station closed."""
        while END not in self.received:
            part = self.socket.recv(1 << 16)
            if not part:
                return None
            self.received += part
        answer, self.received = self.received.split(END, 1)
        assert answer[:1] == START, answer[:40]
        return answer[1:]

    def ask(self, message):
        self.send(framed(message))
        return self.answer()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def said(answer):
    """MSA-1 and MSA-2, and of each ERR 2, 3.1, 4."""
    segments = [segment.split(b"|") for segment in answer.split(b"\r") if segment]
    msa = next(segment for segment in segments if segment[0] == b"MSA")
    errors = [(s[2], s[3].split(b"^")[0], s[4]) for s in segments if s[0] == b"ERR"]
    return msa[1].decode(), msa[2].decode(), errors


def control(message):
    return message.split(b"\r", 1)[0].split(b"|")[9].decode()


class Listening:
    """`serve` on a folder, where messages are heard."""

    def __init__(self, data, *more):
        self.data = str(data)
        self.process = subprocess.Popen(
            [stations.BINARY, "serve", "--data", self.data, "--port", "0", "--peers-port", "0", "--mllp-port", "0",
             *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.port = None
        ready = threading.Event()

        def read():
            for line in self.process.stdout:
                if match := re.search(r"listening on (http\S+)", line):
                    self.url = match[1]
                if match := re.search(r"listening for messages on mllps?://127.0.0.1:(\d+)", line):
                    self.port = int(match[1])
                if self.url and self.port:
                    ready.set()

        threading.Thread(target=read, daemon=True).start()
        self.errors = []
        threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True).start()
        assert ready.wait(stations.START_SECONDS), self.errors

    def kill(self):
        self.process.kill()
        self.process.wait()

    def peak(self):
        """Memory at most so far, in MB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) * 1024 / 1e6

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
