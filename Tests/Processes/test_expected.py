"""Before the night: appointments come by the real socket and by files alike, in any order, and make Attendus; a feed that
speaks is counted on Couverture, a restart forgets nothing; what the main system owns is not edited in standby."""

import datetime
import json
import random
import subprocess

import pytest

import station as stations
from mllp import Sender, control, said

UNIT = "1120"


def local(days, hour):
    """HL7's and the page's way to write an hour, so many days from today; UTC, as the messages say."""
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)
    return day.strftime("%Y%m%d") + f"{hour:02}0000+0000", day.isoformat()


def siu(trigger, number, minute, at, unit=UNIT, more=""):
    return "\r".join([
        f"MSH|^~\\&|RDV|CH|PERM|CH|20260101{minute // 60:02}{minute % 60:02}00+0000||SIU^{trigger}|S{number}{minute}|P|2.5|||||FRA|UNICODE UTF-8",
        f"SCH||{number}^DIARY^1.2.250.1.99.7^ISO|||||COX^coxarthrose|CONSULTATION^Consultation|20|MIN",
        f"TQ1|1||||||{at}",
        f"PID|1||9{number}^^^CH&1.2.250.1.99.1&ISO^PI||ATTENDU{number}^LOUISE^^^^^L||19610312|F|||||06000000{number}",
        "RGS|1|A", f"AIL|1|A|{unit}^12", f"AIP|1|A|10^LEROY^PAUL{more}", ""]).encode()


def story():
    """Twelve appointments, some moved or cancelled since; who is left on the second day."""
    messages, left = [], []
    for number in range(10, 22):
        (first, _), (other, _) = local(1, 9), local(2, 10)
        messages.append(siu("S12", number, 1, first))
        if number % 3 == 0:
            messages.append(siu("S13", number, 2, other))
        elif number % 3 == 1:
            messages.append(siu(["S15", "S16", "S17", "S26"][number % 4], number, 2, first))
        else:
            messages.append(siu("S14", number, 2, first))
            left.append(f"ATTENDU{number}")
    return messages, left


@pytest.fixture(scope="module")
def process():
    process = stations.Process(patients=50)
    yield process
    process.stop()


def names(station, day, **query):
    parts = "".join(f"&{key}={value}" for key, value in query.items())
    lines = station.get(f"/expected?day={day}{parts}").json["lines"]
    return [line["identity"]["value"].split(" ")[0] for line in lines if (line["number"]["value"] or "").isdigit()
            and line["identity"]["value"].startswith("ATTENDU")]


def test_by_the_socket_in_any_order_as_by_files(process, tmp_path):
    messages, left = story()
    (_, tomorrow), (_, after) = local(1, 9), local(2, 10)
    random.Random(7).shuffle(messages)
    with Sender(process.mllp_port()) as sender:
        for message in messages:
            assert said(sender.ask(message))[:2] == ("AA", control(message))
            assert said(sender.ask(message))[:2] == ("AA", control(message))
    assert sorted(names(process.station, tomorrow)) == sorted(left)
    assert sorted(names(process.station, after)) == [f"ATTENDU{n}" for n in range(12, 22, 3)]
    assert names(process.station, tomorrow, unit=UNIT) == names(process.station, tomorrow)
    assert names(process.station, tomorrow, unit="NONE") == []
    line = process.station.get(f"/expected?day={tomorrow}").json["lines"]
    line = next(one for one in line if (one["identity"]["value"] or "").startswith("ATTENDU"))
    assert line["phone"]["value"].startswith("06000000") and line["practitioner"]["value"] == "LEROY PAUL"
    # The same messages as files say nothing new.
    before = process.run("digest")["digest"]
    path = tmp_path / "siu.hl7"
    path.write_bytes(b"".join(b"\x0b" + message + b"\x1c\r" for message in messages))
    report = process.run("import", "hl7", str(path))
    assert report["duplicates"] == len(messages)
    assert process.run("digest")["digest"] == before


def test_no_number_no_appointment(process):
    bad = siu("S12", 30, 1, local(1, 9)[0]).replace(b"SCH||30^DIARY^1.2.250.1.99.7^ISO", b"SCH||")
    with Sender(process.mllp_port()) as sender:
        code, number, errors = said(sender.ask(bad))
    assert (code, number) == ("AE", control(bad)) and errors[0][:2] == (b"SCH^1^2", b"101")


def feeds(station):
    return {feed["sender"]: feed for feed in station.get("/coverage").json["feeds"]}


def test_a_feed_is_counted_and_a_restart_forgets_nothing(process):
    with Sender(process.mllp_port()) as sender:
        sender.ask(siu("S12", 40, 1, local(3, 9)[0]))
    before = feeds(process.station)["RDV|CH"]
    assert before["lastDay"] >= 1 and before["isSilent"] is False and before["silentSecondsUsual"] is None
    process.kill()
    process.start()
    after = feeds(process.station)["RDV|CH"]
    assert (after["lastDay"], after["lastAt"]) == (before["lastDay"], before["lastAt"])
    holds = process.station.get("/coverage").json["holds"]
    assert holds["appointments"] >= 1 and holds["identities"] >= 50
    doctor = subprocess.run(
        [stations.BINARY, "doctor", "--data", process.data, "--json"], capture_output=True, text=True, timeout=60)
    assert all(finding["code"] != "feed-silent" for finding in json.loads(doctor.stdout)["findings"])


ADT = "\r".join([
    "MSH|^~\\&|GAM|CH|PERM|CH|20260101000000+0000||ADT^A01^ADT_A01|1|P|2.5^FRA^2.11|||||FRA|UNICODE UTF-8",
    "EVN||20260101000000+0000||||20260101000000+0000",
    "PID|1||777^^^CH&1.2.250.1.99.1&ISO^PI||PROPRE^LOUISE^^^^^L||19610312|F||||||||||888^^^CH&1.2.250.1.99.2&ISO^AN",
    f"PV1|1|I|{UNIT}^^^|R", "ZBE|1^CH^1.2.250.1.99.2^ISO|20260101000000+0000||INSERT|N||^^^^^^UF^^^" + UNIT + "||HMS", ""
]).encode()


def test_in_standby_the_main_system_keeps_its_own(process):
    with Sender(process.mllp_port()) as sender:
        assert said(sender.ask(ADT))[0] == "AA"
    stay = process.run("stay", "show", "--number", "888")["id"].removeprefix("stay/")
    leave = f"/stays/{stay}/discharge"
    answer = process.station.post(leave, {"exitMode": "8"})
    assert answer.status == 422 and "dégradé local" in answer.body.decode()
    page = process.station.ask("POST", leave, [("exitMode", "8")], headers={"Accept": "text/html"})
    assert page.status == 422 and "dégradé local" in page.body.decode()
    assert process.station.post("/mode/local", {}).status < 400
    assert process.station.post(leave, {"exitMode": "8"}).status == 200
