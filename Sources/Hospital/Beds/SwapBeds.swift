import Ledger

/// Two patients change places, in one commit: at no moment are both in one bed. Responsibilities stay, and so does
/// whoever else lies in either bed: a newborn, or the other of a doubled bed.
public struct SwapBeds: Command {
  public var one: String
  public var other: String

  public init(one: String, other: String) {
    self.one = one
    self.other = other
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let (first, second) = (try world.known(stay: one), try world.known(stay: other))
    let hour = EventHour(known: moment.now, moment)
    let (from, to) = (try first.present(at: hour, moment).place, try second.present(at: hour, moment).place)
    guard first.id != second.id, from.bed != nil, to.bed != nil, Transfer.nature(from: from, to: to) != nil else {
      throw Refusal("no-swap", field: "bed")
    }
    try world.require(.move, moment, units: from.unit, to.unit)
    try world.requireOwn(first.id, second.id)
    var facts = [move(first, from: from, to: to, hour, moment), move(second, from: to, to: from, hour, moment)]
    facts += isolation(from, to, world, moment)
    guard world.clashes(after: facts, moment).isEmpty else { throw Refusal("swap-not-alone", field: "bed") }
    return Decision(facts: facts)
  }

  /// Isolation goes with whoever is isolated.
  private func isolation(_ from: Place, _ to: Place, _ world: any World, _ moment: Moment) -> [Fact] {
    let beds = [from, to].compactMap { world.structure?.bedID($0) }.compactMap { world.bed($0) }
    guard beds.count == 2, beds[0].isolation != beds[1].isolation else { return [] }
    return zip(beds, beds.reversed()).map { bed, other in bed.isolated(other.isolation, at: moment.now) }
  }

  private func move(_ stay: Stay, from: Place, to: Place, _ hour: EventHour, _ moment: Moment) -> Fact {
    var place = Place(unit: to.unit, room: to.room, bed: to.bed)
    let (medical, care) = (from.medicalUnit ?? from.unit, from.careUnit ?? from.unit)
    place.medicalUnit = medical == to.unit ? nil : medical
    place.careUnit = care == to.unit ? nil : care
    let nature = Transfer.nature(from: from, to: place)
    return SaidMovement(kind: .transferred, trigger: "A02", hour: hour, place: place, nature: nature)
      .fact(stay.id, moment)
  }
}
