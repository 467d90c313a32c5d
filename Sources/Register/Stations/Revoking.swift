import GRDB
import Hospital
import Ledger

/// How a station's later lines are shut out, and let in again.
extension Register {
  /// Whether the others refuse this station's connection.
  public func isRevoked(_ station: String) -> Bool { writer?.revoked.contains(station) ?? false }

  /// Whether this station may enrol and revoke others.
  public var holdsEnrollingKey: Bool { folder.hasEnrollingKey }

  /// Says, under the enrolling key, which lines of another station count: those that are here, or those of its own
  /// chain up to `sequence`.
  /// - Throws: `RegisterFault.key` where this station holds no enrolling key.
  @discardableResult
  public func revoke(
    station: String, after sequence: Int? = nil, environment: Environment
  ) async throws -> Revocation {
    let last = try pool.reading { db in
      var last: [String: [VerificationReport.Head]] = [:]
      for (chain, tips) in try Reading(db, of: self).heads() where StationName.station(ofChain: chain) == station {
        let limit = chain == station ? sequence ?? .max : .max
        last[chain] = try Set(tips.compactMap { try StoredCommits(db).head(of: chain, notAfter: limit, under: $0) })
          .sorted { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }
      }
      return last
    }
    return try await mark(station, last, environment)
  }

  /// Takes a revocation back: every line of the station counts again.
  @discardableResult
  public func restore(station: String, environment: Environment) async throws -> Revocation {
    try await mark(station, nil, environment)
  }

  /// The fact by which a station is revoked, for it to hear: it holds by its own signature. nil where it is not.
  public func mark(against station: String) throws -> Fact? {
    try read { try $0.mark(against: station) }.flatMap { $0.revocation.last == nil ? nil : $0.fact }
  }

  /// Takes the mark that others hold against this station, by which they answer it nothing else: said again in a line
  /// of its own, from which on it refuses to write. What no enrolling key signed, another's mark or one taken back
  /// since changes nothing. Gives whether it is new here.
  @discardableResult
  public func hear(mark fact: Fact, environment: Environment) async throws -> Bool {
    guard let revocation = Revocation(fact, root: try identity().enrolment.rootFingerprint),
      revocation.station.sameBytes(as: station), revocation.last != nil,
      let signature = fact.data["signature"]?.string,
      try read({ try $0.mark(against: station) }).map({ revocation.follows($0.revocation) }) ?? true
    else { return false }
    let key = Name.subject("command", Revocation.kind, signature)
    _ = try await submit(Submission(Saying(facts: [fact]), key: key, author: "system"))
    return true
  }

  private func mark(
    _ station: String, _ last: [String: [VerificationReport.Head]]?, _ environment: Environment
  ) async throws -> Revocation {
    let known = try read { try $0.mark(against: station)?.revocation.at }
    let now = environment.now()
    // Whatever clock the one before was said by, this one holds.
    let at = known.map { max(now, Instant(milliseconds: $0.milliseconds + 1)) } ?? now
    let authority = try authority()
    let fact: Fact
    do throws(KeyFault) {
      fact = try authority.revoke(station: station, last: last, at: at)
    } catch { throw RegisterFault(error) }
    _ = try await submit(Submission(Saying(facts: [fact]), key: environment.newID(), author: "system"))
    guard let revocation = Revocation(fact, root: authority.rootFingerprint) else {
      throw RegisterFault.key("the enrolling key is not one of this hospital's")
    }
    return revocation
  }
}

extension StoredCommits {
  /// The line of this branch with the highest sequence that is not after `limit`; nil where that is before the first.
  fileprivate func head(
    of name: String, notAfter limit: Int, under tip: VerificationReport.Head
  ) throws -> VerificationReport.Head? {
    if tip.sequence <= limit { return tip }
    guard let chain = try chain(named: name) else { return nil }
    let there = try db.prepared("SELECT hash FROM commits WHERE chain = ? AND sequence = ?")
      .all(.integer(chain), .integer(limit)) { $0.blob(0) }.compactMap { LineHash(bytes: $0) }
    if there.count == 1 { return VerificationReport.Head(sequence: limit, hash: there[0]) }
    var (at, hash) = (tip.sequence, tip.hash)
    while at > limit, let commit = try line(hash, at: at, chain: chain) { (at, hash) = (at - 1, commit.previous) }
    return at > 0 ? VerificationReport.Head(sequence: at, hash: hash) : nil
  }
}
