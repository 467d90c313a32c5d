import Ledger

/// The end of a chain that a clock which ran ahead has dated. Its lines are folded like any others.
public struct WrittenAhead: Sendable, Equatable {
  /// Its last line, and what that says of its hour.
  public var line: CommitPlace
  public var at: Instant
  /// The hour as of which it counts, where somebody said that the chain ended.
  public var countsAt: Instant?
}

extension Reading {
  /// By chain. Times grow along each branch: where its end is not ahead, no line of it is.
  public func writtenAhead(now: Instant) throws -> [WrittenAhead] {
    let commits = StoredCommits(db)
    let ends = try Endings.all(db)
    var ahead: [WrittenAhead] = []
    for (chain, tips) in try heads().sorted(by: { $0.key.precedesInBytes($1.key) })
    where StationName.station(ofChain: chain) == chain {
      guard let number = try commits.chain(named: chain) else { continue }
      for tip in tips {
        guard let last = try commits.line(tip.hash, at: tip.sequence, chain: number),
          last.time.instant.isAhead(of: now)
        else { continue }
        let place = CommitPlace(station: chain, sequence: tip.sequence, hash: tip.hash)
        ahead.append(WrittenAhead(line: place, at: last.time.instant, countsAt: ends[chain]))
      }
    }
    return ahead
  }
}
