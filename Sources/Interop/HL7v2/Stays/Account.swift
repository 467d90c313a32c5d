import Hospital
import Ledger

/// Which stay a message speaks of.
struct Account: Sendable {
  var subject: String
  var number: PatientNumber
  /// PV1-19, where it is not the number itself.
  var visit: String?

  /// By PID-18, else PV1-19. One OID serves for account and visit numbers alike, so the kind belongs to the name.
  init?(_ message: HL7Message, _ envelope: Envelope) {
    let visit = PatientNumber(message.field("PV1", 19), of: envelope)
    if let number = PatientNumber(message.field("PID", 18), of: envelope) {
      self.number = number
      subject = "stay/\(Name.subject("stay", number.authority, number.value))"
      self.visit = visit?.value
    } else if let visit {
      number = visit
      subject = "stay/\(Name.subject("visit", visit.authority, visit.value))"
    } else {
      return nil
    }
  }

  /// As an account move names it where PID-18 is empty: MRG-3.
  init?(moved message: HL7Message, _ envelope: Envelope) {
    if let account = Account(message, envelope) {
      self = account
    } else if let number = PatientNumber(message.field("MRG", 3), of: envelope) {
      self.number = number
      subject = "stay/\(Name.subject("stay", number.authority, number.value))"
    } else {
      return nil
    }
  }

  static let missing = MessageRefusal(
    .error, .requiredFieldMissing, at: "PID^1^18", Refusal("hl7.no-stay-number", field: "PID-18"))

  var data: JSONObject {
    var data = JSONObject()
    data.put("number", .string(number.value))
    data.put("numberAuthority", .string(number.authority))
    data.say("visit", visit)
    return data
  }
}

extension MessageTranslation {
  /// A44: the account goes from the patient of MRG-1 to the patient of PID-3.
  mutating func moveAccount() throws(MessageRefusal) {
    let stay = Account(moved: message, envelope)
    let heir = try describe(message.segments, with: stay)
    guard let account = stay else { throw Account.missing }
    var details = account.data
    sayDetails(in: &details)
    say("stay.described", account.subject, at: recordedAt, details)
    var data = JSONObject([("patient", .string(heir))])
    if let former = PatientNumber.naming(PatientNumber.all(message.field("MRG", 1), of: envelope)) {
      data.put("from", .string(former.patientSubject))
    } else {
      warn(Warning("hl7.no-former-patient", field: "MRG-1"))
    }
    say("stay.reassigned", account.subject, at: recordedAt, data)
  }

  /// A28, A31, A08: an identity, and what goes with the stay that the message names. PV1-2 `N` says that it names none.
  mutating func describeAlone() throws(MessageRefusal) {
    var stay: Account?
    if let pv1 = message.segment("PV1"), pv1.field(2).string?.uppercased() != "N" { stay = Account(message, envelope) }
    let patient = try describe(message.segments, with: stay)
    guard let stay else { return }
    var data = stay.data
    data.put("patient", .string(patient))
    sayDetails(in: &data)
    say("stay.described", stay.subject, at: recordedAt, data)
  }

  /// A23: the visit was never meant to be. The person stays, and so does what was said, as cancelled.
  mutating func deleteVisit() throws(MessageRefusal) {
    let stay = Account(message, envelope)
    let patient = try describe(message.segments, with: stay)
    guard let account = stay else { throw Account.missing }
    var data = account.data
    data.put("patient", .string(patient))
    sayDetails(in: &data)
    say("stay.deleted", account.subject, at: recordedAt, data)
  }
}
