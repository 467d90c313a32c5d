"""The emergency visit summaries of each day: made by themselves, judged by the schema, kept until acknowledged."""

import contextlib
import datetime
import json
import pathlib
import subprocess
import time
import uuid
import zoneinfo

import pytest
from lxml import etree

import admission
import station as stations

SCHEMA = etree.XMLSchema(etree.parse(str(stations.ROOT / "docs/operations/rpu.xsd")))
SECONDS = 60


def judged(text):
    document = etree.fromstring(text)
    SCHEMA.assertValid(document)
    return document


@contextlib.contextmanager
def serving(data, *more):
    process = subprocess.Popen(
        [stations.BINARY, "serve", "--data", str(data), "--port", "0", "--peers-port", "0", "--mllp-port", "0", *more],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = next(line.split()[2] for line in process.stdout if "listening on http" in line)
        account = json.loads((data / "account.json").read_text())
        station = stations.Station(url, account["name"], account["secret"])
        station.sign_in()
        yield station
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Three came to emergency the day before, one of whom has left."""
    folder = tmp_path_factory.mktemp("rpu") / "data"
    made = subprocess.run(
        [stations.BINARY, "init", "--data", folder, "--sample", "60", "--json"], capture_output=True, timeout=300)
    assert made.returncode == 0, made.stderr
    (folder / "account.json").write_text(json.dumps(json.loads(made.stdout)["account"]))
    with serving(folder) as station:
        stays = []
        for number in range(3):
            sent = admission.unknown(str(uuid.uuid4()), number) | {"at": f"hier 1{number}:15"}
            answer = station.post(admission.PATH, sent)
            assert answer.status == 200, answer.body
            stays += [subject for subject in answer.json["subjects"] if subject.startswith("stay/")]
        left = station.post(f"/{stays[0].replace('stay/', 'stays/')}/discharge", {"exitMode": "8", "at": "hier 18:40"})
        assert left.status == 200, left.body
    return folder


def days(station):
    return [day for day in station.get("/rpu").json["days"] if day["visits"]]


def test_a_day_passes_the_schema_and_names_nobody(data):
    with serving(data) as station:
        yesterday = (datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Paris")) - datetime.timedelta(days=1)).date()
        day = next(day for day in days(station) if day["day"] == yesterday.isoformat())
        answer = station.get(f"/rpu/{day['day']}")
        document = judged(answer.body)
        visits = document.findall(".//PATIENT")
        assert len(visits) == day["visits"] and len(visits) >= 3
        shown = yesterday.strftime("%d/%m/%Y")
        said = {tuple(visit.findtext(name) for name in ("ENTREE", "SORTIE", "MODE_SORTIE")) for visit in visits}
        assert said >= {
            (f"{shown} 10:15", f"{shown} 18:40", "8"), (f"{shown} 11:15", None, None), (f"{shown} 12:15", None, None)}
        assert b"INCONNU" not in answer.body


def test_the_schema_refuses_what_is_none():
    good = (
        "<PASSAGES_ETABLISSEMENT><ETABLISSEMENT><FINESS>910000000</FINESS><ORDRE>1</ORDRE>"
        "<EXTRACT>22/08/2022 03:30:00</EXTRACT><DATEDEBUT>21/08/2022</DATEDEBUT><DATEFIN>21/08/2022</DATEFIN>"
        "</ETABLISSEMENT><PASSAGES><PATIENT>{}</PATIENT></PASSAGES></PASSAGES_ETABLISSEMENT>")
    arrival = "<ENTREE>21/08/2022 03:00</ENTREE>"
    judged(good.format(arrival))
    judged(good.format(
        "<CP>91999</CP><SEXE>F</SEXE>" + arrival + "<MODE_ENTREE>8</MODE_ENTREE><LISTE_DA><DA>S52.50</DA></LISTE_DA>"
        "<LISTE_ACTES><ACTE>MZMP001</ACTE></LISTE_ACTES><SORTIE>21/08/2022 07:00</SORTIE><ORIENT>UHCD</ORIENT>"))
    for wrong in [
        "", "<NOM>MARTIN</NOM>" + arrival, "<CP>9110</CP>" + arrival, "<SEXE>U</SEXE>" + arrival,
        arrival + "<GRAVITE>6</GRAVITE>", arrival + "<TRANSPORT>TAXI</TRANSPORT>", arrival + "<ORIENT>CHU</ORIENT>",
        arrival + "<SEXE>F</SEXE>", "<ENTREE>2022-08-21T03:00</ENTREE>", arrival + "<MODE_SORTIE>0</MODE_SORTIE>",
    ]:
        with pytest.raises(etree.DocumentInvalid):
            judged(good.format(wrong))


def test_files_are_made_and_the_channel_says_it_has_them(data, tmp_path):
    channel = tmp_path / "channel"

    def files(folder):
        return sorted(pathlib.Path(folder).glob("RPU_*.xml"))

    def wait(what):
        end = time.monotonic() + SECONDS
        while not what():
            assert time.monotonic() < end
            time.sleep(0.05)

    with serving(data, "--rpu", str(channel)) as station:
        expected = days(station)
        assert expected and not any(day["acknowledged"] for day in expected)
        wait(lambda: len(files(channel)) == len(expected) == len(files(data / "rpu")))
        for file in files(channel):
            judged(file.read_bytes())
            file.with_name(file.name + ".ok").touch()
        # As a mover does: it takes the file away.
        gone = files(channel)[0]
        gone.unlink()
    # Looked at again when it starts, as it is each half hour.
    with serving(data, "--rpu", str(channel)) as station:
        wait(lambda: all(day["acknowledged"] for day in days(station)))
        assert not gone.exists() and gone.with_name(gone.name + ".ok").exists()
