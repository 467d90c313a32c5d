import Hospital

/// Reads `multipart/form-data` (RFC 7578) that comes piece by piece, with memory for a piece and one part's headers.
package struct MultipartParsing: Sendable {
  package enum Event: Sendable, Equatable {
    /// A part begins: the field's name, and the file's name where it is a file.
    case part(name: String, file: String?)
    case data([UInt8])
  }

  package struct Malformed: Error {}

  private enum Place { case body, afterDelimiter, headers, end }

  private static let headersBytesMax = 8192
  private static let carriageReturn = UInt8(ascii: "\r")

  private let delimiter: [UInt8]
  private var place = Place.body
  /// Before the first part there is nothing to tell.
  private var isInPart = false
  /// The first boundary stands at the very beginning, others after the end of a line.
  private var pending = Array("\r\n".utf8)

  /// nil where the content type is another, or names no boundary.
  package init?(contentType: String) {
    guard contentType.lowercased().hasPrefix("multipart/form-data"),
      let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count)
    else { return nil }
    delimiter = Array("\r\n--\(boundary)".utf8)
  }

  /// Whether the closing boundary came.
  package var isAtEnd: Bool { place == .end }

  package mutating func take(_ bytes: some Sequence<UInt8>) throws(Malformed) -> [Event] {
    pending += bytes
    var events: [Event] = []
    while try step(&events) {}
    return events
  }

  /// False where more is needed.
  private mutating func step(_ events: inout [Event]) throws(Malformed) -> Bool {
    switch place {
    case .body:
      let end = delimiterStart
      // What may be the beginning of a delimiter waits.
      let count = end ?? max(0, pending.count - delimiter.count + 1)
      if isInPart, count > 0 { events.append(.data(Array(pending[..<count]))) }
      pending.removeFirst(end == nil ? count : count + delimiter.count)
      if end != nil { place = .afterDelimiter }
      return end != nil
    case .afterDelimiter:
      guard pending.count >= 2 else { return false }
      let isLast = pending.starts(with: "--".utf8)
      guard isLast || pending.starts(with: "\r\n".utf8) else { throw Malformed() }
      pending.removeFirst(2)
      place = isLast ? .end : .headers
      return true
    case .headers:
      guard let end = headersEnd else {
        guard pending.count <= Self.headersBytesMax else { throw Malformed() }
        return false
      }
      events.append(try Self.part(String(decoding: pending[..<end], as: UTF8.self)))
      // The line end that closes the headers may be that of the delimiter of an empty body.
      pending.removeFirst(end + 4)
      isInPart = true
      place = .body
      return true
    case .end:
      pending = []
      return false
    }
  }

  private var delimiterStart: Int? {
    var start = 0
    while let at = pending[start...].firstIndex(of: Self.carriageReturn), at + delimiter.count <= pending.count {
      if pending[at..<at + delimiter.count].elementsEqual(delimiter) { return at }
      start = at + 1
    }
    return nil
  }

  private var headersEnd: Int? {
    let mark = Array("\r\n\r\n".utf8)
    var start = 0
    while let at = pending[start...].firstIndex(of: Self.carriageReturn), at + mark.count <= pending.count {
      if pending[at..<at + mark.count].elementsEqual(mark) { return at }
      start = at + 1
    }
    return nil
  }

  private static func part(_ headers: String) throws(Malformed) -> Event {
    // A carriage return and a newline are one character of a Swift string.
    for line in headers.split(separator: "\r\n") where line.lowercased().hasPrefix("content-disposition:") {
      guard let name = parameter("name", of: String(line)) else { throw Malformed() }
      return .part(name: name, file: parameter("filename", of: String(line)))
    }
    throw Malformed()
  }

  /// Of a header: `name="value"` or `name=value`. Browsers write a quotation mark in a file's name as `%22`.
  private static func parameter(_ name: String, of header: String) -> String? {
    var isInQuotes = false
    let parts = header.split(omittingEmptySubsequences: true) { character in
      if character == "\"" { isInQuotes.toggle() }
      return character == ";" && !isInQuotes
    }
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
      guard pair.count == 2, pair[0].lowercased() == name else { continue }
      let isQuoted = pair[1].count >= 2 && pair[1].hasPrefix("\"") && pair[1].hasSuffix("\"")
      return isQuoted ? String(pair[1].dropFirst().dropLast()) : pair[1]
    }
    return nil
  }
}
