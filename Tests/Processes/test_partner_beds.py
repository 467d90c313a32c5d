"""Beds that partners publish through FHIR, read over the network: another Permanence, whose own answer is counted here a
second time; and servers that answer wrongly, which hold nothing up and are told on their partner's page."""

import collections
import http.server
import json
import ssl
import subprocess
import threading
import urllib.parse
import urllib.request

import pytest

import station as stations
from hospital import wait
from test_feed import certificate

KINDS = {"ICU": "intensive-care", "PHU": "psychiatry", "419192003": "medicine", "394609007": "surgery",
         "394585009": "maternity"}
TOO_MANY_BYTES = 6 << 20
# More than anybody says by telephone either.
PLACES_MAX = 500


class Neighbour(stations.Process):
    """Another hospital's station, over TLS."""

    def __init__(self, files):
        self.files = files
        super().__init__(patients=150)

    def start(self):
        self.process = subprocess.Popen(
            [stations.BINARY, "serve", "--data", self.data, "--port", "0", "--mllp-port", "0",
             "--certificate", self.files[0], "--certificate-key", self.files[1]],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.url = self._address().replace("127.0.0.1", "localhost")


class Wrong(http.server.BaseHTTPRequestHandler):
    """Each address answers wrongly in its own way; whoever comes to `/stolen` was sent there."""

    seen = []

    def do_GET(self):
        Wrong.seen.append((self.path, self.headers.get("Authorization")))
        kind = self.path.split("/")[1]
        if kind == "refused":
            return self.say(401, b"{}")
        if kind == "moved":
            self.send_response(302)
            self.send_header("Location", f"https://localhost:{self.server.server_port}/stolen")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if kind == "elsewhere":
            link = [{"relation": "next", "url": f"https://127.0.0.1:{self.server.server_port}/stolen"}]
            return self.say(200, json.dumps({"resourceType": "Bundle", "link": link}).encode())
        if kind == "endless":
            return self.say(200, b" " * TOO_MANY_BYTES)
        if kind == "empty":
            return self.say(200, b'{"resourceType": "Bundle"}')
        return self.say(200, b"<html>")

    def say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # Whoever asked had enough.

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    _, signer = certificate(folder, "authority")
    files, _ = certificate(folder, "localhost", signer)
    return folder / "authority.pem", files


@pytest.fixture(scope="module")
def wrong(authority):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Wrong)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def neighbour(authority):
    process = Neighbour(authority[1])
    yield process
    process.stop()


PROBLEMS = {"refused": "refused", "moved": "answer", "elsewhere": "too-much", "endless": "too-much",
            "empty": "nothing", "html": "answer"}
OTHERS = "990000003"


@pytest.fixture(scope="module")
def hospital(authority, neighbour, wrong):
    """A station whose directory names them all, read once since it started."""
    process = stations.Process(patients=0)
    client = neighbour.run("client", "add", "voisin", "--scope", "system/Location.rs")
    addresses = {"990000001": f"{neighbour.url}/fhir", "990000002": "https://localhost:1/fhir"}
    for number, kind in enumerate(PROBLEMS):
        addresses[f"99000010{number}"] = f"{wrong}/{kind}"
    addresses[OTHERS] = f"{wrong}/others"
    directory = process.folder.name + "/partners.yaml"
    with open(directory, "w") as file:
        file.write("partners:\n" + "".join(
            f'  - finess: "{finess}"\n    name: Hôpital {finess}\n    fhir: {url}\n'
            for finess, url in addresses.items()))
    assert process.run("partners", "read", directory)["declared"] == len(addresses)
    secrets = stations.pathlib.Path(process.data) / "partners"
    secrets.mkdir()
    for finess, url in addresses.items():
        (secrets / f"{finess}.pem").write_bytes(authority[0].read_bytes())
        (secrets / f"{finess}.token").write_text(f"{url}\njeton-secret\n")
    (secrets / "990000001.token").write_text(f"{addresses['990000001']}\n{client['id']}\n{client['secret']}\n")
    # Written for the partner's true server; the directory's address was changed since.
    (secrets / f"{OTHERS}.token").write_text("https://val.example/fhir\njeton-secret\n")
    process.client = client
    process.kill()
    process.start()
    yield process
    process.stop()


def partner(hospital, finess):
    """As its page tells programs, once it was read."""
    known = next(p for p in hospital.station.get("/transfers").json["partners"] if p["finess"] == finess)
    page = f"/partners/{known['id'].partition('/')[2]}"
    return page, wait(lambda: (found := hospital.station.get(page).json).get("reading") and found)


def counted(neighbour, client, authority):
    """Free beds of the neighbour by line of care, counted from what it tells."""
    context = ssl.create_default_context(cafile=authority[0])

    def ask(path, data=None, **headers):
        address = path if path.startswith("https") else f"{neighbour.url}{path}"
        with urllib.request.urlopen(urllib.request.Request(address, data, headers), context=context) as answer:
            return json.loads(answer.read())

    form = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
    token = ask("/fhir/token", urllib.parse.urlencode(form).encode())["access_token"]
    places, page = {}, "/fhir/Location?_count=100"
    while page:
        bundle = ask(page, Authorization=f"Bearer {token}")
        places |= {f"Location/{e['resource']['id']}": e["resource"] for e in bundle.get("entry", [])}
        page = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    free = collections.Counter()
    for place in places.values():
        if "operationalStatus" not in place:
            continue
        around = place
        while around and "type" not in around:
            around = places.get(around.get("partOf", {}).get("reference"))
        kind = around and KINDS.get(around["type"][0]["coding"][0]["code"])
        if kind and place["status"] == "active":
            free[kind] += place["operationalStatus"]["code"] == "U"
    return free


def test_another_permanence(hospital, neighbour, authority):
    page, told = partner(hospital, "990000001")
    assert told["reading"]["problem"] is None, told["reading"]
    told = wait(lambda: (found := hospital.station.get(page).json).get("said") and found)
    free = counted(neighbour, hospital.client, authority)
    said = {line: word["places"] for line, word in told["said"].items() if word["state"] != "closed"}
    assert said == {line: min(beds, PLACES_MAX) for line, beds in free.items()} and sum(free.values()) > 0
    assert {word["via"] for word in told["said"].values()} == {"fhir"}
    text = hospital.station.ask("GET", page, headers={"Accept": "text/html"}).body.decode()
    assert "FHIR" in text and "jeton" not in text and hospital.client["secret"] not in text


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_wrong_answer_is_told_and_nothing_more(hospital, kind):
    page, told = partner(hospital, f"99000010{list(PROBLEMS).index(kind)}")
    assert told["reading"]["problem"] == PROBLEMS[kind]
    assert "said" not in told
    # Nobody was led to another place, with the secret or without.
    assert not [path for path, _ in Wrong.seen if path.startswith("/stolen")]
    assert ("/refused/Location?_count=500", "Bearer jeton-secret") in Wrong.seen


def test_a_secret_for_another_address_is_not_sent(hospital):
    _, told = partner(hospital, OTHERS)
    assert told["reading"]["problem"] == "refused"
    assert not [path for path, _ in Wrong.seen if path.startswith("/others")]


def test_nobody_there(hospital):
    _, told = partner(hospital, "990000002")
    assert told["reading"]["problem"] == "unreachable"
    assert hospital.station.get("/transfers").status == 200
