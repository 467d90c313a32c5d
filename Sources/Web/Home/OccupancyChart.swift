import Ledger

/// Occupied beds over the last days as a line. Attributes and classes only: no style stands in a page.
package struct OccupancyChart {
  package struct Point: Equatable, Sendable {
    package var at: Instant
    package var occupied: Int

    package init(at: Instant, occupied: Int) {
      self.at = at
      self.occupied = occupied
    }
  }

  /// In order of time.
  var points: [Point]
  var hours: Hours
  /// Names of the days, Monday first.
  var dayNames: [String]
  var label: String

  package init(points: [Point], hours: Hours, dayNames: [String], label: String) {
    self.points = points
    self.hours = hours
    self.dayNames = dayNames
    self.label = label
  }

  private static let width = 940.0
  private static let height = 220.0
  private static let left = 46.0
  private static let right = 925.0
  private static let top = 18.0
  private static let bottom = 190.0

  /// Lines of the scale: at most five, a round number of beds apart, the whole line between the first and the last.
  package static func scale(_ values: [Int]) -> [Int] {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000].first { high / $0 - low / $0 < 4 } ?? 10_000
    let first = low / step
    let last = max(first + 1, (high + step - 1) / step)
    return (first...last).map { $0 * step }
  }

  package var svg: String {
    let scale = OccupancyChart.scale(points.map(\.occupied))
    var out = "<svg class=\"chart\" viewBox=\"0 0 940 220\" role=\"img\" aria-label=\"\(escaped(label))\">"
    for line in scale {
      let y = short(y(line, scale))
      out += "<line class=\"axis\" x1=\"46\" x2=\"925\" y1=\"\(y)\" y2=\"\(y)\"/>"
      out += "<text x=\"40\" y=\"\(short(self.y(line, scale) + 4))\" text-anchor=\"end\">\(line)</text>"
    }
    for midnight in midnights {
      let x = short(x(midnight.at))
      out += "<line class=\"axis day\" x1=\"\(x)\" x2=\"\(x)\" y1=\"18\" y2=\"195\"/>"
      out += "<text x=\"\(short(self.x(midnight.at) + 4))\" y=\"210\">\(escaped(midnight.name))</text>"
    }
    let line = points.map { "\(short(x($0.at))),\(short(y($0.occupied, scale)))" }.joined(separator: " ")
    return out + "<polyline class=\"series\" points=\"\(line)\"/></svg>"
  }

  private func x(_ at: Instant) -> Double {
    guard let first = points.first?.at.milliseconds, let last = points.last?.at.milliseconds, last > first else {
      return OccupancyChart.left
    }
    let share = Double(at.milliseconds - first) / Double(last - first)
    return OccupancyChart.left + share * (OccupancyChart.right - OccupancyChart.left)
  }

  private func y(_ occupied: Int, _ scale: [Int]) -> Double {
    let low = Double(scale[0])
    let share = (Double(occupied) - low) / (Double(scale[scale.count - 1]) - low)
    return OccupancyChart.bottom - share * (OccupancyChart.bottom - OccupancyChart.top)
  }

  /// Where a day begins on the wall's clock.
  private var midnights: [(at: Instant, name: String)] {
    guard let first = points.first?.at, let last = points.last?.at else { return [] }
    var found: [(Instant, String)] = []
    var day = hours.day(first).daysSince1970 + 1
    while let midnight = hours.midnight(daysSince1970: day), midnight <= last {
      found.append((midnight, dayNames[CivilDate(daysSince1970: day).weekday]))
      day += 1
    }
    return found
  }
}

/// One line of the table beneath the chart.
package struct OccupancyDay: Equatable {
  package var day: CivilDate
  package var lowest: Int
  package var highest: Int
  /// The last of that day.
  package var last: Int

  /// One for each day of the points, newest first.
  package static func days(of points: [OccupancyChart.Point], _ hours: Hours) -> [OccupancyDay] {
    var days: [OccupancyDay] = []
    for point in points {
      let day = hours.day(point.at)
      if days.last?.day == day {
        let index = days.count - 1
        days[index].lowest = min(days[index].lowest, point.occupied)
        days[index].highest = max(days[index].highest, point.occupied)
        days[index].last = point.occupied
      } else {
        days.append(OccupancyDay(day: day, lowest: point.occupied, highest: point.occupied, last: point.occupied))
      }
    }
    return days.reversed()
  }
}
