/// What lies in the middle of some values, and what nine in ten do not pass.
public struct Spread: Sendable, Equatable {
  public var count: Int
  /// nil without values.
  public var median: Int?
  public var ninetieth: Int?

  /// By nearest rank: each is one of the values, the smallest that so many of them do not pass.
  public init(_ values: [Int]) {
    let sorted = values.sorted()
    count = sorted.count
    func centile(_ share: Int) -> Int? { sorted.isEmpty ? nil : sorted[(sorted.count * share + 99) / 100 - 1] }
    median = centile(50)
    ninetieth = centile(90)
  }
}
