import GRDB
import Hospital
import Ledger

/// What the writer holds from one transaction to the next: the ends of its chains, the clock, and what it last read.
/// Touched on the writer's queue alone, which is what makes it safe to hand about.
final class WriterDesk: @unchecked Sendable {
  let pool: DatabasePool
  let environment: Environment
  let subjects: Subjects
  let numbers = NumberGiving()
  private let key: SigningKey
  /// Of this station's own chain.
  private(set) var chain: Chain
  private let chainNumber: Int
  private var reads: Chain?
  private var clock: HybridClock
  private var map: StructureMap?

  init(_ pool: DatabasePool, station: String, key: SigningKey, _ environment: Environment) throws {
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
    try pool.read { db in
      try numbers.load(db)
      map = try Structure(reading: db).map(StructureMap.init)
    }
  }

  struct Outcome {
    var results: [Result<Receipt, any Error>]
    var changed: Set<String>
    /// Why the writer must stop, if it must.
    var stopped: String?
  }

  /// Decides and keeps each submission in one transaction. One refusal is one refusal; a store that fails takes the
  /// whole group, and nothing of it is kept.
  func write(_ submissions: [Submission]) -> Outcome {
    let before = (chain, clock)
    var outcome = Outcome(results: [], changed: [])
    do {
      try pool.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          for submission in submissions {
            if let reason = outcome.stopped {
              outcome.results.append(.failure(RegisterFault.writerStopped(reason)))
            } else {
              outcome.results.append(try write(submission, db, &outcome))
            }
          }
          return .commit
        }
      }
    } catch {
      (chain, clock) = before
      forget()
      outcome = failed(error, submissions.count)
    }
    subjects.trim()
    return outcome
  }

  /// Full disks and other failures of the world pass; anything else is a bug, and a bug must not go on writing.
  private func failed(_ error: any Error, _ count: Int) -> Outcome {
    let fault = RegisterFault(error)
    let stopped: String? = error is DatabaseError || fault == .diskFull ? nil : "\(fault)"
    let results = [Result<Receipt, any Error>](
      repeating: .failure(stopped.map { .writerStopped($0) } ?? fault), count: count)
    return Outcome(results: results, changed: [], stopped: stopped)
  }

  /// What was read may be of a transaction that is no more.
  private func forget() {
    subjects.forgetAll()
    map = nil
    try? pool.read { db in map = try Structure(reading: db).map(StructureMap.init) }
  }

  private func write(
    _ submission: Submission, _ db: Database, _ outcome: inout Outcome
  ) throws
    -> Result<Receipt, any Error>
  {
    if let said = try StoredCommits(db).said(submission.key, on: chainNumber) {
      return .success(Receipt(said.commit, warnings: Warning.all(stored: said.warnings), isRepeated: true))
    }
    let world = StoreWorld(db, subjects, numbers, map)
    let moment = Moment(
      now: environment.now(), author: submission.author, station: chain.station, newID: environment.newID)
    let decision: Decision
    do throws(Refusal) {
      decision = try submission.command.decide(world, moment)
    } catch {
      if let failure = world.failure { throw failure }
      return .failure(error)
    }
    if let failure = world.failure { throw failure }
    if decision.facts.isEmpty { return .success(nothing(decision.warnings)) }
    let draft: CommitDraft
    do throws(LineFailure) {
      draft = try CommitDraft(
        author: submission.author, command: submission.key, source: submission.source, facts: decision.facts)
    } catch {
      // Longer than a line may be, or an hour that no line can say.
      return .failure(Refusal("cannot-be-written"))
    }
    let before = (chain, clock)
    try db.prepared("SAVEPOINT submission").run()
    do {
      let receipt = try keep(draft, moment.now, decision.warnings, db, &outcome.changed)
      try db.prepared("RELEASE submission").run()
      return .success(receipt)
    } catch let error as DatabaseError {
      throw error
    } catch {
      // A bug: what was decided before it stands, and nothing is decided after it.
      try db.prepared("ROLLBACK TO submission").run()
      try db.prepared("RELEASE submission").run()
      (chain, clock) = before
      subjects.forgetAll()
      let reason = "\(RegisterFault(error))"
      outcome.stopped = reason
      return .failure(RegisterFault.writerStopped(reason))
    }
  }

  private func keep(
    _ draft: CommitDraft, _ now: Instant, _ warnings: [Warning], _ db: Database, _ changed: inout Set<String>
  ) throws -> Receipt {
    let commit = try chain.append(draft, time: clock.next(wall: now))
    let id = try StoredCommits(db).insert(commit, chain: chainNumber, warnings: Warning.stored(warnings))
    var applying = Applying(db, subjects)
    try applying.take(commit, id: id)
    // A feed may say any number; what it says is looked up when one is given.
    if commit.source == nil, let structure = map?.structure {
      for fact in commit.facts {
        for used in NumberKind.used(by: fact, in: structure) {
          try NumberRows.use(used.kind, used.serial, db)
          numbers.use(used.kind, used.serial)
        }
      }
    }
    if applying.structureChanged {
      try StructureCache.changed(at: id, db)
      map = try Structure(reading: db).map(StructureMap.init)
    }
    if applying.numbersChanged { try numbers.load(db) }
    changed.formUnion(applying.changed)
    return Receipt(commit, warnings: warnings, isRepeated: false)
  }

  /// Runs `body` in one transaction with the chain of reads; a failure leaves both as they were.
  func writeReads(_ body: (Database, inout Chain) throws -> Void) throws {
    var chain = reads ?? Chain(station: StationName.reads(of: chain.station), key: key)
    do {
      try pool.write { try body($0, &chain) }
    } catch {
      subjects.forgetAll()
      throw error
    }
    reads = chain
  }

  /// Copies the last pages of the log into the store. A full disk keeps them in the log, where they are as durable.
  func checkpoint() { _ = try? pool.writeWithoutTransaction(Checkpointing.copy) }

  /// Strictly after every time given before, on either chain.
  func nextTime() -> HybridTime { clock.next(wall: environment.now()) }

  /// Nothing had to be said: nothing is kept, and the answer is where the chain stands.
  private func nothing(_ warnings: [Warning]) -> Receipt {
    Receipt(
      station: chain.station, sequence: chain.sequence, hash: chain.head, facts: [], warnings: warnings,
      isRepeated: false)
  }
}

