import Ledger

/// Where a command wants to put someone, checked against the bed's own state: what to write on the movement, and what
/// else becomes of the bed. Who lies in it, `World.requireRoom` asks of what is decided.
struct Lodging {
  var place: Place
  var facts: [Fact] = []
  var warnings: [Warning] = []

  /// - Parameter who: whose place it is; not in the world yet where the command makes it.
  init(unit: String?, bed id: String?, for who: Stay, at instant: Instant, _ world: any World) throws(Refusal) {
    guard let id else {
      place = Place(unit: try Lodging.known(unit, world))
      return
    }
    guard let bed = world.bed(id), let code = bed.code, let bedUnit = bed.unit else {
      throw Refusal("bed-unknown", field: "bed")
    }
    if let unit, !unit.sameBytes(as: bedUnit) { throw Refusal("bed-in-other-unit", field: "bed", ["unit": bedUnit]) }
    place = Place(unit: bedUnit, room: bed.room, bed: code)
    try check(bed, for: who, at: instant, world)
  }

  private mutating func check(_ bed: Bed, for who: Stay, at instant: Instant, _ world: any World) throws(Refusal) {
    if bed.removed { throw Refusal("bed-removed", field: "bed") }
    switch bed.condition {
    case .free: break
    case .closed: throw Refusal("bed-closed", field: "bed", ["reason": bed.reason ?? "–"])
    case .bodyPresent: throw Refusal("bed-body-present", field: "bed")
    case .toClean: warnings.append(Warning("bed-to-clean", field: "bed"))
    case .reserved:
      guard let reserved = bed.reservedFor, Lodging.isKept(reserved, for: who, world) else {
        throw Refusal("bed-reserved", field: "bed")
      }
      facts.append(Fact(kind: "bed.freed", subject: bed.id, at: instant, data: [:]))
      if let request = bed.request.flatMap({ world.bedRequest($0) }), request.isWaiting {
        facts.append(Fact(kind: "request.fulfilled", subject: request.id, at: instant, data: [:]))
        // Two stations, cut off, each kept one.
        for other in request.kept(world) where !other.sameBytes(as: bed.id) {
          facts.append(Fact(kind: "bed.freed", subject: other, at: instant, data: [:]))
        }
      }
    }
    if !bed.staffed { warnings.append(Warning("bed-unstaffed", field: "bed")) }
    if bed.isolation != nil { warnings.append(Warning("bed-isolated", field: "bed")) }
  }

  /// The bed that a pre-admission kept, once nobody will come to lie there.
  static func released(by stay: Stay, taking taken: String?, _ world: any World, _ moment: Moment) -> [Fact] {
    guard let id = world.structure?.bedID(stay.place), id != taken, let bed = world.bed(id),
      bed.condition == .reserved, bed.reservedFor.map({ $0.sameBytes(as: stay.id) }) ?? false
    else { return [] }
    return [Fact(kind: "bed.freed", subject: id, at: moment.now, data: [:])]
  }

  private static func isKept(_ reserved: String, for who: Stay, _ world: any World) -> Bool {
    [who.id, who.number].contains { $0?.sameBytes(as: reserved) ?? false }
      || who.patient.map { world.isOnePerson($0, reserved) } ?? false
  }

  static func known(_ unit: String?, _ world: any World) throws(Refusal) -> String {
    guard let unit, !unit.isEmpty else { throw Refusal("unit-missing", field: "unit") }
    if let structure = world.structure, structure.unit(unit) == nil { throw Refusal("unit-unknown", field: "unit") }
    return unit
  }

  /// Isolation goes with whoever is isolated. The bed left keeps it until it is clean, for whoever cleans it.
  static func isolation(from place: Place, to bed: String?, at instant: Instant, _ world: any World) -> [Fact] {
    guard let left = world.structure?.bedID(place), let isolation = world.bed(left)?.isolation,
      let taken = bed.flatMap({ world.bed($0) }), taken.isolation == nil
    else { return [] }
    return [taken.isolated(isolation, at: instant)]
  }

  /// The bed that somebody leaves for good becomes to clean, and single again, unless another lies in it still.
  static func left(
    _ place: Place, by stay: String, at instant: Instant, died: Bool = false, _ world: any World, _ moment: Moment
  )
    -> [Fact]
  {
    guard let id = world.structure?.bedID(place), let bed = world.bed(id), !bed.removed, bed.condition != .closed else {
      return []
    }
    let others = world.occupants(ofBed: id, at: moment.now).filter { $0 != stay }
    // Whoever came after a late entry's hour has the bed as it is.
    guard others.isEmpty, bed.since.map({ $0 <= instant }) ?? true else { return [] }
    let left = Fact(kind: died ? "bed.body-present" : "bed.to-clean", subject: id, at: instant, data: [:])
    return bed.doubled ? [left, Fact(kind: "bed.doubled", subject: id, at: instant, data: ["doubled": false])] : [left]
  }
}
