import Hospital
import Ledger

/// One movement as a line of its stay.
struct MovementLine {
  let movement: Movement
  let what: String
  let place: String
  let attending: String?

  init(_ movement: Movement, _ names: Names, _ wording: Wording) {
    self.movement = movement
    what = wording.word("movement", movement.trigger)
    place = names.place(movement.place, wording) ?? ""
    attending = movement.attending
  }

  var isLate: Bool { movement.writtenAt > movement.at.adding(seconds: HistoryEntry.lateAfterSeconds) }

  func json(_ wording: Wording) -> JSON {
    [
      "key": .string(movement.key), "id": .string(movement.id), "at": .string(wording.hours.iso(movement.at)),
      "writtenAt": .string(wording.hours.iso(movement.writtenAt)), "trigger": .string(movement.trigger),
      "unit": movement.place.unit.json, "room": movement.place.room.json, "bed": movement.place.bed.json,
      "nature": movement.nature.json, "class": (movement.stayClass?.rawValue).json,
      "attending": movement.attending.json, "cancelled": .bool(movement.cancelled), "late": .bool(isLate),
    ]
  }
}

extension Optional where Wrapped == String {
  /// The text, or null.
  var json: JSON { map(JSON.string) ?? .null }
}
