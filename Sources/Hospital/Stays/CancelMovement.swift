import Ledger

/// This did not happen. The movement is marked, never deleted; the patient is again where they were before it, if
/// nobody has taken that bed since.
public struct CancelMovement: Command {
  public var stay: String
  /// The movement's, or the attendance's.
  public var key: String
  /// `bed/<uuid>` to go to instead, where the bed before was given away.
  public var bed: String?

  public init(stay: String, key: String, bed: String? = nil) {
    self.stay = stay
    self.key = key
    self.bed = bed
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    try world.require(.cancelMovement, moment, units: stay.place.unit)
    if let attendance = stay.attendances.first(where: { $0.key.sameBytes(as: key) }) {
      guard !attendance.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
      return Decision(facts: [fact(stay, at: attendance.at, id: key, trigger: "")])
    }
    guard let movement = stay.movements.first(where: { $0.key.sameBytes(as: key) }) else {
      throw Refusal("movement-unknown", field: "movement")
    }
    guard !movement.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
    try checkLater(movement, in: stay)

    var beside: [(key: String, value: JSON)] = []
    if movement.isDischarge { beside = [("exitMode", .null), ("destination", .null)] }
    if movement.trigger == "A21" { beside = [("leave", .null)] }
    let cancellation = fact(stay, at: movement.at, id: movement.id, trigger: movement.trigger, beside)
    var after = stay
    after.fold(
      Heard(
        fact: cancellation, time: HybridTime(instant: moment.now, counter: 0), station: moment.station,
        author: moment.author, command: "", source: nil))
    let isBackInBed = after.presence(at: moment.now)?.stayClass?.isLodged ?? false
    if isBackInBed, stay.presence(at: moment.now)?.stayClass?.isLodged != true { try world.requireOnly(stay, moment) }
    let moves = try goBack(after, from: stay.presence(at: moment.now)?.place, world, moment)
    return Decision(facts: [cancellation] + moves)
  }

  /// What opened the visit, or a leave, cannot be undone beneath what came after it.
  private func checkLater(_ movement: Movement, in stay: Stay) throws(Refusal) {
    guard movement.isBeginning || movement.trigger == "A21" || movement.isDischarge else { return }
    let order = (movement.at, movement.order)
    let later = stay.movements.contains { $0.acts && ($0.at, $0.order) > order }
    guard !later else { throw Refusal("movement-not-last", field: "movement") }
  }

  /// Into the bed where the cancellation leaves the patient, or into `bed`.
  private func goBack(
    _ after: Stay, from before: Place?, _ world: any World, _ moment: Moment
  ) throws(Refusal)
    -> [Fact]
  {
    guard let place = after.presence(at: moment.now)?.place, place != before,
      let id = world.structure?.bedID(place), let old = world.bed(id)
    else { return [] }
    let others = world.occupants(ofBed: id, at: moment.now).filter { $0 != after.id }.compactMap { world.stay($0) }
    guard let bed else {
      do { try Occupancy.checkRoom(for: after, beside: others, in: old) } catch {
        throw Refusal("bed-taken-since", field: "bed")
      }
      let wasLeft = old.condition == .toClean || old.condition == .bodyPresent
      return wasLeft ? [Fact(kind: "bed.freed", subject: id, at: moment.now, data: [:])] : []
    }
    let lodging = try Lodging(unit: nil, bed: bed, for: after, at: moment.now, world, moment)
    guard let nature = Transfer.nature(from: place, to: lodging.place) else { return [] }
    let hour = try EventHour(nil, world, moment, patient: nil)
    let movement = SaidMovement(
      kind: .transferred, trigger: "A02", hour: hour, place: lodging.place, nature: nature)
    return [movement.fact(after.id, moment)] + lodging.facts
  }

  private func fact(
    _ stay: Stay, at: Instant, id: String, trigger: String, _ beside: [(key: String, value: JSON)] = []
  ) -> Fact {
    var movement = StateWriter()
    movement.put("key", key)
    movement.put("id", id)
    movement.put("trigger", trigger.isEmpty ? nil : trigger)
    let data = JSONObject(beside + [("movement", .object(movement.object))])
    return Fact(kind: StayFact.cancelled.rawValue, subject: stay.id, at: at, data: .object(data))
  }
}
