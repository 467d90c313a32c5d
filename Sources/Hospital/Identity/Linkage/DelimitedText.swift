/// Rows of a file that a spreadsheet or another system wrote: fields parted by `,` `;` tab or `|`, quoted or not, in
/// UTF-8 or, if it is not that, Windows-1252.
public struct DelimitedText: Sendable {
  public var header: [String]
  public var rows: [[String]]
  /// The line of the file on which each row begins, from 1.
  public var lines: [Int]
  /// Those of them whose row holds a quote that nothing closes: it was read as any other sign, and its row ends with the
  /// line. Otherwise every row up to the next quote would be a part of it.
  public var unclosed: Set<Int>

  public init(_ bytes: [UInt8]) {
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
    var splitting = Splitting(bytes: bytes, separator: Self.separator(of: bytes), isUTF8: isUTF8)
    splitting.run()
    var (rows, lines) = (splitting.rows, splitting.lines)
    unclosed = splitting.unclosed
    header = rows.isEmpty ? [] : rows.removeFirst()
    if !lines.isEmpty { lines.removeFirst() }
    (self.rows, self.lines) = (rows, lines)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The one that comes most often in the first line, outside quotes.
  private static func separator(of bytes: [UInt8]) -> UInt8 {
    let candidates = [",", ";", "\t", "|"].flatMap(\.utf8)
    var counts = Array(repeating: 0, count: candidates.count)
    var isQuoted = false
    for byte in bytes {
      if byte == quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == lineFeed || byte == carriageReturn { break }
      if let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
    }
    let best = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return candidates[counts.firstIndex(of: counts[best]) ?? 0]
  }

  private struct Splitting {
    let bytes: [UInt8]
    let separator: UInt8
    let isUTF8: Bool
    var rows: [[String]] = []
    var lines: [Int] = []
    var unclosed: Set<Int> = []
    private var position = 0
    /// The present line, and that on which the row began.
    private var (line, began) = (1, 1)
    private var row: [String] = []
    private var field: [UInt8] = []

    init(bytes: [UInt8], separator: UInt8, isUTF8: Bool) {
      (self.bytes, self.separator, self.isUTF8) = (bytes, separator, isUTF8)
    }

    mutating func run() {
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        switch byte {
        case quote where field.isEmpty: readQuoted()
        case separator: endField()
        case lineFeed, carriageReturn:
          if byte == carriageReturn, position < bytes.count, bytes[position] == lineFeed { position += 1 }
          endRow()
          line += 1
          began = line
        default: field.append(byte)
        }
      }
      if !field.isEmpty || !row.isEmpty { endRow() }
    }

    /// From behind a quote to behind the one that closes it. One that closes over the end of a line must end its field:
    /// another is the next one's, and nothing closed this.
    private mutating func readQuoted() {
      let start = position
      var breaks = 0
      var isClosed = false
      var hasBreak = false
      while position < bytes.count, !isClosed {
        let byte = bytes[position]
        position += 1
        if byte == quote {
          isClosed = position == bytes.count || bytes[position] != quote
          if !isClosed {
            field.append(quote)
            position += 1
          }
        } else {
          if byte == lineFeed { breaks += 1 }
          hasBreak = hasBreak || byte == lineFeed || byte == carriageReturn
          field.append(byte)
        }
      }
      let isEnded = position == bytes.count || [separator, lineFeed, carriageReturn].contains(bytes[position])
      if isClosed, isEnded || !hasBreak {
        line += breaks
      } else {
        unclosed.insert(began)
        position = start
        field = [quote]
      }
    }

    private mutating func endField() {
      row.append(isUTF8 ? String(decoding: field, as: UTF8.self) : windows1252(field))
      field.removeAll(keepingCapacity: true)
    }

    private mutating func endRow() {
      endField()
      // Lines without anything are no rows.
      if row != [""] {
        rows.append(row)
        lines.append(began)
      }
      row = []
    }
  }

  /// U+0080 to U+009F as Windows-1252 writes letters there; the rest is Latin-1.
  private static let letters: [UInt8: Unicode.Scalar] = [
    0x80: "€", 0x8A: "Š", 0x8C: "Œ", 0x8E: "Ž", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x96: "–", 0x97: "—",
    0x9A: "š", 0x9C: "œ", 0x9E: "ž", 0x9F: "Ÿ",
  ]

  private static func windows1252(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(letters[byte] ?? Unicode.Scalar(byte)) }
    return text
  }
}
