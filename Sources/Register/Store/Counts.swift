/// How much of everything there is.
public struct Counts: Sendable, Equatable {
  /// Identities ever heard of, merged ones included.
  public var patients: Int
  /// Stays ever heard of.
  public var stays: Int
  /// Patients admitted and not discharged, as far as is known.
  public var openStays: Int
  /// Accounts ever opened.
  public var accounts: Int
  /// Lines of every chain.
  public var commits: Int
}

extension Reading {
  public func counts() throws -> Counts {
    Counts(
      patients: try Counters.value(.identities, db), stays: try Counters.value(.stays, db),
      openStays: try Counters.value(.openStays, db),
      accounts: try Counters.value(.accounts, db),
      // No line is ever taken out, so the last row says how many there are.
      commits: try db.prepared("SELECT max(id) FROM commits").first { $0.integer(0) } ?? 0)
  }
}
