import Collections
import Dispatch
import GRDB
import Hospital
import Ledger
import Synchronization

/// Commits that follow one another, read and folded as far as that asks nothing of what was before them.
struct Batch: Sendable {
  /// What the next batch must know of those before it.
  struct Place: Sendable {
    /// The highest number of a subject spoken of so far: one with a higher number was never folded.
    var subject = 0
    /// The hospital's map without its units, which says what a number looks like.
    var structure: Structure?
  }

  /// Of rows of `commits`.
  let rows: ClosedRange<Int>
  var count = 0
  var shares: [SubjectShare] = []
  /// Of chains of reads.
  var reads: [(row: Int, commit: Commit)] = []
  /// Those that name heads of other chains, with their rows.
  var witnesses: [(row: Int, commit: Commit)] = []
  var messages: [HeardMessage] = []
  /// Lines of one message that do not say the same.
  var apart: [UnderstoodApart.Rows] = []
  /// Of commits by the hour, and in which table.
  var saidHere: [(at: Instant, row: Int, table: SaidHere)] = []
  /// What this station's own commits used.
  var numbers: [(kind: NumberKind, serial: Int)] = []
  /// `LedgerCheck.indexed` of its lines, where they are checked.
  var indexed: UInt64 = 0
}

/// What a batch says of one subject.
struct SubjectShare: Sendable {
  let subject: String
  /// The subject's number.
  var id = 0
  /// No batch before speaks of it.
  var isNew = false
  /// The row of the last commit that speaks of it.
  var commit = 0
  /// Empty once folded.
  var heard: [(position: [UInt8], fact: Heard)] = []
  var newest: [UInt8] = []
  var stored: [UInt8] = []
  var old: (any Folded)?
  var new: (any Folded)?
  /// What a patient is found by.
  var entry: SearchEntry?
  /// Something in it comes before what is folded already.
  var isLate = false

  init(_ subject: String) { self.subject = subject }

  /// Folds what was heard, of any commits, into `stored`.
  mutating func fold() throws(RegisterFault) {
    if !stored.isEmpty {
      old = try stored.withUnsafeBufferPointer { bytes throws(RegisterFault) in
        try FoldedKinds.state(subject, stored: bytes)
      }
    }
    if heard.count > 1 { heard.sort { $0.position.lexicographicallyPrecedes($1.position) } }
    guard let first = heard.first, let last = heard.last, let type = FoldedKinds.type(of: subject) else { return }
    isLate = !newest.isEmpty && !newest.lexicographicallyPrecedes(first.position)
    if isLate { return }
    var state = old ?? type.init(id: subject)
    for (_, fact) in heard { state.fold(fact) }
    newest = last.position
    heard = []
    keep(state)
  }

  mutating func keep(_ state: (any Folded)?) {
    new = state
    stored = state?.stored.bytes ?? []
    entry = (state as? Patient).map(SearchEntry.init)
  }
}

/// Reads batches on other cores while one writes their rows. Each is small, so that what is read is folded and freed
/// while it is still in that core's cache. The threads are those of another quality of service than the writer's,
/// which may be one of the few that its own has.
struct BatchReading {
  private static let aheadMax = 3
  private let pool: DatabasePool
  private let station: String
  /// Rows of one batch.
  private let rowsMax: Int
  /// The last row of `commits`.
  private let last: Int
  /// What each row must agree with, in a file that somebody else made.
  private let check: LedgerCheck?
  private var begun = 0
  private var batches: Deque<Promised<Batch>> = []
  private var place: Promised<Batch.Place>

  init(_ pool: DatabasePool, station: String, rows rowsMax: Int, through last: Int, check: LedgerCheck?) {
    self.check = check
    self.rowsMax = rowsMax
    self.pool = pool
    self.station = station
    self.last = last
    place = Promised()
    place.keep(.success(Batch.Place()))
  }

  /// The batches in the ledger's order, then nil.
  mutating func next() throws -> Batch? {
    while batches.count < Self.aheadMax, begun < last { begin() }
    return try batches.popFirst()?.value()
  }

  /// Waits for what was begun, so that nobody reads any more.
  mutating func end() {
    while let batch = batches.popFirst() { _ = try? batch.value() }
  }

  private mutating func begin() {
    let rows = begun + 1...min(begun + rowsMax, last)
    let batch = Promised<Batch>()
    let (before, after) = (place, Promised<Batch.Place>())
    DispatchQueue.global(qos: .utility).async { [pool, station, check] in
      batch.keep(Result { try pool.reading { try Batch(rows, of: station, before, after, check, $0) } })
      // Nobody after it may wait for one that failed.
      after.keep(.failure(RegisterFault.store("the batch before could not be read")))
    }
    begun = rows.upperBound
    batches.append(batch)
    place = after
  }
}

