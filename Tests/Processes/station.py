"""A real station to test against: one given by PERMANENCE_URL, PERMANENCE_LOGIN and PERMANENCE_SECRET, or one
made here with the sample hospital in a folder that goes afterwards."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("PERMANENCE_BINARY", ROOT / ".build/release/permanence"))
PATIENTS = 300
START_SECONDS = 60


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Station:
    """Where it answers, who may sign in, and a plain HTTP client that is signed in."""

    def __init__(self, url, login, secret):
        self.url, self.login, self.secret = url.rstrip("/"), login, secret
        self.opener = urllib.request.build_opener(NoRedirect)
        self.token = None
        # Where it hears messages over MLLP, of a station made here.
        self.mllp_port = None

    def ask(self, method, path, body=None, token=True, headers=()):
        """`body`: a dict is sent as JSON, a list of pairs urlencoded."""
        sent = {"Accept": "application/json", **dict(headers)}
        data = None
        if isinstance(body, dict):
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif body is not None:
            data, sent["Content-Type"] = urllib.parse.urlencode(body).encode(), "application/x-www-form-urlencoded"
        if token and self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url + path, data, sent, method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as answer:
            return Answer(answer.code, answer.headers, answer.read())

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body):
        return self.ask("POST", path, body)

    def sign_in(self):
        answer = self.ask("POST", "/sign-in", {"login": self.login, "pin": self.secret}, token=False)
        assert answer.status == 200, f"sign-in answered {answer.status}: {answer.body[:300]!r}"
        self.token = answer.json["token"]


class Process:
    """`permanence init` and `serve` on a free port."""

    def __init__(self, patients=PATIENTS, seconds=120, earlier=0):
        self.folder = tempfile.TemporaryDirectory(prefix="permanence-test-")
        self.data = f"{self.folder.name}/data"
        made = subprocess.run(
            [BINARY, "init", "--data", self.data, "--station", "test-1", "--sample", str(patients), "--seed", "1",
             "--earlier-stays", str(earlier), "--json"],
            capture_output=True, text=True, timeout=seconds)
        assert made.returncode == 0, f"init failed: {made.stderr}"
        self.made = json.loads(made.stdout)
        self.account = self.made["account"]
        self.log = open(f"{self.folder.name}/log", "w+")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--port", "0", "--mllp-port", "0"],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.station = Station(self._address(), self.account["name"], self.account["secret"])
        self.station.mllp_port = self.mllp_port
        self.station.sign_in()

    def colleague(self, name):
        """Another who may link files; signed in."""
        account = self.station.post("/staff/new", {"name": name, "login": name.lower(), "roles": ["records"]}).json
        account = account["accounts"][0]
        station = Station(self.station.url, account["login"], account["secret"])
        station.sign_in()
        chosen = station.post("/account", {"pin": account["secret"], "new": "719428", "again": "719428"})
        assert chosen.status in (200, 303), chosen.body
        return station

    def kill(self):
        """SIGKILL: no time for a last word."""
        self.process.kill()
        self.process.wait()

    def run(self, *arguments):
        """One command of the command line on this station's folder; its JSON."""
        ran = subprocess.run(
            [BINARY, *arguments, "--data", self.data, "--json"], capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, f"{arguments}: {ran.stdout[-1000:]} {ran.stderr}"
        return json.loads(ran.stdout)

    def _address(self):
        found, heard, hears = threading.Event(), {}, threading.Event()

        def read():
            for line in self.process.stdout:
                if match := re.search(r"listening for messages on mllp://127.0.0.1:(\d+)", line):
                    heard["mllp"] = int(match.group(1))
                    hears.set()
                match = re.search(r"listening on (http\S+)", line)
                if match and not found.is_set():
                    heard["url"] = match.group(1)
                    found.set()

        threading.Thread(target=read, daemon=True).start()
        if not found.wait(START_SECONDS):
            self.log.seek(0)
            raise AssertionError(f"the station did not say where it listens: {self.log.read()[-2000:]}")
        self.mllp_port = lambda: hears.wait(START_SECONDS) and heard["mllp"]
        return heard["url"]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.folder.cleanup()


def given():
    """The station that the environment names, or None."""
    if not os.environ.get("PERMANENCE_URL"):
        return None
    station = Station(
        os.environ["PERMANENCE_URL"], os.environ.get("PERMANENCE_LOGIN", ""), os.environ.get("PERMANENCE_SECRET", ""))
    station.sign_in()
    return station
