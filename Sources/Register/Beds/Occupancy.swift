import GRDB
import Hospital
import Ledger

/// How full the hospital was at one hour.
public struct OccupancyPoint: Sendable, Equatable {
  public var at: Instant
  /// Beds with somebody in them, on leave or not.
  public var occupied: Int
  /// Everybody who was here, with a bed or without.
  public var present: Int
}

extension Reading {
  /// One point for each step from `start` to `end`, both included.
  public func occupancy(from start: Instant, to end: Instant, stepSeconds: Int) throws -> [OccupancyPoint] {
    let step = Int64(max(stepSeconds, 1)) * 1000
    guard end >= start else { return [] }
    let count = Int((end.milliseconds - start.milliseconds) / step) + 1
    // What changes at each point, summed up afterwards.
    var occupied = [Int](repeating: 0, count: count + 1)
    var present = occupied
    func point(notBefore milliseconds: Int) -> Int {
      let ahead = Int64(milliseconds) - start.milliseconds
      return ahead <= 0 ? 0 : Int(min((ahead + step - 1) / step, Int64(count)))
    }
    try db.prepared("SELECT fromAt, untilAt, bed IS NOT NULL FROM presences WHERE untilAt > ? AND fromAt <= ?")
      .each(.integer(Int(start.milliseconds)), .integer(Int(end.milliseconds))) { row in
        let first = point(notBefore: row.integer(0))
        let last = row.integer(1) == StayRows.open ? count : point(notBefore: row.integer(1))
        present[first] += 1
        present[last] -= 1
        if row.integer(2) == 1 {
          occupied[first] += 1
          occupied[last] -= 1
        }
        return true
      }
    var sums = (occupied: 0, present: 0)
    return (0..<count).map { index in
      sums.occupied += occupied[index]
      sums.present += present[index]
      return OccupancyPoint(
        at: Instant(milliseconds: start.milliseconds + Int64(index) * step), occupied: sums.occupied,
        present: sums.present)
    }
  }
}