extension Receipt {
  init(_ commit: Commit, warnings: [Warning], isRepeated: Bool) {
    self.init(
      station: commit.station, sequence: commit.sequence, hash: commit.hash, facts: commit.facts, warnings: warnings,
      isRepeated: isRepeated)
  }
}

/// Warnings lie beside the line, so that a repeated command hears them again.
extension Warning {
  static func stored(_ warnings: [Warning]) -> [UInt8] {
    if warnings.isEmpty { return [] }
    let elements: [JSON] = warnings.map { warning in
      var object = JSONObject([("code", .string(warning.code))])
      object["field"] = warning.field.map { .string($0) }
      let arguments = warning.arguments.sorted { $0.key < $1.key }
      object["arguments"] = .object(JSONObject(arguments.map { ($0.key, .string($0.value)) }))
      return .object(object)
    }
    return JSON.array(elements).bytes
  }

  static func all(stored bytes: [UInt8]) -> [Warning] {
    guard !bytes.isEmpty, let elements = (try? JSON(parsing: bytes))?.array else { return [] }
    return elements.compactMap { element in
      guard let code = element["code"]?.string else { return nil }
      var arguments: [String: String] = [:]
      for (key, value) in element["arguments"]?.object?.members ?? [] { arguments[key] = value.string }
      return Warning(code, field: element["field"]?.string, arguments)
    }
  }
}
