import Ledger

/// A place in five seconds: a stretcher in a corridor, an armchair, a cot, an extra bed. One press is enough: its code
/// is found where none is said.
public struct MakePlace: Command {
  public var unit: String?
  public var room: String?
  /// What people will call it, such as `Couloir 7`.
  public var code: String?
  public var kind: BedKind
  public var staffed: Bool

  public init(unit: String?, room: String? = nil, code: String? = nil, kind: BedKind, staffed: Bool = true) {
    self.unit = unit
    self.room = room
    self.code = code
    self.kind = kind
    self.staffed = staffed
  }

  public static let codeCharactersMax = 16
  /// Nobody makes more of one kind in a unit.
  static let placesMax = 200

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let unit = try Lodging.known(unit, world)
    try world.require(.makePlace, moment, units: unit)
    let finess = world.structure?.finess ?? ""
    let code =
      if let code, !code.isBlank { code } else { try freeCode(in: unit, finess, world) }
    guard code.count <= Self.codeCharactersMax, !code.contains("|") else {
      throw Refusal("bed-code-invalid", field: "code", ["characters": String(Self.codeCharactersMax)])
    }
    let id = Bed.id(finess: finess, unit: unit, room: room, code: code)
    let before = world.bed(id)
    if before.map({ !$0.removed }) ?? isBuilt(code, in: unit, world) { throw Refusal("bed-code-taken", field: "code") }
    var data = StateWriter()
    data.put("unit", unit)
    data.put("room", room)
    data.put("code", code)
    data.put("kind", kind.rawValue)
    data.put("staffed", staffed, unless: !staffed)
    let made = Fact(kind: "bed.made", subject: id, at: moment.now, data: .object(data.object))
    return Decision(facts: [made] + Self.undoing(before, at: moment.now))
  }

  /// A room of the unit has it already: nobody sends a stretcher to one of two.
  private func isBuilt(_ code: String, in unit: String, _ world: any World) -> Bool {
    let rooms = world.structure?.units.first { $0.code.sameBytes(as: unit) }?.rooms ?? []
    return rooms.contains { $0.beds.contains { $0.code.lowercased() == code.lowercased() } }
  }

  /// A place of the same code that was taken back leaves nothing to the new one.
  private static func undoing(_ before: Bed?, at instant: Instant) -> [Fact] {
    guard let before else { return [] }
    var facts: [Fact] = []
    if before.doubled {
      facts.append(Fact(kind: "bed.doubled", subject: before.id, at: instant, data: ["doubled": false]))
    }
    if before.isolation != nil {
      facts.append(Fact(kind: "bed.isolated", subject: before.id, at: instant, data: ["isolation": nil]))
    }
    return facts
  }

  /// `BRANCARD-1` and so on: the first that is not there.
  private func freeCode(in unit: String, _ finess: String, _ world: any World) throws(Refusal) -> String {
    for number in 1...Self.placesMax {
      let code = "\(prefix)-\(number)"
      let there = world.bed(Bed.id(finess: finess, unit: unit, room: room, code: code))
      if there?.removed ?? true { return code }
    }
    throw Refusal("bed-code-missing", field: "code")
  }

  private var prefix: String {
    switch kind {
    case .bed, .extra: "SUPP"
    case .bay: "BOX"
    case .chair: "FAUTEUIL"
    case .stretcher: "BRANCARD"
    case .corridor: "COULOIR"
    case .cot: "BERCEAU"
    }
  }
}
