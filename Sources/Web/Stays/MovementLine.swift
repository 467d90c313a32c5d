import Hospital
import Ledger

/// One movement, or one coming of a series, as a line of its stay.
struct MovementLine {
  let key: String
  let at: Instant
  let writtenAt: Instant
  let what: String
  let place: String
  let attending: String?
  let cancelled: Bool
  let author: String
  let station: String

  init(_ movement: Movement, _ names: Names, _ wording: Wording) {
    key = movement.key
    at = movement.at
    writtenAt = movement.writtenAt
    what = wording.word("movement", movement.isOfUnknownTrigger ? "unknown" : movement.trigger)
    place = names.place(movement.place, wording) ?? ""
    attending = movement.attending
    cancelled = movement.cancelled
    author = movement.author
    station = movement.station
  }

  init(_ attendance: Attendance, _ names: Names, _ wording: Wording) {
    key = attendance.key
    at = attendance.at
    writtenAt = attendance.said.at
    what = wording.word("fact", "stay.attended")
    place = attendance.unit.map(names.unit) ?? ""
    attending = attendance.attending
    cancelled = attendance.cancelled
    author = attendance.said.author
    station = attendance.said.station
  }

  var isLate: Bool { writtenAt > at.adding(seconds: HistoryEntry.lateAfterSeconds) }
}

extension StayFile {
  /// Movements and comings, in their order.
  var lines: [MovementLine] {
    let comings = stay.attendances.map { MovementLine($0, names, wording) }
    return (stay.movements.map { MovementLine($0, names, wording) } + comings).enumerated()
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }
}

extension Movement {

  func json(_ file: StayFile) -> JSON {
    let hours = file.wording.hours
    return [
      "key": .string(key), "id": .string(id), "at": .string(hours.iso(at)),
      "writtenAt": .string(hours.iso(writtenAt)), "trigger": .string(trigger),
      "unit": place.unit.json, "room": place.room.json, "bed": place.bed.json,
      "nature": nature.json, "class": (stayClass?.rawValue).json, "attending": attending.json,
      "cancelled": .bool(cancelled), "late": .bool(MovementLine(self, file.names, file.wording).isLate),
    ]
  }
}

extension Attendance {
  func json(_ file: StayFile) -> JSON {
    [
      "key": .string(key), "at": .string(file.wording.hours.iso(at)), "unit": unit.json, "attending": attending.json,
      "cancelled": .bool(cancelled),
    ]
  }
}

extension Optional where Wrapped == String {
  /// The text, or null.
  var json: JSON { map(JSON.string) ?? .null }
}
