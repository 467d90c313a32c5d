import Hospital
import Register

extension Situation {
  /// One consistent state for the whole banner.
  static func read(_ register: Register) throws -> Situation {
    var situation = Situation()
    situation.station = register.station
    situation.readsPending = register.pendingReadsCount
    situation.holdsRootKey = register.holdsRootKey
    try register.read { reading in
      situation.mode = try reading.mode
      situation.modeBy = try situation.mode.by.flatMap { try reading.account($0) }.flatMap { $0.name ?? $0.login }
      situation.conflicts = try reading.conflictsCount()
      for kind in [NumberKind.ipp, .nda] {
        let numbers = try reading.numbersLeft(kind)
        if numbers.isLow, numbers.granted > 0 {
          situation.numbersLow[kind.rawValue] = numbers.left * 100 / numbers.granted
        }
      }
      guard let structure = try reading.structure else { return }
      situation.hospital = structure.name
      situation.fictive = structure.fictive
      situation.timeZone = structure.timeZone
    }
    return situation
  }
}
