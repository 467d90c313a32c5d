"""People work while long work runs behind the pages: a restored hospital is verified line by line, and sealed again."""

import json
import re
import subprocess
import threading
import uuid

import admission
import station as stations
from hospital import run

PATIENTS = 8_000
ADMITTED = 50


def test_people_are_admitted_while_a_restored_hospital_is_verified_and_sealed(tmp_path):
    data, vault, paper = tmp_path / "one", tmp_path / "vault", tmp_path / "paper"
    run(data, "init", "--station", "urg-1", "--sample", PATIENTS)
    run(data, "key", "new", "--paper", paper)
    vault.mkdir()
    run(data, "vault", "seal", "--to", vault)
    process = subprocess.Popen(
        [stations.BINARY, "restore", "--from", vault, "--key", paper, "--data", tmp_path / "two", "--serve", "--port",
         "0", "--peers-port", "0", "--mllp-port", "0", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        account = next(filter(None, (re.search(r"Sign in as (\S+) with (\S+) ", line) for line in process.stderr)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        url = next(filter(None, (re.search(r"listening on (http\S+)", line) for line in process.stdout)))
        document = []
        verified = threading.Thread(
            target=lambda: document.extend(line for line in process.stdout if line.startswith("{")), daemon=True)
        verified.start()
        here = stations.Station(url[1], *account.groups())
        here.sign_in()
        admitted = 0
        while not document:
            answer = here.post(admission.PATH, admission.unknown(str(uuid.uuid4()), admitted))
            assert answer.status == 200, answer.body
            admitted += 1
        # Of the few threads that serve people none was kept for long.
        assert admitted >= ADMITTED
        assert json.loads(document[0])["missing"] == []
    finally:
        process.terminate()
        process.wait()
