import Dispatch
import GRDB
import Hospital
import Ledger

/// What became of lines that came from elsewhere.
public struct TakenIn: Sendable, Equatable {
  /// Kept and folded now.
  public var accepted = 0
  /// They were here already.
  public var known = 0
  /// Kept aside with a reason: `Reading.linesAside`.
  public var aside = 0

  public init(accepted: Int = 0, known: Int = 0, aside: Int = 0) {
    self.accepted = accepted
    self.known = known
    self.aside = aside
  }
}

extension Register {
  /// Verifies, keeps and folds lines, without their newlines, of any chains and in any order; the same lines again
  /// change nothing. What does not hold is kept aside with its reason, and the rest goes on.
  /// - Parameter peer: who gave them, for whoever looks at what lies aside.
  /// - Throws: `RegisterFault`; what was taken in before it stays.
  public func takeIn(_ lines: [[UInt8]], from peer: String) async throws -> TakenIn {
    try await readAhead(lines, from: peer)()
  }

  /// What is left to do of taking lines in.
  public typealias TakingRest = @Sendable () async throws -> TakenIn

  /// Reads and verifies them, beside whoever writes; what it gives keeps and folds them. So lines can be read while
  /// those that they stand on are kept.
  public func readAhead(_ lines: [[UInt8]], from peer: String) async throws -> TakingRest {
    let writer = try opened()
    let sorted = try await sorted(lines, for: writer)
    return {
      // Freed here, not on the writer's queue: it is some thousands of lines.
      defer { withExtendedLifetime(sorted) {} }
      return try await withCheckedThrowingContinuation { continuation in
        writer.takeIn(sorted, from: peer) { continuation.resume(with: $0) }
      }
    }
  }

  private func sorted(_ lines: [[UInt8]], for writer: Writer) async throws -> SortedLines {
    try await withCheckedThrowingContinuation { continuation in
      // On every core, and on none of the few threads that serve people: those are of another quality of service.
      DispatchQueue.global(qos: .utility).async { [pool] in
        continuation.resume(
          with: Result {
            try SortedLines(lines) { chain, first in
              try pool.reading { try writer.chainKeys.key(of: chain, opening: first, $0) }
            }
          }.mapError(RegisterFault.init))
      }
    }
  }
}

/// Takes lines in on the writer's queue, a part at a time, so that whoever admits meanwhile waits for one part only.
/// Touched on that queue alone, which is what makes it safe to hand about.
final class TakingIn: @unchecked Sendable {
  /// Of one transaction while somebody waits: some 10 ms of everybody's time.
  static let linesMin = 128
  /// Of one while nobody does: each page that many lines touch is then written once for all of them.
  private static let linesMax = 8192

  private let desk: WriterDesk
  private let peer: String
  private var runs: [Run] = []
  private var parts: [LineHash: [SubjectPart]] = [:]
  private(set) var taken = TakenIn()

  /// Lines that follow one another, by sequence.
  private struct Run {
    var commits: ArraySlice<Commit>
    /// What it stands on is here.
    var isPlaced = false
    /// A bug of ours met something in it: each line goes alone.
    var isApart = false
  }

  /// What one transaction came to.
  private struct Part {
    var taken = TakenIn()
    var changed: Set<String> = []
    /// What takes the place of the run it began with.
    var next: [Run] = []
  }

  init(_ desk: WriterDesk, from peer: String) {
    self.desk = desk
    self.peer = peer
  }

  var isDone: Bool { runs.isEmpty }

  /// Sets aside what cannot be a line of any chain.
  func begin(_ lines: SortedLines) throws {
    var part = Part()
    parts = lines.parts
    if lines.isAllInPlace {
      part.next = lines.backlogs.flatMap(\.runs).map { Run(commits: ArraySlice($0)) }
    } else {
      try desk.changing { db in
        for (line, reason) in lines.unreadable { try putAside(line, nil, reason, &part, db) }
        for backlog in lines.backlogs { try take(backlog, &part, db) }
        for (chain, commits) in lines.unkeyed { try sort(commits, of: chain, &part, db) }
      }
    }
    settle(part)
  }

