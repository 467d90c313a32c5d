import GRDB
import Hospital
import Ledger

/// Many submissions, one transaction, one fsync.
///
/// A decision writes nothing, so a refusal has nothing to take back: the group is first written as a whole. Should one
/// of them meet a bug of ours, the whole is taken back and done again with a savepoint for each: that one alone is
/// refused. A savepoint for each from the start would copy each page that it touches first.
extension WriterDesk {
  struct Outcome {
    var results: [Result<Receipt, any Error>] = []
    /// Subjects, and `unit:` with the code of units.
    var changed: Set<String> = []
    /// Why the writer must stop, if it must.
    var stopped: String?
  }

  /// Decides and keeps each submission. One refusal is one refusal; a store that fails takes the whole group, and
  /// nothing of it is kept.
  func write(_ submissions: [Submission]) -> Outcome {
    do { return try attempt(submissions, apart: false) } catch {
      if error.isOfTheWorld || error.isDamage { return Outcome(failing: submissions, with: error) }
    }
    do { return try attempt(submissions, apart: true) } catch { return Outcome(failing: submissions, with: error) }
  }

  private func attempt(_ submissions: [Submission], apart: Bool) throws -> Outcome {
    try changing { db in
      var outcome = Outcome()
      for submission in submissions {
        outcome.results.append(
          apart ? try writeApart(submission, db, &outcome) : try write(submission, db, &outcome.changed))
      }
      return outcome
    }
  }

  /// A bug takes this submission back, and no other: people beside it, and the feed behind it, go on.
  private func writeApart(
    _ submission: Submission, _ db: Database, _ outcome: inout Outcome
  ) throws -> Result<Receipt, any Error> {
    let before = (chain, clock, subjects.tally, unsaid, marks)
    try db.prepared("SAVEPOINT submission").run()
    defer { try? db.prepared("RELEASE submission").run() }
    do { return try write(submission, db, &outcome.changed) } catch  where !error.isOfTheWorld && !error.isDamage {
      try db.prepared("ROLLBACK TO submission").run()
      subjects.forgetAll()
      (chain, clock, subjects.tally, unsaid, marks) = before
      logger.error("a submission failed and was left out: \(RegisterFault(error))")
      return .failure(Refusal("software-failed"))
    }
  }

  private func write(
    _ submission: Submission, _ db: Database, _ changed: inout Set<String>
  ) throws -> Result<Receipt, any Error> {
    // A message that another station heard too is said here again; which of the two counts is for the ledger.
    let isAnybodys = submission.source == nil && Name.isOfWords(submission.key)
    if let said = try StoredCommits(db).said(submission.key, on: chainNumber, orElsewhere: isAnybodys) {
      let first = AnswerBeside(stored: said.beside)
      if !submission.asked.isEmpty, !first.asked.isEmpty, first.asked != submission.asked {
        return .failure(Refusal("command-used"))
      }
      try sayAgain(said.commit, first, db, &changed)
      return .success(Receipt(said.commit, warnings: first.warnings, isRepeated: true))
    }
    let world = StoreWorld(db, subjects, numbers, map)
    let moment = Moment(
      now: environment.now(), author: submission.author, station: chain.station, newID: environment.newID)
    let decision: Decision
    do throws(Refusal) { decision = try submission.command.decide(world, moment) } catch {
      if let failure = world.failure { throw failure }
      return .failure(error)
    }
    if let failure = world.failure { throw failure }
    if decision.facts.isEmpty { return .success(nothing(decision.warnings)) }
    // What a revoked station says counts for nothing, and nobody may be told that it is kept; but for a mark.
    if marks.isRevoked(chain.station), !decision.facts.allSatisfy({ $0.kind == Revocation.kind }) {
      return .failure(Refusal("station-revoked"))
    }
    let draft: CommitDraft
    do throws(LineFailure) {
      draft = try CommitDraft(
        author: submission.author, command: submission.key, source: submission.source, witnessed: witnessed,
        facts: decision.facts)
    } catch {
      // Longer than a line may be, or an hour that no line can say.
      return .failure(Refusal("cannot-be-written"))
    }
    var warnings = decision.warnings
    if let source = submission.source, let warning = try HeardMessage.warning(of: source, command: submission.key, db) {
      warnings.append(warning)
    }
    let beside = AnswerBeside(asked: submission.asked, warnings: warnings)
    return .success(try keep(draft, moment.now, beside, db, &changed))
  }

