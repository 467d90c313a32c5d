import GRDB
import Ledger

/// A line that a station says it has read, and that is not here. It is a pointer, and counts against nobody.
public struct WitnessClaim: Sendable, Equatable {
  /// Who says so, and by its clock when.
  public var witness: String
  public var at: Instant
  public var claimed: CommitPlace
  /// Another line is here in that place; else none is: it has not arrived, is lost, or never was.
  public var isContradicted: Bool
}

extension Reading {
  /// The newest of each station about each other: of lines that are not here yet, and of places where others are. Of
  /// what one station's lines name of one other's, no more than `limit` are looked at, from the newest.
  public func witnessClaims(limit: Int = 200) throws -> [WitnessClaim] {
    let commits = StoredCommits(db)
    var claims: [WitnessClaim] = []
    var pair = (chain: 0, other: "")
    while claims.count < limit, let next = try pairOfWitnesses(after: pair) {
      pair = next
      let chain = try commits.chain(named: pair.other)
      let newest = try chain.map { try commits.newest(of: $0) } ?? 0
      var found: [Bool: (row: Int, sequence: Int, hash: [UInt8])] = [:]
      try db.prepared(
        """
        SELECT line, seen, hash FROM (
          SELECT line, seen, hash, sequence FROM witnesses WHERE chain = ? AND other = ?
          ORDER BY sequence DESC LIMIT ?) AS named
        WHERE NOT EXISTS (
          SELECT 1 FROM commits WHERE commits.chain = ? AND commits.sequence = named.seen AND commits.hash = named.hash)
        ORDER BY named.sequence DESC
        """
      ).each(.integer(pair.chain), .text(pair.other), .integer(limit), .integer(chain ?? 0)) { row in
        let isContradicted = row.integer(1) <= newest
        if found[isContradicted] == nil { found[isContradicted] = (row.integer(0), row.integer(1), row.blob(2)) }
        return found.count < 2
      }
      for isContradicted in [false, true] {
        guard let (row, sequence, hash) = found[isContradicted], let hash = LineHash(bytes: hash) else { continue }
        let line = try commits.commit(row)
        claims.append(
          WitnessClaim(
            witness: line.station, at: line.time.instant,
            claimed: CommitPlace(station: pair.other, sequence: sequence, hash: hash), isContradicted: isContradicted))
      }
    }
    return claims
  }

  private func pairOfWitnesses(after pair: (chain: Int, other: String)) throws -> (chain: Int, other: String)? {
    try db.prepared("SELECT chain, other FROM witnesses WHERE (chain, other) > (?, ?) ORDER BY chain, other LIMIT 1")
      .first(.integer(pair.chain), .text(pair.other)) { ($0.integer(0), $0.text(1)) }
  }
}
