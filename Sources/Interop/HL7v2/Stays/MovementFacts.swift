import Hospital
import Ledger

extension MessageTranslation {
  /// A message about a movement: the identity it bears, and what it says of the stay.
  mutating func move(_ meant: MovementTrigger) throws(MessageRefusal) {
    if meant.isOld { warn(Warning("hl7.old-trigger", field: "MSH-9")) }
    let stay = Account(message, envelope)
    let patient = try describe(message.segments, with: stay)
    guard let account = stay else { throw Account.missing }
    let movement = readMovement(meant)
    var data = JSONObject([("patient", .string(patient))])
    for member in account.data.members { data.put(member.key, member.value) }
    let pv1 = message.segment("PV1")
    let undoesTheBeginning = movement.action == .cancel && ["A01", "A04", "A05", nil].contains(movement.trigger)
    if !undoesTheBeginning, let began = pv1.flatMap({ Timestamp($0.field(44)) }) {
      data.put("admittedAt", .string(began.instant(settings.localTime).text))
    }
    let kind = kind(of: movement)
    if kind != "stay.described" {
      data.put("movement", .object(said(movement, pv1)))
      if movement.trigger == "A03", movement.action != .cancel, movement.at > sentAt {
        warn(Warning("hl7.discharge-to-come", field: "ZBE-2"))
      }
    }
    sayDetails(in: &data)
    say(kind, account.subject, at: movement.at, data)
  }

  private func kind(of movement: MovementReading) -> String {
    switch movement.action {
    case .cancel: "stay.movement-cancelled"
    // A correction that names no movement corrects none.
    case .update: movement.isAnonymous ? "stay.described" : "stay.movement-corrected"
    case .insert: movement.trigger.flatMap(MovementTrigger.kind) ?? "stay.movement-corrected"
    }
  }

  private mutating func said(_ movement: MovementReading, _ pv1: HL7Segment?) -> JSONObject {
    var said = JSONObject([("key", .string(movement.key)), ("id", .string(movement.id))])
    said.say("authorityName", movement.authorityName)
    if !movement.also.isEmpty { said.put("also", .array(movement.also.map { .string($0) })) }
    said.say("trigger", movement.trigger)
    let zbe = message.segment("ZBE")
    if movement.action == .cancel {
      // PV1 of a cancellation tells the situation before the movement: no part of it.
      classBefore = pv1.flatMap { stayClass($0.field(2)) }
      if movement.isAnonymous { said.put("latest", .bool(true)) }
      if endsAccount(pv1) { said.put("account", .bool(true)) }
    } else if let pv1 {
      let place = pv1.field(3)
      said.say("unit", place.component(1))
      said.say("room", place.component(2))
      said.say("bed", place.component(3))
      said.say("class", stayClass(pv1.field(2))?.rawValue)
      said.say("attending", Practitioner(pv1.field(7))?.shown)
    }
    if let zbe {
      said.say("medicalUnit", MessageTranslation.unit(zbe.field(7)))
      said.say("careUnit", MessageTranslation.unit(zbe.field(8)))
    }
    said.say("nature", movement.nature)
    if let isHistoric = movement.isHistoric { said.put("historic", .bool(isHistoric)) }
    return said
  }

  /// PV1-51 of an A11: `V` means the visit alone, `A` the account, and so does none in PAM.
  private func endsAccount(_ pv1: HL7Segment?) -> Bool {
    guard envelope.trigger == "A11" else { return false }
    return pv1?.field(51).string.map { $0.uppercased() == "A" } ?? envelope.isFrench
  }

  /// An UF as XON has it: the code in component 10, else 1.
  private static func unit(_ field: HL7Field) -> String? {
    field.component(10).string ?? field.component(1).string
  }

  private mutating func stayClass(_ field: HL7Field) -> StayClass? {
    switch field.string?.uppercased() {
    case "I", "B": return .inpatient
    case "O", "V": return .outpatient
    case "E": return .emergency
    case "R": return .recurring
    case "P": return .preadmit
    case "N": return StayClass.none
    case nil: return nil
    default:
      warn(.codeUnknown("PV1-2"))
      return nil
    }
  }
}
