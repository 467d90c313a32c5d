import Hospital
import Ledger
import Testing

/// What is compared beyond traits and beds: what each side says, when two words are one, what a decision makes of it.
struct ReturnFieldTests {
  /// Field, here, there, whether that is a difference.
  @Test(arguments: [
    (ReturnField.ins, "160067511600173", "1600675116001", false),
    (.ins, "1 60 06 75 116 001 73", "160067511600173", false),
    (.ins, "160067511600173", "260067511600174", true), (.ins, "160067511600173", "2600675116001", true),
    (.phones, "06 12 34 56 78", "+33 6 12 34 56 78", false), (.phones, "0033612345678", "+33 (0)6 12 34 56 78", false),
    (.phones, "33612345678", "06.12.34.56.78", false), (.phones, "0612345678|0145001122", "01 45 00 11 22", false),
    (.phones, "0612345678", "0612345679", true), (.phones, "0612345678|0145001122", "0612345678|0145001123", true),
    (.phones, "+32 2 345 67 89", "0032 23456789", false), (.phones, "+32612345678", "0612345678", true),
    (.addresses, "12 AV. DES LILAS|75012|PARIS", "12, avenue des Lilas|75012|Paris 12 Cedex", false),
    (.addresses, "12 RUE DES LILAS|75012|PARIS", "|75012|", false),
    (.addresses, "12 RUE DES LILAS|75012|PARIS", "12, rue des Lilas 75012 Paris||", false),
    (.addresses, "12 RUE DES LILAS|75012|PARIS", "12, rue des Lilas 75013 Paris||", true),
    (.addresses, "1 rue de l’Église|35000|ST-MALO", "1 RUE DE L'EGLISE|35000|Saint Malo", false),
    (.addresses, "12 RUE DES LILAS|75012|PARIS", "14 RUE DES LILAS|75012|PARIS", true),
    (.addresses, "12 RUE DES LILAS|75012|PARIS", "12 RUE DES LILAS|75013|PARIS", true),
    (.addresses, "12 RUE DES LILAS|75012|PARIS", "12 RUE DES LILAS||LYON", true),
    (.protected, "yes", "yes", false), (.protected, "yes", "no", true),
    (.death, "no", "yes", true), (.death, "no", "2022-08-21T01:00:00.000Z", true),
    (.death, "yes", "2022-08-21T01:00:00.000Z", false),
    (.death, "2022-08-21T01:00:00.000Z", "2022-08-21T01:00:59.999Z", false),
    (.death, "2022-08-21T01:00:00.000Z", "2022-08-21T01:01:00.000Z", true),
    (.death, "2022-08-21T01:00:00.000Z", "2022-08-20T22:00:00.000Z/2022-08-21T22:00:00.000Z", false),
    (.stayClass, "inpatient", "daycase", false), (.stayClass, "inpatient", "emergency", true),
    (.admittedAt, "2022-08-21T01:00:12.000Z", "2022-08-21T01:00:00.000Z", false),
    (.admittedAt, "2022-08-21T01:00:59.000Z", "2022-08-21T01:01:00.000Z", true),
    (.dischargedAt, "2022-08-21T22:00:00.000Z", "2022-08-20T22:00:00.000Z/2022-08-21T22:00:00.000Z", true),
    (.dischargedAt, "2022-08-21T21:59:00.000Z", "2022-08-20T22:00:00.000Z/2022-08-21T22:00:00.000Z", false),
    (.attending, "DUPONT JEAN", "Dr Jean Dupont", false), (.attending, "DUPONT", "DUPONT JEAN", false),
    (.attending, "DUPONT J", "DUPONT JEAN", false), (.attending, "DUPONT JEAN", "DUPONT PAUL", true),
    (.attending, "DUPONT JEAN 10003456789", "MARTIN 10003456789", false),
    (.attending, "DUPONT JEAN 10003456789", "DUPONT JEAN 10003456788", true),
    (.attending, "DUPONT JEAN 10003456789", "MARTIN PAUL", true), (.attending, "M0123", "DUPONT JEAN", false),
    (.attending, "M0123", "M0124", true),
  ])
  func sameness(_ field: ReturnField, _ one: String, _ other: String, _ isDifference: Bool) {
    #expect(field.isSame(one, other) != isDifference)
    #expect(field.isSame(other, one) != isDifference)
    #expect(field.isSame(one, one) && field.isSame(other, other))
  }

