import Hummingbird
import Interop

/// A list as spreadsheets open it: with the mark by which they know UTF-8, separated by semicolons.
enum Spreadsheet {
  static func text(_ rows: [[String]]) -> String {
    CSVText.mark + rows.map { CSVText.line($0, separator: ";") }.joined()
  }
}

extension WebApp {
  func spreadsheet(_ text: String, _ name: String) -> Response {
    var response = answer(Array(text.utf8), "text/csv; charset=utf-8", .ok)
    response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return response
  }
}