extension Batch {
  /// Takes what it must know of those before, once it is known, and hands on what the next must know.
  fileprivate init(
    _ rows: ClosedRange<Int>, of station: String, _ before: Promised<Place>, _ after: Promised<Place>,
    _ check: LedgerCheck?, _ db: Database
  ) throws {
    self.rows = rows
    let ends = try Endings.all(db)
    var own: [Commit] = []
    var again: [(row: Int, commit: Commit)] = []
    var indexes: [ExactText: Int] = [:]
    let lines = try db.prepared(
      "SELECT id, counts, line, \(LedgerCheck.columns) FROM commits WHERE id BETWEEN ? AND ? ORDER BY id")
    try lines.each(.integer(rows.lowerBound), .integer(rows.upperBound)) { row in
      count += 1
      var commit = try StoredCommits.read(row.blob(2))
      if let check {
        try check.require(commit, row: row.integer(0), row, from: 3, db)
        indexed &+= LedgerCheck.indexed(commit, row: row.integer(0))
      }
      commit.end = ends[commit.station]
      if !commit.witnessed.isEmpty { witnesses.append((row.integer(0), commit)) }
      if let table = SaidHere(commit) { saidHere.append((commit.time.instant, row.integer(0), table)) }
      if row.integer(1) == Counting.another.rawValue { again.append((row.integer(0), commit)) }
      guard row.integer(1) == Counting.counts.rawValue else { return true }
      if StationName.station(ofChain: commit.station) == commit.station {
        take(commit, row: row.integer(0), &indexes)
        if let message = HeardMessage(commit, row: row.integer(0)) { messages.append(message) }
        if commit.source == nil, commit.station.sameBytes(as: station) { own.append(commit) }
      } else {
        reads.append((row.integer(0), commit))
      }
      return true
    }
    for line in again {
      if let said = try StoredCommits(db).first(saying: line.commit), let rows = UnderstoodApart.Rows(line, said) {
        apart.append(rows)
      }
    }
    var place = try before.value()
    try number(after: &place, indexes, db)
    try takeStructure(&place, db)
    after.keep(.success(place))
    if let structure = place.structure {
      for commit in own {
        for fact in commit.facts { numbers += NumberKind.used(by: fact, at: station, in: structure) }
      }
    }
    // The state of those spoken of before is the writer's to read.
    for index in shares.indices where shares[index].isNew { try shares[index].fold() }
  }

  private mutating func take(_ commit: Commit, row: Int, _ indexes: inout [ExactText: Int]) {
    for (place, fact) in commit.facts.enumerated() where FoldedKinds.type(of: fact.subject) != nil {
      let name = ExactText(fact.subject)
      let index = indexes[name] ?? shares.count
      if index == shares.count {
        indexes[name] = index
        shares.append(SubjectShare(fact.subject))
      }
      shares[index].heard.append((Position(commit, place: place).bytes, Heard(commit, place: place)))
      shares[index].commit = row
    }
  }

  /// Looks up the numbers of all. Subjects were numbered as the ledger first spoke of them, so most of the new ones
  /// follow those before; the others are looked for one by one.
  private mutating func number(after place: inout Place, _ indexes: [ExactText: Int], _ db: Database) throws {
    let before = place.subject
    try db.prepared("SELECT id, name FROM subjects WHERE id > ? ORDER BY id LIMIT ?").each(
      .integer(before), .integer(shares.count)
    ) { row in
      if let index = indexes[ExactText(row.text(1))] { shares[index].id = row.integer(0) }
      return true
    }
    let find = try db.prepared("SELECT id FROM subjects WHERE name = ?")
    for index in shares.indices {
      if shares[index].id == 0 {
        guard let id = try find.first(.text(shares[index].subject), body: { $0.integer(0) }) else {
          throw RegisterFault.store("a subject is missing from the index of facts")
        }
        shares[index].id = id
      }
      shares[index].isNew = shares[index].id > before
      place.subject = max(place.subject, shares[index].id)
    }
  }

  private func takeStructure(_ place: inout Place, _ db: Database) throws {
    for share in shares where FoldedKinds.prefix(of: share.subject) == "structure" {
      var entry = SubjectEntry(id: share.id, newest: [], state: nil)
      try Refolding(db).refold(share.subject, &entry, through: rows.upperBound)
      if let structure = (entry.state as? DeclaredStructure)?.structure { place.structure = structure }
    }
  }
}

/// A value that another thread makes.
private final class Promised<Value: Sendable>: Sendable {
  private let made = Mutex<Result<Value, any Error>?>(nil)
  private let isMade = DispatchSemaphore(value: 0)

  /// What is kept first stays.
  func keep(_ result: Result<Value, any Error>) {
    let isFirst = made.withLock { made in
      defer { made = made ?? result }
      return made == nil
    }
    if isFirst { isMade.signal() }
  }

  /// Waits for it.
  func value() throws -> Value {
    isMade.wait()
    defer { isMade.signal() }
    guard let result = made.withLock({ $0 }) else { throw RegisterFault.store("nothing was read") }
    return try result.get()
  }
}
