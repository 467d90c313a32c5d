#!/usr/bin/env python3
"""Verifies an exported ledger without our software: with this page, `cryptography` and hashlib.

    read_ledger.py FOLDER      a folder of <station>.ledger files, by sequence, then hash

Prints one JSON document and exits 1 if anything fails."""

import base64
import hashlib
import json
import pathlib
import re
import sys

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/[0-9a-f]{4}")
LINE = re.compile(rb"([A-Za-z0-9_-]{85}[AQgw]) (\{.*\})")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def strict(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), "a key twice"
    return dict(pairs)


def no_float(text):
    raise ValueError(f"{text} is no integer")


def read(line):
    parts = LINE.fullmatch(line)
    assert parts, "not a signature, a space and a body"
    body = json.loads(parts[2].decode("utf-8"), object_pairs_hook=strict, parse_float=no_float)
    assert body["v"] >= 1 and re.fullmatch("[a-z0-9-]{1,32}", body["station"])
    assert TIME.fullmatch(body["time"]) and body["facts"]
    return decode(parts[1].decode()), parts[2], body


def enrol(chain, body):
    """The chain's public key and its root's fingerprint, by the certificates of its first line."""
    opened = body["facts"][0]
    assert opened["kind"] == "station.opened" and opened["subject"] == f"station/{chain}", "not opened"
    key = decode(opened["data"]["publicKey"])
    assert chain.endswith("-" + hashlib.sha256(key).hexdigest()[:8]), "the name is not the key's"
    station, enrolling, root = (
        x509.load_der_x509_certificate(base64.b64decode(der, validate=True))
        for der in opened["data"]["certificates"])
    for certificate, issuer in ((station, enrolling), (enrolling, root), (root, root)):
        certificate.verify_directly_issued_by(issuer)
    for authority in (enrolling, root):
        assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca, "no authority"
    assert station.public_key().public_bytes_raw() == key, "certified for another key"
    name = station.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    assert name == chain.removeprefix("reads-"), "certified for another name"
    assert (root.not_valid_before_utc.year, root.not_valid_after_utc.year) == (1970, 9999)
    return Ed25519PublicKey.from_public_bytes(key), hashlib.sha256(root.public_key().public_bytes_raw()).hexdigest()


def main(folder):
    report = {"commits": 0, "facts": 0, "stations": 0, "root": None, "forks": [], "failures": []}
    for path in sorted(pathlib.Path(folder).glob("*.ledger")):
        chain, key, sequence, tips, parents = path.stem, None, 0, {"0" * 64: ""}, {}
        report["stations"] += 1
        lines = path.read_bytes().split(b"\n")
        assert lines.pop() == b"", f"{path} is torn"
        for line in lines:
            try:
                signature, signed, body = read(line)
                if key is None:
                    key, root = enrol(chain, body)
                    assert report["root"] in (None, root), "two roots"
                    report["root"] = root
                key.verify(signature, signed)
                assert body["station"] == chain, "another station's"
                if body["sequence"] == sequence + 1:
                    sequence, parents, tips = sequence + 1, tips, {}
                elif body["previous"] in [tip["previous"] for tip in tips.values()]:
                    report["forks"].append({"station": chain, "sequence": sequence})
                assert body["sequence"] == sequence and body["previous"] in parents, "does not follow"
                before = parents[body["previous"]]
                assert body["time"] > (before and before["time"]), "not later"
                tips[hashlib.sha256(line).hexdigest()] = {"previous": body["previous"], "time": body["time"]}
                report["commits"] += 1
                report["facts"] += len(body["facts"]) if body["v"] == 1 else 0
            except (AssertionError, InvalidSignature, KeyError, ValueError) as why:
                report["failures"].append({"station": chain, "sequence": sequence, "reason": repr(why)})
    print(json.dumps(report))
    return 1 if report["failures"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
