"""What FR Core 2.1 fixes in each profile that a resource may claim here, and two invariants of R4 that `fhir.resources`
does not know: written from the definitions (Interop-Sante/hl7.fhir.fr.core), not from what the station sends."""

import re

ROOT = "https://hl7.fr/ig/fhir/core"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0203"
V2_FR = f"{ROOT}/CodeSystem/fr-core-cs-v2-0203"
FINESS, STRUCTURES = "https://finess.esante.gouv.fr", "urn:oid:1.2.250.1.71.4.2.2"
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
# Slice of Patient.identifier: system where it is fixed, use.
NUMBERS = {
    (V2, "NH"): ("urn:oid:1.2.250.1.213.1.4.8", ("official",)), (V2, "PI"): (None, ("usual", "old")),
    (V2_FR, "INS-C"): ("urn:oid:1.2.250.1.213.1.4.2", ("secondary",)),
    (V2_FR, "NDP"): ("urn:oid:1.2.250.1.176.1.2", ("secondary",)), (V2, "RRI"): (None, ("secondary", "old")),
    (V2_FR, "INS-NIR"): ("urn:oid:1.2.250.1.213.1.4.8", ("official",)),
    (V2_FR, "INS-NIA"): ("urn:oid:1.2.250.1.213.1.4.9", ("temp",)),
    (V2_FR, "INS-NIR-TEST"): ("urn:oid:1.2.250.1.213.1.4.10", ("official",)),
    (V2_FR, "INS-NIR-DEMO"): ("urn:oid:1.2.250.1.213.1.4.11", ("official",)),
}
STATUSES = ("VIDE PROV VALI DOUB DESA DPOT DOUA COLP COLV FILI CACH ANOM IDVER RECD IDRA USUR HOMD HOMA INVA FICT "
            "DOUT").split()
# Of FR Core's own list of types, those in no slice that a patient's number may have.
OTHERS = ("NDP", "NNFRA", "INTRN", "EXTRN")
DOCUMENTS = "AN CC CE CM CN CS LE PA PC TC DC AC IE".split()
PREADMISSION = "1.2.250.1.71.4.2.2+.n°FINESS"


def kind(concept):
    """System and code of a concept."""
    coding = (concept or {}).get("coding", [{}])[0]
    return coding.get("system"), coding.get("code")


def profile(name):
    return f"{ROOT}/StructureDefinition/{name}"


def extensions(element, url):
    url = profile(url) if url.startswith("fr-core") else url
    return [one for one in element.get("extension", []) if one["url"] == url]


def numbers(resource, *needed):
    """Its identifiers, each with what it must have; an OID is one (R4's data type `oid`)."""
    for number in resource.get("identifier", []):
        assert all(number.get(key) for key in needed), number
        system = number.get("system", "")
        assert not system.startswith("urn:oid:") or re.fullmatch(r"urn:oid:[0-2](\.(0|[1-9]\d*))+", system), number
    return resource.get("identifier", [])


def patient(resource):
    for number in numbers(resource):
        of = system, code = kind(number.get("type"))
        if (fixed := NUMBERS.get(of)) and number.get("use") in fixed[1]:
            assert number.get("system") and number.get("value") and fixed[0] in (None, number["system"]), number
        else:
            assert system != V2_FR or code in OTHERS, number
        assert system != V2 or (V2_FR, code) not in NUMBERS and code not in OTHERS, number
    for name in resource.get("name", []):
        assert name.get("use") != "official" or name.get("family") and name.get("given"), name
    for said in extensions(resource, "fr-core-identity-reliability"):
        for url, codes, system in (("identityStatus", STATUSES, "fr-core-cs-v2-0445"),
                                   ("validationMode", DOCUMENTS, "fr-core-cs-mode-validation-identity")):
            coded = [one["valueCoding"] for one in extensions(said, url)]
            assert len(coded) <= 1, said
            assert all(one["code"] in codes and one["system"] == f"{ROOT}/CodeSystem/{system}" for one in coded), said
    assert len(extensions(resource, BIRTH_PLACE)) <= 1, resource


