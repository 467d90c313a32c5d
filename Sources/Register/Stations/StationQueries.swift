import GRDB
import Ledger

/// A station, as the ledger knows it.
public struct KnownStation: Sendable, Equatable {
  public var name: String
  /// Where it said last that others reach it, `10.0.3.7:8443`; may be none, or several of which one answers.
  public var addresses: [String] = []
  /// The mark that holds: nil where nobody revoked it, and `last` nil where that was taken back.
  public var revocation: Revocation?

  /// Names under which its machine goes on, since its chain forked: one for each branch.
  public var successors: [String] = []

  public init(name: String, addresses: [String] = [], revocation: Revocation? = nil) {
    self.name = name
    self.addresses = addresses
    self.revocation = revocation
  }

  public var isRevoked: Bool { revocation?.last != nil }
}

extension KnownStation {
  /// What a station says of where it is reached.
  public static let reachedKind = "station.reached"

  public static func reached(_ station: String, at addresses: [String], now: Instant) -> Fact {
    Fact(
      kind: reachedKind, subject: "station/\(station)", at: now,
      data: ["addresses": .array(addresses.map { .string($0) })])
  }
}

extension Reading {
  /// Every station of the hospital whose first line is here, this one too, by name.
  public func stations() throws -> [KnownStation] {
    let names = try db.prepared("SELECT name FROM chains WHERE name NOT LIKE 'reads-%' ORDER BY name").all {
      $0.text(0)
    }
    return try names.compactMap { try station($0) }
  }

  /// When the first of them was opened.
  public var openedAt: Instant? {
    get throws {
      try stations().map { try StoredCommits(db).first(of: $0.name).time.instant }.min()
    }
  }

  /// Names of all that were ever certified, by name: one that was never heard was given numbers with its certificate.
  public func certifiedStations() throws -> [String] {
    try db.prepared(
      """
      SELECT name FROM chains WHERE name NOT LIKE 'reads-%'
      UNION SELECT substr(name, 7) FROM subjects WHERE name >= 'range/' AND name < 'range0' ORDER BY 1
      """
    ).all { $0.text(0) }
  }

  /// Whether a station of this hospital, dead or living, is called so: nobody else ever is.
  public func isCalled(_ people: String) throws -> Bool {
    try certifiedStations().contains { StationName.shown($0).sameBytes(as: people) }
  }

  /// nil for one whose chain is not here.
  public func station(_ name: String) throws -> KnownStation? {
    guard try StoredCommits(db).chain(named: name) != nil else { return nil }
    var known = KnownStation(name: name)
    known.revocation = try mark(against: name)?.revocation
    known.successors = try successors(of: name)
    var newest: HybridTime?
    for said in try facts(about: name) {
      // Nobody says of another where it is.
      if said.fact.kind == KnownStation.reachedKind, said.counting == .counts, said.commit.station.sameBytes(as: name),
        newest.map({ said.commit.time > $0 }) ?? true
      {
        newest = said.commit.time
        known.addresses = said.fact.data["addresses"]?.array?.compactMap(\.string) ?? []
      }
    }
    return known
  }

  /// The mark that holds for a station, also one of which no line is here, and the fact that says it.
  func mark(against name: String) throws -> (fact: Fact, revocation: Revocation)? {
    let root = try Enrolment(checking: StoredCommits(db).first(of: station)).rootFingerprint
    var held: (fact: Fact, revocation: Revocation)?
    for said in try facts(about: name) {
      guard let revocation = Revocation(said.fact, root: root), held.map({ revocation.follows($0.revocation) }) ?? true
      else { continue }
      held = (said.fact, revocation)
    }
    return held
  }

  private func facts(about name: String) throws -> [StationFacts.Said] {
    let subject = try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text("station/\(name)")) {
      $0.integer(0)
    }
    return try subject.map { try StationFacts(db).all(of: $0) } ?? []
  }
}