  /// Takes in the next part, a larger one where nobody waits; gives what it changed.
  func goOn(isAwaited: Bool) throws -> Set<String> {
    let lines = isAwaited ? Self.linesMin : Self.linesMax
    guard let run = runs.first else { return [] }
    var part = Part()
    do {
      try desk.changing { db in
        part = Part()
        try takeIn(run, atMost: lines, &part, db)
      }
    } catch  where !error.isOfTheWorld && !error.isDamage {
      part = Part()
      if run.isApart {
        try desk.changing { db in try giveUp(run, "it could not be folded here", &part, db) }
      } else {
        part.next = [Run(commits: run.commits, isPlaced: run.isPlaced, isApart: true)]
      }
    }
    runs.removeFirst()
    settle(part)
    return part.changed
  }

  private func settle(_ part: Part) {
    runs = part.next + runs
    taken.accepted += part.taken.accepted
    taken.known += part.taken.known
    taken.aside += part.taken.aside
  }

  private func sort(_ commits: [Commit], of chain: String, _ part: inout Part, _ db: Database) throws {
    var reason = "the first line of its chain is not here"
    let first = commits.first { $0.sequence == 1 }
    if let first, let refusal = desk.chainKeys.refusal(of: first) { reason = refusal }
    guard let key = try desk.chainKeys.key(of: chain, opening: first, db) else {
      for commit in commits { try putAside(commit.line, commit, reason, &part, db) }
      return
    }
    try take(Backlog(commits, key: key), &part, db)
  }

  private func take(_ backlog: Backlog, _ part: inout Part, _ db: Database) throws {
    for (commit, reason) in backlog.refused { try putAside(commit.line, commit, "\(reason)", &part, db) }
    part.next += backlog.runs.map { Run(commits: ArraySlice($0)) }
  }

  private func takeIn(_ run: Run, atMost lines: Int, _ part: inout Part, _ db: Database) throws {
    if !run.isPlaced, let first = run.commits.first {
      switch try desk.place(first, db) {
      case .stands: break
      case .standsOn(let aside):
        part.next = [Run(commits: [aside] + run.commits)]
        return
      case .refused(let reason): return try giveUp(run, reason, &part, db)
      }
    }
    let now = run.commits.prefix(run.isApart ? 1 : lines)
    var keeping = try Keeping(desk, db, chain: now.first?.station ?? "")
    for commit in now {
      if try keeping.keep(commit, parts[commit.hash]) { part.taken.accepted += 1 } else { part.taken.known += 1 }
    }
    try keeping.finish()
    part.changed = keeping.changed
    let rest = run.commits.dropFirst(now.count)
    if !rest.isEmpty { part.next = [Run(commits: rest, isPlaced: true, isApart: run.isApart)] }
    try recall(after: now, &part, db)
  }

  /// What lies aside for want of these lines is tried again.
  private func recall(after kept: ArraySlice<Commit>, _ part: inout Part, _ db: Database) throws {
    guard let chain = kept.first?.station, try !LinesAside(db).isEmpty(chain) else { return }
    for commit in kept { try LinesAside(db).remove(commit.hash) }
    let isOpened = kept.first?.sequence == 1
    let waiting = try isOpened ? LinesAside(db).all(of: chain) : LinesAside(db).following(kept.map(\.hash), in: chain)
    if !waiting.isEmpty { try sort(waiting, of: chain, &part, db) }
  }

  private func giveUp(_ run: Run, _ reason: String, _ part: inout Part, _ db: Database) throws {
    for commit in run.commits { try putAside(commit.line, commit, reason, &part, db) }
  }

  private func putAside(
    _ line: [UInt8], _ commit: Commit?, _ reason: String, _ part: inout Part, _ db: Database
  ) throws {
    if try LinesAside(db).put(line, commit, from: peer, reason, at: desk.environment.now()) { part.taken.aside += 1 }
  }
}
