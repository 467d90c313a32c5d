"""A main system that takes messages back, written apart from the station: PyPI's hl7 reads them, and its state follows
IHE PAM France by hand."""

import os
import socket
import subprocess
import sys
import threading

import hl7

START, END = b"\x0b", b"\x1c\r"


class Receiver:
    """Listens, and answers each message with what `answer(message, times)` says: a code of table 0008, bytes as they
    are, None for silence, or `cut` to close the connection. `context`: of TLS."""

    def __init__(self, answer=lambda message, times: "AA", context=None, port=0):
        self.answer, self.context = answer, context
        self.heard, self.times, self.order, self.taken = {}, {}, [], []
        self.faults = []
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.open = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        received = b""
        try:
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            while True:
                while END not in received:
                    part = client.recv(1 << 16)
                    if not part:
                        return
                    received += part
                block, received = received.split(END, 1)
                if not self._take(client, block.lstrip(START)):
                    return
        except OSError:
            pass
        finally:
            self.open.discard(client)
            client.close()

    def _take(self, client, message):
        control = message.split(b"\r", 1)[0].split(b"|")[9].decode()
        if self.heard.setdefault(control, message) != message:
            self.faults.append(f"{control} came again with other content")
        self.times[control] = self.times.get(control, 0) + 1
        self.order.append(control)
        said = self.answer(message, self.times[control])
        if said == "cut":
            return False
        if said is None:
            return True
        if isinstance(said, str):
            if said == "AA" and control not in self.taken:
                self.taken.append(control)
            said = acknowledgement(said, control)
        client.sendall(START + said + END)
        return True

    def messages(self):
        """Those acknowledged, in the order in which they first were."""
        return [self.heard[control] for control in self.taken]

    def close(self):
        # Whoever waits for the next connection holds the port otherwise.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for client in list(self.open):
            client.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Apart:
    """A receiver as a process of its own, which has each message on the disk before it answers: it can be killed."""

    def __init__(self, path, port):
        self.path, self.port, self.faults = path, port, []
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(self.path), str(self.port)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == f"{self.port}\n"

    def kill(self):
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def arrived(self):
        """All that came, as it came."""
        return self.path.read_bytes().split(END)[:-1]

    def messages(self):
        """Each once, in the order in which they first came."""
        return list(dict.fromkeys(self.arrived()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


def keep(path, port):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def answer(message, times):
        os.write(file, message + END)
        os.fsync(file)
        return "AA"

    print(Receiver(answer, port=port).port, flush=True)
    threading.Event().wait()


def acknowledgement(code, control, reason="Refusé"):
    lines = [f"MSH|^~\\&|GAM|CH|PERMANENCE|CH|20220821050000||ACK|A{control}|P|2.5^FRA^2.11", f"MSA|{code}|{control}"]
    if code != "AA":
        lines.append(f"ERR||PID^1^5|103^Table value not found^HL70357|E||||{reason}")
    return "\r".join(lines).encode("latin-1") + b"\r"


class MainSystem:
    """Patients and visits as messages tell them."""

    CLOSED = {"A03"}
    NEVER_BEGUN = {"A05", "A14", "A15", "A16"}

    def __init__(self):
        self.patients, self.visits, self.created, self.merged = {}, {}, [], {}
        self.allergies, self.diets, self.observations = {}, {}, {}

    def take(self, message):
        text = message.decode("latin-1")
        parsed = hl7.parse(text)
        trigger = str(parsed.segment("MSH")[9][0][1])
        pid = parsed.segment("PID")
        ipp = self.ipp(pid[3])
        if trigger == "A28":
            assert ipp not in self.patients, f"{ipp} is created twice"
            self.created.append(ipp)
        if trigger == "A40":
            self.merged[self.ipp(parsed.segment("MRG")[1])] = ipp
            return
        if trigger == "A37":
            one, other = (self.ipp(segment[3]) for segment in parsed.segments("PID"))
            assert self.merged.pop(other) == one
            return
        self.patients[ipp] = {"name": str(pid[5]), "birth": str(pid[7]), "sex": str(pid[8]), "status": str(pid[32])}
        # A list replaces the list.
        if lines := [line.split("|") for line in text.split("\r") if line.startswith("AL1|")]:
            self.allergies[ipp] = [line[3].split("^")[1] for line in lines if line[3] != '""']
        if any(str(segment[0]) == "ZBE" for segment in parsed):
            self._beside(str(pid[18][0][0]), [line.split("|") for line in text.split("\r")])
            self._move(trigger, ipp, str(pid[18][0][0]), parsed.segment("PV1"), parsed.segment("ZBE"))

    def _beside(self, number, lines):
        """Diet and observations: each of these lasts until it is deleted."""
        for line in lines:
            if line[0] == "PV1" and len(line) > 38 and line[38]:
                self.diets[number] = "" if line[38] == '""' else line[38].split("^")[1]
            if line[0] == "OBX":
                key = number, line[3].split("^")[0], line[4]
                self.observations[key] = line[5]
                if line[11] == "D":
                    del self.observations[key]

    @staticmethod
    def ipp(field):
        for repetition in field:
            if len(repetition) > 4 and str(repetition[4]) == "PI":
                return str(repetition[0])
        raise AssertionError(f"no IPP in {field}")

    def _move(self, trigger, ipp, number, pv1, zbe):
        visit = self.visits.setdefault(number, {"ipp": ipp, "movements": {}})
        visit["ipp"] = ipp
        key, action = str(zbe[1]), str(zbe[4])
        movement = visit["movements"].setdefault(key, {"order": len(visit["movements"])})
        if action == "CANCEL":
            movement["cancelled"] = True
            movement.setdefault("at", str(zbe[2]))
            movement.setdefault("trigger", str(zbe[6]))
            return
        movement["at"] = str(zbe[2])
        movement["trigger"] = movement.get("trigger") or (str(zbe[6]) if action == "UPDATE" else trigger)
        place = str(pv1[3]).split("^")
        movement["place"] = tuple(place + [""] * (3 - len(place)))
        movement["class"] = str(pv1[2])

    def leaving(self):
        """When those who are expected to leave do, by the visit's number."""
        return {
            number: movement["at"] for number, visit in self.visits.items() for movement in visit["movements"].values()
            if movement["trigger"] == "A16" and not movement.get("cancelled")}

    def census(self):
        """Who lies where: (unit, room, bed, IPP), by the last live movement of each visit that goes on."""
        found = []
        for visit in self.visits.values():
            live = [m for m in visit["movements"].values() if not m.get("cancelled")]
            begun = (movement for movement in live if movement["trigger"] not in self.NEVER_BEGUN)
            acting = sorted(begun, key=lambda m: (m["at"], m["order"]))
            if not acting or acting[-1]["trigger"] in self.CLOSED:
                continue
            placed = [m for m in acting if m["trigger"] != "A54"][-1]
            ipp = visit["ipp"]
            while ipp in self.merged:
                ipp = self.merged[ipp]
            found.append((*placed["place"], ipp))
        return sorted(found)


if __name__ == "__main__":
    keep(sys.argv[1], int(sys.argv[2]))
