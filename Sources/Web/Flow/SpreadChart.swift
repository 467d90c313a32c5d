import Hospital

/// Times side by side, a row each: a bar as far as the median, a line on to the ninetieth centile, and where there is
/// one a triangle at the target. The numbers stand at the end of the row.
struct SpreadChart: Sendable {
  struct Row: Sendable {
    var name: String
    var spread: Spread
    var target: Int?
    var text: String
  }

  var label: String
  var rows: [Row]

  private static let rowHeight = 30.0
  private static let left = 180.0
  private static let right = 480.0

  var svg: String {
    let scale = OccupancyChart.scale([0] + rows.flatMap { [$0.spread.ninetieth, $0.target].compactMap(\.self) })
    let bottom = 6 + Double(rows.count) * Self.rowHeight
    func x(_ minutes: Int) -> Double {
      Self.left + Double(minutes) / Double(max(scale.last ?? 1, 1)) * (Self.right - Self.left)
    }
    var out = "<svg class=\"chart\" viewBox=\"0 0 640 \(short(bottom + 22))\" role=\"img\" "
    out += "aria-label=\"\(escaped(label))\">"
    for line in scale {
      let at = short(x(line))
      out += "<line class=\"axis\" x1=\"\(at)\" x2=\"\(at)\" y1=\"4\" y2=\"\(short(bottom))\"/>"
      out += "<text x=\"\(at)\" y=\"\(short(bottom + 15))\" text-anchor=\"middle\">\(line)</text>"
    }
    for (place, row) in rows.enumerated() {
      let middle = 6 + (Double(place) + 0.5) * Self.rowHeight
      out += "<text class=\"name\" x=\"0\" y=\"\(short(middle + 4))\">\(escaped(row.name))</text>"
      out += "<text x=\"492\" y=\"\(short(middle + 4))\">\(escaped(row.text))</text>"
      if let median = row.spread.median, let ninetieth = row.spread.ninetieth {
        let length = short(x(median) - Self.left)
        out += "<rect class=\"bar\" x=\"180\" y=\"\(short(middle - 6))\" width=\"\(length)\" height=\"12\"/>"
        let end = short(x(ninetieth))
        out +=
          "<path class=\"series\" d=\"M\(short(x(median))) \(short(middle))H\(end)M\(end) \(short(middle - 6))v12\"/>"
      }
      if let target = row.target {
        out += "<path class=\"target-mark\" d=\"M\(short(x(target))) \(short(middle))l-5 -10h10z\"/>"
      }
    }
    return out + "</svg>"
  }
}
