import GRDB
import Ledger
import Synchronization

/// One reading of a patient's file.
public struct PatientRead: Sendable, Equatable {
  /// Account id.
  public var account: String
  /// `patient/<uuid>`; nil where somebody was asked for who is not here.
  public var patient: String?
  public var at: Instant
  /// The page it was read on.
  public var `where`: String
  /// Said when the glass was broken.
  public var why: String?
}

/// Reads not written yet.
final class PendingReads: Sendable {
  /// A commit's line is at most 1 MiB, and a read takes a few hundred bytes of it.
  static let batchMax = 1000
  private let state = Mutex<(waiting: [PatientRead], isAwaited: Bool)>(([], false))

  var count: Int { state.withLock { $0.waiting.count } }

  /// Gives whether somebody must come and write them.
  func add(_ read: PatientRead) -> Bool {
    state.withLock { state in
      state.waiting.append(read)
      defer { state.isAwaited = true }
      return !state.isAwaited
    }
  }

  /// Writes the first of them, on the writer's queue; gives whether somebody must come again.
  func write(to desk: WriterDesk) throws -> Bool {
    let reads = state.withLock { Array($0.waiting.prefix(Self.batchMax)) }
    try desk.write(reads)
    return state.withLock { state in
      state.waiting.removeFirst(reads.count)
      state.isAwaited = !state.waiting.isEmpty
      return state.isAwaited
    }
  }
}

extension Register {
  private static let readsIntervalSeconds = 1.0
  /// While more wait than one commit holds: programs read thousands a second.
  private static let readsHurrySeconds = 0.1

  /// Records that someone saw a patient's file, without making them wait: reads are written together, at most once a
  /// second.
  public func recordRead(account: String, patient: String?, where place: String, why: String? = nil) {
    guard let writer = try? opened() else { return }
    let read = PatientRead(account: account, patient: patient, at: writer.now, where: place, why: why)
    if pendingReads.add(read) { writeReadsLater(writer) }
  }

  /// How many reads are not on the disk yet.
  public var pendingReadsCount: Int { pendingReads.count }

  /// Writes the reads that wait, now: before a station stops.
  public func flushReads() throws {
    let writer = try opened()
    while pendingReads.count > 0 {
      do { try writer.between { [pendingReads] desk in _ = try pendingReads.write(to: desk) } } catch {
        throw RegisterFault(error)
      }
    }
  }

  private func writeReadsLater(_ writer: Writer) {
    let isFull = pendingReads.count >= PendingReads.batchMax
    writer.later(afterSeconds: isFull ? Self.readsHurrySeconds : Self.readsIntervalSeconds) { [weak self] desk in
      guard let self else { return }
      // What cannot be written now, for want of room, still waits and is counted on the banner.
      let isMore = (try? pendingReads.write(to: desk)) ?? true
      if isMore, let writer = try? opened() { writeReadsLater(writer) }
    }
  }
}

extension WriterDesk {
  /// Writes reads as one commit of the chain of reads, and opens that chain before its first.
  func write(_ reads: [PatientRead]) throws {
    if reads.isEmpty { return }
    try writeReads { db, chain in
      if chain.sequence == 0 {
        let opening = try StoredCommits(db).first(of: self.chain.station)
        let enrolment = try Enrolment(checking: opening)
        let opened = enrolment.opened(chain: chain.station, at: environment.now())
        try keep([opened], on: &chain, db)
      }
      try keep(reads.map(fact), on: &chain, db)
    }
  }

  private func fact(_ read: PatientRead) -> Fact {
    var data = JSONObject([("account", .string(read.account))])
    if let patient = read.patient { data.append("patient", .string(patient)) }
    data.append("where", .string(read.where))
    data["why"] = read.why.map { .string($0) }
    return Fact(kind: ReadRows.kind, subject: "read/\(environment.newID())", at: read.at, data: .object(data))
  }

  private func keep(_ facts: [Fact], on chain: inout Chain, _ db: Database) throws {
    let commits = StoredCommits(db)
    let commit = try chain.append(
      author: "system", command: environment.newID(), time: nextTime(), facts: facts)
    let number = try commits.chain(chain.station)
    let counts = marks.counts(commit)
    let row = try commits.insert(commit, chain: number, counts ? .counts : .beyond, isAskedFor: false)
    if forked.contains(number) { try Tips(db).move(number, from: commit, to: commit) }
    if counts { try ReadRows.take(commit, row: row, subjects, db) }
  }
}

/// For whoever may audit.
extension Reading {
  /// Who read this patient's file, newest first.
  public func reads(ofPatient id: String, limit: Int = 200) throws -> [PatientRead] {
    try reads(ordered: "patient = (SELECT id FROM subjects WHERE name = ?)", .text(id), limit)
  }

  /// What this account read, newest first.
  public func reads(byAccount id: String, limit: Int = 200) throws -> [PatientRead] {
    try reads(ordered: "account = ?", .text(id), limit)
  }

  /// What was read last, whoever read it, newest first.
  public func newestReads(limit: Int = 200) throws -> [PatientRead] {
    try reads("reads.id > ? ORDER BY reads.id DESC", .integer(0), limit)
  }

  private func reads(ordered condition: String, _ value: SQLValue, _ limit: Int) throws -> [PatientRead] {
    try reads("\(condition) ORDER BY reads.at DESC, reads.id DESC", value, limit)
  }

  private func reads(_ conditionAndOrder: String, _ value: SQLValue, _ limit: Int) throws -> [PatientRead] {
    try db.prepared(
      """
      SELECT reads.account, subjects.name, reads.at, reads.place, reads.why
      FROM reads LEFT JOIN subjects ON subjects.id = reads.patient WHERE \(conditionAndOrder) LIMIT ?
      """
    ).all(value, .integer(limit), body: PatientRead.init)
  }

  /// Those after a number, oldest first, each with its own; what is nil is not asked. Numbers hold until the read
  /// tables are made again.
  public func reads(
    after number: Int, only own: [Int]? = nil, patients: [String]? = nil, accounts: [String]? = nil, limit: Int
  ) throws -> [(number: Int, read: PatientRead)] {
    try db.prepared(
      """
      SELECT reads.account, subjects.name, reads.at, reads.place, reads.why, reads.id
      FROM reads LEFT JOIN subjects ON subjects.id = reads.patient
      WHERE reads.id > ?1 AND (?2 IS NULL OR reads.id IN (SELECT value FROM json_each(?2)))
        AND (?3 IS NULL OR subjects.name IN (SELECT value FROM json_each(?3)))
        AND (?4 IS NULL OR reads.account IN (SELECT value FROM json_each(?4))) ORDER BY reads.id LIMIT ?5
      """
    ).all(
      .integer(number), own.map { .list($0.map(JSON.integer)) } ?? .null, .list(orNull: patients),
      .list(orNull: accounts), .integer(limit), body: { ($0.integer(5), PatientRead($0)) })
  }
}

extension PatientRead {
  fileprivate init(_ row: SQLRow) {
    self.init(
      account: row.text(0), patient: row.textOrNil(1), at: Instant(milliseconds: Int64(row.integer(2))),
      where: row.text(3), why: row.textOrNil(4))
  }
}
