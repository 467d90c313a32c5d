"""A station that takes in a backlog and gives it on, while people work at it: every page of every browser is answered,
what is admitted meanwhile is kept, and the end is one hospital."""

import http.client
import itertools
import threading
import urllib.parse
import uuid

import admission
import mllp
import station as stations
from hospital import free_ports, join, run, same, serving, wait

BACKLOG = 30_000
BROWSERS = 32
# By each second browser.
ADMITTED = 4
PAGES = "/", "/admissions/new", "/beds", "/emergency", "/admissions?q=MARTIN"


def identities(count):
    for number in range(count):
        yield mllp.framed("\r".join([
            f"MSH|^~\\&|SIH|CH|PERM|CH|20220821030000+0200||ADT^A28^ADT_A05|{number}|P|2.5^FRA^2.11||||||UNICODE UTF-8",
            "EVN||20220821030000+0200",
            f"PID|1||{number}^^^CH&1.2.250.1.999.9&ISO^PI||MARTIN^LOUISE^^^^^L||19610312|F|||||||||||||||||||||VALI",
            "PV1|1|N", ""]).encode())


class Browser:
    """Keeps the live events open, and asks for one page after another; who has an odd number also admits."""

    def __init__(self, url, token, number, over):
        self.address, self.number, self.over = urllib.parse.urlsplit(url), number, over
        self.session = {"Cookie": f"session={token}", "Accept": "text/html"}
        self.asking = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self.pages, self.unexpected, self.admitted = 0, [], []
        self.thread = threading.Thread(target=self.watched)
        self.thread.start()

    def watched(self):
        try:
            self.work()
        except Exception as unanswered:
            # A page that is not answered ends this browser, and must be seen.
            self.unexpected.append(repr(unanswered))

    def work(self):
        live, pages = self.connection(), self.connection()
        live.request("GET", "/live", headers=self.asking)
        events = live.getresponse()
        for page in itertools.cycle(PAGES):
            if self.over.is_set():
                break
            if self.number % 2 and len(self.admitted) < ADMITTED:
                self.admit()
            pages.request("GET", page, headers=self.session)
            answer = pages.getresponse()
            body = answer.read()
            if answer.status != 200 or b"</html>" not in body:
                self.unexpected.append((page, answer.status, body[:300]))
            self.pages += 1
        events.close()
        live.close()
        pages.close()

    def admit(self):
        station = stations.Station(self.address.geturl(), "", "")
        station.token = self.asking["Authorization"].removeprefix("Bearer ")
        answer = station.post(admission.PATH, admission.unknown(str(uuid.uuid4()), self.number))
        if answer.status == 200:
            self.admitted.append(answer.json["subjects"][-1].removeprefix("stay/"))
        else:
            self.unexpected.append((admission.PATH, answer.status, answer.body[:300]))

    def connection(self):
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)


def test_pages_are_answered_while_a_backlog_comes_in_and_goes_on(tmp_path):
    data = [tmp_path / name for name in ("first", "second", "third")]
    ports = [free_ports() for _ in data]
    account = run(data[0], "init", "--station", "urg-1", "--sample", 60)["account"]
    with serving() as start:
        first = start(data[0], ports[0])
        for place in (1, 2):
            join(data[0], ports[0], data[place], f"lits-{place}")
        first.kill()
        # The network is cut: the first one alone hears what the main system says.
        file = tmp_path / "backlog.hl7"
        file.write_bytes(b"".join(identities(BACKLOG)))
        assert run(data[0], "import", "hl7", file)["accepted"] == BACKLOG

        second = start(data[1], ports[1], [ports[0]])
        third = start(data[2], ports[2], [ports[1]])
        here = stations.Station(second.url, account["name"], account["secret"])
        here.sign_in()
        before, over = held(here), threading.Event()
        browsers = [Browser(second.url, here.token, number, over) for number in range(BROWSERS)]
        try:
            wait(lambda: all(browser.pages for browser in browsers))
            # It heals.
            start(data[0], ports[0])
            wait(lambda: held(here) > before, 120)
            asked = [browser.pages for browser in browsers]
            # Each browser is answered again while there is more to come.
            wait(lambda: all(browser.pages > pages for browser, pages in zip(browsers, asked)))
            assert held(here) < before + BACKLOG
            wait(lambda: held(here) >= before + BACKLOG, 300)
        finally:
            over.set()
            for browser in browsers:
                browser.thread.join()
        assert [browser.unexpected for browser in browsers] == [[]] * BROWSERS
        admitted = {stay for browser in browsers for stay in browser.admitted}
        assert len(admitted) == BROWSERS // 2 * ADMITTED
        same(data[0], data[1], 120)
        same(data[1], data[2], 120)
        there = stations.Station(third.url, account["name"], account["secret"])
        there.sign_in()
        assert {there.get(f"/stays/{stay}").status for stay in admitted} == {200}


def held(station):
    return station.get("/coverage").json["holds"]["identities"]
