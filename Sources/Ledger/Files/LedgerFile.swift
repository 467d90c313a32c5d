/// The lines of one `<station>.ledger` file, in batches, with memory for one batch whatever the file.
public struct LedgerFile: ~Copyable {
  public static let suffix = ".ledger"
  private static let readBytes = 1 << 20

  private let file: DiskFile
  private var pending: [UInt8] = []
  private var isAtEnd = false
  /// Within a line too long to be one, of which the beginning has been given.
  private var isSkipping = false

  public init(path: String) throws(FileFault) {
    file = try DiskFile(reading: path)
  }

  /// Whether the bytes after the last newline, if any, were given as a line: a file that was not written to its
  /// end. Known once `next` has given nil.
  public private(set) var isTorn = false

  /// The next lines, without their newlines; nil at the end. A line longer than any may be is cut short, and still
  /// too long to be one.
  public mutating func next() throws(FileFault) -> [[UInt8]]? {
    var lines: [[UInt8]] = []
    while lines.isEmpty, !isAtEnd {
      let bytes = try file.read(atMost: Self.readBytes)
      isAtEnd = bytes.isEmpty
      split(bytes, into: &lines)
    }
    return lines.isEmpty ? nil : lines
  }

  private mutating func split(_ bytes: [UInt8], into lines: inout [[UInt8]]) {
    var rest = bytes[...]
    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
      if isSkipping {
        isSkipping = false
      } else {
        lines.append(pending + rest[..<newline])
        pending = []
      }
      rest = rest[(newline + 1)...]
    }
    if !isSkipping { pending += rest }
    if pending.count > Line.bytesMax {
      lines.append(Array(pending[...Line.bytesMax]))
      pending = []
      isSkipping = true
    } else if isAtEnd, !pending.isEmpty {
      isTorn = true
      pending = []
    }
  }
}
