import Hospital
import Register

extension Situation {
  /// One consistent state for the whole banner.
  static func read(_ register: Register, _ restoration: Restoration) throws -> Situation {
    var situation = Situation()
    situation.station = register.station
    situation.readsPending = register.pendingReadsCount
    situation.holdsRootKey = register.holdsRootKey
    situation.sealedAt = try register.vaultTargets().compactMap { try register.newestSealed(in: $0) }.max()
    try register.read { reading in
      situation.mode = try reading.mode
      situation.modeBy = try situation.mode.by.flatMap { try reading.account($0) }.flatMap { $0.name ?? $0.login }
      situation.conflicts = try reading.conflictsCount()
      try situation.take(try reading.vault(), try reading.unverified(), restoration.standing)
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

  private mutating func take(_ vault: Vault?, _ unverified: String?, _ standing: Restoration.Standing) throws {
    sealedAt = [sealedAt, vault?.newest?.at].compactMap(\.self).max()
    proof = vault?.proof
    proofFailed = vault?.failure != nil
    unverifiedPercent = unverified.map { _ in standing.percent }
    isOtherwise = standing.failure != nil
  }
}
