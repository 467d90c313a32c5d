import Hospital
import Ledger
import Register

extension Situation {
  /// One consistent state for the whole banner.
  static func read(
    _ register: Register, _ others: [OtherStation], _ restoration: Restoration, at now: Instant
  ) throws -> Situation {
    var situation = Situation()
    situation.station = register.station
    situation.readsPending = register.pendingReadsCount
    situation.paper = PackRecord(folder: register.path).oldest
    situation.holdsRootKey = register.holdsRootKey
    situation.others = OtherStandings(others, at: now)
    situation.sealedAt = try register.vaultTargets().compactMap { try register.newestSealed(in: $0, now: now) }.max()
    let failures = try register.sealingFailures(now: now)
    situation.unsealedSince = failures.filter { $0.kind != .locks }.map(\.since).min()
    situation.unrenewedSince = failures.filter { $0.kind == .locks }.map(\.since).min()
    try register.read { reading in
      situation.isDrill = try reading.isDrill()
      situation.isClockInDoubt = try reading.isAhead(register.station, now: now)
      situation.mode = try reading.mode
      situation.modeBy = try situation.mode.by.flatMap { try reading.account($0) }.flatMap { $0.name ?? $0.login }
      situation.conflicts = try reading.conflictsCount()
      let feeds = try reading.feedPulses(now: now)
      situation.silentFeeds = feeds.filter(\.isSilent).map(\.sender)
      situation.refusedFeeds = feeds.filter(\.isRefused).map { "\($0.sender) (\(grouped($0.refused)))" }
      try situation.take(try reading.vault(), try reading.unverified(), restoration.standing, at: now)
      for (kind, numbers) in try reading.numbersLeft() where numbers.isLow {
        situation.numbersLow[kind.rawValue] = numbers.percentLeft
      }
      guard let structure = try reading.structure else { return }
      situation.hospital = structure.name
      situation.fictive = structure.fictive
      situation.timeZone = structure.timeZone
    }
    return situation
  }

  private mutating func take(
    _ vault: Vault?, _ unverified: String?, _ standing: Restoration.Standing, at now: Instant
  ) throws {
    sealedAt = [sealedAt, vault?.newest(now: now)?.at].compactMap(\.self).max()
    proof = vault?.proof(now: now)
    proofFailed = vault?.failure != nil
    unverifiedPercent = unverified.map { _ in standing.percent }
    isVerifyingStopped = standing.stopped != nil
    isOtherwise = standing.failure != nil
  }
}
