import Ledger

/// Patients nobody can name are numbered by each station under its shown name (`URG-1-003`), so a name and a serial are
/// given once in the hospital.
extension NumberSlices.Slice {
  /// The first station of a name has 1 to 99,999, the next one so called 100,001 to 199,999.
  public static let firstUnknown = NumberSlices.Slice(kind: .unknown, first: 1, last: unknownCount)

  private static let unknownCount = 99_999
  fileprivate static let unknownStep = unknownCount + 1

  fileprivate static func unknown(after last: Int) -> NumberSlices.Slice {
    let start = (last / unknownStep + 1) * unknownStep
    return NumberSlices.Slice(kind: .unknown, first: start + 1, last: start + unknownCount)
  }
}

extension World {
  /// Serials for the unknown patients of a station: none that was ever granted to one that people call the same, dead
  /// or living.
  func unknownSlice(for station: String) throws(Refusal) -> NumberSlices.Slice {
    let people = StationName.shown(station)
    let last = numberSlices.filter { $0.people.sameBytes(as: people) }
      .flatMap(\.slices).filter { $0.kind == .unknown }.map(\.last).max()
    guard let last else { return .firstUnknown }
    let slice = NumberSlices.Slice.unknown(after: last)
    // Format 1 says no integer beyond 2^53.
    guard slice.last <= 1 << 53 else { throw Refusal("numbers-used-up") }
    return slice
  }
}
