import Interop
import Testing

struct MessageSplitterTests {
  /// Bytes of a stream, and what comes out of them: messages with / for CR.
  static let table: [(name: String, stream: String, pieces: [String])] = [
    ("CR", "MSH|1\rPID|a\r", ["MSH|1/PID|a"]),
    ("LF", "MSH|1\nPID|a\n", ["MSH|1/PID|a"]),
    ("CRLF", "MSH|1\r\nPID|a\r\n", ["MSH|1/PID|a"]),
    ("no end", "MSH|1\rPID|a", ["MSH|1/PID|a"]),
    ("two, blank line between", "MSH|1\rPID|a\r\rMSH|2\rPID|b\r\n", ["MSH|1/PID|a", "MSH|2/PID|b"]),
    ("MLLP", "\u{0B}MSH|1\rPID|a\r\u{1C}\r", ["MSH|1/PID|a"]),
    ("MLLP, two in one read", "\u{0B}MSH|1\r\u{1C}\r\u{0B}MSH|2\r\u{1C}\r", ["MSH|1", "MSH|2"]),
    ("end without CR", "\u{0B}MSH|1\u{1C}\u{0B}MSH|2\u{1C}", ["MSH|1", "MSH|2"]),
    ("noise between blocks", "hello\u{0B}MSH|1\r\u{1C}\rnoise\r\n\u{0B}MSH|2\r\u{1C}\r", ["MSH|1", "MSH|2"]),
    ("block never ended", "\u{0B}MSH|1\rPID|a\r\u{0B}MSH|2\r\u{1C}\r", ["MSH|1/PID|a", "MSH|2"]),
    ("BOM", "\u{FEFF}MSH|1\rPID|a\r", ["MSH|1/PID|a"]),
    ("BOM in a block", "\u{0B}\u{FEFF}MSH|1\r\u{1C}\r", ["MSH|1"]),
    ("blanks before", "  MSH|1\rPID|a\r", ["MSH|1/PID|a"]),
    ("batch", "FHS|^~\\&|x\rBHS|^~\\&\rMSH|1\rPID|a\rMSH|2\rBTS|2\rFTS|1\r", ["MSH|1/PID|a", "MSH|2"]),
    ("cut short, the next behind it", "MSH|1\rPID|aMSH|^~\\&|2\rPID|b", ["MSH|1/PID|a", "MSH|^~\\&|2/PID|b"]),
    ("two on one line", "MSH|^~\\&|1MSH|^~\\&|2\r", ["MSH|^~\\&|1", "MSH|^~\\&|2"]),
    ("MSH in a text", "MSH|1\rOBX|see MSH|x\r", ["MSH|1/OBX|see MSH|x"]),
    ("other separator", "MSH#1\rPID#a\r", ["MSH#1/PID#a"]),
    ("MSH alone", "MSH", ["MSH"]),
    ("a word is no header", "MSHAPE\r", ["not HL7"]),
    ("block without a message", "\u{0B}hello\r\u{1C}\r", ["not HL7"]),
    ("no message at all", "hello\rworld\r", ["not HL7"]),
    ("nothing", "", []),
    ("line ends alone", "\r\n\r\n", []),
    ("noise in front", "From: x\r\n\r\nMSH|1\r\nPID|a\r\n", ["MSH|1/PID|a"]),
    (
      "segment longer than allowed", "MSH|1\rOBX|\(String(repeating: "x", count: 80))\rMSH|2\r",
      ["too long MSH|1", "MSH|2"]
    ),
    ("many segments", "MSH|1\r" + String(repeating: "OBX|12345\r", count: 9) + "MSH|2\r", ["too long MSH|1", "MSH|2"]),
  ]

  @Test(arguments: table.map(\.name))
  func pieces(name: String) throws {
    let row = try #require(Self.table.first { $0.name == name })
    #expect(split([Array(row.stream.utf8)]) == row.pieces)
  }

  /// However a stream is cut on its way, the same comes out.
  @Test(arguments: [1, 2, 3, 7, 64])
  func fragments(size: Int) {
    for row in Self.table {
      let bytes = Array(row.stream.utf8)
      let chunks = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
      #expect(split(chunks) == row.pieces, "\(row.name) by \(size)")
    }
  }

  /// A server acts on a block as soon as it ends, and never on one whose end did not come.
  @Test func blocksComeAsTheyEnd() {
    var splitter = MessageSplitter()
    var count = 0
    splitter.feed(Array("\u{0B}MSH|1\rPID|a\r".utf8)) { _ in count += 1 }
    #expect(count == 0)
    splitter.feed(Array("\u{1C}".utf8)) { _ in count += 1 }
    #expect(count == 1)
  }

  private func split(_ chunks: [[UInt8]]) -> [String] {
    var splitter = MessageSplitter(messageBytesMax: 64)
    var pieces: [String] = []
    let take: (MessageSplitter.Piece) -> Void = { piece in
      switch piece {
      case .message(let bytes):
        pieces.append(String(decoding: bytes.map { $0 == 0x0D ? UInt8(ascii: "/") : $0 }, as: UTF8.self))
      case .notHL7: pieces.append("not HL7")
      case .tooLong(let head): pieces.append("too long \(String(decoding: head, as: UTF8.self))")
      }
    }
    for chunk in chunks { splitter.feed(chunk, take) }
    splitter.finish(take)
    return pieces
  }
}
