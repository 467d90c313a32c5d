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
  /// They lay aside already, came again and still do not hold.
  public var stillAside = 0
  /// Kept aside too, well signed, because their chain has as many branches as are taken in.
  public var surplus = 0

  public init(accepted: Int = 0, known: Int = 0, aside: Int = 0, stillAside: Int = 0, surplus: Int = 0) {
    self.accepted = accepted
    self.known = known
    self.aside = aside
    self.stillAside = stillAside
    self.surplus = surplus
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
    let ahead = LinesAhead(lines) { [pool] chain, first in
      try pool.reading { try writer.chainKeys.key(of: chain, opening: first, $0) }
    }
    return {
      try await withCheckedThrowingContinuation { continuation in
        writer.takeIn(ahead, from: peer) { continuation.resume(with: $0) }
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
  private static let linesMax = 16_384

  private let desk: WriterDesk
  private let peer: String
  private let lines: LinesAhead
  private var state = State()
  /// A bug of ours met something in these lines: each run has a transaction of its own.
  private var isCareful = false

  /// Lines that follow one another, by sequence.
  private struct Run {
    var commits: ArraySlice<Commit>
    /// What it stands on is here.
    var isPlaced = false
    /// A bug of ours met something in it: each line goes alone.
    var isApart = false
    /// It lay aside until what it waited for came: nobody gives it now.
    var isRecalled = false
  }

  /// How far it came. A transaction that fails takes it back.
  private struct State {
    /// The part of the lines that comes next.
    var next = 0
    /// What is left of the part before it, and what its lines are folded to.
    var runs: [Run] = []
    var parts: [LineHash: [SubjectPart]] = [:]
    var taken = TakenIn()
    /// Met by this taking, and kept aside: met again in it, they did not come again.
    var aside: Set<LineHash> = []
    /// By the transaction that runs.
    var changed: [Set<String>] = []
    var lines = 0
  }

  init(_ desk: WriterDesk, _ lines: LinesAhead, from peer: String) {
    self.desk = desk
    self.lines = lines
    self.peer = peer
  }

  var taken: TakenIn { state.taken }
  var isDone: Bool { state.runs.isEmpty && state.next == lines.count }

  /// Goes on, on `queue`, once `goOn` need not wait for what is read beside it.
  func whenReady(on queue: DispatchQueue, _ goOn: @escaping @Sendable () -> Void) {
    if state.runs.isEmpty { lines.whenRead(state.next, on: queue, goOn) } else { queue.async(execute: goOn) }
  }

  /// Takes in what one transaction may hold: little where somebody waited before, and no more once somebody does. Gives
  /// what it changed, and how many lines it was.
  func goOn(isAwaited: Bool, somebodyWaits: () -> Bool) throws -> (changed: [Set<String>], lines: Int) {
    (state.changed, state.lines) = ([], 0)
    let before = state
    do {
      try desk.changing { db in
        let first = try HoursTaken(db).nextRow()
        repeat {
          desk.subjects.trim()
          try takeNext(atMost: isAwaited ? Self.linesMin : Self.linesMax, db)
        } while !isDone && !isCareful && !isAwaited && state.lines < Self.linesMax && isReady(unless: somebodyWaits)
        if state.taken.accepted > before.taken.accepted {
          // Nor before what this station said last, whose clock may have moved past the wall's.
          let now = desk.environment.now()
          try HoursTaken(db).note(from: first, at: max(now, desk.clock.last?.instant ?? now))
        }
      }
    } catch  where !error.isOfTheWorld && !error.isDamage {
      state = before
      try beCareful(after: error)
    }
    return (state.changed, state.lines)
  }

  /// What comes next may still be being read. A transaction is left open for it as long as nobody else waits.
  private func isReady(unless somebodyWaits: () -> Bool) -> Bool {
    while !somebodyWaits() { if !state.runs.isEmpty || lines.isRead(state.next) { return true } }
    return false
  }

  private func takeNext(atMost lines: Int, _ db: Database) throws {
    if state.runs.isEmpty {
      try begin(self.lines.part(state.next), db)
      state.next += 1
      if isCareful { return }
    }
    if !state.runs.isEmpty { try takeIn(state.runs.removeFirst(), atMost: lines, db) }
  }

  /// First every run for itself; then every line of the run that fails; then what is left from the line that does.
  private func beCareful(after error: any Error) throws {
    guard isCareful else {
      isCareful = true
      return
    }
    guard !state.runs.isEmpty else { throw error }
    guard state.runs[0].isApart else {
      state.runs[0].isApart = true
      return
    }
    let run = state.runs.removeFirst()
    let reason = "it could not be folded here"
    try desk.changing { db in
      try giveUp(run, reason, db)
      for commit in run.commits { try LinesAside(db).setReason(reason, of: commit.hash) }
    }
  }

  /// Sets aside what cannot be a line of any chain.
  private func begin(_ lines: SortedLines, _ db: Database) throws {
    state.parts = lines.parts
    // A program that ended behind the mark may have left some of what it names.
    try recallNamed(by: Set(desk.marks.stations), onlySurplus: true, db)
    for (line, reason) in lines.unreadable { try putAside(line, nil, reason, db) }
    for backlog in lines.backlogs { try take(backlog, db) }
    for (chain, commits) in lines.unkeyed { try sort(commits, of: chain, db) }
  }

  private func sort(_ commits: [Commit], of chain: String, isRecalled: Bool = false, _ db: Database) throws {
    var reason = "the first line of its chain is not here"
    let first = commits.first { $0.sequence == 1 }
    if let first, let refusal = desk.chainKeys.refusal(of: first) { reason = refusal }
    guard let key = try desk.chainKeys.key(of: chain, opening: first, db) else {
      for commit in commits { try putAside(commit.line, commit, reason, isRecalled: isRecalled, db) }
      return
    }
    try take(Backlog(commits, key: key), isRecalled: isRecalled, db)
  }

  private func take(_ backlog: Backlog, isRecalled: Bool = false, _ db: Database) throws {
    for (commit, reason) in backlog.refused {
      try putAside(commit.line, commit, "\(reason)", isRecalled: isRecalled, db)
    }
    state.runs += backlog.runs.map { Run(commits: ArraySlice($0), isRecalled: isRecalled) }
  }

  private func takeIn(_ run: Run, atMost lines: Int, _ db: Database) throws {
    if !run.isPlaced, let first = run.commits.first {
      let place = try desk.place(first, db)
      if case .refused(let reason) = place { return try giveUp(run, reason, db) }
      let surplus = try desk.surplus(of: run.commits, db)
      if !surplus.isEmpty { return try leave(surplus, of: run, db) }
      if case .standsOn(let aside) = place {
        state.runs.insert(Run(commits: [aside] + run.commits, isRecalled: run.isRecalled), at: 0)
        return
      }
    }
    let now = run.commits.prefix(run.isApart ? 1 : lines)
    var keeping = try Keeping(desk, db, chain: now.first?.station ?? "")
    for commit in now {
      if try keeping.keep(commit, state.parts[commit.hash]) {
        state.taken.accepted += 1
      } else {
        state.taken.known += 1
      }
    }
    try keeping.finish()
    state.changed.append(keeping.changed)
    state.lines += now.count
    let rest = run.commits.dropFirst(now.count)
    if !rest.isEmpty {
      let left = Run(commits: rest, isPlaced: true, isApart: run.isApart, isRecalled: run.isRecalled)
      state.runs.insert(left, at: 0)
    }
    try recall(after: now, db)
    try recallNamed(by: keeping.marked, db)
  }

  /// What lies aside for want of these lines is tried again.
  private func recall(after kept: ArraySlice<Commit>, _ db: Database) throws {
    guard let chain = kept.first?.station, try !LinesAside(db).isEmpty(chain) else { return }
    for commit in kept { try LinesAside(db).remove(commit.hash) }
    let isOpened = kept.first?.sequence == 1
    let waiting = try isOpened ? LinesAside(db).all(of: chain) : LinesAside(db).following(kept.map(\.hash), in: chain)
    if !waiting.isEmpty { try sort(waiting, of: chain, isRecalled: true, db) }
  }

  /// What marks name is let in, however many branches its chain has.
  private func recallNamed(by stations: Set<String>, onlySurplus: Bool = false, _ db: Database) throws {
    for station in stations.sorted() {
      for chain in [station, StationName.reads(of: station)] {
        var named = Array(desk.marks.awaited(of: chain))
        if onlySurplus { named = try named.filter { try LinesAside(db).reason($0.hash) == LineAside.surplus } }
        let waiting = try named.compactMap { try LinesAside(db).line($0.hash) }
        if !waiting.isEmpty { try sort(waiting, of: chain, isRecalled: true, db) }
      }
    }
  }

  private func leave(_ surplus: ArraySlice<Commit>, of run: Run, _ db: Database) throws {
    state.taken.known += run.commits.count - surplus.count
    let now = desk.environment.now()
    for commit in surplus {
      if try LinesAside(db).put(commit.line, commit, from: peer, LineAside.surplus, at: now) {
        state.taken.surplus += 1
      } else {
        // What it waited for came.
        try LinesAside(db).setReason(LineAside.surplus, of: commit.hash)
      }
    }
  }

  private func giveUp(_ run: Run, _ reason: String, _ db: Database) throws {
    for commit in run.commits { try putAside(commit.line, commit, reason, isRecalled: run.isRecalled, db) }
  }

  private func putAside(
    _ line: [UInt8], _ commit: Commit?, _ reason: String, isRecalled: Bool = false, _ db: Database
  ) throws {
    let hash = commit?.hash ?? LineHash(of: line)
    if try LinesAside(db).put(line, commit, from: peer, reason, at: desk.environment.now()) {
      state.taken.aside += 1
      state.aside.insert(hash)
    } else if !isRecalled, state.aside.insert(hash).inserted {
      state.taken.stillAside += 1
    }
  }
}
