import Hospital
import Ledger

extension MessageTranslation {
  /// What a PID and what goes with it say of an identity; insurance, allergies and the like too, where the message names
  /// no stay, whose they are. Gives the patient's subject.
  ///
  /// - Parameter isOfDiary: whoever keeps appointments keeps no identities.
  mutating func describe(
    _ segments: some Collection<HL7Segment>, with stay: Account? = nil, isOfDiary: Bool = false
  ) throws(MessageRefusal) -> String {
    guard let pid = segments.first(where: { $0.name == "PID" }),
      case let numbers = PatientNumber.all(pid.field(3), of: envelope), let naming = PatientNumber.naming(numbers)
    else {
      throw MessageRefusal(.error, .requiredFieldMissing, at: "PID^1^3", Refusal("hl7.no-identifier", field: "PID-3"))
    }
    for number in [3, 5, 11, 13, 14, 32] where pid.field(number).hasTooManyRepetitions {
      warn(.fieldTooLong("PID-\(number)"))
    }
    if !naming.hasAuthority { warn(Warning("hl7.no-authority", field: "PID-3")) }
    var traits = JSONObject()
    traits.put("identifiers", .array(numbers.filter { !$0.isINS }.map(\.json)))
    sayNames(pid.field(5), in: &traits)
    sayBirth(pid, in: &traits)
    sayAddresses(pid.field(11), in: &traits)
    sayTelecoms(pid.field(13), pid.field(14), in: &traits)
    traits.say("maritalStatus", pid.field(16))
    traits.say("nationality", pid.field(26))
    sayDeath(pid, in: &traits)
    sayStatus(pid.field(32), numbers, in: &traits)
    saySurroundings(segments, in: &traits)
    if stay == nil { sayLists(segments, in: &traits) }
    keep(pid, except: MessageTranslation.readOfPID, in: &traits)
    let patient = naming.patientSubject
    say(isOfDiary ? "patient.mentioned" : "patient.described", patient, at: recordedAt, traits)
    if !isOfDiary { saySituations(segments, of: patient) }
    return patient
  }

  /// PID-1, PID-2 and PID-4 number the patient otherwise, PID-18 the stay; the rest is in traits.
  private static let readOfPID = [1, 2, 3, 4, 5, 7, 8, 11, 13, 14, 16, 18, 21, 25, 26, 29, 30, 32]

  private mutating func sayBirth(_ pid: HL7Segment, in traits: inout JSONObject) {
    if let digits = pid.field(7).string {
      let date = DateText.read(digits)
      traits.say("birthDate", date?.text)
      if date?.isExact != true { warn(Warning("hl7.birth-date", field: "PID-7")) }
    } else if pid.field(7).isErased {
      traits.put("birthDate", .null)
    }
    if let code = pid.field(8).string {
      traits.put("sex", .string(sex(code.uppercased())))
    } else if pid.field(8).isErased {
      traits.put("sex", .null)
    }
    if let mother = PatientNumber(pid.field(21), of: envelope) { traits.put("mother", .string(mother.patientSubject)) }
    if let rank = pid.field(25).string.flatMap(Int.init), (1...20).contains(rank) {
      traits.put("birthRank", .integer(rank))
    }
  }

  private mutating func sex(_ code: String) -> String {
    switch code {
    case "M", "F", "I", "U": return code
    case "A": return "I"
    default:
      warn(.codeUnknown("PID-8"))
      return "U"
    }
  }

  private func sayDeath(_ pid: HL7Segment, in traits: inout JSONObject) {
    let indicator = pid.field(30)
    switch indicator.string?.uppercased() {
    case "Y", "O", "1": traits.put("deceased", .bool(true))
    case "N", "0": traits.put("deceased", .bool(false))
    default: if indicator.isErased { traits.put("deceased", .bool(false)) }
    }
    if let at = Timestamp(pid.field(29)) {
      traits.put("deathAt", .string(at.instant(settings.localTime).text))
      if let end = at.end(settings.localTime) { traits.put("deathBefore", .string(end.text)) }
    } else if pid.field(29).isErased {
      traits.put("deathAt", .null)
    }
  }
}
