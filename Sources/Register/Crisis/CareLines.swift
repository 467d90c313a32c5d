import Hospital
import Ledger

extension Reading {
  /// What was declared of each line of care, in the order of `CareKey`, those of newer stations last. A line that is not
  /// here is open: nobody said otherwise.
  public func careLines() throws -> [CareLine] {
    let order = Dictionary(uniqueKeysWithValues: CareKey.allCases.enumerated().map { ($1.rawValue, $0) })
    return try States.all("care", db).compactMap { $0 as? CareLine }.filter { $0.holding != nil }.sorted { one, other in
      let (first, second) = (order[one.key] ?? order.count, order[other.key] ?? order.count)
      return first == second ? one.key.precedesInBytes(other.key) : first < second
    }
  }

  /// Lines of care that are limited or closed.
  public func careNotOpen() throws -> [CareKey: CareState] {
    var states: [CareKey: CareState] = [:]
    for line in try careLines() {
      if let key = CareKey(rawValue: line.key), let state = line.holding?.state, state != .open { states[key] = state }
    }
    return states
  }
}
