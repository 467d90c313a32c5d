"""The main system's feed over a real socket: the same register as from files, however it is cut and in whatever order;
nothing acknowledged is missing after a kill, and nothing that is sent again is there twice; hostile senders cost their
own connection alone."""

import concurrent.futures
import contextlib
import datetime
import os
import random
import resource
import socket
import ssl
import struct
import subprocess
import threading

import hl7
import hl7.client
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import station as stations
from hospital import wait
from judge_messages import problem
from mllp import Listening, Sender, control, framed, said
from test_corpus import PAM, SIMHOSPITAL, Folder

SEED = 20220821
MEMORY_MB = 400


def pam():
    return [path.read_bytes().rstrip(b"\n") for path in sorted(PAM.glob("*.hl7"))]


def english():
    parts = (SIMHOSPITAL / "messages.out").read_bytes().split(b"MSH|")
    return [b"MSH|" + part.rstrip(b"\r\n") + b"\r" for part in parts if part.strip()]


def example(number, unit="7700"):
    return "\r".join([
        f"MSH|^~\\&|GAM|CH|PERM|CH|20251103120000+0100||ADT^A01^ADT_A01|{number}|P|2.5^FRA^2.11|||||FRA|UNICODE UTF-8",
        "EVN||20251103120000+0100||||20251103115500+0100",
        f"PID|1||9{number}^^^CH&1.2.250.1.99.1&ISO^PI||MARTIN^LOUISE^^^^^L||19610312|F||||||||||8{number}^^^CH&1.2.250.1.99.2&ISO^AN",
        f"PV1|1|I|{unit}^^^|R", f"ZBE|7{number}^CH^1.2.250.1.99.2^ISO|20251103115500+0100||INSERT|N||^^^^^^UF^^^{unit}||HMS", ""
    ]).encode()


# Each with what a second import says of it: known messages, and those that are not for us.
CORPORA = {"pam": (pam, PAM, (105, 0)), "english": (english, SIMHOSPITAL, (401, 612))}


