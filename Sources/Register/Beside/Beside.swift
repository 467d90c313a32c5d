import GRDB
import Hospital
import Ledger

/// What lies beside the lines and is the same at every station: in a table of its own, in no line, no read model, no
/// digest and no log. Each entry has a number that grows here as entries come, so that others ask for what is new.
struct Beside {
  let db: Database

  init(_ db: Database) { self.db = db }

  static let table = """
    CREATE TABLE IF NOT EXISTS beside(
      number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, entry BLOB NOT NULL);
    """

  /// Keeps what this station says. It comes after what it replaces, whatever the clock says, so that a person's word
  /// is never lost to one that was written ahead.
  func say(
    _ name: String, _ data: JSON, station: String, key: SigningKey, at now: Instant
  ) throws {
    let wall = HybridTime(instant: now, counter: 0)
    let time = try entry(name).map { max($0.time.successor, wall) } ?? wall
    try put(BesideEntry(station: station, time: time, name: name, data: data, key: key))
  }

  /// Keeps an entry whose signature holds; false where what is here is as late or later.
  func take(_ entry: BesideEntry) throws -> Bool {
    if let held = try self.entry(entry.name), !entry.isAfter(held) { return false }
    try put(entry)
    return true
  }

  func entry(_ name: String) throws -> BesideEntry? {
    try db.prepared("SELECT entry FROM beside WHERE name = ?").first(.text(name)) { $0.blob(0) }
      .flatMap(BesideEntry.init(reading:))
  }

  /// Those whose names begin so, by name.
  func entries(beginning prefix: String) throws -> [BesideEntry] {
    try db.prepared("SELECT entry FROM beside WHERE name >= ? AND name < ? ORDER BY name")
      .all(.text(prefix), .text(prefix + "\u{10FFFF}")) { $0.blob(0) }.compactMap(BesideEntry.init(reading:))
  }

  /// Of the newest entry; 0 where there is none.
  func last() throws -> Int {
    try db.prepared("SELECT max(number) FROM beside").first { $0.integerOrNil(0) ?? 0 } ?? 0
  }

  /// Above `number`, oldest first: at most about `bytes` of them, at least one if there is one.
  func entries(after number: Int, bytes: Int) throws -> [(number: Int, bytes: [UInt8])] {
    var found: [(number: Int, bytes: [UInt8])] = []
    var room = bytes
    try db.prepared("SELECT number, entry FROM beside WHERE number > ? ORDER BY number").each(.integer(number)) { row in
      let entry = row.blob(1)
      if !found.isEmpty, entry.count > room { return false }
      room -= entry.count
      found.append((row.integer(0), entry))
      return true
    }
    return found
  }

  private func put(_ entry: BesideEntry) throws {
    try db.prepared("INSERT OR REPLACE INTO beside(name, entry) VALUES (?, ?)")
      .run(.text(entry.name), .blob(entry.bytes))
  }
}

/// What became of entries that came from another station.
public struct BesideTaken: Sendable, Equatable {
  /// Kept now.
  public var accepted = 0
  /// Not after what is here.
  public var known = 0
  /// Of nobody who is known here as a station of this hospital, of one that was revoked, or not well made.
  public var refused = 0

  public init(accepted: Int = 0, known: Int = 0, refused: Int = 0) {
    (self.accepted, self.known, self.refused) = (accepted, known, refused)
  }
}

extension Register {
  /// Under what name a change of these is told: `changes`.
  package static let besideName = "beside"

  /// Says something of `name` to every station, and does what follows from it here in the same transaction.
  package func sayBeside(_ entries: [(name: String, data: JSON)], and then: (Database) throws -> Void = { _ in }) throws
  {
    let key = try SigningKey(contentsOf: folder.stationKey)
    let now = try opened().now
    try writeTables { db in
      for entry in entries { try Beside(db).say(entry.name, entry.data, station: station, key: key, at: now) }
      try then(db)
    }
    listeners.tell([Self.besideName])
  }

  /// What is said of names that begin so, by name.
  package func saidBeside(beginning prefix: String) throws -> [(name: String, data: JSON)] {
    try readTables { db in
      guard try db.tableExists("beside") else { return [] }
      return try Beside(db).entries(beginning: prefix).map { ($0.name, $0.data) }
    }
  }

  /// The number of the newest entry; 0 where there is none.
  public func besideEnd() throws -> Int { try readTables { try Beside($0).last() } }

  /// Entries with a number above `after`, oldest first: at most about `bytes`, and at least one if there is any.
  public func beside(after number: Int, bytes: Int) throws -> [(number: Int, bytes: [UInt8])] {
    try readTables { try Beside($0).entries(after: number, bytes: bytes) }
  }

  /// Takes entries that another station passed on. Whoever made one must be a station of this hospital by a line that
  /// is here, and not revoked.
  /// - Throws: `RegisterFault`.
  public func takeInBeside(_ entries: [[UInt8]]) throws -> BesideTaken {
    let keys = try opened().chainKeys
    let read = entries.compactMap(BesideEntry.init(reading:))
    let signed = try readTables { db in
      try read.filter { entry in
        guard !isRevoked(entry.station) else { return false }
        return try keys.key(of: entry.station, opening: nil, db).map { entry.isSigned(by: $0) } ?? false
      }
    }
    var taken = BesideTaken(refused: entries.count - signed.count)
    var changed: Set<String> = []
    try writeTables { db in
      for entry in signed {
        guard try Credentials.isSound(entry, db) else {
          taken.refused += 1
          continue
        }
        guard try Beside(db).take(entry) else {
          taken.known += 1
          continue
        }
        taken.accepted += 1
        changed.insert(entry.name)
        if let credential = Credential(entry) { try Credentials.put(credential, db) }
      }
    }
    if taken.accepted > 0 { listeners.tell(changed.union([Self.besideName])) }
    return taken
  }
}
