"""The night of the story, on three stations of one hospital, through their real pages: sixty arrivals in an hour, the
systems declared lost at the tenth, imaging impossible, a notice out at once. Everybody ends somewhere, with a reason, on
every station alike; and the ledger tells all of it. Some of each kind and all that is declared go through a browser,
the others through the same forms without JavaScript. Hours are the day before's, so that its summaries are due."""

import contextlib
import csv
import datetime
import itertools
import json
import re
import time
import types
import zoneinfo

import pytest
from lxml import etree

import station as stations
from browser import Browser
from forms import Plain, Seen, uuid_after
from hospital import free_ports, join, run, same, serving, wait

ARRIVALS = stations.ROOT / "Examples/arrivals.csv"
SCHEMA = etree.XMLSchema(etree.parse(str(stations.ROOT / "docs/operations/rpu.xsd")))
PARIS = zoneinfo.ZoneInfo("Europe/Paris")
NIGHT = datetime.datetime.now(PARIS).date() - datetime.timedelta(days=1)
LOST_AT = 10
IMAGING = ["x-ray", "ct", "mri", "ultrasound", "interventional-radiology"]
UNIT = "1010"
# Who works there, by what they are.
PEOPLE = {"ioa": "triage", "med": "physician", "lits": "bed-manager", "garde": "duty", "directrice": "duty"}
SIGNS = ["heartRate", "pressure", "saturation", "temperature", "respiratoryRate", "pain"]
MAISON = "onCall:\n  name: Maison médicale de Valfleury\n  hours: { " + ", ".join(
    f'{day}: ["00:00-24:00"]' for day in
    "monday tuesday wednesday thursday friday saturday sunday".split()) + " }\n"


