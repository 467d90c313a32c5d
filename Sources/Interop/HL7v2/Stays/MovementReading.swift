import Hospital
import Ledger

/// What ZBE says of a movement, or stands for it where a feed has no ZBE.
struct MovementReading {
  var key: String
  var id: String
  /// ZBE-1.2, where an OID follows it.
  var authorityName: String?
  /// Its other numbers in ZBE-1, `<authority>|<id>`.
  var also: [String] = []
  var action: MovementTrigger.Action
  /// The trigger that inserted it; nil where nobody says.
  var trigger: String?
  var at: Instant
  /// ZBE-5: the sender knows a later one.
  var isHistoric: Bool?
  var nature: String?
  /// No ZBE: the message is the movement.
  var isAnonymous = false
}

private typealias MovementName = (key: String, id: String, authorityName: String?)

extension MessageTranslation {
  mutating func readMovement(_ meant: MovementTrigger) -> MovementReading {
    guard let zbe = message.segment("ZBE") else {
      warn(Warning("hl7.no-zbe"))
      let id = envelope.control
      return MovementReading(
        key: "\(envelope.sender)|\(id)", id: id, action: meant.action, trigger: meant.inserting,
        at: expected(meant.inserting, meant.action, orAt: otherHour), nature: meant.nature, isAnonymous: true)
    }
    let names = movementNames(zbe.field(1))
    let name = names.first
    let action = readAction(zbe, meant)
    let trigger = readTrigger(zbe, meant, action)
    var reading = MovementReading(
      key: "\(envelope.sender)|\(envelope.control)", id: name?.id ?? envelope.control, action: action,
      trigger: trigger, at: expected(trigger, action, orAt: readHour(zbe)), isHistoric: readHistoric(zbe),
      nature: zbe.field(9).string ?? meant.nature, isAnonymous: name == nil)
    if let name {
      reading.key = name.key
      reading.authorityName = name.authorityName
      reading.also = names.dropFirst().map(\.key)
    } else {
      warn(.fieldMissing("ZBE-1"))
    }
    if zbe.field(9).string == nil, meant.nature == nil { warn(.fieldMissing("ZBE-9")) }
    return reading
  }

  /// Its numbers in ZBE-1, the sender's own first: ours, which it had from a hand-back, may stand anywhere.
  private mutating func movementNames(_ field: HL7Field) -> [MovementName] {
    let own = envelope.sendingFacility.isEmpty ? envelope.sendingApplication : envelope.sendingFacility
    var names: [MovementName] = []
    for repetition in field.repetitions {
      guard let id = repetition.component(1).string else { continue }
      let (name, authority) = (repetition.component(2).string, repetition.component(3).string)
      let key = "\(authority ?? name ?? own)|\(id)"
      if !names.contains(where: { $0.key.sameBytes(as: key) }) {
        names.append((key, id, authority == nil ? nil : name))
      }
    }
    if let ours = settings.movementOID, let theirs = names.firstIndex(where: { !$0.key.hasPrefix("\(ours)|") }) {
      names.insert(names.remove(at: theirs), at: 0)
    }
    let isTooLong = names.count > 1 && field.end - field.start > MessageTranslation.fieldBytesMax
    if isTooLong || field.hasTooManyRepetitions { warn(.fieldTooLong("ZBE-1")) }
    return isTooLong ? Array(names.prefix(1)) : names
  }

  /// ZBE-4 decides, not the trigger.
  private mutating func readAction(_ zbe: HL7Segment, _ meant: MovementTrigger) -> MovementTrigger.Action {
    guard let action = zbe.field(4).string.flatMap({ MovementTrigger.Action(rawValue: $0.uppercased()) }) else {
      warn(Warning("hl7.no-action", field: "ZBE-4"))
      return meant.action
    }
    let undoesItsOpposite = action == .cancel && ["A06", "A07"].contains(envelope.trigger)
    if action != meant.action, !undoesItsOpposite, envelope.trigger != "Z99" || action != .update {
      warn(Warning("hl7.action-differs", field: "ZBE-4"))
    }
    return action
  }

  /// ZBE-6 if filled, else MSH-9; an A06 that cancels undoes an A07, and the other way round.
  private mutating func readTrigger(
    _ zbe: HL7Segment, _ meant: MovementTrigger, _ action: MovementTrigger.Action
  ) -> String? {
    if let said = zbe.field(6).string {
      if let named = MovementTrigger(said), named.action == .insert, let inserting = named.inserting {
        return inserting
      }
      warn(.codeUnknown("ZBE-6"))
    } else if action != .insert {
      warn(.fieldMissing("ZBE-6"))
    }
    guard action == .cancel else { return meant.inserting }
    switch envelope.trigger {
    case "A06": return "A07"
    case "A07": return "A06"
    default: return meant.inserting
    }
  }

  private mutating func readHour(_ zbe: HL7Segment) -> Instant {
    if let hour = Timestamp(zbe.field(2)) { return hour.instant(settings.localTime) }
    warn(Warning("hl7.hour-assumed", field: "ZBE-2"))
    return otherHour
  }

  /// EVN-6, else EVN-2, else MSH-7.
  private var otherHour: Instant {
    Timestamp(message.field("EVN", 6))?.instant(settings.localTime) ?? recordedAt
  }

  /// What is foreseen is foreseen for a day to come: PV2-8 (admission) or PV2-9 (discharge), else EVN-3, else, where
  /// somebody is preadmitted, PV1-44. Feeds repeat the hour of the message there too, so only a later one counts.
  private func expected(_ trigger: String?, _ action: MovementTrigger.Action, orAt said: Instant) -> Instant {
    let fields: [(segment: SegmentName, place: Int)]
    switch action == .cancel ? nil : trigger {
    case "A05": fields = [("PV2", 8), ("EVN", 3), ("PV1", 44)]
    case "A14": fields = [("PV2", 8), ("EVN", 3)]
    case "A15": fields = [("EVN", 3)]
    case "A16": fields = [("PV2", 9), ("EVN", 3)]
    default: return said
    }
    let hours = fields.lazy.compactMap { Timestamp(message.field($0.segment, $0.place))?.instant(settings.localTime) }
    return hours.first { $0 > said } ?? said
  }

  private mutating func readHistoric(_ zbe: HL7Segment) -> Bool? {
    switch zbe.field(5).string?.uppercased() {
    case "Y", "O": return true
    case "N": return false
    default:
      warn(.fieldMissing("ZBE-5"))
      return nil
    }
  }
}
