import Ledger

extension Structure {
  /// `structure/<uuid>`.
  public var subject: String { "structure/\(Name.subject("structure", finess, finess))" }

  /// `unit/<uuid>` of the UF with this code.
  public func unitID(_ code: String) -> String { "unit/\(Name.subject("unit", finess, code))" }

  /// `bed/<uuid>` of this place, in the structure or made in the night: two posts that make it speak of the same one.
  public func bedID(unit: String, room: String?, code: String) -> String {
    Bed.id(finess: finess, unit: unit, room: room, code: code)
  }

  public var units: [CareUnit] { sites.flatMap(\.units) }

  public func site(ofUnit code: String) -> Site? {
    sites.first { $0.units.contains { $0.code.sameBytes(as: code) } }
  }

  /// Every place of every unit, in the order of the boards.
  public var bedCount: Int { units.reduce(0) { $0 + $1.bedCount } }
}

extension CareUnit {
  public var bedCount: Int { rooms.reduce(0) { $0 + $1.beds.count } }
}
