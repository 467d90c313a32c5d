import GRDB
import Glibc
import Hospital
import Ledger

/// A copy of a store as a file: every line of every chain, and the read models as they were with them. Nothing of what
/// belongs to one station alone is in it: no secret, no session, no number left to give.
public struct Snapshot: Sendable {
  public var path: String
  /// `patients`, `stays`, `openStays`, `beds`, `commits`.
  public var counts: [String: Int]
  public var digest: DigestReport

  /// What lies in a snapshot's file, as it says it.
  init(path: String, _ db: Database) throws {
    self.path = path
    counts = try Self.counts(db)
    digest = try Reading(db, station: "").digest()
  }

  static func counts(_ db: Database) throws -> [String: Int] {
    let counts = try Reading(db, station: "").counts()
    return [
      "patients": counts.patients, "stays": counts.stays, "openStays": counts.openStays,
      "beds": try Structure(reading: db)?.beds.count ?? 0, "commits": counts.commits,
    ]
  }
}

extension Register {
  /// As many as a copy of the store takes at most.
  public var storeBytes: Int {
    ["", "-wal"].reduce(0) { bytes, suffix in
      var status = stat()
      return stat(folder.store + suffix, &status) == 0 ? bytes + Int(status.st_size) : bytes
    }
  }

  /// Writes a copy of the store as it is now, beside whoever admits.
  /// - Parameter path: of a file that is not there yet; the folder's disk needs `storeBytes`.
  public func snapshot(to path: String) throws(RegisterFault) -> Snapshot {
    do {
      try StationFolder.makeFile(path)
      let queue = try DatabaseQueue(path: path)
      defer { try? queue.close() }
      return try queue.writeWithoutTransaction { db in
        // Whoever is cut off here begins again: nothing of it has to last.
        try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
        try Schema.makeLedger(db)
        try Schema.makeModels(db)
        try OtherTables.make(db)
        try db.execute(sql: "ATTACH ? AS live", arguments: [folder.store])
        // Not immediate, which would lock the live store too: whoever admits would wait for all of the copy.
        try db.inTransaction(.deferred) {
          try SnapshotCopying(db, of: station).run()
          return .commit
        }
        try db.execute(sql: "DETACH live")
        try Schema.makeLedgerIndexes(db)
        try Schema.makeIndexes(db)
        return try Snapshot(path: path, db)
      }
    } catch { throw RegisterFault(error) }
  }
}

/// Copies table by table what is named here, so that what is not named never leaves the station.
private struct SnapshotCopying {
  private let db: Database
  private let station: String

  init(_ db: Database, of station: String) {
    self.db = db
    self.station = station
  }

  func run() throws {
    // What lies beside a line answered somebody at this station alone.
    try db.execute(
      sql: """
        INSERT INTO main.commits SELECT id, chain, sequence, hash, command, counts, NULL, line FROM live.commits
        """)
    let models = Schema.models.map(\.table).filter { $0 != NumberRows.table }
    for table in ["chains", "subjects", "facts", "tips"] + models {
      try db.execute(sql: "INSERT INTO main.\(table) SELECT * FROM live.\(table)")
    }
    try db.execute(
      sql: """
        INSERT INTO main.meta(key, value) SELECT key, value FROM live.meta WHERE key IN ('folds', 'structure', 'suspects')
        """)
    try endOwnChains()
  }

  /// Whoever restores it is another station: this one's chains have their ends in `tips` like any others, and none was
  /// named by a line of the restored station.
  private func endOwnChains() throws {
    for chain in [station, StationName.reads(of: station)] { try Tips(db).leave(chain) }
    try db.execute(sql: "UPDATE main.tips SET isSaid = 0")
  }
}
