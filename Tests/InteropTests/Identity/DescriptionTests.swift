import Hospital
import Interop
import Ledger
import Spoken
import Testing

/// One PID field as written, and the traits that come of it, as JSON.
struct DescriptionTests {
  static let table: [(field: Int, written: String, says: String)] = [
    // Names: L is the birth name, D the used one.
    (
      5, "MARTIN^ANNE^ANNE LEA^^Mme^^L",
      #"{"birthName":"MARTIN","birthGivenName":"ANNE","birthGivenNames":"ANNE LEA","title":"Mme"}"#
    ),
    (
      5, "DUPONT^LEA^^^Mme^^D~MARTIN^ANNE^ANNE LEA^^^^L",
      #"{"birthName":"MARTIN","birthGivenName":"ANNE","birthGivenNames":"ANNE LEA","usedName":"DUPONT","usedGivenName":"LEA","title":"Mme"}"#
    ),
    (
      5, "\"\"^ANNE^^^^^D~MARTIN^ANNE^ANNE^^^^L",
      #"{"birthName":"MARTIN","birthGivenName":"ANNE","birthGivenNames":"ANNE","usedName":null,"usedGivenName":"ANNE"}"#
    ),
    (5, "DUPONT^ANNE^^^^^D", #"{"usedName":"DUPONT","usedGivenName":"ANNE"}"#),
    (5, "MARTIN^ANNE^^^^^S~DUPONT^ANNE^^^^^D", #"{"usedName":"DUPONT","usedGivenName":"ANNE"}"#),
    (5, "MARTIN^ANNE", #"{"birthName":"MARTIN","birthGivenName":"ANNE"}"#),
    (
      5, "MARTIN^ANNE^LEA^^Mrs^^CURRENT",
      #"{"birthName":"MARTIN","birthGivenName":"ANNE","birthGivenNames":"ANNE LEA","title":"Mrs"}"#
    ),
    (5, "MARTIN^^ANNE LEA^^^^L", #"{"birthName":"MARTIN","birthGivenNames":"ANNE LEA","birthGivenName":"ANNE"}"#),
    (5, "A^B^^^^^L~C^D^^^^^L", #"{"birthName":"A","birthGivenName":"B"}"#),
    (5, "DE LA FORET&DE LA&FORET^ANNE^^^^^L", #"{"birthName":"DE LA FORET","birthGivenName":"ANNE"}"#),
    // Birth date and sex.
    (7, "19610312", #"{"birthDate":"1961-03-12"}"#),
    (7, "19610312000000", #"{"birthDate":"1961-03-12"}"#),
    (7, "19610300", #"{"birthDate":"1961-03"}"#),
    (7, "19610000", #"{"birthDate":"1961"}"#),
    (7, "196103", #"{"birthDate":"1961-03"}"#),
    (7, "1961", #"{"birthDate":"1961"}"#),
    (7, "19610231", #"{"birthDate":"1961-02"}"#),
    (7, "19612012", #"{"birthDate":"1961"}"#),
    (7, "00000000", "{}"),
    (7, "inconnue", "{}"),
    (7, "\"\"", #"{"birthDate":null}"#),
    (8, "M", #"{"sex":"M"}"#),
    (8, "f", #"{"sex":"F"}"#),
    (8, "A", #"{"sex":"I"}"#),
    (8, "X", #"{"sex":"U"}"#),
    (8, "\"\"", #"{"sex":null}"#),
    // Addresses: BDL is the birth place.
    (
      11, "1 RUE BASSE^BAT 2^ROUEN^^76000^FRA^H~^^DIEPPE^76217^76200^FRA^BDL^^76217",
      #"{"birthPlace":"76217","birthPlaceName":"DIEPPE","addresses":[{"use":"H","lines":["1 RUE BASSE","BAT 2"],"postcode":"76000","city":"ROUEN","country":"FRA"},{"use":"BDL","postcode":"76200","city":"DIEPPE","commune":"76217","country":"FRA"}]}"#
    ),
    (11, "^^^2B033^^FRA^BDL", #"{"birthPlace":"2B033","addresses":[{"use":"BDL","commune":"2B033","country":"FRA"}]}"#),
    (11, "1 RUE BASSE&ESC A^^ROUEN", #"{"addresses":[{"use":"H","lines":["1 RUE BASSE","ESC A"],"city":"ROUEN"}]}"#),
    (11, "\"\"", #"{"addresses":null}"#),
    // Telephones and mail.
    (
      13, "^PRN^PH^^^^^^^^^0235000000~^PRN^CP^^^^^^^^^0600000000~^NET^Internet^a@b.fr",
      #"{"phones":["0235000000","0600000000"],"emails":["a@b.fr"]}"#
    ),
    (13, "020 5368 1665^HOME", #"{"phones":["020 5368 1665"]}"#),
    (14, "^WPN^^^^^^^^^^0100000000", #"{"phones":["0100000000"]}"#),
    (13, "\"\"", #"{"phones":null,"emails":null}"#),
    // The rest.
    (16, "M", #"{"maritalStatus":"M"}"#),
    (25, "2", #"{"birthRank":2}"#),
    (25, "N", "{}"),
    (26, "FRA^^ISO 3166 alpha-3", #"{"nationality":"FRA"}"#),
    (29, "20220820231500", #"{"deathAt":"2022-08-20T21:15:00.000Z"}"#),
    (29, "202208202315", #"{"deathAt":"2022-08-20T21:15:00.000Z"}"#),
    // A day alone, and where it ends; the clock goes back in it.
    (29, "20220820", #"{"deathAt":"2022-08-19T22:00:00.000Z","deathBefore":"2022-08-20T22:00:00.000Z"}"#),
    (29, "20221030", #"{"deathAt":"2022-10-29T22:00:00.000Z","deathBefore":"2022-10-30T23:00:00.000Z"}"#),
    (29, "2022082023", #"{"deathAt":"2022-08-20T21:00:00.000Z","deathBefore":"2022-08-20T22:00:00.000Z"}"#),
    (29, "202202", #"{"deathAt":"2022-01-31T23:00:00.000Z","deathBefore":"2022-02-28T23:00:00.000Z"}"#),
    (29, "2022", #"{"deathAt":"2021-12-31T23:00:00.000Z","deathBefore":"2022-12-31T23:00:00.000Z"}"#),
    (30, "Y", #"{"deceased":true}"#),
    (30, "N", #"{"deceased":false}"#),
    (32, "PROV", #"{"status":"PROV","attributes":[]}"#),
    (32, "VALI~HOMA~CACH", #"{"status":"VALI","attributes":["HOMA","CACH"]}"#),
    (32, "\"\"", #"{"status":null,"attributes":[]}"#),
  ]

  @Test(arguments: table.indices)
  func traits(row: Int) throws {
    let (field, written, says) = Self.table[row]
    var fields = Array(repeating: "", count: 40)
    fields[0] = "PID"
    fields[3] = "4711^^^CH&1.2.250.1.99.1&ISO^PI"
    fields[field] = written
    let data = try #require(Spoken.data("patient.described", [Spoken.header("A31"), fields.joined(separator: "|")]))
    var object = try #require(data.object)
    object["identifiers"] = nil
    #expect(JSON.object(object) == (try JSON(parsing: says)), "PID-\(field) \(written): \(JSON.object(object))")
  }

  static let pid = "PID|||4711^^^CH^PI||A^B^^^^^L"

  /// Segments beside PID.
  @Test(arguments: [
    ("PD1||||||||||||Y", #"{"protected":true}"#),
    ("PD1||||||||||||N", #"{"protected":false}"#),
    ("ZFD||||N|||CN|20301231", #"{"document":{"kind":"CN","validUntil":"2030-12-31"}}"#),
    ("ZFD||||N|INSI|20240610|PA", #"{"document":{"kind":"PA"},"ZFD-5":"INSI","ZFD-6":"20240610"}"#),
    (
      "NK1|1|NOIR^LEO^^^^^L|SPO^Conjoint||^PRN^PH^^^^^^^^^0600000001",
      #"{"relatives":[{"NK1-2":"NOIR^LEO^^^^^L","NK1-3":"SPO^Conjoint","NK1-5":"^PRN^PH^^^^^^^^^0600000001"}],"#
        + #""contacts":[{"role":"next-of-kin","name":"NOIR LEO","relationship":"Conjoint","phone":"0600000001"}]}"#
    ),
    (
      "ROL||AD|ODRP|1^LEROY^PAUL^^^^^^ADELI^D^^^ADELI~10^LEROY^PAUL^^^^^^RPPS^D^^^RPPS",
      #"{"generalPractitioner":{"name":"LEROY PAUL","ADELI":"1","RPPS":"10"},"roles":[{"ROL-2":"AD","ROL-3":"ODRP","#
        + #""ROL-4":"1^LEROY^PAUL^^^^^^ADELI^D^^^ADELI~10^LEROY^PAUL^^^^^^RPPS^D^^^RPPS"}]}"#
    ),
    (
      "ROL||DE|ODRP|1^LEROY^PAUL",
      #"{"generalPractitioner":null,"roles":[{"ROL-2":"DE","ROL-3":"ODRP","ROL-4":"1^LEROY^PAUL"}]}"#
    ),
  ])
  func besidePID(segment: String, says: String) throws {
    let data = try #require(Spoken.data("patient.described", [Spoken.header("A31"), Self.pid, segment]))
    var object = try #require(data.object)
    for key in ["identifiers", "birthName", "birthGivenName"] { object[key] = nil }
    #expect(JSON.object(object) == (try JSON(parsing: says)), "\(segment): \(JSON.object(object))")
  }

  @Test(arguments: [
    ("ZFS|1|7^CH|20220801||INSERT|SDRE^Soins à la demande du représentant de l'Etat", "patient.situation-set"),
    ("ZFS|1|7^CH|20220801|20220810|UPDATE|SDRE", "patient.situation-ended"),
    ("ZFS|1|7^CH|20220801|20221210|UPDATE|SDRE", "patient.situation-set"),
    ("ZFS|1|7^CH|20220801||CANCEL|SDRE", "patient.situation-ended"),
  ])
  func legalSituation(segment: String, kind: String) throws {
    let facts = try #require(Spoken.facts([Spoken.header("A31"), Self.pid, segment])).facts
    #expect(facts.map(\.kind) == ["patient.described", kind])
    #expect(facts[1].data["kind"]?.string == "psychiatric")
    #expect(facts[1].data["id"]?.string == "7^CH")
    if kind == "patient.situation-set" {
      #expect(facts[1].data["code"]?.string == "SDRE")
      #expect(facts[1].data["since"]?.string == "2022-07-31T22:00:00.000Z")
    }
  }

  /// A measure that is over, told late or taken back, ends no other.
  @Test(arguments: [
    (["M2|20220301||INSERT|SDRE", "M1|20220101|20220201|UPDATE|SDT"], ["M2"]),
    (["M2|20220301||INSERT|SDRE", "M1|20220101||CANCEL|SDT"], ["M2"]),
    (["M2|20220301||INSERT|SDRE", "M2|20220301|20220810|UPDATE|SDRE"], []),
    (["M2|20220301||INSERT|SDRE", "M2|20220301||CANCEL|SDRE"], []),
    (["M2|20220301||INSERT|SDRE", "|20220301|20220810|UPDATE|SDRE"], []),
    (["|20220301||INSERT|SDRE", "M2|20220301|20220810|UPDATE|SDRE"], []),
  ])
  func oneMeasureEnds(told: [String], holding: [String]) {
    let messages = told.enumerated().map { place, measure in
      [Spoken.header("A31", control: "\(place + 1)"), Self.pid, "ZFS|1|\(measure)"]
    }
    for order in [messages, messages.reversed()] {
      #expect(Known(order).patients.values.flatMap(\.situations).map { $0.id ?? "-" } == holding)
    }
  }

  /// Both doctors of a change, in whichever order.
  @Test(arguments: [["DE|ODRP|1^LEROY^PAUL", "AD|ODRP|2^MOREL^EVE"], ["AD|ODRP|2^MOREL^EVE", "DE|ODRP|1^LEROY^PAUL"]])
  func anotherFamilyDoctor(roles: [String]) throws {
    let segments = [Spoken.header("A31"), Self.pid] + roles.map { "ROL||\($0)" }
    let data = try #require(Spoken.data("patient.described", segments))
    #expect(data["generalPractitioner"] == ["name": "MOREL EVE", "id": "2"])
  }
}
