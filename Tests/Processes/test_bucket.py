"""The vault in a real bucket with Object Lock: Ceph's RADOS Gateway, and a thief who has the station's credentials."""

import json
import os
import pathlib
import shutil
import socket
import subprocess

import pytest

import station as stations
from hospital import forged_marks, run

# Starts a gateway from Debian's packages on loopback; it lies beside the checkout.
TOOL = pathlib.Path(os.environ.get("PERMANENCE_CEPH", stations.ROOT.parent / "shared/tools/ceph-s3"))
PAYLOAD = "x-amz-content-sha256: UNSIGNED-PAYLOAD"


class Gateway:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        up = subprocess.run([TOOL, "up", folder, str(port)], capture_output=True, text=True, timeout=600)
        if up.returncode != 0:
            pytest.skip(f"no gateway could be started from Debian's packages: {up.stderr[-500:]}")
        said = dict(line.split("=", 1) for line in up.stdout.splitlines())
        self.folder, self.url = folder, said["S3_ENDPOINT"]
        self.user = f"{said['AWS_ACCESS_KEY_ID']}:{said['AWS_SECRET_ACCESS_KEY']}"
        os.environ.update({**said, "AWS_ENDPOINT_URL": self.url})

    def ask(self, method, path, *headers, body=b""):
        """What somebody with the station's credentials can ask; the status."""
        arguments = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--aws-sigv4", "aws:amz:us-east-1:s3",
                     "--user", self.user, "-X", method, "-H", PAYLOAD]
        for header in headers:
            arguments += ["-H", header]
        if body:
            arguments += ["--data-binary", "@-"]
        ran = subprocess.run([*arguments, f"{self.url}/{path}"], input=body, capture_output=True, timeout=60)
        return int(ran.stdout)

    def asked(self, beginning):
        """How often somebody read what begins so, `bucket/folder/`, by the gateway's own log."""
        log = (pathlib.Path(self.folder) / "log/client.admin.log").read_text(errors="replace")
        return log.count(f'"GET /{beginning}')

    def versions(self, bucket):
        """(key, version) of everything in it, newest first."""
        listed = subprocess.run(
            ["curl", "-s", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", self.user, "-H", PAYLOAD,
             f"{self.url}/{bucket}?versions="], capture_output=True, text=True, timeout=60).stdout
        found = []
        for part in listed.split("<Version>")[1:]:
            def text(name):
                return part.split(f"<{name}>")[1].split("<")[0]
            found.append((text("Key"), text("VersionId")))
        return found


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    if not TOOL.exists():
        pytest.skip(f"no gateway: {TOOL} is not there (PERMANENCE_CEPH names another)")
    gateway = Gateway(tmp_path_factory.mktemp("ceph"))
    yield gateway
    subprocess.run([TOOL, "down", gateway.folder], capture_output=True, timeout=60)
    shutil.rmtree(gateway.folder, ignore_errors=True)


@pytest.fixture
def hospital(tmp_path):
    data, paper = tmp_path / "one", tmp_path / "paper.txt"
    run(data, "init", "--station", "adm-1", "--sample", "30", "--seed", "3")
    run(data, "key", "new", "--paper", str(paper))
    return data, paper


def bucket(gateway, name, *headers):
    assert gateway.ask("PUT", name, *headers) == 200
    return name


def locked(gateway, name):
    return bucket(gateway, name, "x-amz-bucket-object-lock-enabled: true")


def test_a_bucket_without_locks_is_refused(gateway, hospital):
    data, _ = hospital
    assert "no Object Lock" in run(data, "vault", "seal", "--to", f"s3://{bucket(gateway, 'plain')}", code=1)["error"]
    assert "no bucket" in run(data, "vault", "seal", "--to", "s3://nowhere", code=1)["error"]
    assert gateway.versions("plain") == []