def patient_ins(resource):
    patient(resource)
    said = extensions(resource, "fr-core-identity-reliability")
    (place,) = extensions(resource, BIRTH_PLACE)
    (insee,) = extensions(place["valueAddress"], "fr-core-address-insee-code")
    assert insee["valueCoding"]["code"] and said, resource
    assert resource["gender"] in ("male", "female", "unknown") and resource["birthDate"], resource
    (name,) = [name for name in resource["name"] if name.get("use") == "official"]
    assert len(name["given"]) == len(extensions(name, "fr-core-patient-birth-list-given-name")) == 1, name
    assert resource["identifier"]
    if any(one["valueCoding"]["code"] == "VALI" for each in said for one in extensions(each, "identityStatus")):
        # fr-core-1, fr-core-2
        ins = [number for number in resource["identifier"] if (kind(number.get("type"))[1] or "").startswith("INS-NI")]
        official = [number for number in resource["identifier"] if number.get("use") == "official"]
        assert ins and (len(official) == 1 or any(number["use"] == "temp" for number in ins)), resource


def organization(resource):
    for number in numbers(resource, "system", "value"):
        of = kind(number.get("type"))
        if number["system"] == FINESS or of[1] in ("FINEJ", "FINEG"):
            assert number["system"] == FINESS and of in ((V2_FR, "FINEJ"), (V2_FR, "FINEG")), number
            assert len(number["value"]) == 9, number
        if number["system"] == STRUCTURES or of[1] == "IDNST":
            assert number["system"] == STRUCTURES and of == (V2_FR, "IDNST") and number["use"] == "official", number
            assert re.fullmatch("1.{9}", number["value"]), number
    assert len([one for one in resource.get("identifier", []) if one["system"] == STRUCTURES]) <= 1, resource


def organization_uf(resource):
    organization(resource)
    fixed = {"coding": [{"system": f"{ROOT}/CodeSystem/fr-core-cs-v2-3307", "code": "UF"}]}
    assert all(one == fixed for one in resource.get("type", [])), resource


def location(resource):
    for number in numbers(resource, "type", "system", "value"):
        system, code = kind(number["type"])
        assert system == f"{ROOT}/CodeSystem/fr-core-cs-location-identifier-type", number
        assert code in ("INTRN", "EXTRN", "GLBL", "IDNST"), number
    assert len(resource.get("type", [])) <= 1, resource


def encounter(resource):
    assert numbers(resource, "type", "system", "value") and resource["period"], resource
    assert resource["class"]["system"] and resource["class"]["code"], resource
    assert len(resource.get("type", [])) <= 1 and len(resource.get("account", [])) <= 1, resource
    before = resource.get("hospitalization", {}).get("preAdmissionIdentifier")
    assert before is None or before["system"] == PREADMISSION and before["type"] and before["value"], resource


PROFILES = {
    "Patient": {"fr-core-patient": patient, "fr-core-patient-ins": patient_ins},
    "Organization": {"fr-core-organization": organization, "fr-core-organization-uf": organization_uf},
    "Location": {"fr-core-location": location}, "Encounter": {"fr-core-encounter": encounter},
}


def check(resource):
    """Nothing where `resource` is all that it claims to be."""
    known = {profile(name): holds for name, holds in PROFILES.get(resource["resourceType"], {}).items()}
    for claimed in resource.get("meta", {}).get("profile", []):
        known[claimed](resource)
    if resource["resourceType"] == "Appointment":
        # app-1, app-2, app-3; an element of which an extension says that nobody knows is there.
        assert all(one.get("type") or one.get("actor") for one in resource["participant"]), resource
        start, end = (key in resource or f"_{key}" in resource for key in ("start", "end"))
        assert start == end and (start or resource["status"] in ("proposed", "cancelled", "waitlist")), resource
