import Hospital
import Interop
import Ledger
import Spoken

/// What people say in one night, commit by commit, and the messages that it comes to.
struct SaidMeanwhile {
  static let structure = Structure(
    name: "Hôpital d'essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
    sites: [
      Site(
        finess: "910000001", name: "Site",
        units: ["4EST", "CHIR", "URG"].map { code in
          CareUnit(
            code: code, name: "Unité \(code)", division: nil, responsibilities: [], specialty: "medicine", phone: nil,
            rooms: [], discreet: false)
        })
    ], numbers: [:], ippAuthority: "1.2.250.1.99.1", ndaAuthority: "1.2.250.1.99.2", emergencyKeepsNumber: true,
    lateEntryHoursMax: 72)
  static let start = Instant(milliseconds: 1_661_043_600_000)

  private(set) var said: [[Said]] = []
  private(set) var patients: [String: Patient] = [:]
  private(set) var stays: [String: Stay] = [:]
  var settings = SendingSettings(structure: structure, localTime: Spoken.paris)

  /// One commit, so many seconds after the one before; its facts happened when it was written unless `at` says.
  mutating func say(_ facts: [(kind: String, subject: String, data: JSON)], at: Instant? = nil, source: Source? = nil) {
    let instant = Self.start.adding(seconds: 7 * (said.count + 1))
    let place = CommitPlace(
      station: "urg-1-3fa9c2d1", sequence: said.count + 1,
      hash: LineHash(of: [UInt8(said.count % 256), UInt8(said.count / 256)]))
    said.append(
      facts.enumerated().map { index, fact in
        let heard = Heard(
          fact: Fact(kind: fact.kind, subject: fact.subject, at: at ?? instant, data: fact.data),
          time: HybridTime(instant: instant, counter: 3), station: place.station, author: "account/a", command: "",
          source: source)
        if fact.subject.hasPrefix("patient/") {
          patients[fact.subject, default: Patient(id: fact.subject)].fold(heard)
        } else {
          stays[fact.subject, default: Stay(id: fact.subject)].fold(heard)
        }
        return Said(
          heard: heard,
          place: FactPlace(station: place.station, sequence: place.sequence, hash: place.hash, place: index))
      })
  }

  /// Of all commits, in their order.
  var messages: [OutgoingMessage] {
    var story = HandbackStory(settings, patientNow: { patients[$0] }, stayNow: { stays[$0] })
    return said.flatMap { story.hear($0, tells: true) }
  }

  /// The triggers of what the last commit comes to.
  var lastTriggers: [String] {
    let last = said.last?[0].place.commit
    return messages.filter { $0.commit == last }.map(\.trigger)
  }

  /// The last message's segment of that name, its fields by number.
  func lastSegment(_ name: String) -> [String] {
    let segment = messages.last?.segments.first { $0.hasPrefix(name) } ?? ""
    return segment.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }

  /// What another station knows that hears them all.
  func heardElsewhere() -> Known {
    Known(
      messages.compactMap { message in
        let read = Spoken.translation.translate(message.bytes(in: settings.charset).bytes)
        if case .facts(let facts) = read.translated { return facts }
        return nil
      })
  }

  static func identity(_ number: String, _ more: [(String, JSON)] = []) -> JSON {
    .object(
      JSONObject(
        [
          ("birthName", .string("MARTIN")), ("birthGivenName", "LOUISE"), ("birthDate", "1961-03-12"), ("sex", "F"),
          ("status", "PROV"),
          ("identifiers", [["value": .string(number), "authority": "1.2.250.1.99.1", "type": "PI"]]),
        ] + more))
  }

  static func movement(
    _ key: String, _ trigger: String, unit: String? = nil, bed: String? = nil, stayClass: String? = nil,
    _ beside: [(String, JSON)] = []
  ) -> JSON {
    let id = key.split(separator: "|").last.map(String.init) ?? key
    var movement: [(String, JSON)] = [("key", .string(key)), ("id", .string(id)), ("trigger", .string(trigger))]
    if let unit { movement.append(("unit", .string(unit))) }
    if let bed { movement += [("room", "401"), ("bed", .string(bed))] }
    if let stayClass { movement.append(("class", .string(stayClass))) }
    return .object(JSONObject(beside + [("movement", .object(JSONObject(movement)))]))
  }

  /// Somebody in 4EST, registered and admitted in one commit.
  static func admitted(
    _ patient: String, _ stay: String, bed: String? = nil, _ trigger: String = "A01", _ stayClass: String = "inpatient"
  ) -> SaidMeanwhile {
    var night = SaidMeanwhile()
    night.say([
      ("patient.registered", patient, identity("81")),
      (
        "stay.admitted", stay,
        movement("m1", trigger, unit: "4EST", bed: bed, stayClass: stayClass, opening(patient, "91"))
      ),
    ])
    return night
  }

  static func opening(_ patient: String, _ number: String) -> [(String, JSON)] {
    [("patient", .string(patient)), ("number", .string(number)), ("numberAuthority", "1.2.250.1.99.2")]
  }
}
