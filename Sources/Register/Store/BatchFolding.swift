import GRDB
import Hospital
import Ledger

/// Writes what batches of commits leave: each subject's rows once a batch. It is what folding the commits one by one
/// would have left.
struct BatchFolding {
  private let subjects: Subjects
  /// Whether what people search and find by is made too.
  private let isIndexing: Bool

  init(_ subjects: Subjects, isIndexing: Bool) { (self.subjects, self.isIndexing) = (subjects, isIndexing) }

  func begin(_ db: Database) throws {
    try Schema.makeModels(db)
    if isIndexing { try SearchIndex.Gathering.begin(db) }
  }

  func take(_ batch: Batch, _ db: Database) throws {
    for (row, commit) in batch.reads { try ReadRows.take(commit, row: row, subjects, db) }
    for (row, commit) in batch.witnesses {
      try Witnesses.note(commit, chain: StoredCommits(db).chain(commit.station), line: row, db)
    }
    for message in batch.messages { try message.keep(db) }
    for rows in batch.apart { try rows.keep(db) }
    for said in batch.saidHere { try said.table.keep(at: said.at, row: said.row, db) }
    var structureChanged: Int?
    for share in batch.shares {
      var share = share
      if !share.isNew {
        try load(&share, db)
        try share.fold()
        if share.isLate { try refold(&share, through: batch.rows.upperBound, db) }
      }
      try write(share, db, &structureChanged)
    }
    if let structureChanged { try StructureCache.changed(at: structureChanged, db) }
    try use(batch.numbers, db)
    try subjects.tally.write(db)
    subjects.trim()
  }

  /// What leans on all rows being there.
  func finish(_ db: Database) throws {
    guard isIndexing else { return }
    try Schema.makeIndexes(db)
    try SearchIndex.Gathering.finish(db)
    try Suspects.noteAll(db)
  }

  private func load(_ share: inout SubjectShare, _ db: Database) throws {
    let found = try db.prepared("SELECT newest, stored FROM states WHERE subject = ?").first(.integer(share.id)) {
      (newest: $0.blob(0), stored: $0.blob(1))
    }
    if let found { (share.newest, share.stored) = found }
  }

  private func refold(_ share: inout SubjectShare, through last: Int, _ db: Database) throws {
    var entry = SubjectEntry(id: share.id, newest: [], state: nil)
    try Refolding(db).refold(share.subject, &entry, through: last)
    share.newest = entry.newest
    share.keep(entry.state)
  }

  /// Notes the row of the commit that changed the hospital's structure, if one did.
  private func write(_ share: SubjectShare, _ db: Database, _ structureChanged: inout Int?) throws {
    let sql =
      share.old == nil
      ? "INSERT INTO states(revision, newest, stored, subject) VALUES (?, ?, ?, ?)"
      : "UPDATE states SET revision = ?, newest = ?, stored = ? WHERE subject = ?"
    try db.prepared(sql)
      .run(.integer(share.commit), .blob(share.newest), .blob(share.stored), .integer(share.id))
    var rows = RowUpdate(db: db, subjects: subjects, id: share.id, commit: share.commit, isRebuilding: true)
    try rows.update(share.subject, old: share.old, new: share.new)
    if rows.structureChanged { structureChanged = max(structureChanged ?? 0, share.commit) }
    if isIndexing, let entry = share.entry { try SearchIndex.Gathering.put(entry, patient: share.id, db) }
  }

  /// The highest serial used of each slice.
  private func use(_ numbers: [(kind: NumberKind, serial: Int)], _ db: Database) throws {
    let slices = try NumberRows.slices(db)
    var highest = [Int?](repeating: nil, count: slices.count)
    for used in numbers {
      for (index, slice) in slices.enumerated()
      where slice.kind == used.kind && (slice.first...slice.last).contains(used.serial) {
        highest[index] = max(highest[index] ?? used.serial, used.serial)
      }
    }
    for (slice, serial) in zip(slices, highest) {
      if let serial, serial >= slice.next { try NumberRows.use(slice.kind, serial, db) }
    }
  }
}
