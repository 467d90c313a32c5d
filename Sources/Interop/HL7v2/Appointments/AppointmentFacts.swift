import Hospital
import Ledger

/// What a scheduling trigger (SIU) says of an appointment. Others are acknowledged and say nothing here.
enum ScheduleTrigger {
  static func kind(of trigger: String) -> AppointmentFact? {
    switch trigger {
    case "S12": .booked
    case "S13": .moved
    case "S14": .changed
    case "S15": .cancelled
    case "S16": .discontinued
    case "S17": .deleted
    case "S26": .missed
    default: nil
    }
  }
}

extension MessageTranslation {
  /// A message about an appointment: the identity it mentions, and what it says of when, where, with whom and why.
  mutating func schedule(_ kind: AppointmentFact) throws(MessageRefusal) {
    guard let sch = message.segment("SCH"), let number = ScheduleNumber(sch, envelope) else {
      throw MessageRefusal(
        .error, .requiredFieldMissing, at: "SCH^1^2", Refusal("hl7.no-appointment-number", field: "SCH-2"))
    }
    var data = JSONObject()
    if message.segment("PID") == nil {
      warn(Warning("hl7.no-patient", field: "PID-3"))
    } else {
      let groups = identityGroups()
      if groups.count > 1 { warn(Warning("hl7.several-patients", field: "PID-3")) }
      data.put("patient", .string(try describe(groups[0], isOfDiary: true)))
    }
    data.put("number", .string(number.value))
    data.put("numberAuthority", .string(number.authority))
    data.say("otherNumber", number.other)
    // Of a cancellation many senders leave it as it was.
    if [.booked, .moved, .changed].contains(kind), let status = scheduleStatus(sch.field(25)) {
      data.put("status", .string(status.rawValue))
    }
    let resources = ScheduledResources(message)
    sayHour(sch, resources, in: &data)
    sayPlace(resources, in: &data)
    sayWhat(sch, resources, in: &data)
    if data["startsAt"] == nil, kind == .booked || kind == .moved { warn(.fieldMissing("TQ1-7")) }
    if let account = Account(message, envelope) { data.put("stay", .string(account.subject)) }
    data.say("preadmissionNumber", message.field("PV1", 5).component(1))
    keepSchedule(sch, in: &data)
    say(kind.rawValue, Appointment.id(authority: number.authority, number: number.value), at: sentAt, data)
  }

  /// Table 0278.
  private mutating func scheduleStatus(_ field: HL7Field) -> AppointmentStatus? {
    switch field.string?.uppercased() {
    case nil: return nil
    case "PENDING", "WAITLIST": return .pending
    case "BOOKED", "OVERBOOK": return .booked
    case "STARTED": return .arrived
    case "COMPLETE": return .fulfilled
    case "CANCELLED", "CANCELED": return .cancelled
    case "DC": return .discontinued
    case "DELETED": return .deleted
    case "NOSHOW": return .missed
    default:
      warn(.codeUnknown("SCH-25"))
      return nil
    }
  }

  // MARK: When

  private mutating func sayHour(_ sch: HL7Segment, _ resources: ScheduledResources, in data: inout JSONObject) {
    let tq1 = message.segment("TQ1")
    let starts = [
      tq1?.field(7), sch.field(11).component(4), resources.first("AIS")?.field(4), resources.first("AIL")?.field(6),
      resources.first("AIP")?.field(6), resources.first("AIG")?.field(8),
    ]
    let start = starts.lazy.compactMap { $0.flatMap { Timestamp($0) } }.first?.instant(settings.localTime)
    if let start { data.put("startsAt", .string(start.text)) }
    let end = [tq1?.field(8), sch.field(11).component(5)].lazy.compactMap { $0.flatMap { Timestamp($0) } }.first
    let durations = [
      (sch, 9, 10), (resources.first("AIS"), 7, 8), (resources.first("AIL"), 9, 10), (resources.first("AIP"), 9, 10),
      (resources.first("AIG"), 11, 12),
    ]
    for (segment, value, unit) in durations {
      guard let segment, let number = segment.field(value).string.flatMap({ Double($0) }), number > 0 else { continue }
      if let minutes = minutes(number, segment.field(unit), segment.name.field(unit)) {
        return data.put("minutes", .integer(minutes))
      }
    }
    if let start, let end = end?.instant(settings.localTime), end > start {
      data.put("minutes", .integer(Int((end.milliseconds - start.milliseconds) / 60_000)))
    }
  }