  /// A message that was heard before the main system was back, heard from it for the first time since: it is written as
  /// another station that hears it now would write it. The first of the two counts, so that nothing changes but what
  /// is known of the main system's own state.
  private func sayAgain(
    _ first: Commit, _ answer: AnswerBeside, _ db: Database, _ changed: inout Set<String>
  ) throws {
    guard SaidHere(first) == .there, !marks.isRevoked(chain.station),
      let returned = try Crisis.returned(subjects, db),
      let last = try StoredCommits(db).lastSaid(first.command, on: chainNumber), last.time < returned
    else { return }
    let now = environment.now()
    var ahead = clock
    // An hour that this clock has not reached would make each repeat the first since.
    guard ahead.next(wall: now) >= returned,
      let draft = try? CommitDraft(
        author: first.author, command: first.command, source: first.source, witnessed: witnessed, facts: first.facts)
    else { return }
    _ = try keep(draft, now, AnswerBeside(asked: [], warnings: answer.warnings), db, &changed)
  }

  private func keep(
    _ draft: CommitDraft, _ now: Instant, _ beside: AnswerBeside, _ db: Database, _ changed: inout Set<String>
  ) throws -> Receipt {
    let commit = try chain.append(draft, time: clock.next(wall: now))
    var applying = Applying(db, subjects)
    let id = try keep(commit, chain: chainNumber, beside: beside.bytes, &applying, db)
    if !draft.witnessed.isEmpty {
      try Tips(db).said(draft.witnessed)
      try Witnesses.note(commit, chain: chainNumber, line: id, db)
      unsaid.removeAll(where: draft.witnessed.contains)
    }
    if forked.contains(chainNumber) { try Tips(db).move(chainNumber, from: commit, to: commit) }
    var recounts = Recounts()
    try note(commit, &recounts, db)
    try recount(recounts, &applying, at: id, db)
    // Where a chain forked, this line may speak of what it does not name.
    var told = subjects.takeRenamed()
    if !unsaid.isEmpty || forked.contains(chainNumber) {
      try Contradictions(db).note(applying.changed, subjects, at: id)
      told.formUnion(commit.spokenOf)
    }
    if !told.isEmpty { try Persons(db).note(told, subjects, at: id) }
    noteNumbers(commit)
    try take(applying, at: id, db)
    changed.formUnion(applying.told)
    return Receipt(commit, warnings: beside.warnings, isRepeated: false)
  }

  /// Heads that the next line names: one of each chain, as a line can. Where a chain forked, the others are for the
  /// lines after it.
  private var witnessed: [CommitPlace] {
    var named: Set<String> = []
    return unsaid.filter { named.insert($0.station).inserted }
  }

  /// What a line of this station uses up. A feed may say any number; what it says is looked up when one is given.
  func noteNumbers(_ commit: Commit) {
    guard commit.source == nil, commit.station.sameBytes(as: chain.station), let structure = map?.structure else {
      return
    }
    for fact in commit.facts {
      for used in NumberKind.used(by: fact, at: chain.station, in: structure) { numbers.use(used.kind, used.serial) }
    }
  }

  /// Nothing had to be said: nothing is kept, and the answer is where the chain stands.
  private func nothing(_ warnings: [Warning]) -> Receipt {
    Receipt(
      station: chain.station, sequence: chain.sequence, hash: chain.head, facts: [], warnings: warnings,
      isRepeated: false)
  }
}

extension WriterDesk.Outcome {
  /// Nothing was kept. What passes is tried again by whoever asked; a store that is damaged, or a bug in keeping
  /// itself, must not be written to any more.
  init(failing submissions: [Submission], with error: any Error) {
    var fault = RegisterFault(error)
    if !error.isOfTheWorld {
      stopped = "\(fault)"
      fault = .writerStopped("\(fault)")
    }
    results = submissions.map { _ in .failure(fault) }
  }
}

extension Error {
  /// The disk, the memory or another process says no, which passes.
  var isOfTheWorld: Bool {
    if let fault = self as? RegisterFault { return fault == .diskFull }
    guard let error = self as? DatabaseError else { return false }
    let passing: [ResultCode] = [
      .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CANTOPEN, .SQLITE_READONLY,
      .SQLITE_PERM, .SQLITE_INTERRUPT,
    ]
    return passing.contains(error.resultCode)
  }

  var isDamage: Bool {
    guard let error = self as? DatabaseError else { return false }
    return [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
  }
}