def arrivals():
    lines = [line for line in ARRIVALS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [types.SimpleNamespace(number=number, **row)
            for number, row in enumerate(csv.DictReader(lines, delimiter=";"))]


def by_hand(people):
    """Numbers of the first arrivals, and of two that go each way."""
    ways = [[p.number for p in people if p.goes == way][:2] for way in {p.goes for p in people}]
    return set(range(6)).union(*ways)


class Night:
    """Three stations that serve, who is signed in where, and what was sent by whom."""

    def __init__(self, folder, start):
        began = time.monotonic()
        self.start, self.started, self.sent, self.times = start, [], {}, {}
        self.data = [folder / name for name in ("urg", "adm", "lits")]
        self.site = folder / "www"
        ports = [free_ports() for _ in self.data]
        account = run(self.data[0], "init", "--station", "urg-1")["account"]
        run(self.data[0], "partners", "read", stations.ROOT / "Examples/partners.yaml")
        self.serve(0, ports[0])
        admin = stations.Station(self.started[0].url, account["name"], account["secret"])
        admin.sign_in()
        secrets = {}
        for login, role in PEOPLE.items():
            made = admin.post("/staff/new", {"name": login.capitalize(), "login": login, "roles": [role]})
            assert made.status == 201, made.body
            secrets[login] = made.json["accounts"][0]["secret"]
        for place in (1, 2):
            join(self.data[0], ports[0], self.data[place], ("adm-2", "lits-3")[place - 1])
            self.serve(place, ports[place])
        self.people = [{login: self.signed_in(station.url, login, secret) for login, secret in secrets.items()}
                       for station in self.started]
        self.accounts = {login: self.account(login) for login in PEOPLE}
        self.times["three stations"] = time.monotonic() - began

    def serve(self, place, port):
        (self.data[place] / "emergency.yaml").write_text(MAISON, encoding="utf-8")
        self.started.append(self.start(self.data[place], port))

    @staticmethod
    def signed_in(url, login, secret):
        station = stations.Station(url, login, secret)
        station.sign_in()
        return station

    def account(self, login):
        return self.people[0][login].get("/account").json["account"]["id"]

    def get(self, place, path, login="garde"):
        answer = self.people[place][login].get(path)
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        return answer.json


class Typing:
    """One person at one station, in a browser or without its scripts."""

    def __init__(self, night, place, login, browsers, seen):
        station = night.people[place][login]
        self.night, self.login = night, login
        self.pages = Seen(browsers[place]).sign_in(station) if seen else Plain(station)

    def send(self, path, fields, **how):
        # What another station said a moment ago may still be on its way.
        station = self.pages.browser.station if isinstance(self.pages, Seen) else self.pages.station
        wait(lambda: station.ask("GET", path, headers={"Accept": "text/html"}).status == 200)
        key = self.pages.open(path).send({name: value for name, value in fields.items() if value}, **how)
        self.night.sent[key] = self.login
        return self.pages.path


@contextlib.contextmanager
def timed(night, what):
    start = time.monotonic()
    yield
    night.times[what] = time.monotonic() - start


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    with serving() as start:
        yield Night(tmp_path_factory.mktemp("night"), start)


@pytest.fixture(scope="module")
def browsers(night):
    made = [Browser(night.people[place]["ioa"]) for place in range(3)]
    yield made
    for browser in made:
        browser.quit()


def announce(night, browsers, person, seen):
    """Somebody at another station takes the call; whoever is at the door finds them among those awaited."""
    Typing(night, (person.place + 1) % 3, "ioa", browsers, seen).send("/emergency/announcements/new", {
        "source": person.announced, "sex": person.sex, "age": person.age, "reason": person.words})

    def awaited():
        return next((a["announcement"] for a in night.get(person.place, "/emergency", "ioa")["announced"]
                     if a["reason"] == person.words), None)

    return f"?stayClass=emergency&announcement={wait(awaited)}"


def arrive(who, person, announcement):
    fields = {
        "sex": person.sex, "complaint": person.complaint, "complaintText": person.words, "transport": person.by,
        "transportCare": person.care, "accompaniedBy": person.companion, "at": typed(person)}
    if person.birthName:
        path, more = "/admissions/new", {
            "birthName": person.birthName, "birthGivenName": person.givenName, "birthDate": person.birthDate,
            "birthPlace": "99999"}
    else:
        path, more = "/admissions/unknown", {"estimatedAge": person.age, "marks": f"arrivée {person.number + 1}"}
    there = who.send(path + announcement, {**fields, **more})
    person.stay, person.patient = uuid_after(there, "stay"), uuid_after(there, "patients")


def typed(person, minutes=0):
    """An hour of the night as people type it, with its day: the test may see midnight pass."""
    return f"{at(person, minutes):%d/%m/%Y %H:%M}"


def at(person, minutes=0):
    return datetime.datetime.combine(
        NIGHT, datetime.time.fromisoformat(person.hour)) + datetime.timedelta(minutes=minutes)


def triage(who, person):
    who.send(f"/emergency/{person.stay}/triage", {
        "level": person.level, "at": typed(person, 4), **{sign: getattr(person, sign) for sign in SIGNS}})


def orient(who, person):
    fields = {
        "on-call": {"agreement": "yes", "accompaniedBy": person.companion},
        "home": {"accompaniedBy": person.companion, "reason": "soins faits"},
        "admit": {"orient": person.code}, "transfer": {"reason": person.code, "agreement": "yes"},
        "left": {"orient": person.code, "reason": "n'a pas attendu"},
        "died": {"physician": "Dr Leroy", "wristband": person.ipp},
    }[person.goes]
    return who.send(
        f"/emergency/{person.stay}/orient?way={person.goes}", {**fields, "at": typed(person, int(person.after))})


def refer(night, browsers, person, place, proposals, seen):
    """Asks each partner in turn until one says yes; the patient leaves, and is there. Who orients somebody elsewhere is
    led to the proposals, and whoever hears a refusal to the next ones."""
    known = {p["name"]: p["id"].partition("/")[2] for p in night.get(place, "/transfers")["partners"]}
    for turn, name in enumerate(person.to.split(">")):
        if turn:
            proposals = desk.send(address, {"note": "plus de place"}, button=("step", "refused"))
        assert proposals.startswith(f"/stays/{person.stay}/send"), proposals
        desk = Typing(night, (place + turn) % 3, "med", browsers, seen)
        desk.send(proposals, {"partner": known[name], "spokenTo": "la garde"})

        def asked():
            return next((t for t in night.get(place, "/transfers")["transfers"] if t["stay"] == f"stay/{person.stay}"
                         and t["status"] == "asked" and t["partner"] == f"partner/{known[name]}"), None)

        address = f"/transfers/{wait(asked)['id']}"
    desk.send(address, {"spokenTo": "Dr Petit"}, button=("step", "accepted"))
    desk.send(address, {"transport": "AMBU"}, button=("step", "left"))
    desk.send(address, {"spokenTo": "l'accueil"}, button=("step", "arrived"))


def bed(night, browsers, person, place, seen):
    """Whoever gives beds sees the request at once, and keeps the first that is proposed; then they are in it."""
    def asked():
        requests = night.get(place, "/bed-requests", "lits")["requests"]
        return next((r["id"] for r in requests if r["stay"] == person.stay), None)

    manager = Typing(night, place, "lits", browsers, seen)
    address = f"/bed-requests?request={wait(asked)}"
    manager.send(address, {}, action="/accept")
    manager.send(address, {}, action="/fulfil")


def declare(night, browsers):
    """The systems are lost: who is in charge, what cannot be done, what the public is told."""
    duty = Typing(night, 0, "garde", browsers, seen=True)
    duty.send("/mode", {"mode": "degrade", "reason": "logiciel et imagerie chiffrés"})
    duty.send("/care", {"line": IMAGING, "state": "closed", "reason": "system", "reviewAt": "dans 4 h"})
    drafted = duty.send("/notice", {
        "advice": "call-first", "nextUpdateAt": "dans 4 h", "places": "Hôpital d'ailleurs; 1 rue du Lac; 01 99 00 00 00",
        "messageFr": "Prenez vos ordonnances.", "messageEn": "Bring your prescriptions."})
    other = Typing(night, 1, "directrice", browsers, seen=True)
    notice = uuid_after(drafted, "notice")
    other.send(f"/notice/{notice}", {}, button=("way", "approve"))
    # Out from the third station, for any web server.
    wait(lambda: [v for v in night.get(2, "/notice")["versions"] if v["id"] == notice and v["current"]])
    night.published = run(night.data[2], "notice", "publish", "--out", night.site, "--base", "https://hopital.example/")


def rows(night, place):
    return sorted(night.get(place, "/emergency", "ioa")["present"], key=lambda row: row["stay"])


def lines_of_the_board(night, place):
    page = night.people[place]["ioa"].ask("GET", "/emergency", headers={"Accept": "text/html"}).body.decode()
    return {m[1]: m[0] for m in re.finditer(r'<tr id="s-([0-9a-f-]+)".*?</tr>', page, re.S)}


def everybody_is_on_every_board(night, people):
    for place in range(3):
        wait(lambda: len(rows(night, place)) == len(people))
    same(night.data[0], night.data[1])
    same(night.data[1], night.data[2])
    wait(lambda: rows(night, 0) == rows(night, 1) == rows(night, 2))
    assert {row["stay"] for row in rows(night, 0)} == {p.stay for p in people}
    # Whoever was announced has come, and is awaited nowhere.
    assert not any(night.get(place, "/emergency", "ioa")["announced"] for place in range(3))
    # What cannot be done here is said of each whom it concerns, and of nobody else.
    settings = (stations.ROOT / "Sources/Hospital/Emergency/emergency.yaml").read_text(encoding="utf-8")
    needs = {m[1]: set(m[2].split(", ")) for m in re.finditer(r"code: ([\w.]+),.*needs: \[(.*)\]", settings)}
    concerned = {p.stay for p in people if needs.get(p.complaint, set()) & set(IMAGING)}
    assert len(concerned) > 10
    for place in range(3):
        lines = lines_of_the_board(night, place)
        assert {stay for stay, line in lines.items() if "impossible ici" in line} == concerned


def nobody_is_lost(night, people):
    for place in range(3):
        wait(lambda: rows(night, place) == [])
    same(night.data[0], night.data[1])
    same(night.data[1], night.data[2])
    for place, person in itertools.product(range(3), people):
        visit = night.get(place, f"/emergency/{person.stay}", "med")
        last = visit["visit"]["orientations"][-1]
        assert visit["leftAt"] and last["way"] == person.goes, (place, person, visit)
        stay = night.get(place, f"/stays/{person.stay}", "med")
        person.nda = stay["number"]
        assert stay["status"] == ("admitted" if person.goes == "admit" else "discharged"), (place, person, stay)
        if person.goes == "admit":
            assert stay["location"]["unit"] != UNIT and stay["location"]["bed"]
    transfers = night.get(2, "/transfers")["transfers"]
    refused = [t for t in transfers if t["status"] == "refused"]
    arrived = {t["stay"]: t["partner"] for t in transfers if t["status"] == "arrived"}
    assert len(refused) == 2 and all(arrived[t["stay"]] != t["partner"] for t in refused)
    assert set(arrived) == {f"stay/{p.stay}" for p in people if p.goes == "transfer"}
    # One number each, on every station: nobody was given another's.
    assert len({p.nda for p in people}) == len({p.ipp for p in people}) == len(people)


def figures_say_so(night, people):
    for place in range(3):
        hours = night.get(place, f"/emergency/flow?from={NIGHT}T22:00", "directrice")["hours"]
        assert [hour["arrivals"] for hour in hours][:2] == [60, 0] and hours[-1]["present"] == 0
        ways = {way: sum(hour["orientations"][way] for hour in hours[:2]) for way in hours[0]["orientations"]}
        assert ways == {way: sum(p.goes == way for p in people) for way in ways}
        steps = {step: sum(hour["transfers"][step] for hour in hours) for step in hours[0]["transfers"]}
        gone = sum(p.goes == "transfer" for p in people)
        assert steps == {"asked": gone + 2, "accepted": gone, "refused": 2, "left": gone}


def the_ledger_tells_it(night, people, folder):
    run(night.data[1], "ledger", "export", "--out", folder / "ledger")
    verified = run(night.data[1], "ledger", "verify", folder / "ledger")
    assert verified["failures"] == [] and verified["forks"] == []
    chains = [path.stem for path in (folder / "ledger").glob("*.ledger") if not path.stem.startswith("reads-")]
    assert len(chains) == 3
    commits = [json.loads(line.split(" ", 1)[1]) for path in (folder / "ledger").glob("*.ledger")
               for line in path.read_text(encoding="utf-8").splitlines()]
    # Each form that was sent is one commit, by whoever sent it, at the hour of their station.
    said = {}
    for commit in commits:
        said.setdefault(commit["command"], []).append(commit)
    for key, login in night.sent.items():
        assert [commit["author"] for commit in said.get(key, [])] == [night.accounts[login]], (key, login)
        assert said[key][0]["time"] and all(fact["at"] for fact in said[key][0]["facts"])
    told = {}
    for fact in (fact for commit in commits for fact in commit["facts"]):
        for stay in {fact["subject"], fact["data"].get("stay")}:
            told.setdefault(stay, set()).add(fact["kind"])
    for person in people:
        kinds = told[f"stay/{person.stay}"]
        assert {"stay.admitted", "emergency.arrived", "emergency.triaged", "emergency.oriented"} <= kinds
        assert ("emergency.assessed" in kinds) == bool(person.ccmu)
        assert ("announcement.arrived" in kinds) == bool(person.announced)
        assert person.goes == "admit" or "stay.discharged" in kinds
    return commits


def the_notice_was_out(night, commits):
    def hour(kind):
        times = [commit["time"].partition("/")[0] for commit in commits for fact in commit["facts"]
                 if fact["kind"] == kind and fact["data"].get("mode") in (None, "degrade")]
        return datetime.datetime.fromisoformat(min(times))

    seconds = (hour("notice.approved") - hour("mode.declared")).total_seconds()
    print(f"notice approved by a second person {seconds:.1f} s after the declaration")
    assert 0 < seconds <= night.times["declared, and the notice out"] <= 120
    page = (night.site / "index.html").read_text(encoding="utf-8")
    assert "Scanner" in page and "Prenez vos ordonnances." in page
    assert any(name.endswith(".sig") for name in night.published["files"])


def the_summaries_are_whole(night, people):
    passages = []
    for place in range(3):
        answer = night.people[place]["garde"].ask("GET", f"/rpu/{NIGHT}", headers={"Accept": "*/*"})
        assert answer.status == 200, answer.body[:300]
        document = etree.fromstring(answer.body)
        SCHEMA.assertValid(document)
        entered = sorted(element.text for element in document.iter("ENTREE"))
        assert entered == sorted(f"{at(person):%d/%m/%Y %H:%M}" for person in people)
        for person in people:
            for secret in (person.birthName, person.givenName, person.ipp, person.nda, person.stay, person.patient):
                assert not secret or secret.encode() not in answer.body, secret
        assert b"INCONNU" not in answer.body
        passages.append([etree.tostring(element) for element in document.iter("PATIENT")])
    assert passages[0] == passages[1] == passages[2] and len(passages[0]) == len(people)


def test_the_night(night, browsers, tmp_path):
    people = arrivals()
    assert len(people) == 60 and len({(p.birthName, p.givenName) for p in people if p.birthName}) == 48
    assert sum(bool(p.announced) for p in people) == 4
    hand = by_hand(people)
    places = itertools.cycle(range(3))
    with timed(night, "arrivals"):
        for person in people:
            if person.number == LOST_AT:
                with timed(night, "declared, and the notice out"):
                    declare(night, browsers)
            person.place = next(places)
            seen = person.number in hand
            announcement = announce(night, browsers, person, seen) if person.announced else ""
            arrive(Typing(night, person.place, "ioa", browsers, seen), person, announcement)
    with timed(night, "triage"):
        for person in people:
            triage(Typing(night, person.place, "ioa", browsers, person.number in hand), person)
    everybody_is_on_every_board(night, people)
    with timed(night, "ways out"):
        for person in people:
            file = night.get(person.place, f"/patients/{person.patient}")
            person.ipp = file["ipp"][0]
            seen = person.number in hand
            # Whoever orients sits at another station than whoever took them in.
            place = (person.place + 1) % 3
            if person.ccmu:
                Typing(night, place, "med", browsers, seen).send(
                    f"/emergency/{person.stay}/assess", {"ccmu": person.ccmu, "diagnosis": "Z03.9"})
            next_page = orient(Typing(night, place, "med", browsers, seen), person)
            if person.goes == "transfer":
                refer(night, browsers, person, place, next_page, seen)
            if person.goes == "admit":
                bed(night, browsers, person, place, seen)
    with timed(night, "looking back"):
        nobody_is_lost(night, people)
        figures_say_so(night, people)
        commits = the_ledger_tells_it(night, people, tmp_path)
        the_notice_was_out(night, commits)
        the_summaries_are_whole(night, people)
    print(f"night: {len(hand)} arrivals in a browser; "
          + ", ".join(f"{what} {seconds:.0f} s" for what, seconds in night.times.items()))
    for browser in browsers:
        assert not browser.errors()