def register(folder):
    """All that is known of everybody. Two stations that heard the same differ in their own names; two copies of one
    station do not."""
    census = folder.ask("census", "--at", "2026-01-01T00:00:00.000Z")
    return folder.ask("digest")["digest"], census["units"]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A station before its first message."""
    return Folder(tmp_path_factory.mktemp("fresh") / "data")


@pytest.fixture(scope="module")
def as_files(fresh, tmp_path_factory):
    """The register after `import hl7`."""
    registers = {}
    for corpus, (_, files, _) in CORPORA.items():
        folder = Folder(tmp_path_factory.mktemp(corpus) / "data", like=fresh)
        folder.ask("import", "hl7", files)
        registers[corpus] = register(folder)
        assert registers[corpus] != register(fresh) and registers[corpus][1]
    return registers


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "data")


def whole(sender, blocks):
    for block in blocks:
        sender.send(block)
        yield sender.answer()


def many_ahead(sender, blocks):
    """All at once, in pieces of random length, without waiting for answers: they come all the same."""
    dice, stream = random.Random(SEED), b"".join(blocks)

    def write():
        start = 0
        while start < len(stream):
            end = start + dice.randint(1, 3000)
            sender.send(stream[start:end])
            start = end

    writer = threading.Thread(target=write)
    writer.start()
    for _ in blocks:
        yield sender.answer()
    writer.join()


def in_twos(first):
    """In pieces of two bytes, the first of one or of two: between them, each byte begins a piece once."""
    def send(sender, blocks):
        for block in blocks:
            sender.send(block[:first])
            for start in range(first, len(block), 2):
                sender.send(block[start:start + 2])
            yield sender.answer()

    return send


@pytest.mark.parametrize("order", ["as sent", 1])
@pytest.mark.parametrize("send", [whole, many_ahead])
@pytest.mark.parametrize("corpus", CORPORA)
def test_a_feed_is_the_same_as_its_files(as_files, fresh, tmp_path, corpus, send, order):
    read, files, known = CORPORA[corpus]
    messages = read()
    if order != "as sent":
        random.Random(order).shuffle(messages)
    folder = Folder(tmp_path / "data", like=fresh)
    with Listening(folder.data) as station, Sender(station.port) as sender:
        answers = send(sender, [framed(message) for message in messages])
        for message, answer in zip(messages, answers, strict=True):
            assert said(answer) == ("AA", control(message), [])
    assert register(folder) == as_files[corpus]
    again = folder.ask("import", "hl7", files)
    assert (again["duplicates"], again["ignored"]) == known
    assert register(folder) == as_files[corpus]


@pytest.mark.parametrize(("order", "first"), [("as sent", 1), (2, 2)])
@pytest.mark.parametrize("corpus", CORPORA)
def test_a_feed_cut_at_every_byte_is_the_same_as_its_files(as_files, fresh, tmp_path, corpus, order, first):
    test_a_feed_is_the_same_as_its_files(as_files, fresh, tmp_path, corpus, in_twos(first), order)


def test_a_message_in_two_at_every_byte(folder):
    message = pam()[0]
    block = framed(message)
    with Listening(folder.data) as station, Sender(station.port) as sender:
        for place in range(1, len(block)):
            sender.send(block[:place])
            sender.send(block[place:])
            assert said(sender.answer()) == ("AA", control(message), [])


def test_another_client_and_another_judge(folder):
    """PyPI's hl7 sends; PyPI's hl7apy validates what is answered."""
    bad = example(3).replace(b"93^^^CH&1.2.250.1.99.1&ISO^PI", b"")
    with Listening(folder.data) as station, hl7.client.MLLPClient("127.0.0.1", station.port) as client:
        other = example(4).replace(b"|P|2.5^", b"|X|2.5^")
        for message, code in ((example(1), "AA"), (example(1), "AA"), (bad, "AE"), (other, "AR"), (b"hello", "AR")):
            answer = client.send_message(message)[1:-2].decode()
            assert str(hl7.parse(answer).segment("MSA")[1]) == code
            assert problem(answer) is None, answer
            # Nobody knows the number of what is no message, and a valid answer has one.
            assert message != b"hello" or "\rMSA|AR|UNKNOWN\r" in answer
            if code == "AE":
                error = hl7.parse(answer).segment("ERR")
                assert str(error[2]) == "PID^1^3" and str(error[8]).startswith("Le message")


def test_another_judge_of_answers_that_warn(folder):
    """What was assumed of a message goes with its answer, to a sender that stands it."""
    warned = 0
    with Listening(folder.data, "--mllp-warnings") as station, Sender(station.port) as sender:
        for message in pam():
            answer = sender.ask(message)
            code, number, remarks = said(answer)
            assert (code, number) == ("AA", control(message)) and all(remark[2] == b"W" for remark in remarks)
            assert problem(answer.decode("latin-1")) is None, answer
            warned += bool(remarks)
    assert warned > 40


def test_the_first_answer_comes_after_the_disk(fresh, tmp_path):
    """Killed at random moments under load, then between the disk and the sender's reading: what was stored is there
    when all is sent again, acknowledged or not, and the register is that of everything sent once."""
    folder, once = (Folder(tmp_path / name, like=fresh) for name in ("data", "once"))
    dice, acknowledged, sent = random.Random(SEED), [], []
    # Where others reach it stays the same, which it says once: no later start writes a line.
    reached = "--peers-address", "10.0.3.7:8443"

    def commits():
        return folder.ask("digest")["commits"]

    first = commits() + 1

    def load(sender, count):
        numbers = range(100_000 + len(sent), 100_000 + len(sent) + count)
        sent.extend(numbers)
        sender.send(b"".join(framed(example(number)) for number in numbers))
        return numbers

    for _ in range(12):
        with Listening(folder.data, *reached) as station:
            stop = threading.Timer(dice.uniform(0.05, 0.4), station.process.kill)
            stop.start()
            try:
                with Sender(station.port) as sender:
                    while True:
                        for number in load(sender, dice.randint(1, 40)):
                            answer = sender.answer()
                            if answer is None:
                                raise ConnectionError
                            assert said(answer)[:2] == ("AA", str(number))
                            acknowledged.append(number)
            except OSError:
                pass
            stop.join()
    print(f"{len(acknowledged)} acknowledged of {len(sent)}")
    assert acknowledged
    with Listening(folder.data, *reached) as station, Sender(station.port) as sender:
        before = commits()
        unread = load(sender, 40)
        wait(lambda: commits() >= before + len(unread))
    with Listening(folder.data, *reached) as station, Sender(station.port) as sender:
        def send_again(numbers):
            answers = many_ahead(sender, [framed(example(number)) for number in numbers])
            assert [said(answer)[:2] for answer in answers] == [("AA", str(number)) for number in numbers]

        before = commits()
        send_again([*acknowledged, *unread])
        assert commits() == before
        send_again(sent)
    assert commits() == first + len(sent)
    census = folder.ask("census", "--at", "2026-01-01T00:00:00.000Z")
    seen = [patient["ipp"] for unit in census["units"] for patient in unit["patients"]]
    assert sorted(seen) == [f"9{number}" for number in sent]
    (tmp_path / "sent.hl7").write_bytes(b"".join(map(example, sent)))
    assert once.ask("import", "hl7", tmp_path / "sent.hl7")["duplicates"] == 0
    assert register(folder) == register(once)


def test_senders_that_vanish(folder):
    """Cut off anywhere within a message, without a word; the next connection sends everything again."""
    dice, messages = random.Random(SEED), [example(number) for number in range(100_000, 100_030)]
    stream = b"".join(map(framed, messages))
    with Listening(folder.data) as station:
        before = folder.ask("digest")["commits"]
        for _ in range(40):
            with Sender(station.port) as sender:
                sender.send(stream[:dice.randrange(len(stream))])
                # Closed with a reset, as by a process that was killed.
                sender.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with Sender(station.port) as sender:
            sender.send(stream)
            assert [said(sender.answer())[:2] for _ in messages] == [("AA", control(message)) for message in messages]
        assert folder.ask("digest")["commits"] == before + len(messages)


def while_flooding(flood, serves, times=20):
    """Floods on a thread, again and again, until others were served so often meanwhile. `flood` is given what to call
    once it has begun."""
    begun, enough = threading.Event(), threading.Event()

    def run():
        while not enough.is_set():
            flood(begun.set)

    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        flooding = threads.submit(run)
        try:
            assert begun.wait(60)
            for _ in range(times):
                assert serves() and not flooding.done()
        finally:
            enough.set()
            flooding.result()


def test_hostile_senders_cost_their_own_connection(folder):
    dice = random.Random(SEED)
    with Listening(folder.data) as station, Sender(station.port) as good:
        number = iter(range(1000, 2000))

        def serves():
            wanted = next(number)
            return said(good.ask(example(wanted)))[:2] == ("AA", str(wanted))

        assert serves()

        # A block of 1 GB without an end.
        def without_end(begun):
            with Sender(station.port) as endless:
                sent = 0
                try:
                    endless.send(b"\x0bMSH|^~\\&|BIG|CH|PERM|CH|20251103||ADT^A01|1|P|2.5\r")
                    part = b"x" * (1 << 20)
                    while sent < 1 << 30:
                        endless.send(part)
                        begun()
                        sent += len(part)
                except OSError:
                    pass
                assert sent < 1 << 28
                try:
                    assert said(endless.answer())[0] == "AR" and endless.answer() is None
                except ConnectionError:
                    pass  # closed while we still sent

        while_flooding(without_end, serves)
        assert serves()
        # Long blocks without an end on many connections.
        with contextlib.ExitStack() as stack:
            for _ in range(400):
                with contextlib.suppress(OSError):
                    stack.enter_context(Sender(station.port)).send(b"\x0bMSH|" + b"x" * 400_000)
            assert serves()

        # Noise, with and without frames.
        def noisy(begun):
            with Sender(station.port) as noise:
                for _ in range(32):
                    noise.send(dice.randbytes(1 << 20).replace(b"\x0b", b"").replace(b"\x1c", b""))
                    begun()
                noise.send(b"".join(
                    framed(dice.randbytes(40).replace(b"\x0b", b"").replace(b"\x1c", b"")) for _ in range(500)))
                for _ in range(500):
                    assert said(noise.answer())[0] == "AR"
                # The same connection is of use afterwards.
                assert said(noise.ask(example(1)))[0] == "AA"

        while_flooding(noisy, serves)
        assert serves()
        # One that reads no answer must not be held in memory.
        with Sender(station.port) as deaf:
            deaf.socket.settimeout(2)
            try:
                while True:
                    deaf.send(framed(b"x" * 30) * 10_000)
            except OSError:
                pass
            assert serves()
        print(f"{station.peak():.0f} MB at most")
        assert station.peak() < MEMORY_MB


def test_ten_thousand_idle_connections(folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 10_000
    # The station keeps 1,024 for everything else.
    if hard < wanted + 1_100:
        reason = f"this machine lets a process have {hard} descriptors: raise the hard limit (ulimit -Hn)"
        assert os.environ.get("CI") != "true", reason
        pytest.skip(reason)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Listening(folder.data) as station:
        idle = []
        try:
            for _ in range(wanted):
                idle.append(socket.create_connection(("127.0.0.1", station.port), timeout=60))
            with Sender(station.port) as sender:
                assert said(sender.ask(example(1)))[:2] == ("AA", "1")
            # The last of them is no worse off than the first.
            for one in (idle[0], idle[-1]):
                one.sendall(framed(example(2)))
                assert b"MSA|AA|2" in one.recv(4096)
            print(f"{station.peak():.0f} MB at most")
            assert station.peak() < MEMORY_MB
        finally:
            for one in idle:
                one.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def certificate(folder, name, issuer=None):
    """Files of a certificate and its key, signed by `issuer` or by itself; what another one is signed with."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[0] if issuer else subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(issuer[1] if issuer else key, hashes.SHA256()))
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files, (subject, key)


