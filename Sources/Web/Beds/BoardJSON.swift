import Ledger

extension BoardUnit {
  static let fields = [
    Field("unit", required: true), Field("name", required: true), Field("occupied", .integer(min: 0), required: true),
    Field("staffed", .integer(min: 0), required: true), Field("free", .integer(min: 0), required: true),
    Field("withoutBed", .integer(min: 0), required: true),
    Field("beds", .list(.object(BoardBed.fields)), required: true),
  ]

  static func json(_ units: [BoardUnit], _ version: UnitFragment.Version, at now: Instant) -> JSON {
    func sum(_ count: (BoardUnit) -> Int) -> JSON { .integer(units.reduce(0) { $0 + count($1) }) }
    return [
      "at": .string(now.text), "beds": sum(\.beds.count), "occupied": sum(\.occupied), "free": sum(\.free),
      "toClean": sum(\.toClean), "closed": sum(\.closed), "units": .array(units.map { $0.json(version) }),
    ]
  }

  private func json(_ version: UnitFragment.Version) -> JSON {
    [
      "unit": .string(code), "name": .string(name), "occupied": .integer(occupied), "staffed": .integer(staffed),
      "free": .integer(free), "withoutBed": .integer(unplaced), "beds": .array(beds.map { $0.json(version) }),
    ]
  }
}

extension BoardBed {
  static let fields = [
    Field("bed", .uuid, required: true), Field("code", required: true),
    Field("state", .choice(BedFace.keys), required: true), Field("isolation", .maybe(.text()), required: true),
    Field("staffed", .flag, required: true), Field("extra", .flag, required: true),
    Field("stay", .maybe(.uuid), "Of whoever lies there alone; not on walls"),
    Field("occupant", .maybe(.text()), "Identity line; not on walls"), Field("note", .maybe(.text())),
    Field("leaves", .maybe(.text()), "When whoever lies there is expected to leave"),
  ]

  /// A wall's JSON says no more than a wall.
  func json(_ version: UnitFragment.Version) -> JSON {
    var object = JSONObject([
      ("bed", .string(id)), ("code", .string(code)), ("state", .string(face(on: version).key)),
      ("isolation", isolation.map(JSON.string) ?? .null), ("staffed", .bool(staffed)), ("extra", .bool(extra)),
    ])
    guard version == .staff else { return .object(object) }
    object.append("stay", stay.map(JSON.string) ?? .null)
    object.append("occupant", occupant.isEmpty ? .null : .string(occupant))
    object.append("note", note.map(JSON.string) ?? .null)
    object.append("leaves", leaves.map(JSON.string) ?? .null)
    return .object(object)
  }
}
