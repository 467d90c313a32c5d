import GRDB
import Hospital
import Ledger
import Logging

/// What the writer holds from one transaction to the next: the ends of its chains, the clock, and what it last read.
/// Touched on the writer's queue alone, which is what makes it safe to hand about.
final class WriterDesk: @unchecked Sendable {
  let pool: DatabasePool
  let environment: Environment
  let subjects: Subjects
  let numbers = NumberGiving()
  let logger = Logger(label: "permanence")
  private let key: SigningKey
  /// Of this station's own chain.
  var chain: Chain
  let chainNumber: Int
  private var reads: Chain?
  var clock: HybridClock
  let chainKeys: ChainKeys
  /// Heads of others that the next line of this station names.
  var unsaid: [CommitPlace]
  /// Numbers of this station's own chains of which another branch is known.
  var forked: Set<Int>
  /// Up to where revoked stations count.
  var marks: Marks
  /// The same, for whoever asks beside the writer.
  let revoked: RevokedStations
  var map: StructureMap?
  var merging: SearchMerging

  init(
    _ pool: DatabasePool, station: String, key: SigningKey, _ environment: Environment, _ pace: SearchPace
  ) throws {
    self.pool = pool
    self.key = key
    self.environment = environment
    subjects = Subjects(station: station)
    let (own, reads, number) = try pool.write { db in
      try OtherTables.make(db)
      try HoursTaken.make(db)
      try Credentials.sayOlder(station: station, key: key, at: environment.now(), db)
      return (
        try StoredCommits(db).last(of: station), try StoredCommits(db).last(of: StationName.reads(of: station)),
        try StoredCommits(db).chain(station)
      )
    }
    (chainKeys, marks, unsaid, forked) = try pool.read { db in
      let root = try Enrolment(checking: StoredCommits(db).first(of: station)).rootFingerprint
      return (
        ChainKeys(root: root), try Marks(reading: db, root: root),
        try Tips(db).unsaid(but: [station, StationName.reads(of: station)]),
        try Tips(db).forked(of: [station, StationName.reads(of: station)])
      )
    }
    try pool.write { [marks] in try Endings.keep(marks, $0) }
    revoked = RevokedStations(marks)
    chain = Chain(station: station, key: key, after: own)
    chainNumber = number
    self.reads = reads.map { Chain(station: $0.station, key: key, after: $0) }
    clock = HybridClock(after: [own?.time, reads?.time].compactMap(\.self).max())
    merging = try SearchMerging(pool, pace)
    try pool.read { db in
      try numbers.load(db)
      map = try Structure(reading: db).map(StructureMap.init)
    }
  }

  /// Runs `body` in one transaction with the chain of reads; a failure leaves both as they were.
  func writeReads(_ body: (Database, inout Chain) throws -> Void) throws {
    var chain = reads ?? Chain(station: StationName.reads(of: chain.station), key: key)
    do { try pool.write { try body($0, &chain) } } catch {
      subjects.forgetAll()
      throw error
    }
    reads = chain
  }

  /// The end of this station's own chain of that name; nil for others' chains.
  func own(_ name: String) -> Chain? {
    if name.sameBytes(as: chain.station) { return chain }
    let readsName = StationName.reads(of: chain.station)
    return name.sameBytes(as: readsName) ? reads ?? Chain(station: readsName, key: key) : nil
  }

  /// Goes on after `last`, a line of its own that came back from elsewhere.
  func setOwn(_ name: String, after last: Commit) {
    let end = Chain(station: name, key: key, after: last)
    // However far ahead it was written: the next line of the chain comes after it.
    if clock.last.map({ $0 < last.time }) ?? true { clock = HybridClock(after: last.time) }
    if name.sameBytes(as: chain.station) { chain = end } else { reads = end }
  }

  /// Runs `body` in one transaction; a failure leaves all that the writer holds as it was.
  func changing<Value>(_ body: (Database) throws -> Value) throws -> Value {
    defer { subjects.trim() }
    let before = (chain, reads, clock, merging, unsaid, marks)
    var value: Value?
    do {
      try pool.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          value = try body(db)
          try subjects.tally.write(db)
          try numbers.write(db)
          try merging.goOn(db)
          return .commit
        }
      }
      revoked.take(marks)
      guard let value else { throw RegisterFault.store("a transaction ended without its value") }
      return value
    } catch {
      (chain, reads, clock, merging, unsaid, marks) = before
      forget()
      throw error
    }
  }

  /// What was read may be of a transaction that is no more.
  private func forget() {
    subjects.forgetAll()
    numbers.forgetUsed()
    // A map that cannot be read now is better the one before than none: without one, no bed would be checked.
    if let read = try? pool.read({ db in try Structure(reading: db).map(StructureMap.init) }) { map = read }
  }

  /// Copies the last pages of the log into the store. A full disk keeps them in the log, where they are as durable.
  func checkpoint() { try? pool.writeWithoutTransaction(Checkpointing.restart) }

  /// Strictly after every time given before, on either chain.
  func nextTime() -> HybridTime { clock.next(wall: environment.now()) }
}

extension Receipt {
  init(_ commit: Commit, warnings: [Warning], isRepeated: Bool) {
    self.init(
      station: commit.station, sequence: commit.sequence, hash: commit.hash, facts: commit.facts, warnings: warnings,
      isRepeated: isRepeated)
  }
}