  /// A duration in minutes, whatever its unit; nil where it is longer than a year, or in a unit that is not known.
  private mutating func minutes(_ number: Double, _ unit: HL7Field, _ name: String) -> Int? {
    let minutesEach: Double
    switch unit.string?.uppercased() {
    case "S", "SEC": minutesEach = 1 / 60
    case nil, "M", "MIN", "MN": minutesEach = 1
    case "H", "HR", "HRS": minutesEach = 60
    case "D", "DAY": minutesEach = 1440
    default:
      warn(.codeUnknown(name))
      return nil
    }
    let minutes = number * minutesEach
    return minutes <= 366 * 1440 ? Int(minutes.rounded(.up)) : nil
  }

  // MARK: Where, with whom, what for

  private func sayPlace(_ resources: ScheduledResources, in data: inout JSONObject) {
    let place = resources.first("AIL")?.field(3) ?? message.field("PV1", 3)
    data.say("unit", place.component(1))
    data.say("room", place.component(2))
    let people = [resources.first("AIP")?.field(3), message.field("PV1", 7), message.field("SCH", 16)]
    guard let person = people.lazy.compactMap({ $0.flatMap { Practitioner($0) } }).first else { return }
    data.say("practitioner", person.shown)
    data.put("attending", person.json)
  }

  private mutating func sayWhat(_ sch: HL7Segment, _ resources: ScheduledResources, in data: inout JSONObject) {
    let type = sch.field(8)
    if let code = type.string {
      if let kind = settings.appointmentKinds[code.uppercased()] ?? ScheduleType.kind(of: code) {
        data.put("kind", .string(kind.rawValue))
      } else {
        data.put("kind", .null)
        warn(.codeUnknown("SCH-8"))
      }
    }
    let service = resources.first("AIS")?.field(3)
    data.say("type", type.component(2).string ?? service?.component(2).string ?? type.string ?? service?.string)
    let reason = sch.field(7)
    data.say("reason", reason.component(2).string ?? reason.string)
  }

  private mutating func keepSchedule(_ sch: HL7Segment, in data: inout JSONObject) {
    keep(sch, except: [1, 2], in: &data)
    var lists: [(key: String, name: SegmentName, values: [JSONObject])] = [
      ("services", "AIS", []), ("locations", "AIL", []), ("personnel", "AIP", []), ("resources", "AIG", []),
      ("notes", "NTE", []),
    ]
    for segment in message.segments {
      guard let index = lists.firstIndex(where: { $0.name == segment.name }) else { continue }
      keep(segment, in: &lists[index].values)
    }
    for list in lists where !list.values.isEmpty { data.put(list.key, .array(list.values.map { .object($0) })) }
  }
}

/// Which appointment a message speaks of: as the diary numbers it, else as whoever asked for it does.
private struct ScheduleNumber {
  var value: String
  var authority: String
  /// The number of the one who asked, where the diary has its own.
  var other: String?

  init?(_ sch: HL7Segment, _ envelope: Envelope) {
    let (placer, filler) = (sch.field(1), sch.field(2))
    let naming = filler.string == nil ? placer : filler
    guard let value = naming.component(1).string else { return nil }
    self.value = value
    // EI: number, name of its authority, its OID.
    let own = envelope.sendingFacility.isEmpty ? envelope.sendingApplication : envelope.sendingFacility
    authority = naming.component(3).string ?? naming.component(2).string ?? own
    other = filler.string == nil ? nil : placer.string
  }
}

/// What an appointment takes up. A segment whose action is D takes itself away.
private struct ScheduledResources {
  private let segments: [HL7Segment]

  init(_ message: HL7Message) {
    segments = message.segments.filter { segment in
      ["AIS", "AIL", "AIP", "AIG"].contains { segment.name == $0 } && segment.field(2).string?.uppercased() != "D"
    }
  }

  func first(_ name: SegmentName) -> HL7Segment? { segments.first { $0.name == name } }
}

/// Usual words in SCH-8, whose table (0277) is each site's own: the structure says what its other codes mean.
private enum ScheduleType {
  static func kind(of code: String) -> AppointmentKind? {
    switch code.uppercased() {
    case "OPERATION", "OP", "BLOC", "CHIRURGIE", "SURGERY", "INTERVENTION": .operation
    // Table 0277 as HL7 has it: how one comes, to be seen.
    case "NORMAL", "TELE", "WALKIN", "CONSULTATION", "CONSULT", "CONS", "CS": .consultation
    case "EXAMEN", "EXAM", "EXAMINATION", "IMAGERIE", "IMAGING": .examination
    case "HOSPITALISATION", "HOSPIT", "HC", "INPATIENT": .inpatient
    case "HDJ", "AMBULATOIRE", "AMBU", "DAYCASE": .daycase
    case "SEANCE", "SESSION": .session
    default: nil
    }
  }
}
