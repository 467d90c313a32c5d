import Ledger

/// This bed for this patient.
public struct AssignBed: Command {
  public var stay: String
  /// `bed/<uuid>`.
  public var bed: String
  public var at: Instant?

  public init(stay: String, bed: String, at: Instant? = nil) {
    self.stay = stay
    self.bed = bed
    self.at = at
  }

  /// Who answers for the patient does not change with the bed, unless it is another unit's.
  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let place = try world.known(stay: stay).presence(at: at ?? moment.now)?.place
    let isSameUnit = place?.unit != nil && world.bed(bed)?.unit == place?.unit
    let transfer = Transfer(
      stay: stay, bed: bed, medicalUnit: isSameUnit ? place?.medicalUnit : nil,
      careUnit: isSameUnit ? place?.careUnit : nil, at: at)
    return try transfer.decide(world, moment)
  }
}
