import Hospital
import Ledger

extension MessageTranslation {
  /// A40, and A34 of older feeds: each PID is kept, the MRG after it is absorbed. Both stay, linked.
  mutating func merge() throws(MessageRefusal) {
    for group in identityGroups() {
      let kept = try describe(group)
      guard let mrg = group.first(where: { $0.name == "MRG" }) else {
        warn(Warning("hl7.nothing-to-link", field: "MRG-1"))
        continue
      }
      link(PatientNumber.all(mrg.field(1), of: envelope), into: kept)
    }
  }

  /// A24 and A37: what is said of the second PID, given the first. A link can be undone, and both files stay.
  mutating func pair(_ kind: String, _ data: (_ first: String) -> JSONObject) throws(MessageRefusal) {
    let groups = identityGroups()
    let first = try describe(groups[0])
    guard groups.count > 1, case let second = try describe(groups[1]), second != first else {
      warn(Warning("hl7.nothing-to-link", field: "PID-3"))
      return
    }
    say(kind, second, at: recordedAt, data(first))
  }

  /// The segments of each PID; all of them where there is none.
  func identityGroups() -> [ArraySlice<HL7Segment>] {
    let segments = message.segments
    let starts = segments.indices.filter { segments[$0].name == "PID" }
    guard !starts.isEmpty else { return [segments[...]] }
    return starts.enumerated().map { place, start in
      segments[start..<(place + 1 < starts.count ? starts[place + 1] : segments.endIndex)]
    }
  }

  private mutating func link(_ numbers: [PatientNumber], into kept: String) {
    guard let naming = PatientNumber.naming(numbers), naming.patientSubject != kept else {
      warn(Warning("hl7.nothing-to-link", field: "MRG-1"))
      return
    }
    let absorbed = naming.patientSubject
    let identifiers = numbers.filter { !$0.isINS }.map(\.json)
    // Never heard of before, it is to be found by its number all the same.
    if !identifiers.isEmpty {
      say("patient.described", absorbed, at: recordedAt, JSONObject([("identifiers", .array(identifiers))]))
    }
    say("patient.merged", absorbed, at: recordedAt, JSONObject([("into", .string(kept))]))
  }

  /// A47: what MRG-1 names no longer belongs to the patient of PID-3.
  mutating func changeIdentifiers() throws(MessageRefusal) {
    let pid = message.segment("PID")
    let current = pid.map { PatientNumber.all($0.field(3), of: envelope) } ?? []
    guard let naming = PatientNumber.naming(current) else {
      _ = try describe(message.segments)
      return
    }
    let gone = PatientNumber.all(message.field("MRG", 1), of: envelope)
    let said = [message.field("PID", 3), message.field("MRG", 1)].flatMap(\.repetitions)
    let erasesINS = said.filter { $0.component(1).isErased }.contains {
      PatientNumber.isINS(type: $0.component(5).string ?? "", authority: PatientNumber.authority($0))
    }
    // Every INS goes before the one that may follow it is said.
    if erasesINS || gone.contains(where: \.isINS) {
      say("patient.ins-removed", naming.patientSubject, at: recordedAt, JSONObject())
    }
    for number in gone where !number.isINS { withdraw(number, from: naming, current) }
    if gone.isEmpty, !erasesINS { warn(Warning("hl7.nothing-to-withdraw", field: "MRG-1")) }
    _ = try describe(message.segments)
  }

  private mutating func withdraw(_ number: PatientNumber, from naming: PatientNumber, _ current: [PatientNumber]) {
    let heir = current.first { $0.type == number.type && $0.authority == number.authority && $0.value != number.value }
    var data = JSONObject([("value", .string(number.value)), ("authority", .string(number.authority))])
    data.say("authorityName", number.authorityName)
    data.put("type", .string(number.type))
    data.say("replacedBy", heir?.value)
    if number.patientSubject != naming.patientSubject {
      say("patient.identifier-withdrawn", naming.patientSubject, at: recordedAt, data)
    }
    // The number named the patient until now: what was said under it stays with them.
    if number.type == naming.type, number.authority == naming.authority, heir != nil {
      link([number], into: naming.patientSubject)
    }
  }
}
