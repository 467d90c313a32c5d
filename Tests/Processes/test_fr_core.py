"""That `fr_core` tells a resource that is what it claims from one that is not."""

import copy

import pytest

import fr_core
from fr_core import FINESS, ROOT, STRUCTURES, V2, V2_FR, profile

INSEE = {"url": profile("fr-core-address-insee-code"), "valueCoding": {"code": "99352"}}
STATUS = {"url": "identityStatus", "valueCoding": {"system": f"{ROOT}/CodeSystem/fr-core-cs-v2-0445", "code": "VALI"}}
MODE = {"url": "validationMode",
        "valueCoding": {"system": f"{ROOT}/CodeSystem/fr-core-cs-mode-validation-identity", "code": "CN"}}
NIR = {"use": "official", "type": {"coding": [{"system": V2_FR, "code": "INS-NIR"}]},
       "system": "urn:oid:1.2.250.1.213.1.4.8", "value": "261032906400175"}
NDP = {"use": "secondary", "type": {"coding": [{"system": V2_FR, "code": "NDP"}]},
       "system": "urn:oid:1.2.250.1.176.1.2", "value": "7"}
UF = {"coding": [{"system": f"{ROOT}/CodeSystem/fr-core-cs-v2-3307", "code": "UF"}]}


def structure(system, code, value):
    return {"use": "official", "type": {"coding": [{"system": V2_FR, "code": code}]}, "system": system, "value": value}


GOOD = {
    "ins": {
        "resourceType": "Patient", "meta": {"profile": [profile("fr-core-patient-ins")]}, "gender": "female",
        "birthDate": "1961-03-12", "identifier": [NIR, NDP], "extension": [
            {"url": profile("fr-core-identity-reliability"), "extension": [STATUS, MODE]},
            {"url": fr_core.BIRTH_PLACE, "valueAddress": {"extension": [INSEE]}}],
        "name": [{"use": "official", "family": "MARTIN", "given": ["ANNE"], "extension": [
            {"url": profile("fr-core-patient-birth-list-given-name"), "valueString": "ANNE LEA"}]}]},
    "hospital": {
        "resourceType": "Organization", "meta": {"profile": [profile("fr-core-organization")]},
        "identifier": [structure(FINESS, "FINEJ", "990000018"), structure(STRUCTURES, "IDNST", "1990000018")]},
    "uf": {
        "resourceType": "Organization", "meta": {"profile": [profile("fr-core-organization-uf")]}, "type": [UF],
        "identifier": [structure(f"{STRUCTURES}.1010000024", "INTRN", "4EST")]},
    "bed": {
        "resourceType": "Location", "meta": {"profile": [profile("fr-core-location")]}, "identifier": [
            {"type": {"coding": [{"system": f"{ROOT}/CodeSystem/fr-core-cs-location-identifier-type",
                                  "code": "INTRN"}]}, "system": f"{STRUCTURES}.1010000024", "value": "A"}]},
    "stay": {
        "resourceType": "Encounter", "meta": {"profile": [profile("fr-core-encounter")]}, "period": {"start": "2022"},
        "class": {"system": "s", "code": "IMP"},
        "identifier": [{"type": {"text": "NDA"}, "system": "s", "value": "7"}]},
    "visit": {
        "resourceType": "Appointment", "status": "booked", "start": "2022", "end": "2022",
        "participant": [{"actor": {"display": "4EST"}, "status": "accepted"}]},
}

# Where something else stands; None where nothing does.
BAD = [
    ("ins", ["gender"], "other"), ("ins", ["birthDate"], None), ("ins", ["identifier"], []),
    ("ins", ["identifier", 0, "system"], "urn:oid:1.2.250.1.213.1.4.9"), ("ins", ["identifier", 0, "use"], "usual"),
    ("ins", ["identifier", 0, "type", "coding", 0, "code"], "INS-NIR-TEST"),
    ("ins", ["identifier", 0, "type", "coding", 0, "code"], "INS"),
    ("ins", ["identifier", 0, "type", "coding", 0, "system"], V2),
    ("ins", ["identifier", 1, "type", "coding", 0, "system"], V2),
    ("ins", ["identifier", 1, "type", "coding", 0, "code"], "INS-NIA"),
    ("ins", ["identifier", 1, "system"], "urn:oid:1.2.3"), ("ins", ["extension", 0], None),
    ("ins", ["extension", 0, "extension", 0, "valueCoding", "code"], "QUAL"),
    ("ins", ["extension", 0, "extension", 1, "valueCoding", "code"], "CV"), ("ins", ["extension", 1], None),
    ("ins", ["extension", 1, "valueAddress"], {"country": "99352"}), ("ins", ["name", 0, "extension"], None),
    ("ins", ["name", 0, "given"], ["ANNE", "LEA"]), ("ins", ["name", 0, "use"], "usual"),
    ("ins", ["meta", "profile"], [profile("fr-core-organization")]),
    ("hospital", ["identifier", 0, "system"], STRUCTURES), ("hospital", ["identifier", 1, "value"], "990000018"),
    ("hospital", ["identifier", 1, "type", "coding", 0, "code"], "FINEJ"),
    ("hospital", ["identifier", 0, "value"], None), ("hospital", ["identifier", 1, "use"], "usual"),
    ("uf", ["type", 0, "coding", 0, "code"], "SERVICE"), ("uf", ["type", 0, "text"], "UF"),
    ("uf", ["identifier", 0, "system"], f"{STRUCTURES}.010000024"),
    ("uf", ["identifier", 0, "system"], f"{STRUCTURES}.12A0000014"),
    ("bed", ["identifier", 0, "type", "coding", 0, "system"], V2_FR), ("bed", ["identifier", 0, "type"], None),
    ("bed", ["type"], [{"text": "a"}, {"text": "b"}]), ("stay", ["period"], None), ("stay", ["identifier"], []),
    ("stay", ["class", "system"], ""), ("stay", ["identifier", 0, "type"], None),
    ("stay", ["hospitalization"], {"preAdmissionIdentifier": {"type": {}, "system": "s", "value": "7"}}),
    ("visit", ["start"], None), ("visit", ["participant", 0, "actor"], None),
]


def changed(name, path, value):
    resource = copy.deepcopy(GOOD[name])
    place = resource
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return resource


@pytest.mark.parametrize("name", GOOD)
def test_what_it_claims_to_be(name):
    fr_core.check(GOOD[name])


@pytest.mark.parametrize("name, path, value", BAD)
def test_what_it_does_not(name, path, value):
    with pytest.raises((AssertionError, KeyError, ValueError)):
        fr_core.check(changed(name, path, value))


@pytest.mark.parametrize("status, start, is_valid", [
    ("proposed", None, True), ("cancelled", None, True), ("booked", None, False), ("noshow", None, False),
    ("noshow", "_start", True)])
def test_an_appointment_at_no_hour(status, start, is_valid):
    visit = {**GOOD["visit"], "status": status}
    del visit["start"], visit["end"]
    if start:
        visit |= {"_start": {"extension": []}, "_end": {"extension": []}}
    if is_valid:
        return fr_core.check(visit)
    with pytest.raises(AssertionError):
        fr_core.check(visit)
