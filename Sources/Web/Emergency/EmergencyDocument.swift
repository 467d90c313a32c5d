import Hospital
import Ledger

/// The board and a visit for programs.
enum EmergencyDocument {
  static let announcedFields = [
    Field("announcement", .uuid), Field("expectedAt", .maybe(.instant)), Field("source", .maybe(.text())),
    Field("age", .maybe(.integer(min: 0))), Field("sex", .maybe(.text())), Field("reason", .maybe(.text())),
    Field("sector", .maybe(.text())),
  ]

  static let rowFields = [
    Field("level", .maybe(.text())), Field("since", .instant, required: true), Field("over", .flag, required: true),
    Field("contested", .flag, "Stations said other levels: the most urgent is shown until a person settles it"),
    Field("bay", .maybe(.text())),
    Field("away", .flag, "On leave, or gone to another hospital, while the stay here goes on"),
    Field("stay", .uuid, "Not on walls, like all that follows"),
    Field("number", .maybe(.text())), Field("identity", .maybe(.text())), Field("complaint", .maybe(.text())),
    Field("orientation", .maybe(.text())),
    Field("onward", .list(.object(OnwardStep.fields)), "How far a bed or another hospital is"),
  ]

  /// A wall's JSON says no more than a wall.
  static func json(_ sheets: [EmergencySheet], _ version: BoardVersion, at now: Instant) -> JSON {
    let announced = sheets.flatMap(\.announced).map { one -> JSON in
      guard version == .staff else {
        return ["expectedAt": (one.expectedAt?.text).json, "source": (one.source?.rawValue).json]
      }
      return [
        "announcement": .string(one.id.afterSlash), "expectedAt": (one.expectedAt?.text).json,
        "source": (one.source?.rawValue).json, "age": one.age.map(JSON.integer) ?? .null,
        "sex": (one.sex?.rawValue).json, "reason": one.reason.json, "sector": one.sector.json,
      ]
    }
    let present = sheets.flatMap(\.rows).map { row -> JSON in
      var object = JSONObject([
        ("level", (row.visit.triage?.level).json), ("since", .string(row.from.text)), ("over", .bool(row.isOver)),
        ("contested", .bool(row.isContested)), ("bay", row.bay.json),
        ("away", .bool(row.isAway)),
      ])
      guard version == .staff else { return .object(object) }
      object.append("stay", .string(row.stay))
      object.append("number", row.number.json)
      object.append("identity", (row.patient?.birthName ?? row.patient?.unknown?.label).json)
      object.append("complaint", (row.visit.complaint ?? row.visit.complaintText).json)
      object.append("orientation", (row.visit.orientation?.way?.rawValue).json)
      object.append("onward", .array(row.onward.map(\.json)))
      return .object(object)
    }
    return ["at": .string(now.text), "announced": .array(announced), "present": .array(present)]
  }

  /// As the state is kept, with the stay's own hours.
  static func json(_ file: EmergencyFile) -> JSON {
    let span = file.file.outline.emergency
    return [
      "stay": .string(file.uuid), "number": file.file.stay.number.json, "arrivedAt": (span?.from.text).json,
      "leftAt": (span?.until?.text).json, "level": (file.visit.triage?.level).json,
      "visit": file.visit.stored,
      "contested": .array(file.contested.map { .string($0) }), "onward": .array(file.onward.map(\.json)),
    ]
  }
}
