import Hospital
import Ledger

extension Reading {
  /// Children of one delivery, in the order registered: two days apart at most.
  /// - Parameter hour: about when they were registered; nil for her latest.
  public func delivery(ofMother id: String, around hour: Instant? = nil) throws -> [Patient] {
    let children = try newborns(ofMother: id).compactMap { try patient($0) }
    guard let hour = hour ?? children.compactMap(\.heardAt).max() else { return children }
    return children.filter { child in
      guard let heard = child.heardAt else { return false }
      return abs(heard.milliseconds - hour.milliseconds) < Self.deliveryHoursMax * 3_600_000
    }
  }

  private static let deliveryHoursMax: Int64 = 48
}
