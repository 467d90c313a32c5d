import GRDB
import Hospital
import Ledger

/// Folds many commits at once: each subject's facts together, on every core, and its rows written once. What it
/// leaves is what folding them one by one would have left.
struct BatchFolding {
  struct Row: Sendable {
    var id: Int
    var counts: Bool
    var commit: Commit
  }

  private let subjects: Subjects
  /// The highest number of a subject handled so far. Subjects were numbered in the order in which the ledger first
  /// speaks of them, so those that are new in a batch follow it.
  private var lastSubject = 0

  init(_ subjects: Subjects) { self.subjects = subjects }

  /// One subject's share of the batch.
  private struct Share: Sendable {
    let subject: String
    var heard: [Heard] = []
    /// `Position.bytes` of each of `heard`.
    var positions: [[UInt8]] = []
    var lastCommit = 0
    var id = 0
    var newest: [UInt8] = []
    var stored: [UInt8] = []
    var old: (any Folded)?
    var new: (any Folded)?
    var isLate = false
    var failure: RegisterFault?
  }

  /// - Parameter rows: the commits after those taken before, at least one.
  mutating func take(_ rows: [Row], _ db: Database) throws {
    var shares = try shares(of: rows, db)
    let new = try newSubjects(shares.count, db)
    for index in shares.indices {
      if let id = new[SubjectName(shares[index].subject)] {
        shares[index].id = id
      } else {
        try load(&shares[index], db)
      }
      lastSubject = max(lastSubject, shares[index].id)
    }
    let folded = Concurrently.map(shares, Self.fold)
    var structureChanged: Int?
    for share in folded {
      if let commit = try keep(share, through: rows[rows.count - 1].id, db) {
        structureChanged = max(structureChanged ?? 0, commit)
      }
    }
    if let structureChanged { try StructureCache.changed(at: structureChanged, db) }
    try useNumbers(rows, db)
    try subjects.tally.write(db)
    subjects.trim()
  }

  /// Subjects that were numbered next, by name: nothing is folded of them yet.
  private func newSubjects(_ count: Int, _ db: Database) throws -> [SubjectName: Int] {
    var new: [SubjectName: Int] = [:]
    try db.prepared("SELECT id, name FROM subjects WHERE id > ? ORDER BY id LIMIT ?").each(
      .integer(lastSubject), .integer(count)
    ) { row in
      new[SubjectName(row.text(1))] = row.integer(0)
      return true
    }
    return new
  }

  private func shares(of rows: [Row], _ db: Database) throws -> [Share] {
    var shares: [Share] = []
    var indexes: [SubjectName: Int] = [:]
    for row in rows where row.counts {
      let commit = row.commit
      if StationName.station(ofChain: commit.station) != commit.station {
        try ReadRows.take(commit, subjects, db)
        continue
      }
      for (place, fact) in commit.facts.enumerated() where FoldedKinds.type(of: fact.subject) != nil {
        let name = SubjectName(fact.subject)
        let index = indexes[name] ?? shares.count
        if index == shares.count {
          indexes[name] = index
          shares.append(Share(subject: fact.subject))
        }
        shares[index].heard.append(Heard(commit, place: place))
        shares[index].positions.append(Position(commit, place: place).bytes)
        shares[index].lastCommit = row.id
      }
    }
    return shares
  }

  private func load(_ share: inout Share, _ db: Database) throws {
    let found = try db.prepared(
      """
      SELECT subjects.id, states.newest, states.stored FROM subjects LEFT JOIN states ON states.subject = subjects.id
      WHERE subjects.name = ?
      """
    ).first(.text(share.subject)) { (id: $0.integer(0), newest: $0.blob(1), stored: $0.blob(2)) }
    guard let found else { throw RegisterFault.store("a subject is missing from the index of facts") }
    share.id = found.id
    share.newest = found.newest
    share.stored = found.stored
  }

  private static func fold(_ share: Share) -> Share {
    var share = share
    guard let type = FoldedKinds.type(of: share.subject) else { return share }
    do throws(RegisterFault) {
      share.old =
        share.stored.isEmpty
        ? nil
        : try share.stored.withUnsafeBufferPointer { bytes throws(RegisterFault) in
          try FoldedKinds.state(share.subject, stored: bytes)
        }
    } catch { share.failure = error }
    let order = share.positions.indices.sorted {
      share.positions[$0].lexicographicallyPrecedes(share.positions[$1])
    }
    guard let first = order.first, let last = order.last else { return share }
    share.isLate = !share.newest.isEmpty && !share.newest.lexicographicallyPrecedes(share.positions[first])
    if share.isLate { return share }
    var state = share.old ?? type.init(id: share.subject)
    for place in order { state.fold(share.heard[place]) }
    share.new = state
    share.newest = share.positions[last]
    share.stored = state.stored.bytes
    return share
  }

  /// Gives the row of the commit that changed the hospital's structure, if one did.
  private func keep(_ share: Share, through last: Int, _ db: Database) throws -> Int? {
    if let failure = share.failure { throw failure }
    var share = share
    if share.isLate {
      var entry = SubjectEntry(id: share.id, newest: [], state: nil)
      try Refolding(db).refold(share.subject, &entry, through: last)
      (share.new, share.newest, share.stored) = (entry.state, entry.newest, entry.state?.stored.bytes ?? [])
    }
    let sql =
      share.old == nil
      ? "INSERT INTO states(revision, newest, stored, subject) VALUES (?, ?, ?, ?)"
      : "UPDATE states SET revision = ?, newest = ?, stored = ? WHERE subject = ?"
    try db.prepared(sql)
      .run(.integer(share.lastCommit), .blob(share.newest), .blob(share.stored), .integer(share.id))
    var rows = RowUpdate(db: db, subjects: subjects, id: share.id, commit: share.lastCommit, isRebuilding: true)
    try rows.update(share.subject, old: share.old, new: share.new)
    return rows.structureChanged ? share.lastCommit : nil
  }

  /// The highest serial used of each slice.
  private func useNumbers(_ rows: [Row], _ db: Database) throws {
    guard let structure = try Structure(reading: db) else { return }
    let slices = try NumberRows.slices(db)
    var highest = [Int](repeating: 0, count: slices.count)
    for row in rows where row.commit.source == nil && row.commit.station.sameBytes(as: subjects.station) {
      for fact in row.commit.facts {
        for used in NumberKind.used(by: fact, in: structure) {
          for (index, slice) in slices.enumerated()
          where slice.kind == used.kind && (slice.first...slice.last).contains(used.serial) {
            highest[index] = max(highest[index], used.serial)
          }
        }
      }
    }
    for (slice, serial) in zip(slices, highest) where serial >= slice.next {
      try NumberRows.use(slice.kind, serial, db)
    }
  }
}
