import Web

extension Barcode {
  /// Modules by rows, `true` where dark.
  var rows: [[Bool]] {
    var rows = [[Bool]](repeating: [Bool](repeating: false, count: width), count: height)
    for bar in bars {
      for y in bar.y..<bar.y + bar.height {
        for x in bar.x..<bar.x + bar.width { rows[y][x] = true }
      }
    }
    return rows
  }
}
