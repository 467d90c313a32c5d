import Hummingbird

/// A list as spreadsheets open it: with the mark by which they know UTF-8, separated by semicolons. No cell begins as a
/// formula does: one that did would be run.
enum Spreadsheet {
  static func text(_ rows: [[String]]) -> String {
    "\u{FEFF}"
      + rows.map { row in
        row.map { cell in
          let plain = cell.first.map { "=+-@\t\r".contains($0) } ?? false ? "'" + cell : cell
          return "\"\(plain.replacing("\"", with: "\"\""))\""
        }.joined(separator: ";") + "\r\n"
      }.joined()
  }
}

extension WebApp {
  func spreadsheet(_ text: String, _ name: String) -> Response {
    var response = answer(Array(text.utf8), "text/csv; charset=utf-8", .ok)
    response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return response
  }
}