  private func world(_ said: JSON = [:]) throws -> (MemoryWorld, Patient) {
    let world = MemoryWorld()
    var data: JSON = [
      "birthName": "ZWEIFEL", "birthGivenName": "LOUISE", "birthDate": "1961-03-12", "sex": "F", "birthPlace": "99999",
    ]
    data = .object(JSONObject((data.object?.members ?? []) + (said.object?.members ?? [])))
    world.hear(Fact(kind: "patient.registered", subject: "patient/1", at: .night, data: data))
    return (world, try #require(world.patient("patient/1")))
  }

  /// What nobody said is not there; that nobody said a protection or a death is no protection and no death.
  @Test func whatAFileSays() throws {
    let silent = ReturnField.values(try world().1)
    for field in [ReturnField.ins, .addresses, .phones] { #expect(silent[field] == nil) }
    #expect(silent[.protected] == "no" && silent[.death] == "no")
    let said: JSON = [
      "addresses": [
        ["use": "BDL", "lines": ["X"], "city": "LYON"], ["use": "C", "lines": ["Y"]],
        ["use": "H", "lines": ["12 RUE|DES LILAS", "BAT A"], "postcode": "75012", "city": "PARIS"],
      ],
      "phones": ["0612345678", "0145001122"], "protected": true, "deceased": true, "status": "QUAL",
      "ins": ["matricule": "261037511600186", "oid": "1.2.250.1.213.1.4.8"],
    ]
    let whole = try world(said).1
    let values = ReturnField.values(whole)
    #expect(values[.addresses] == "12 RUE DES LILAS BAT A|75012|PARIS" && values[.phones] == "0612345678|0145001122")
    #expect(values[.protected] == "yes" && values[.death] == "yes")
    #expect(values[.ins] == "261037511600186")
    var unqualified = whole
    unqualified.statusSaid = .provisional
    #expect(ReturnField.values(unqualified)[.ins] == nil)
  }

  private func stay(_ world: MemoryWorld) throws -> Stay { try #require(world.stay("stay/1")) }

  private func hear(
    _ world: MemoryWorld, _ kind: String, _ trigger: String, hour: Int, _ said: [(key: String, value: JSON)] = [],
    beside: [(key: String, value: JSON)] = []
  ) {
    let movement = JSONObject(
      [("key", .string(trigger)), ("id", .string(trigger)), ("trigger", .string(trigger))] + said)
    world.hear(
      Fact(
        kind: "stay.\(kind)", subject: "stay/1", at: .night.adding(seconds: hour * 3600),
        data: .object(JSONObject([("patient", "patient/1"), ("movement", .object(movement))] + beside))))
  }

  /// An hour is what a movement says, or the feed of the visit; a physician's number is of whoever bears that name.
  @Test func whatAStaySays() throws {
    let (world, _) = try world()
    hear(
      world, "transferred", "A02", hour: -5, [("unit", "4EST"), ("attending", "DUPONT JEAN")],
      beside: [("attending", ["name": "DUPONT JEAN", "RPPS": "10003456789"])])
    func values() throws -> [ReturnField: String] { ReturnField.values(try stay(world), at: .night) }
    // A transfer's hour is no admission's.
    #expect(try values()[.admittedAt] == nil)
    #expect(try values()[.attending] == "DUPONT JEAN 10003456789")
    hear(world, "admitted", "A01", hour: -9, [("unit", "4EST"), ("class", "inpatient")])
    #expect(try values()[.admittedAt] == Instant.night.adding(seconds: -9 * 3600).text)
    #expect(try values()[.stayClass] == "inpatient" && values()[.dischargedAt] == nil)
    hear(world, "attending-changed", "A54", hour: -3, [("attending", "MARTIN")])
    #expect(try values()[.attending] == "MARTIN")
    hear(world, "discharged", "A03", hour: 2)
    #expect(try values()[.dischargedAt] == nil && values()[.stayStatus] == "admitted")
    let later = Instant.night.adding(seconds: 3 * 3600)
    #expect(
      ReturnField.values(try stay(world), at: later)[.dischargedAt] == Instant.night.adding(seconds: 2 * 3600).text)
  }

  /// A difference and its kind; silence there is none.
  @Test(arguments: [
    (ReturnField.ins, "160067511600173", "260067511600174", "trait"), (.addresses, "A|1|B", "C|1|B", "trait"),
    (.phones, "0612345678", "0612345679", "trait"), (.protected, "yes", "no", "status"),
    (.death, "no", "yes", "status"), (.stayClass, "inpatient", "outpatient", "movement"),
    (.admittedAt, "2022-08-21T01:00:00.000Z", "2022-08-21T02:00:00.000Z", "movement"),
    (.dischargedAt, "2022-08-21T01:00:00.000Z", "2022-08-21T02:00:00.000Z", "movement"),
    (.attending, "DUPONT", "MARTIN", "movement"),
  ])
  func kinds(_ field: ReturnField, _ here: String, _ there: String, _ kind: String) {
    func state(_ text: String?) -> ReturnState {
      let heard = Heard(
        fact: Fact(kind: "patient.described", subject: "patient/1", at: .night, data: [:]),
        time: HybridTime(instant: .night, counter: 1), station: "urg-1-3fa9c2d1", author: "system", command: "",
        source: nil)
      let place = FactPlace(station: "urg-1-3fa9c2d1", sequence: 1, hash: LineHash(of: [1]), place: 0)
      var state = ReturnState()
      var values: [ReturnField: String] = [.sex: "F", .stayStatus: "admitted"]
      values[field] = text
      state.note(values, after: Said(heard: heard, place: place))
      return state
    }
    func found(_ here: String?, _ there: String?) -> [String] {
      let isIdentity = ReturnField.identity.contains(field)
      let compare = isIdentity ? Difference.identity : Difference.stay
      return compare("x/1", "7100", ReturnState(), state(here), state(there), nil).map {
        "\($0.kind.rawValue) \($0.field?.rawValue ?? "")"
      }
    }
    #expect(found(here, there) == ["\(kind) \(field.rawValue)"])
    #expect(found(here, here) == [] && found(here, nil) == [] && found(nil, there) == [])
  }

  private func decide(
    _ world: MemoryWorld, _ field: ReturnField, _ here: String, _ there: String, _ way: ReturnDecision.Way,
    subject: String = "patient/1", by author: String = "account/duty"
  ) throws -> [String] {
    let heard = Heard(
      fact: Fact(kind: "patient.described", subject: subject, at: .night, data: [:]),
      time: HybridTime(instant: .night, counter: 1), station: "urg-1-3fa9c2d1", author: "system", command: "",
      source: nil)
    let said = Said(
      heard: heard, place: FactPlace(station: "urg-1-3fa9c2d1", sequence: 1, hash: LineHash(of: [1]), place: 0))
    let difference = Difference(
      subject.hasPrefix("stay/") ? .movement : .status, subject: subject, field: field,
      here: ReturnState.Value(text: here, said: said), there: ReturnState.Value(text: there, said: said))
    return try world.run(DecideDifference(difference, way), by: author).facts.map(\.kind)
  }

  /// A protection is lifted by whoever may, and stays where ours is kept, whatever the feed says every day.
  @Test func nonDivulgation() throws {
    let (world, _) = try world(["protected": true])
    func patient() throws -> Patient { try #require(world.patient("patient/1")) }
    #expect(throws: Refusal("not-permitted")) {
      try decide(world, .protected, "yes", "no", .correct, by: "account/records")
    }
    // As a feed had said it before: its routine word would lift it.
    world.patients["patient/1"]?.protectedHere = false
    #expect(try decide(world, .protected, "yes", "no", .keep) == ["patient.protected", "return.decided"])
    #expect(try patient().protected && patient().protectedHere)
    #expect(try decide(world, .protected, "yes", "no", .keep) == ["return.decided"])
    #expect(try decide(world, .protected, "yes", "no", .correct) == ["patient.protected", "return.decided"])
    #expect(try !patient().protected)
    #expect(try decide(world, .protected, "no", "yes", .keep) == ["return.decided"])
    #expect(try decide(world, .protected, "no", "yes", .correct) == ["patient.protected", "return.decided"])
    #expect(try patient().protected)
  }

  /// Also where a file says so that became one with it.
  @Test func aProtectionOfAnAbsorbedFile() throws {
    let (world, _) = try world(["protected": true])
    world.hear(
      Fact(
        kind: "patient.registered", subject: "patient/2", at: .night,
        data: ["birthName": "ZWEIFEL", "birthGivenName": "LOUISE", "protected": true]))
    world.hear(Fact(kind: "patient.merged", subject: "patient/2", at: .night, data: ["into": "patient/1"]))
    let kinds = try decide(world, .protected, "yes", "no", .correct)
    #expect(kinds == ["patient.protected", "patient.protected", "return.decided"])
    #expect(["patient/1", "patient/2"].allSatisfy { world.patient($0)?.protected == false })
  }

  /// A death needs its form; one that did not happen is withdrawn.
  @Test func deaths() throws {
    let (world, _) = try world(["deceased": true])
    #expect(try decide(world, .death, "yes", "2022-08-21T01:00:00.000Z", .correct) == ["return.decided"])
    #expect(try decide(world, .death, "yes", "no", .keep) == ["return.decided"])
    #expect(try #require(world.patient("patient/1")).isDead)
    #expect(try decide(world, .death, "yes", "no", .correct) == ["patient.death-withdrawn", "return.decided"])
    #expect(try !#require(world.patient("patient/1")).isDead)
  }

  /// Also one that a file says which became one with it, and one of which a feed said the hour alone (PID-29).
  @Test(arguments: [["deceased": true], ["deathAt": "2022-08-21T01:00:00.000Z"]] as [JSON], [false, true])
  func aDeathOfAnotherFile(_ said: JSON, isAbsorbed: Bool) throws {
    let (world, _) = try world(isAbsorbed ? [:] : said)
    let other = JSONObject([("birthName", "ZWEIFEL")] + (isAbsorbed ? said.object?.members ?? [] : []))
    world.hear(Fact(kind: "patient.registered", subject: "patient/2", at: .night, data: .object(other)))
    world.hear(Fact(kind: "patient.merged", subject: "patient/2", at: .night, data: ["into": "patient/1"]))
    #expect(try decide(world, .death, "yes", "no", .correct) == ["patient.death-withdrawn", "return.decided"])
    #expect(["patient/1", "patient/2"].allSatisfy { world.patient($0)?.isDead == false })
    #expect(try decide(world, .death, "yes", "no", .correct) == ["return.decided"])
  }

  @Test func whereTheyAreReached() throws {
    let (world, _) = try world([
      "addresses": [["use": "H", "lines": ["1 RUE A"], "postcode": "75012", "city": "PARIS", "country": "FRA"]],
      "phones": ["0612345678"], "status": "VALI",
    ])
    func patient() throws -> Patient { try #require(world.patient("patient/1")) }
    let there = "2 RUE B||LYON"
    #expect(
      try decide(world, .addresses, "1 RUE A|75012|PARIS", there, .correct) == ["patient.corrected", "return.decided"])
    let home = try #require(try patient().addresses.first)
    #expect(home == Address(use: "H", lines: ["2 RUE B"], postcode: "75012", city: "LYON", country: "FRA"))
    // A line alone says all of it.
    _ = try decide(world, .addresses, "2 RUE B|75012|LYON", "5 RUE C 29000 QUIMPER||", .correct)
    let whole = Address(use: "H", lines: ["5 RUE C 29000 QUIMPER"], country: "FRA")
    #expect(try patient().addresses.first == whole)
    #expect(try decide(world, .phones, "0612345678", "0145001122|0612345679", .correct).count == 2)
    #expect(try patient().phones == ["0145001122", "0612345679"] && patient().identityStatus == .validated)
    #expect(try decide(world, .ins, "1", "2", .correct) == ["return.decided"])
  }

  /// The hour of a movement, however long ago, in the same commit.
  @Test func movements() throws {
    let (world, _) = try world()
    hear(world, "admitted", "A01", hour: -200, [("unit", "4EST"), ("class", "inpatient")])
    hear(world, "transferred", "A02", hour: -100, [("unit", "4EST"), ("attending", "DUPONT")])
    func values() throws -> [ReturnField: String] { ReturnField.values(try stay(world), at: .night) }
    let (hour, told) = (try #require(try values()[.admittedAt]), Instant.night.adding(seconds: -201 * 3600).text)
    func decide(_ field: ReturnField, _ here: String, _ there: String, _ way: ReturnDecision.Way) throws -> [String] {
      try self.decide(world, field, here, there, way, subject: "stay/1")
    }
    #expect(try decide(.admittedAt, hour, told, .keep) == ["return.decided"])
    #expect(try decide(.admittedAt, hour, told, .correct) == ["stay.movement-corrected", "return.decided"])
    #expect(try values()[.admittedAt] == told)
    // Ours is said again where the feed has said its own.
    #expect(try decide(.admittedAt, hour, told, .keep) == ["stay.movement-corrected", "return.decided"])
    #expect(try values()[.admittedAt] == hour)
    let day = "2022-08-10T22:00:00.000Z/2022-08-11T22:00:00.000Z"
    #expect(try decide(.admittedAt, hour, day, .correct) == ["return.decided"])
    #expect(throws: Refusal("movement-out-of-order", field: "at")) {
      try decide(.admittedAt, hour, Instant.night.text, .correct)
    }
    #expect(throws: Refusal("at-future", field: "at")) {
      try decide(.admittedAt, hour, Instant.night.adding(seconds: 7200).text, .correct)
    }
    // A physician is put right where the movement's hour is seen.
    #expect(try decide(.attending, "DUPONT", "MARTIN 10003456789", .correct) == ["return.decided"])
    #expect(try decide(.stayClass, "inpatient", "outpatient", .correct) == ["return.decided"])
    #expect(try decide(.dischargedAt, hour, told, .correct) == ["return.decided"])
  }
}
