#!/usr/bin/env python3
"""Opens a sealed file without our software, from docs/decisions/sealed-files.md: with `cryptography` and `zstd`.

    read_sealed.py KEY FILE [FOLDER]      KEY: a recovery paper, or its lines R1 to R3 typed

Prints the manifest as one JSON document. With FOLDER, adds the lines to those of the segments opened there before, one
<chain>.ledger file a chain, by sequence, then hash: what read_ledger.py verifies; or writes the content of a snapshot
as snapshot.sqlite. Exits 1 if anything fails."""

import hashlib
import json
import pathlib
import subprocess
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from read_ledger import decode

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"
MIB = 1 << 20


def value(text):
    return [DIGITS.index(c) for c in text.upper().translate(str.maketrans("OIL", "011"))]


def recovery_key(text):
    """The 32 bytes of lines R1, R2 and R3, each checked, then the whole."""
    number, count = 0, 0
    lines = {line.split()[0].upper(): "".join(line.split()[1:]) for line in text.splitlines() if line.strip()}
    for name in ("R1", "R2", "R3"):
        *values, check = value(lines[name].replace("-", ""))
        checked = 0
        for digit in value(name) + values:
            checked = (checked * 32 + digit) % 37
        assert checked == check, f"line {name} does not check"
        for digit in values:
            number, count = number * 32 + digit, count + 5
    both = (number >> count % 8).to_bytes(count // 8, "big")
    secret, checksum = both[:32], both[32:]
    assert hashlib.sha256(b"PERMANENCE:R:" + secret).digest()[:4] == checksum, "lines of several papers"
    return X25519PrivateKey.from_private_bytes(secret)


def content_key(sealed, key):
    """The content key, the header's hash, and where the chunks begin."""
    assert sealed[:8] == b"PERMSEAL" and sealed[8] == 1, "not a sealed file, or of another version"
    end = 11 + 88 * sealed[9]
    header_hash = sealed[end:end + 32]
    assert hashlib.sha256(sealed[:end]).digest() == header_hash, "the header is altered"
    own = hashlib.sha256(key.public_key().public_bytes_raw()).digest()[:8]
    for at in range(11, end, 88):
        if sealed[at:at + 8] == own:
            return SUITE.decrypt(sealed[at + 8:at + 88], key, b"permanence sealed file 1"), header_hash, end + 32
    raise ValueError("sealed to other keys")


def chunks(sealed, key):
    secret, header_hash, at = content_key(sealed, key)
    number, last = 0, 0
    while not last:
        prefix = int.from_bytes(sealed[at:at + 4], "big")
        last, length = prefix >> 31, prefix & (1 << 31) - 1
        assert length == MIB or last and length < MIB, "the prefix is altered"
        nonce = number.to_bytes(11, "big") + bytes([last])
        yield AESGCM(secret).decrypt(nonce, sealed[at + 4:at + 20 + length], header_hash)
        number, at = number + 1, at + 20 + length
    assert at == len(sealed), "something follows the end"


def main(paper, path, folder=None):
    compressed = b"".join(chunks(pathlib.Path(path).read_bytes(), recovery_key(pathlib.Path(paper).read_text("utf-8"))))
    plain = subprocess.run(["zstd", "-dc"], input=compressed, stdout=subprocess.PIPE, check=True).stdout
    end = 4 + int.from_bytes(plain[:4], "big")
    text, signature, content, chains = plain[4:end], plain[end:end + 64], plain[end + 64:-64], {}
    manifest = json.loads(text)
    sealer = Ed25519PublicKey.from_public_bytes(decode(manifest["publicKey"]))
    sealer.verify(signature, b"permanence sealed manifest 1\n" + text)
    digests = hashlib.sha256(text).digest() + hashlib.sha256(content).digest()
    sealer.verify(plain[-64:], b"permanence sealed content 1\n" + digests)
    if folder and manifest["kind"] == "snapshot":
        pathlib.Path(folder, "snapshot.sqlite").write_bytes(content)
    elif folder:
        content += b"".join(ledger.read_bytes() for ledger in pathlib.Path(folder).glob("*.ledger"))
        for line in content.split(b"\n")[:-1]:
            body = json.loads(line.split(b" ", 1)[1])
            chains.setdefault(body["station"], set()).add((body["sequence"], hashlib.sha256(line).digest(), line))
    for chain, lines in chains.items():
        pathlib.Path(folder, f"{chain}.ledger").write_bytes(b"".join(line + b"\n" for _, _, line in sorted(lines)))
    print(json.dumps(manifest))


if __name__ == "__main__":
    main(*sys.argv[1:])
