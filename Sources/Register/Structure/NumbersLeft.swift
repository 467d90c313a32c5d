import Hospital

/// How many numbers this station may still give.
public struct NumbersLeft: Sendable, Equatable {
  public var left: Int
  /// All that it was granted.
  public var granted: Int

  public init(left: Int, granted: Int) {
    self.left = left
    self.granted = granted
  }

  /// Time to ask for another slice; also where none was ever granted.
  public var isLow: Bool { left * 100 <= granted * NumberSlices.alarmPercent }

  /// How much of it is left: 0 only where no number is.
  public var percentLeft: Int { left == 0 ? 0 : max(1, left * 100 / granted) }
}

extension Reading {
  /// Of those without which nobody can be admitted.
  public func numbersLeft() throws -> [NumberKind: NumbersLeft] {
    [.ipp: try numbersLeft(.ipp), .nda: try numbersLeft(.nda)]
  }

  public func numbersLeft(_ kind: NumberKind) throws -> NumbersLeft {
    try NumberRows.slices(db).filter { $0.kind == kind }.reduce(into: NumbersLeft(left: 0, granted: 0)) { sum, slice in
      sum.left += slice.last - slice.next + 1
      sum.granted += slice.last - slice.first + 1
    }
  }
}

extension Reading {
  /// The slices that a station, or a paper, holds.
  public func slices(ofStation name: String) throws -> [NumberSlices.Slice] {
    (try States.one("range/\(name)", db) as? NumberSlices)?.slices ?? []
  }
}
