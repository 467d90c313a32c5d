import GRDB
import Hospital
import Ledger

/// A message of another system that was answered with a refusal, or could not be read: kept whole, for a person.
public struct RefusedMessage: Sendable, Equatable {
  /// A number of this station's own; 0 before it is kept.
  public var id = 0
  /// When it came last.
  public var at: Instant
  /// The address that sent it.
  public var peer: String
  /// `application|facility`; empty where nobody says.
  public var sender: String
  /// MSH-10 and MSH-9, `ADT^A04`; empty where they cannot be read.
  public var control: String
  public var type: String
  /// `AE` or `AR`; `AA` once it was taken in.
  public var answer: String
  /// ERR-2: `PID^1^3`.
  public var place: String
  public var reason: Refusal
  /// As it came, its segments joined by CR.
  public var message: [UInt8]
  /// How often it came.
  public var times = 1
  /// Since when it waits for nobody, and the account that took it in once more or put it aside.
  public var settled: Settled?

  public struct Settled: Sendable, Equatable {
    public var at: Instant
    public var by: String
  }

  public init(
    at: Instant, peer: String, sender: String, control: String, type: String, answer: String, place: String,
    reason: Refusal, message: [UInt8]
  ) {
    self.at = at
    self.peer = peer
    self.sender = sender
    self.control = control
    self.type = type
    self.answer = answer
    self.place = place
    self.reason = reason
    self.message = message
  }

  /// It was taken in since; what was only put aside was not.
  public var isTaken: Bool { answer == "AA" }

  /// Nothing of it says what it is.
  var isNoise: Bool { control.isEmpty && type.isEmpty }
}

/// Where they lie: on this station alone, in no line, no snapshot and no log.
enum RefusedMessages {
  static let table = """
    CREATE TABLE IF NOT EXISTS refused(
      id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, isNoise INTEGER NOT NULL, at INTEGER NOT NULL,
      peer TEXT NOT NULL, sender TEXT NOT NULL, control TEXT NOT NULL, type TEXT NOT NULL, answer TEXT NOT NULL,
      place TEXT NOT NULL, reason TEXT NOT NULL, arguments BLOB NOT NULL, times INTEGER NOT NULL,
      settledAt INTEGER, settledBy TEXT, message BLOB NOT NULL);
    """

  /// Messages that wait for a person; more than nobody reads, and a sender that goes on is told to try again later.
  static let waitingMax = 10_000
  /// Of noise the newest are kept, each as far as this: whoever floods a port must not fill the disk.
  static let noiseMax = 1000
  static let noiseBytesMax = 1 << 16
  /// Settled ones go after thirty days.
  static let settledMilliseconds: Int64 = 30 * 86_400_000

  static func put(_ refused: RefusedMessage, _ db: Database) throws {
    let message = refused.isNoise ? Array(refused.message.prefix(noiseBytesMax)) : refused.message
    try db.prepared(
      """
      INSERT INTO refused(
        hash, isNoise, at, peer, sender, control, type, answer, place, reason, arguments, times, message)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12)
      ON CONFLICT (hash) DO UPDATE SET
        at = ?3, peer = ?4, answer = ?8, place = ?9, reason = ?10, arguments = ?11, times = times + 1,
        settledAt = NULL, settledBy = NULL
      """
    ).run(
      .blob(LineHash(of: message).bytes), .integer(refused.isNoise ? 1 : 0), .integer(Int(refused.at.milliseconds)),
      .text(refused.peer), .text(refused.sender), .text(refused.control), .text(refused.type), .text(refused.answer),
      .text(refused.place), .text(refused.reason.code), .blob(arguments(of: refused.reason)), .blob(message))
  }

  static func arguments(of reason: Refusal) -> [UInt8] {
    let sorted = reason.arguments.sorted { $0.key < $1.key }
    return JSON.object(JSONObject(sorted.map { ($0.key, .string($0.value)) })).bytes
  }

  static func trim(at now: Instant, _ db: Database) throws {
    try db.prepared("DELETE FROM refused WHERE settledAt < ?")
      .run(.integer(Int(now.milliseconds - settledMilliseconds)))
    try db.prepared(
      """
      DELETE FROM refused WHERE isNoise AND id <= (
        SELECT id FROM refused WHERE isNoise ORDER BY id DESC LIMIT 1 OFFSET ?)
      """
    ).run(.integer(noiseMax))
  }

