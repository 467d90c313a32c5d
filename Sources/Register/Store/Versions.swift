import GRDB
import Hospital
import Ledger
import Synchronization

/// A state of a subject as this station once told it: up to one line, in the order in which lines came here.
public struct Version: Sendable, Hashable {
  public var station: String
  public var sequence: Int
  public var hash: LineHash
  /// When the line was written.
  public var writtenAt: Instant
  /// When it came to this station, as far as that is known; for a line of this station, when it was written. Never
  /// before those that came before it.
  public var cameAt: Instant
  /// Account id, or `system`.
  public var author: String
  /// The line's row in this store.
  let row: Int

  /// `urg-1-3fa9c2d1.123.0123abcd`: station, sequence and the hash's beginning, which tells two branches apart.
  public var id: String { "\(station).\(sequence).\(hash.hexPrefix)" }
}

/// A subject's present state.
public struct Versioned: Sendable {
  /// The subject's number in this store, by which pages go on.
  public var number: Int
  public var state: any Folded
  /// The row of the line that made it so.
  let revision: Int
}

/// Where and when rows were written, which nothing changes: read once for all who ask again.
final class VersionCache: Sendable {
  /// Some 10 MB: a line is read and parsed whole for whoever is not among them.
  private static let versionsMax = 50_000
  private let versions = Mutex<[Int: Version]>([:])

  /// - Parameter own: this station.
  func version(_ row: Int, own: String, _ db: Database) throws -> Version {
    if let known = versions.withLock({ $0[row] }) { return known }
    let commit = try StoredCommits(db).commit(row)
    let (written, taken) = (commit.time.instant, try HoursTaken(db).hour(of: row))
    let isOwn = StationName.station(ofChain: commit.station).sameBytes(as: own)
    let version = Version(
      station: commit.station, sequence: commit.sequence, hash: commit.hash, writtenAt: written,
      cameAt: taken.map { isOwn ? max(written, $0) : $0 } ?? written, author: commit.author, row: row)
    versions.withLock { versions in
      if versions.count >= Self.versionsMax { versions = [:] }
      versions[row] = version
    }
    return version
  }
}

extension Reading {
  /// nil where nothing was said of it, or where no fold knows it.
  public func versioned(_ subject: String) throws -> Versioned? {
    let found = try db.prepared(
      """
      SELECT states.subject, states.revision FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name = ?
      """
    ).first(.text(subject)) { ($0.integer(0), $0.integer(1)) }
    guard let (number, revision) = found, let state = try states.state(number, revision: revision, db) else {
      return nil
    }
    return Versioned(number: number, state: state, revision: revision)
  }

  /// By the subject's number, of one among very many: the states that pages show all day are kept, not these.
  public func versioned(_ number: Int) throws -> Versioned? {
    try db.prepared(
      """
      SELECT subjects.name, states.stored, states.revision
      FROM states JOIN subjects ON subjects.id = states.subject WHERE states.subject = ?
      """
    ).first(.integer(number)) { row in
      try FoldedKinds.state(row.text(0), stored: row.bytes(1)).map {
        Versioned(number: number, state: $0, revision: row.integer(2))
      }
    } ?? nil
  }

  /// The line that made a state.
  public func version(of found: Versioned) throws -> Version {
    try version(row: max(found.revision, try HoursTaken(db).lastRemade(found.number) ?? 0))
  }

  /// When the last of the lines came that made the stays of a person what they are; nil for whoever has none.
  public func lastMoved(ofPatient id: String) throws -> Instant? {
    let row =
      try db.prepared(
        """
        WITH own AS (SELECT id FROM subjects WHERE name IN (SELECT value FROM json_each(?)))
        SELECT max(line) FROM (
          SELECT revision AS line FROM own CROSS JOIN states ON states.subject = own.id
          UNION ALL SELECT commitID FROM own CROSS JOIN remade ON remade.subject = own.id)
        """
      ).first(.list(try stays(ofPatient: id))) { $0.integerOrNil(0) } ?? nil
    return try row.map { try version(row: $0).cameAt }
  }

  private func version(row: Int) throws -> Version { try versions.version(row, own: station, db) }

  /// The lines that speak of a subject and count, and those whose arrival changed it, in the order in which they came
  /// here; the last is that which made the present state.
  public func versions(of subject: String) throws -> [Version] {
    var rows = try db.prepared(
      """
      SELECT facts.commitID FROM facts JOIN commits ON commits.id = facts.commitID
      WHERE facts.subject = (SELECT id FROM subjects WHERE name = ?1) AND commits.counts = 1
      UNION SELECT commitID FROM remade WHERE subject = (SELECT id FROM subjects WHERE name = ?1) ORDER BY 1
      """
    ).all(.text(subject)) { $0.integer(0) }
    let revision = try db.prepared(
      "SELECT revision FROM states WHERE subject = (SELECT id FROM subjects WHERE name = ?)"
    ).first(.text(subject)) { $0.integer(0) }
    if let revision, rows.last.map({ $0 < revision }) ?? false { rows.append(revision) }
    return try rows.map(version(row:))
  }

  /// What was known of a subject once that line was here.
  public func state(of subject: String, at version: Version) throws -> (any Folded)? {
    let number = try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(subject)) { $0.integer(0) }
    guard let number else { return nil }
    var entry = SubjectEntry(id: number, newest: [], state: nil)
    try Refolding(db).refold(subject, &entry, through: version.row)
    return entry.state
  }

  /// The line of a version.
  public func commit(_ version: Version) throws -> Commit { try StoredCommits(db).commit(version.row) }

  /// The line that an id of a version names, if it is here and counts.
  public func version(_ id: String) throws -> Version? {
    let parts = id.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let sequence = Int(parts[1]) else { return nil }
    let rows = try db.prepared(
      "SELECT id FROM commits WHERE chain = (SELECT id FROM chains WHERE name = ?) AND sequence = ? AND counts = 1"
    ).all(.text(parts[0]), .integer(sequence)) { $0.integer(0) }
    return try rows.map(version(row:)).first { $0.id == id }
  }
}
