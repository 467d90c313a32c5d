import GRDB
import Hospital
import Ledger

/// A subject as the writer knows it.
struct SubjectEntry {
  /// Its number in the store.
  let id: Int
  /// `Position.bytes` of the newest fact folded in; empty before the first.
  var newest: [UInt8]
  /// nil before the first fact, and for subjects that no fold knows.
  var state: (any Folded)?
}

/// The subjects of one transaction, each read from the store once. The cache lives on from one transaction to the
/// next, since nobody else writes, and is emptied by a transaction that fails.
final class Subjects {
  private static let cacheMax = 4096
  /// This station, whose own ranges give numbers.
  let station: String
  /// Of the transaction that runs.
  var tally = Tally()
  /// Patients who are found by other names than before, and whom nobody looked at since.
  var renamed: Set<String> = []
  let namesakes = RecentNamesakes()
  let registrations = Registrations.Ends(.registered)
  let spokenOf = Registrations.Ends(.spokenOf)
  private var cache: [ExactText: SubjectEntry] = [:]
  /// Names that nobody has spoken of: what is decided asks for them again and again before it makes them.
  private var absent: Set<ExactText> = []

  init(station: String) { self.station = station }

  func forgetAll() {
    (cache, absent, renamed) = ([:], [], [])
    tally = Tally()
    namesakes.forget()
    registrations.forget()
    spokenOf.forget()
  }

  /// Keeps the cache small: called after each transaction, and between the parts of a long one.
  func trim() {
    if cache.count > Self.cacheMax { cache.removeAll(keepingCapacity: true) }
    absent = []
  }

  /// Gives `renamed`, which are looked at now.
  func takeRenamed() -> Set<String> {
    defer { renamed = [] }
    return renamed
  }

  func state(_ name: String, _ db: Database) throws -> (any Folded)? {
    try known(name, db)?.state
  }

  /// The entry of a subject that was ever spoken of.
  func known(_ name: String, _ db: Database) throws -> SubjectEntry? {
    let key = ExactText(name)
    if let entry = cache[key] { return entry }
    if absent.contains(key) { return nil }
    let entry = try db.prepared(
      """
      SELECT subjects.id, states.newest, states.stored FROM subjects LEFT JOIN states ON states.subject = subjects.id
      WHERE subjects.name = ?
      """
    ).first(.text(name)) { row in
      SubjectEntry(
        id: row.integer(0), newest: row.blob(1),
        state: row.isNull(2) ? nil : try FoldedKinds.state(name, stored: row.bytes(2)))
    }
    if let entry { cache[key] = entry } else { absent.insert(key) }
    return entry
  }

  /// The number of a subject, given to it now if it has none; its state is not read.
  func id(_ name: String, _ db: Database) throws -> Int {
    if let entry = cache[ExactText(name)] { return entry.id }
    let known = try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(name)) { $0.integer(0) }
    if let known { return known }
    let entry = try entry(name, db)
    keep(name, entry)
    return entry.id
  }

  /// The entry of a subject, given a number now if it has none. Most are spoken of for the first time, so nobody looks
  /// first whether they are there.
  func entry(_ name: String, _ db: Database) throws -> SubjectEntry {
    if let entry = cache[ExactText(name)] { return entry }
    try db.prepared("INSERT OR IGNORE INTO subjects(name) VALUES (?)").run(.text(name))
    if db.changesCount > 0 { return SubjectEntry(id: Int(db.lastInsertedRowID), newest: [], state: nil) }
    guard let entry = try known(name, db) else { throw RegisterFault.store("a subject is there and cannot be read") }
    return entry
  }

  func keep(_ name: String, _ entry: SubjectEntry) {
    let key = ExactText(name)
    cache[key] = entry
    if !absent.isEmpty { absent.remove(key) }
  }

  /// The number of the subject that was spoken of last for the first time, 0 where there is none.
  static func last(_ db: Database) throws -> Int {
    try db.prepared("SELECT max(id) FROM subjects").first { $0.integer(0) } ?? 0
  }
}
