import Ledger

/// This did not happen. The movement is marked, never deleted; the patient was all the while where they were before it,
/// if nobody has taken that bed since.
public struct CancelMovement: Command {
  public var stay: String
  /// The movement's, or the attendance's.
  public var key: String
  /// `bed/<uuid>` to go to instead, from when the bed before was given away.
  public var bed: String?

  public init(stay: String, key: String, bed: String? = nil) {
    self.stay = stay
    self.key = key
    self.bed = bed
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    try world.require(.cancelMovement, moment, units: stay.place.unit)
    try world.requireOwn(stay.id)
    if let attendance = stay.attendances.first(where: { $0.key.sameBytes(as: key) }) {
      guard !attendance.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
      let cancellation = Self.fact(stay.id, at: attendance.at, key: key, id: key, trigger: "")
      try world.requireRoom(after: [cancellation], moment)
      return Decision(facts: [cancellation])
    }
    guard let movement = stay.movements.first(where: { $0.key.sameBytes(as: key) }) else {
      throw Refusal("movement-unknown", field: "movement")
    }
    guard !movement.cancelled else { throw Refusal("movement-cancelled", field: "movement") }
    try checkLater(movement, in: stay)

    let cancellation = Self.fact(stay.id, movement)
    let before = stay.presence(at: moment.now)
    let after = try WorldAfter(world, [cancellation], moment).known(stay: stay.id)
    let isBackInBed = after.presence(at: moment.now)?.stayClass?.isLodged ?? false
    if isBackInBed, before?.stayClass?.isLodged != true { try world.requireOnly(stay, moment) }
    let givenAway = world.clashes(after: [cancellation], moment).first?.at
    guard let bed else {
      guard givenAway == nil else { throw Refusal("bed-taken-since", field: "bed") }
      let back = after.presence(at: moment.now).flatMap { world.structure?.bedID($0.place) }
      let isolation = takeIsolation(of: movement, in: stay, from: before?.place, to: back, world, moment)
      let kept = stay.status == .preadmitted ? Lodging.released(by: stay, taking: nil, world, moment) : []
      let facts = [cancellation] + goBack(after, from: before?.place, world, moment) + isolation + kept
      return Decision(facts: facts + world.resumed(stay, after: facts, moment))
    }
    let moves = try go(to: bed, after, from: before?.place, since: givenAway, world, moment)
    let isolation =
      moves.isEmpty ? [] : takeIsolation(of: movement, in: stay, from: before?.place, to: bed, world, moment)
    let facts = [cancellation] + moves + isolation
    try world.requireRoom(after: facts, moment)
    return Decision(facts: facts + world.resumed(stay, after: facts, moment))
  }

  /// What opened the visit, or a leave, cannot be undone beneath what came after it.
  private func checkLater(_ movement: Movement, in stay: Stay) throws(Refusal) {
    guard movement.isBeginning || movement.trigger == "A21" || movement.isDischarge else { return }
    let order = (movement.at, movement.order)
    let later = stay.movements.contains { $0.acts && ($0.at, $0.order) > order }
    guard !later else { throw Refusal("movement-not-last", field: "movement") }
  }

  /// Into the bed where the cancellation leaves the patient.
  private func goBack(_ after: Stay, from before: Place?, _ world: any World, _ moment: Moment) -> [Fact] {
    guard let place = after.presence(at: moment.now)?.place, place != before,
      let bed = world.structure?.bedID(place).flatMap({ world.bed($0) }),
      bed.condition == .toClean || bed.condition == .bodyPresent
    else { return [] }
    return [Fact(kind: "bed.freed", subject: bed.id, at: moment.now, data: [:])]
  }

  /// Isolation that came to a bed with this movement, or was said of it since, is the patient's: it goes where they go.
  /// Nobody will clean the bed where they never were, so it ends there.
  private func takeIsolation(
    of movement: Movement, in stay: Stay, from before: Place?, to bed: String?, _ world: any World, _ moment: Moment
  ) -> [Fact] {
    guard let left = before.flatMap({ world.structure?.bedID($0) }).flatMap({ world.bed($0) }), let bed, bed != left.id,
      let isolation = left.isolation, let said = left.isolationSaid, said.at >= movement.writtenAt,
      !world.occupants(ofBed: left.id, at: moment.now).contains(where: { $0 != stay.id })
    else { return [] }
    let ended = left.isolated(nil, at: moment.now)
    guard let taken = world.bed(bed), taken.isolation != isolation else { return [ended] }
    return [ended, taken.isolated(isolation, at: moment.now)]
  }

  /// Into another bed, since the bed before was given away; now where it was not.
  private func go(
    to bed: String, _ after: Stay, from before: Place?, since givenAway: Instant?, _ world: any World, _ moment: Moment
  ) throws(Refusal)
    -> [Fact]
  {
    let hour = EventHour(known: givenAway ?? moment.now, moment)
    guard let place = after.presence(at: hour.at)?.place, givenAway != nil || place != before else { return [] }
    let lodging = try Lodging(unit: nil, bed: bed, for: after, at: hour.at, world)
    guard let nature = Transfer.nature(from: place, to: lodging.place) else { return [] }
    let movement = SaidMovement(kind: .transferred, trigger: "A02", hour: hour, place: lodging.place, nature: nature)
    return [movement.fact(after.id, moment)] + lodging.facts
  }

  /// That a movement did not happen, with what it had said of its stay beside it.
  static func fact(_ stay: String, _ movement: Movement) -> Fact {
    var beside: [(key: String, value: JSON)] = []
    if movement.isDischarge { beside = [("exitMode", .null), ("destination", .null)] }
    if movement.trigger == "A21" { beside = [("leave", .null)] }
    return fact(stay, at: movement.at, key: movement.key, id: movement.id, trigger: movement.trigger, beside)
  }

  private static func fact(
    _ stay: String, at: Instant, key: String, id: String, trigger: String,
    _ beside: [(key: String, value: JSON)] = []
  ) -> Fact {
    var movement = StateWriter()
    movement.put("key", key)
    movement.put("id", id)
    movement.put("trigger", trigger.isEmpty ? nil : trigger)
    let data = JSONObject(beside + [("movement", .object(movement.object))])
    return Fact(kind: StayFact.cancelled.rawValue, subject: stay, at: at, data: .object(data))
  }
}
