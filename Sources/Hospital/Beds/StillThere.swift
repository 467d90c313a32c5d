import Ledger

/// What a page asked for somebody in a bed, done only if they lie there still: a page may be minutes old, and the next
/// patient is not the one it named. Asked where the command is decided, so that nobody can change beds in between.
public struct StillThere: Command {
  /// `bed/<uuid>`.
  public var bed: String
  /// `stay/<uuid>`.
  public var stay: String
  public var command: any Command

  public init(bed: String, stay: String, _ command: any Command) {
    self.bed = bed
    self.stay = stay
    self.command = command
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let lying = world.occupants(ofBed: bed, at: moment.now)
    guard lying.contains(where: { $0.sameBytes(as: stay) }) else {
      throw Refusal(lying.isEmpty ? "bed-nobody-there" : "bed-other-patient", field: "stay")
    }
    return try command.decide(world, moment)
  }
}