  static let columns =
    "id, at, peer, sender, control, type, answer, place, reason, arguments, times, settledAt, settledBy, message"

  static func read(_ row: SQLRow) -> RefusedMessage {
    var arguments: [String: String] = [:]
    for (key, value) in (try? JSON(parsing: row.blob(9)))?.object?.members ?? [] { arguments[key] = value.string }
    var refused = RefusedMessage(
      at: Instant(milliseconds: Int64(row.integer(1))), peer: row.text(2), sender: row.text(3), control: row.text(4),
      type: row.text(5), answer: row.text(6), place: row.text(7), reason: Refusal(row.text(8), arguments),
      message: row.blob(13))
    refused.id = row.integer(0)
    refused.times = row.integer(10)
    if let at = row.integerOrNil(11) {
      refused.settled = .init(at: Instant(milliseconds: Int64(at)), by: row.text(12))
    }
    return refused
  }
}

extension Register {
  /// Keeps what was refused; returns once it is on this disk. The same message again is counted, not kept twice.
  /// - Returns: false where too many wait for a person already: nothing was kept.
  public func keep(refused: [RefusedMessage]) throws -> Bool {
    try writeTables { db in
      let waiting = try db.prepared("SELECT count(*) FROM refused WHERE NOT isNoise AND settledAt IS NULL")
        .first { $0.integer(0) }
      guard waiting ?? 0 < RefusedMessages.waitingMax || refused.allSatisfy(\.isNoise) else { return false }
      for message in refused { try RefusedMessages.put(message, db) }
      if let now = refused.last?.at { try RefusedMessages.trim(at: now, db) }
      return true
    }
  }

  /// What was refused waits for nobody any more: `account` sent it again and it was taken, or nothing will come of it.
  public func settle(refused id: Int, isTaken: Bool, by account: String, at now: Instant) throws {
    try writeTables { db in
      try db.prepared(
        """
        UPDATE refused SET settledAt = ?1, settledBy = ?2, answer = CASE WHEN ?3 THEN 'AA' ELSE answer END
        WHERE id = ?4
        """
      ).run(
        .integer(Int(now.milliseconds)), .text(account), .integer(isTaken ? 1 : 0), .integer(id))
    }
  }

  /// It was sent again and is refused for this.
  public func note(refused id: Int, answer: String, place: String, _ reason: Refusal) throws {
    try writeTables { db in
      try db.prepared("UPDATE refused SET answer = ?, place = ?, reason = ?, arguments = ? WHERE id = ?").run(
        .text(answer), .text(place), .text(reason.code), .blob(RefusedMessages.arguments(of: reason)), .integer(id))
    }
  }
}

extension Reading {
  /// Waiting ones first, then the newest.
  public func refusedMessages(limit: Int = 200) throws -> [RefusedMessage] {
    guard try db.tableExists("refused") else { return [] }
    return try db.prepared(
      "SELECT \(RefusedMessages.columns) FROM refused ORDER BY settledAt IS NOT NULL, at DESC, id DESC LIMIT ?"
    ).all(.integer(limit), body: RefusedMessages.read)
  }

  public func refusedMessage(_ id: Int) throws -> RefusedMessage? {
    guard try db.tableExists("refused") else { return nil }
    return try db.prepared("SELECT \(RefusedMessages.columns) FROM refused WHERE id = ?")
      .first(.integer(id), body: RefusedMessages.read)
  }

  /// How many wait for a person, noise among them.
  public func refusedCount() throws -> Int {
    guard try db.tableExists("refused") else { return 0 }
    return try db.prepared("SELECT count(*) FROM refused WHERE settledAt IS NULL").first { $0.integer(0) } ?? 0
  }

  /// Of one sender that came after that, and wait for a person, and when the last of them came; each counts as often
  /// as it came.
  func refused(of sender: String, since: Instant) throws -> (count: Int, lastAt: Instant) {
    guard try db.tableExists("refused") else { return (0, since) }
    return try db.prepared(
      "SELECT ifnull(sum(times), 0), ifnull(max(at), 0) FROM refused WHERE settledAt IS NULL AND sender = ? AND at > ?"
    ).first(.text(sender), .integer(Int(since.milliseconds))) {
      ($0.integer(0), Instant(milliseconds: Int64($0.integer(1))))
    } ?? (0, since)
  }
}
