import Ledger

/// Kinds of facts about an appointment, one for each thing that a diary says of it.
public enum AppointmentFact: String, Sendable, CaseIterable {
  case booked = "appointment.booked"
  case moved = "appointment.moved"
  case changed = "appointment.changed"
  case cancelled = "appointment.cancelled"
  case discontinued = "appointment.discontinued"
  case deleted = "appointment.deleted"
  case missed = "appointment.missed"

  /// nil where it says nothing of whether somebody comes.
  var status: AppointmentStatus? {
    switch self {
    case .booked, .moved: .booked
    case .changed: nil
    case .cancelled: .cancelled
    case .discontinued: .discontinued
    case .deleted: .deleted
    case .missed: .missed
    }
  }
}

/// The newest that was said holds, member by member: a diary moves, cancels and books again under one number.
extension Appointment: Folded {
  public mutating func fold(_ heard: Heard) {
    guard let fact = AppointmentFact(rawValue: heard.fact.kind), let data = heard.fact.data.object else { return }
    if let status = fact.status { self.status = status }
    for (key, value) in data.members { take(key, value) }
  }

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "status": if let said = value.string.flatMap(AppointmentStatus.init(rawValue:)) { status = said }
    case "patient": patient.take(value)
    case "number": number.take(value)
    case "numberAuthority": numberAuthority.take(value)
    case "otherNumber": otherNumber.take(value)
    case "startsAt": startsAt.take(value)
    case "minutes": if let said = value.integer { minutes = said } else if value.isNull { minutes = nil }
    case "unit": unit.take(value)
    case "room": room.take(value)
    case "kind":
      if let said = value.string { kind = AppointmentKind(rawValue: said) } else if value.isNull { kind = nil }
    case "type": type.take(value)
    case "reason": reason.take(value)
    case "practitioner": practitioner.take(value)
    case "stay": stay.take(value)
    case "preadmissionNumber": preadmissionNumber.take(value)
    case _ where value.isNull: other[key] = JSON?.none
    default: other[key] = value
    }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("patient", patient)
    writer.put("status", status.rawValue)
    writer.put("number", number)
    writer.put("numberAuthority", numberAuthority)
    writer.put("otherNumber", otherNumber)
    writer.put("startsAt", startsAt)
    writer.put("minutes", minutes)
    writer.put("unit", unit)
    writer.put("room", room)
    writer.put("kind", kind?.rawValue)
    writer.put("type", type)
    writer.put("reason", reason)
    writer.put("practitioner", practitioner)
    writer.put("stay", stay)
    writer.put("preadmissionNumber", preadmissionNumber)
    writer.put("other", sorted: other)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    for (key, value) in object.members {
      switch key {
      case "startsAt": startsAt = value.storedInstant
      case "other": other = value.object ?? JSONObject()
      case "id": break
      default: take(key, value)
      }
    }
  }
}
