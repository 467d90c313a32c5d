import Ledger

/// Hours from left to right beneath a drawing: a name each few hours, or each midnight where there are many.
struct HourAxis: Sendable {
  static let width = 640.0
  static let right = 632.0

  let hours: [Instant]
  let clock: Hours
  /// Monday first.
  let dayNames: [String]
  var left = 40.0

  /// Room for one name.
  private static let nameWidth = 46.0

  /// Where an hour begins; `hours.count` where the last one ends.
  func x(_ hour: Int) -> Double {
    left + Double(hour) / Double(max(hours.count, 1)) * (Self.right - left)
  }

  func middle(_ hour: Int) -> Double { (x(hour) + x(hour + 1)) / 2 }

  /// A bar for each hour, `value` of `full` high.
  func bars(_ values: [Int], full: Int, top: Double, bottom: Double) -> String {
    let gap = hours.count > 48 ? 0.4 : 1.5
    return values.enumerated().filter { $0.element > 0 }.map { hour, value in
      let height = Double(value) / Double(max(full, 1)) * (bottom - top)
      return "<rect class=\"bar\" x=\"\(short(x(hour) + gap))\" y=\"\(short(bottom - height))\" "
        + "width=\"\(short(x(hour + 1) - x(hour) - 2 * gap))\" height=\"\(short(height))\"/>"
    }.joined()
  }

  /// The names, and a mark for each, between `top` and `bottom`.
  func svg(top: Double, bottom: Double) -> String {
    marks.map { hour, name in
      let x = short(x(hour))
      return "<line class=\"axis day\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(short(top))\" y2=\"\(short(bottom + 4))\"/>"
        + "<text x=\"\(short(self.x(hour) + 3))\" y=\"\(short(bottom + 15))\">\(escaped(name))</text>"
    }.joined()
  }

  private var marks: [(hour: Int, name: String)] {
    let namesMax = Int((Self.right - left) / Self.nameWidth)
    let step = [1, 2, 3, 4, 6].first { hours.count <= $0 * namesMax }
    return hours.enumerated().compactMap { hour, at in
      let time = clock.time(at)
      guard let wall = Int(time.prefix(2)), x(hour) + Self.nameWidth < Self.right + 8 else { return nil }
      if let step { return wall % step == 0 ? (hour, time) : nil }
      return wall == 0 ? (hour, dayNames[clock.day(at).weekday]) : nil
    }
  }
}
