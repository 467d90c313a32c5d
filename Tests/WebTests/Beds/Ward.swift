import Hospital
import Ledger
import Register
import Testing
import Web

/// Facts said as they are: tests of pages need people in beds, not how they came there.
private struct Say: Command {
  var facts: [Fact]

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
}

extension TestSite {
  /// `<uuid>` of the bed `4EST`, room 412.
  func bed(_ code: String) throws -> String {
    let structure = try #require(register.read { try $0.structure })
    return String(structure.bedID(unit: "4EST", room: "412", code: code).dropFirst("bed/".count))
  }

  func say(_ facts: Fact...) async throws { try await say(facts) }

  func say(_ facts: [Fact]) async throws {
    _ = try await register.submit(Submission(Say(facts: facts), key: clock.environment.newID(), author: "system"))
  }

  /// A hospital is asked to take them, once the main system is lost.
  func askTransfer(_ stay: String, _ needs: [CareKey]) async throws {
    try await say(
      Fact(
        kind: "mode.declared", subject: "mode/hospital", at: clock.now, data: ["mode": "degrade", "reason": "essai"]))
    try await submit(DeclarePartners([.init(finess: "910000901", name: "CH d’Évry")]))
    try await submit(AskTransfer(stay: stay, partners: [Partner.subject(finess: "910000901")], needs: needs))
  }

  /// Somebody in that bed, or without one; their stay's UUID.
  func admit(
    _ name: String, _ bed: String?, sex: String = "F", number: String? = nil, _ more: JSON = [:]
  ) async throws -> String {
    let (patient, stay) = (clock.environment.newID(), clock.environment.newID())
    var traits = JSONObject([
      ("birthName", .string(name)), ("birthGivenName", "Louise"), ("birthDate", "1961-03-12"), ("sex", .string(sex)),
    ])
    for (key, value) in more.object?.members ?? [] { traits[key] = value }
    var movement: JSONObject = JSONObject([
      ("key", .string(stay)), ("id", .string(stay)), ("trigger", "A01"), ("unit", "4EST"), ("class", "inpatient"),
      ("nature", "HMS"),
    ])
    if let bed {
      movement.append("room", "412")
      movement.append("bed", .string(bed))
    }
    let at = clock.environment.now()
    try await say(
      Fact(kind: "patient.registered", subject: "patient/\(patient)", at: at, data: .object(traits)),
      Fact(
        kind: "stay.admitted", subject: "stay/\(stay)", at: at,
        data: [
          "patient": .string("patient/\(patient)"), "number": .string(number ?? stay), "movement": .object(movement),
        ]))
    return stay
  }

  /// Somebody awaited at that hour.
  func expect(_ at: Instant) async throws {
    let (patient, stay) = (clock.environment.newID(), clock.environment.newID())
    try await say(
      Fact(
        kind: "patient.registered", subject: "patient/\(patient)", at: clock.environment.now(),
        data: ["birthName": "MARTIN", "birthGivenName": "LOUISE", "birthDate": "1961-03-12", "sex": "F"]),
      Fact(
        kind: "stay.preadmitted", subject: "stay/\(stay)", at: at,
        data: [
          "patient": .string("patient/\(patient)"), "number": .string(stay),
          "movement": [
            "key": .string(stay), "id": .string(stay), "trigger": "A05", "unit": "4EST", "class": "inpatient",
            "nature": "HMS",
          ],
        ]))
  }

  /// How many commits this station wrote.
  var commits: Int {
    get throws { try register.read { try $0.heads() }.values.flatMap { $0 }.map(\.sequence).reduce(0, +) }
  }
}
