import Dispatch
import GRDB
import Synchronization

/// When what recently changed is merged into the index, and how fast.
package struct SearchPace: Sendable {
  /// Changes that are merged together.
  var rows: Int
  /// Steps for each change of the same transaction: more than a change will need itself, so that one merge ends before
  /// the next is due.
  var stepsPerChange: Int
  /// Steps in a transaction at least, so that a merge does not last for weeks where little happens.
  var stepsMin: Int
  /// Changes since the last merge that one search takes into memory.
  var caughtUpAtOnce: Int

  package init(rows: Int, stepsPerChange: Int, stepsMin: Int, caughtUpAtOnce: Int) {
    (self.rows, self.stepsPerChange, self.stepsMin) = (rows, stepsPerChange, stepsMin)
    self.caughtUpAtOnce = caughtUpAtOnce
  }

  /// Some weeks of a hospital's changes, some megabytes of a station's memory; a millisecond or two of a transaction.
  package static let usual = SearchPace(rows: 50_000, stepsPerChange: 12, stepsMin: 256, caughtUpAtOnce: 200)
}

/// Merges what recently changed while the writer goes on: each transaction does a few steps, in which nobody waits long.
/// A value, so that a transaction that is taken back takes back how far the merge is.
///
/// Until the end, readers have all the patients concerned in memory, and pass over their rows of the index. A merge that
/// is cut short is planned anew, of more rows by then: whatever it left in the index is among what that one drops.
struct SearchMerging {
  private let planning: SearchPlanning
  private let pace: SearchPace
  /// The last row of `searchRecent` that is merged, and the last there is.
  private var base: Int
  private var newest: Int
  private var steps: [SearchStep] = []
  private var done = 0

  init(_ pool: DatabasePool, _ pace: SearchPace) throws {
    planning = SearchPlanning(pool)
    self.pace = pace
    (base, newest) = try pool.reading { db in (try SearchIndex.base(db), try SearchIndex.newest(db)) }
  }

  /// Does a transaction's share of the merge, if there is one.
  mutating func goOn(_ db: Database) throws {
    let last = newest
    newest = try SearchIndex.newest(db)
    if done == steps.count { (steps, done) = (planning.planned(after: base), 0) }
    if steps.isEmpty {
      if newest - base >= pace.rows { planning.plan(after: base) }
      return
    }
    let share = max(pace.stepsMin, (newest - last) * pace.stepsPerChange)
    for step in steps[done..<min(done + share, steps.count)] {
      try step.run(db)
      done += 1
      if case .end(let last) = step { base = last }
    }
  }
}

/// Plans merges beside the writer, out of rows that nobody changes any more.
private final class SearchPlanning: Sendable {
  /// Rows read at a time: a reader who stayed longer would keep the log from beginning anew.
  private static let rowsAtOnce = 1000
  private static let forgottenAtOnce = 8

  private let pool: DatabasePool
  private let queue = DispatchQueue(label: "permanence.search", qos: .utility)
  private let state = Mutex(State())

  private struct State {
    var isRunning = false
    var plan: (base: Int, steps: [SearchStep])?
  }

  init(_ pool: DatabasePool) { self.pool = pool }

  /// Hands over the steps that follow `base`; none while they are not known.
  func planned(after base: Int) -> [SearchStep] {
    state.withLock { state in
      defer { state.plan = nil }
      guard let plan = state.plan, plan.base == base else { return [] }
      return plan.steps
    }
  }

  func plan(after base: Int) {
    let begins = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard begins else { return }
    queue.async { [self] in
      // Whatever hinders it, the next transaction asks again.
      let steps = try? steps(after: base)
      state.withLock { $0 = State(plan: steps.map { (base, $0) }) }
    }
  }

  private func steps(after base: Int) throws -> [SearchStep] {
    let (first, last) = try pool.reading { db in (try SearchIndex.oldest(db), try SearchIndex.newest(db)) }
    // Asked for in a transaction whose rows nobody sees yet.
    guard last > base else { return [] }
    var changes: [Int: SearchChange] = [:]
    for start in stride(from: base, to: last, by: Self.rowsAtOnce) {
      try pool.reading { db in try Self.read(db, after: start, through: min(start + Self.rowsAtOnce, last), &changes) }
    }
    let ends = stride(from: first + Self.forgottenAtOnce, to: last, by: Self.forgottenAtOnce)
    // The last row stays, so that the numbers of rows only rise.
    return SearchStep.all(changes) + [.end(last)] + ends.map { .forget($0) } + [.forget(last)]
  }

  private static func read(
    _ db: Database, after start: Int, through last: Int, _ changes: inout [Int: SearchChange]
  ) throws {
    try db.prepared(
      "SELECT patient, date, names, oldDate, oldNames FROM searchRecent WHERE id > ? AND id <= ? ORDER BY id"
    ).each(.integer(start), .integer(last)) { row in
      let new = SearchEntry(date: row.integer(1), names: row.text(2))
      let old = row.integerOrNil(3).map { SearchEntry(date: $0, names: row.text(4)) }
      let known = changes[row.integer(0)]
      // Of a merge cut short, the index may have what was in between.
      let before = [known?.new, old].compactMap(\.self)
      changes[row.integer(0)] = SearchChange(new: new, old: (known?.old ?? []) + before)
      return true
    }
  }
}
