/// A table as text (RFC 4180): every cell between quotes, lines ended by CR LF.
public enum CSVText {
  /// The mark by which spreadsheets know UTF-8.
  public static let mark = "\u{FEFF}"

  /// How a formula begins; some spreadsheets take signs of full width for it too.
  private static let formulas = "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars

  /// One line. No cell begins as a formula does: a spreadsheet would run one that did.
  public static func line(_ cells: [String], separator: Character) -> String {
    cells.map { cell in
      let plain = cell.unicodeScalars.first.map { formulas.contains($0) } ?? false ? "'" + cell : cell
      return "\"\(plain.replacing("\"", with: "\"\""))\""
    }.joined(separator: String(separator)) + "\r\n"
  }
}