@pytest.mark.parametrize("isMutual", [False, True])
def test_encrypted(folder, tmp_path, isMutual):
    authority, signer = certificate(tmp_path, "authority")
    server, _ = certificate(tmp_path, "server", signer)
    known, _ = certificate(tmp_path, "known", signer)
    stranger, _ = certificate(tmp_path, "stranger")
    more = ["--mllp-certificate", str(server[0]), "--mllp-certificate-key", str(server[1])]
    if isMutual:
        more += ["--mllp-authority", str(authority[0])]

    def ask(number, shown=None):
        context = ssl.create_default_context(cafile=authority[0])
        if shown:
            context.load_cert_chain(*shown)
        with Sender(station.port) as sender:
            sender.socket = context.wrap_socket(sender.socket, server_hostname="localhost")
            return sender.ask(example(number))

    with Listening(folder.data, *more) as station:
        assert said(ask(1, known))[:2] == ("AA", "1")
        with Sender(station.port) as clear:
            clear.send(framed(example(9)))
            with contextlib.suppress(OSError):
                assert b"MSA" not in clear.socket.recv(4096)
        if not isMutual:
            assert said(ask(2))[:2] == ("AA", "2")
            return
        for shown in (None, stranger):
            with contextlib.suppress(OSError):
                assert ask(3, shown) is None
        assert said(ask(4, known))[:2] == ("AA", "4")


def test_a_half_closed_sender_is_answered(folder):
    with Listening(folder.data) as station, Sender(station.port) as sender:
        sender.send(framed(example(1)))
        sender.socket.shutdown(socket.SHUT_WR)
        assert said(sender.answer())[:2] == ("AA", "1")
        assert sender.answer() is None


def test_a_port_that_is_taken_is_said(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = subprocess.run(
            [stations.BINARY, "serve", "--data", folder.data, "--port", "0", "--peers-port", "0", "--mllp-port",
             str(taken.getsockname()[1])], capture_output=True, text=True, timeout=60)
        assert ran.returncode == 1 and "messages cannot be heard" in ran.stderr, ran.stderr


def test_the_usual_port_may_be_anothers(folder):
    """Nobody asked for it: the station opens without it."""
    with socket.socket() as taken:
        with contextlib.suppress(OSError):  # somebody has it already
            taken.bind(("127.0.0.1", 2575))
            taken.listen()
        process = subprocess.Popen(
            [stations.BINARY, "serve", "--data", folder.data, "--port", "0", "--peers-port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert any("listening on http" in line for line in process.stdout)
        finally:
            process.kill()
            process.wait()
