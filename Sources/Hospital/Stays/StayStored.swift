import Ledger

/// The state as SQLite keeps it and `digest` proves it.
extension Stay {
  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("patient", patient)
    writer.put("otherPatients", otherPatients)
    writer.put("number", number)
    writer.put("numberAuthority", numberAuthority)
    writer.put("visit", visit)
    writer.put("entryMode", entryMode)
    writer.put("provenance", provenance)
    writer.put("arrival", arrival?.stored)
    writer.put("exitMode", exitMode)
    writer.put("destination", destination)
    writer.put("preadmissionNumber", preadmissionNumber)
    writer.put("motherStay", motherStay)
    writer.put("reason", reason)
    writer.put("admittedAt", admittedAtSaid)
    writer.put("continuedAs", continuedAs)
    writer.put("asked", sorted: answers.stored)
    writer.put("movements", movements.map(\.stored))
    writer.put("attendances", attendances.map(\.stored))
    writer.put("deleted", deleted)
    writer.put("heard", heardCount == 0 ? nil : heardCount)
    writer.put("other", sorted: other)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    for (key, value) in object.members {
      switch key {
      case "patient": patient = value.string
      case "otherPatients": otherPatients = value.strings ?? []
      case "number": number = value.string
      case "numberAuthority": numberAuthority = value.string
      case "visit": visit = value.string
      case "entryMode": entryMode = value.string
      case "provenance": provenance = value.string
      case "arrival": arrival = Arrival(entryMode: value["entryMode"]?.string, provenance: value["provenance"]?.string)
      case "exitMode": exitMode = value.string
      case "destination": destination = value.string
      case "preadmissionNumber": preadmissionNumber = value.string
      case "motherStay": motherStay = value.string
      case "reason": reason = value.string
      case "admittedAt": admittedAtSaid = value.storedInstant
      case "continuedAs": continuedAs = value.string
      case "asked": answers = Answers(stored: value)
      case "movements": movements = value.array?.compactMap { Movement(stored: $0) } ?? []
      case "attendances": attendances = value.array?.compactMap { Attendance(stored: $0) } ?? []
      case "deleted": deleted = value.bool ?? false
      case "heard": heardCount = value.integer ?? 0
      case "other": other = value.object ?? JSONObject()
      default: break
      }
    }
  }
}

extension Stay.Arrival {
  fileprivate var stored: JSON {
    var writer = StateWriter()
    writer.put("entryMode", entryMode)
    writer.put("provenance", provenance)
    return .object(writer.object)
  }
}

extension Movement {
  fileprivate var stored: JSON {
    var writer = StateWriter()
    writer.put("key", key)
    if !id.sameBytes(as: key) { writer.put("id", id) }
    writer.put("authorityName", authorityName)
    writer.put("also", otherKeys)
    writer.put("at", at)
    writer.put("written", writtenAt)
    writer.put("trigger", trigger)
    writer.put("unit", place.unit)
    writer.put("room", place.room)
    writer.put("bed", place.bed)
    writer.put("medicalUnit", place.medicalUnit)
    writer.put("careUnit", place.careUnit)
    writer.put("nature", nature)
    writer.put("class", stayClass?.rawValue)
    writer.put("attending", attending)
    writer.put("cancelled", cancelled)
    writer.put("reused", reused)
    writer.put("historic", historic)
    writer.put("station", station)
    writer.put("author", author)
    writer.put("order", order)
    return .object(writer.object)
  }

  fileprivate init?(stored: JSON) {
    guard let object = stored.object, let key = object["key"]?.string, let at = object["at"]?.storedInstant else {
      return nil
    }
    self.init(key: key, id: key, at: at, writtenAt: at, trigger: "", station: "", author: "")
    for (name, value) in object.members {
      switch name {
      case "id": id = value.string ?? key
      case "authorityName": authorityName = value.string
      case "also": otherKeys = value.strings ?? []
      case "written": writtenAt = value.storedInstant ?? at
      case "trigger": trigger = value.string ?? ""
      case "unit": place.unit = value.string
      case "room": place.room = value.string
      case "bed": place.bed = value.string
      case "medicalUnit": place.medicalUnit = value.string
      case "careUnit": place.careUnit = value.string
      case "nature": nature = value.string
      case "class": stayClass = value.string.flatMap { StayClass(rawValue: $0) }
      case "attending": attending = value.string
      case "cancelled": cancelled = value.bool ?? false
      case "reused": reused = value.bool ?? false
      case "historic": historic = value.bool ?? false
      case "station": station = value.string ?? ""
      case "author": author = value.string ?? ""
      case "order": order = value.integer ?? 0
      default: break
      }
    }
  }
}

extension Attendance {
  fileprivate var stored: JSON {
    var writer = StateWriter()
    writer.put("key", key)
    writer.put("at", at)
    writer.put("unit", unit)
    writer.put("attending", attending)
    writer.put("cancelled", cancelled)
    writer.put("said", said.stored)
    writer.put("order", order)
    return .object(writer.object)
  }

  fileprivate init?(stored: JSON) {
    guard let key = stored["key"]?.string, let at = stored["at"]?.storedInstant,
      let said = stored["said"].flatMap(Attribution.init(stored:))
    else { return nil }
    self.init(
      key: key, at: at, unit: stored["unit"]?.string, attending: stored["attending"]?.string,
      cancelled: stored["cancelled"]?.bool ?? false, said: said, order: stored["order"]?.integer ?? 0)
  }
}
