import Hospital
import Ledger
import Synchronization

/// The three states of one subject.
struct ReturnStates: Sendable {
  var before = ReturnState()
  var here = ReturnState()
  var there = ReturnState()

  /// - Parameters:
  ///   - facts: of one subject, with those of messages that were said again.
  ///   - values: what is compared of its state.
  static func traced<State: Folded>(
    _ facts: [Refolding.Placed], of id: String, _ crisis: Crisis, as _: State.Type,
    _ values: (State) -> [ReturnField: String]
  ) -> ReturnStates {
    func trace(_ facts: [Said], isThere: Bool = false) -> ReturnState {
      var state = State(id: id)
      var traced = ReturnState()
      var unsaid = isThere ? ReturnField.assumed : []
      var heardDead: Instant?
      for said in facts {
        state.fold(said.heard)
        var now = values(state)
        unsaid.removeAll { $0.isSaid(by: said.heard.fact) }
        for field in unsaid { now[field] = nil }
        // Of a death without an hour, when it was first said.
        heardDead = now[.death] == ReturnField.yes ? heardDead ?? said.heard.fact.at : nil
        // Of a day alone, its beginning.
        let hour = now[.death]?.split(separator: "/").first.flatMap { Instant(String($0)) }
        if isThere, let died = heardDead ?? hour, crisis.isNews(died) { now[.death] = nil }
        traced.note(now, after: said)
      }
      return traced
    }
    let counted = facts.filter { !$0.isAgain }.map(\.said)
    return ReturnStates(
      before: trace(counted.filter { crisis.isBefore($0.heard) }),
      here: trace(counted.filter { crisis.isHere($0.heard) }),
      there: trace(crisis.there(facts.map(\.said)), isThere: true))
  }

  func completed(by other: ReturnStates) -> ReturnStates {
    ReturnStates(
      before: before.completed(by: other.before), here: here.completed(by: other.here),
      there: there.completed(by: other.there))
  }
}

/// What was last worked out, of everything and of each subject: a page that shows one difference reads no history.
final class ReturnCache: Sendable {
  struct Traced {
    var revisions: [Int]
    var states: ReturnStates
  }

  private struct Known {
    var crisis: Crisis
    var traced: [String: Traced] = [:]
    var whole: (row: Int, minute: Int64, comparison: ReturnComparison)?
  }

  private let known = Mutex<Known?>(nil)

  func states(
    of subject: String, revisions: [Int], _ crisis: Crisis, _ make: () throws -> ReturnStates
  ) rethrows -> ReturnStates {
    let kept = known.withLock { known in known?.crisis == crisis ? known?.traced[subject] : nil }
    if let kept, kept.revisions == revisions { return kept.states }
    let states = try make()
    known.withLock { known in
      if known?.crisis != crisis { known = Known(crisis: crisis) }
      known?.traced[subject] = Traced(revisions: revisions, states: states)
    }
    return states
  }

  func comparison(
    at row: Int, minute: Int64, _ crisis: Crisis, _ make: () throws -> ReturnComparison
  ) rethrows -> ReturnComparison {
    let kept = known.withLock { known in known?.crisis == crisis ? known?.whole : nil }
    if let kept, kept.row == row, kept.minute == minute { return kept.comparison }
    let comparison = try make()
    known.withLock { known in
      if known?.crisis != crisis { known = Known(crisis: crisis) }
      known?.whole = (row, minute, comparison)
    }
    return comparison
  }
}
