import Ledger

/// Figures hour by hour as an SVG drawing. What differs is told by its shape and in words within the drawing; colour
/// only helps. Attributes and classes only: no style stands in a page.
package struct HourChart: Sendable {
  package enum Shape: String, Sendable {
    case bars
    /// A full line with round points.
    case line
    /// A broken line with square points.
    case dashes
  }

  package struct Series: Sendable {
    var label: String
    var shape: Shape
    /// One for each hour; nil where there is nothing to say.
    var values: [Int?]

    package init(_ label: String, _ shape: Shape, _ values: [Int?]) {
      self.label = label
      self.shape = shape
      self.values = values
    }
  }

  var label: String
  var axis: HourAxis
  var series: [Series]
  /// A time that should not be passed, and what it is called.
  var target: (value: Int, label: String)?

  private static let top = 34.0
  private static let bottom = 180.0
  private static let pointsMax = 48

  package var svg: String {
    let scale = OccupancyChart.scale([0] + series.flatMap { $0.values.compactMap(\.self) } + [target?.value ?? 0])
    var out = "<svg class=\"chart\" viewBox=\"0 0 640 200\" role=\"img\" aria-label=\"\(escaped(label))\">"
    for line in scale {
      let height = short(y(line, scale))
      out += "<line class=\"axis\" x1=\"\(short(axis.left))\" x2=\"632\" y1=\"\(height)\" y2=\"\(height)\"/>"
      out += "<text x=\"34\" y=\"\(short(y(line, scale) + 4))\" text-anchor=\"end\">\(line)</text>"
    }
    out += axis.svg(top: Self.top, bottom: Self.bottom)
    if let target {
      let height = short(y(target.value, scale))
      out += "<line class=\"target\" x1=\"\(short(axis.left))\" x2=\"632\" y1=\"\(height)\" y2=\"\(height)\"/>"
      out += "<line class=\"target\" x1=\"440\" x2=\"464\" y1=\"12\" y2=\"12\"/>"
      out += "<text x=\"470\" y=\"16\">\(escaped(target.label))</text>"
    }
    for (place, one) in series.enumerated() { out += drawn(one, scale) + legend(one, x: 40 + Double(place) * 200) }
    return out + "</svg>"
  }

  private func y(_ value: Int, _ scale: [Int]) -> Double {
    Self.bottom - Double(value) / Double(max(scale.last ?? 1, 1)) * (Self.bottom - Self.top)
  }

  private func drawn(_ one: Series, _ scale: [Int]) -> String {
    if one.shape == .bars {
      return axis.bars(one.values.map { $0 ?? 0 }, full: scale.last ?? 1, top: Self.top, bottom: Self.bottom)
    }
    // A line stops where there is nothing to say.
    var runs: [[(x: Double, y: Double)]] = [[]]
    for (hour, value) in one.values.enumerated() {
      if let value {
        runs[runs.count - 1].append((axis.middle(hour), y(value, scale)))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    var out = ""
    for run in runs where !run.isEmpty {
      let points = run.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
      out += "<polyline class=\"series \(one.shape.rawValue)\" points=\"\(points)\"/>"
      if one.values.count <= Self.pointsMax || run.count == 1 {
        out += run.map { point(one.shape, $0.x, $0.y) }.joined()
      }
    }
    return out
  }

  private func point(_ shape: Shape, _ x: Double, _ y: Double) -> String {
    shape == .line
      ? "<circle class=\"point\" cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"3\"/>"
      : "<rect class=\"point hollow\" x=\"\(short(x - 3))\" y=\"\(short(y - 3))\" width=\"6\" height=\"6\"/>"
  }

  private func legend(_ one: Series, x: Double) -> String {
    let name = "<text x=\"\(short(x + 30))\" y=\"16\">\(escaped(one.label))</text>"
    if one.shape == .bars {
      return "<rect class=\"bar\" x=\"\(short(x + 6))\" y=\"6\" width=\"12\" height=\"12\"/>" + name
    }
    return "<polyline class=\"series \(one.shape.rawValue)\" points=\"\(short(x)),12 \(short(x + 24)),12\"/>"
      + point(one.shape, x + 12, 12) + name
  }
}

/// Several counts hour by hour, a row each with its name and its sum: all bars of one scale.
struct HourStrips {
  var label: String
  var axis: HourAxis
  var rows: [(name: String, values: [Int])]
  /// Says how many the height of a row is, given that number.
  var fullText: (Int) -> String

  private static let rowHeight = 34.0

  init(label: String, axis: HourAxis, rows: [(name: String, values: [Int])], fullText: @escaping (Int) -> String) {
    self.label = label
    self.axis = axis
    self.axis.left = 190
    self.rows = rows
    self.fullText = fullText
  }

  var svg: String {
    let full = max(rows.flatMap(\.values).max() ?? 0, 1)
    let bottom = 22 + Double(rows.count) * Self.rowHeight
    var out = "<svg class=\"chart\" viewBox=\"0 0 640 \(short(bottom + 20))\" role=\"img\" "
    out += "aria-label=\"\(escaped(label))\"><text x=\"190\" y=\"12\">\(escaped(fullText(full)))</text>"
    out += axis.svg(top: 18, bottom: bottom)
    for (place, row) in rows.enumerated() {
      let floor = 22 + Double(place + 1) * Self.rowHeight
      out += "<line class=\"axis\" x1=\"0\" x2=\"632\" y1=\"\(short(floor))\" y2=\"\(short(floor))\"/>"
      out += "<text class=\"name\" x=\"0\" y=\"\(short(floor - 8))\">\(escaped(row.name))</text>"
      out +=
        "<text class=\"name\" x=\"180\" y=\"\(short(floor - 8))\" text-anchor=\"end\">\(row.values.reduce(0, +))</text>"
      out += axis.bars(row.values, full: full, top: floor - Self.rowHeight + 6, bottom: floor)
    }
    return out + "</svg>"
  }
}