def test_sealed_proved_and_restored(gateway, hospital, tmp_path):
    data, paper = hospital
    name = locked(gateway, "whole")
    sealed = run(data, "vault", "seal", "--to", f"s3://{name}", "--retention-days", "2")
    assert sealed["retention"] is not None
    assert run(data, "vault", "prove")["proofs"][0].get("failure") is None
    opened = run(tmp_path / "two", "restore", "--from", f"s3://{name}", "--key", str(paper), "--station", "secours-1")
    assert opened["missing"] == []
    assert run(tmp_path / "two", "digest")["digest"] == run(data, "digest")["digest"]
    # Half of the time is not over: nothing is locked anew. Asked for longer, everything that is needed is.
    assert run(data, "vault", "seal", "--to", f"s3://{name}", "--retention-days", "2")["renewed"] == 0
    assert run(data, "vault", "seal", "--to", f"s3://{name}", "--retention-days", "30")["renewed"] > 0


def test_a_thief_with_the_credentials_changes_nothing(gateway, hospital, tmp_path):
    data, paper = hospital
    name = locked(gateway, "stolen")
    run(data, "vault", "seal", "--to", f"s3://{name}")
    digest = run(data, "digest")["digest"]
    sealed = [(key, version) for key, version in gateway.versions(name) if not key.startswith("program/")]
    assert len(sealed) >= 3
    for key, version in sealed:
        # Neither the version nor its lock goes, whatever is said to be allowed.
        for header in ("x-amz-bypass-governance-retention: true", "x-amz-meta-a: b"):
            assert gateway.ask("DELETE", f"{name}/{key}?versionId={version}", header) == 403
        shorter = (
            b'<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>COMPLIANCE</Mode>'
            b"<RetainUntilDate>2022-01-01T00:00:00Z</RetainUntilDate></Retention>")
        assert gateway.ask("PUT", f"{name}/{key}?retention=&versionId={version}", body=shorter) in (400, 403)
        # Written over, and deleted: both leave what was there.
        assert gateway.ask("PUT", f"{name}/{key}", body=b"encrypted, pay") == 200
        assert gateway.ask("DELETE", f"{name}/{key}") == 204
    station = next(key.split("-", 2)[2] for key, _ in sealed if key.startswith("snapshots/"))
    for number in range(20):
        forged = f"{name}/snapshots/2099{number % 12 + 1:02}01T000000.000Z-0000-{station}"
        assert gateway.ask("PUT", forged, body=os.urandom(2000)) == 200
    # What nobody can read, or should: a name that XML cannot hold, one that the bucket withholds, 65 MiB. And marks
    # that say that the paper's numbers are taken.
    forged = {
        "snapshots/a%01b": b"noise", f"enrolments/2099-{station}": bytes(65 << 20),
        f"segments/{station}/1-999-{'0' * 64}": bytes(65 << 20), f"segments/{station}/1-998-{'0' * 64}": b"noise",
        "snapshots/withheld": b"noise"}
    for key, body in forged.items():
        assert gateway.ask("PUT", f"{name}/{key}", body=body) == 200, key
    for key in run(data, "vault", "status")["recipients"]:
        for mark in forged_marks(key):
            assert gateway.ask("PUT", f"{name}/{mark}", body=b"x") == 200
    # Well named and of one byte each: nothing is asked of them. Of a size that may be: what is asked is bounded.
    for number in range(100):
        hour = f"{number // 60:02}{number % 60:02}00.000Z-0000-{station}"
        for folder in ("snapshots", "enrolments"):
            assert gateway.ask("PUT", f"{name}/{folder}/20220821T{hour}", body=b"x") == 200
        assert gateway.ask("PUT", f"{name}/snapshots/20990101T{hour}", body=os.urandom(300)) == 200
    withheld = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": [f"arn:aws:s3:::{name}/snapshots/withheld"]}]}
    assert gateway.ask("PUT", f"{name}?policy=", body=json.dumps(withheld).encode()) in (200, 204)
    opened = run(tmp_path / "two", "restore", "--from", f"s3://{name}", "--key", str(paper), "--station", "secours-1")
    assert opened["missing"] == [], opened
    assert gateway.asked(f"{name}/snapshots/20220821T") == gateway.asked(f"{name}/enrolments/20220821T") == 0
    assert gateway.asked(f"{name}/snapshots/") > 0
    named = {entry.split(":")[0] for entry in opened["unused"]}
    assert {key.replace("%01", "?") for key in forged} <= named, opened["unused"]
    assert run(tmp_path / "two", "digest")["digest"] == digest
    left = {row["kind"]: row["left"] for row in run(tmp_path / "two", "numbers", "show")["numbers"]}
    assert left["ipp"] > 0, left
