/// Where to ask a chain from, so that what comes follows a line already held.
///
/// Usually that is this station's own newest line. Where the chain forked, or where a peer's branch is another, it is a
/// line further back, which is looked for at distances that double: a branch of n lines costs about log n questions,
/// and at most as many lines again as it has.
package struct MeetingPoint: Sendable {
  /// What to ask after: 0 asks for all.
  package private(set) var after: Int
  private let newest: Int
  private var ends: [Int]
  private var distance = 1

  /// - Parameters:
  ///   - sequence: of the tip that is wanted.
  ///   - mine: sequences of this station's own tips of the chain.
  package init(tip sequence: Int, mine: [Int]) {
    // A branch that this station holds in part ends in one of its own tips.
    ends = Set(mine.map { min($0, sequence - 1) }).sorted().suffix(Self.endsMax)
    newest = ends.popLast() ?? 0
    after = newest
  }

  private static let endsMax = 4

  /// After an answer that followed no line that is held. False once everything was asked for.
  package mutating func goBack() -> Bool {
    guard after > 0 else { return false }
    if let end = ends.popLast() {
      after = end
    } else {
      after = max(0, min(after, newest) - distance)
      distance *= 2
    }
    return true
  }
}
