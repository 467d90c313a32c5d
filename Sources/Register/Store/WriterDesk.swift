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
      (
        try StoredCommits(db).last(of: station), try StoredCommits(db).last(of: StationName.reads(of: station)),
        try StoredCommits(db).chain(station)
      )
    }
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
