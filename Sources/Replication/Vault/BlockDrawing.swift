/// Draws squares with the block characters of Unicode, two rows of them in a row of text, so that they print square.
public enum BlockDrawing {
  /// ISO/IEC 18004 asks for 4 white modules around a QR.
  static let quiet = 4

  /// - Parameter modules: rows, `true` where dark (ink on white paper).
  public static func rows(_ modules: [[Bool]]) -> [String] {
    stride(from: 0, to: modules.count, by: 2).map { row in
      let upper = modules[row]
      let lower = row + 1 < modules.count ? modules[row + 1] : []
      let blocks = upper.indices.map { column in
        block(upper: upper[column], lower: column < lower.count && lower[column])
      }
      return String(repeating: " ", count: quiet) + String(blocks)
    }
  }

  private static func block(upper: Bool, lower: Bool) -> Character {
    switch (upper, lower) {
    case (true, true): "█"
    case (true, false): "▀"
    case (false, true): "▄"
    case (false, false): " "
    }
  }
}
