import Interop
import Testing

struct MLLPBlocksTests {
  /// Bytes of a connection, / for CR, [ and ] for the beginning and the end of a block; what comes out of them.
  static let table: [(stream: String, blocks: [String], noise: Int)] = [
    ("[MSH|1/PID|a/]/", ["MSH|1/PID|a/"], 0),
    ("[MSH|1]/[MSH|2]/", ["MSH|1", "MSH|2"], 0),
    ("[MSH|1][MSH|2]", ["MSH|1", "MSH|2"], 0),
    ("hello[MSH|1]/noise/[MSH|2]/", ["MSH|1", "MSH|2"], 10),
    ("[]/", [""], 0),
    ("[hello]/", ["hello"], 0),
    ("MSH|1/PID|a/", [], 10),
    ("]/]/[MSH|1]/", ["MSH|1"], 2),
    ("[MSH|1/PID|a[MSH|2/PID|b]/", ["unended MSH|1/PID|a", "MSH|2/PID|b"], 0),
    ("[MSH|1/NTE|one[two]/", ["MSH|1/NTE|one two"], 0),
    ("[MSH|1/NTE|a[MSH|2/NTE|b[MSH|3]/", ["unended MSH|1/NTE|a MSH|2/NTE|b", "MSH|3"], 0),
    ("[MSH|1/PID|a", [], 0),
    ("[MSH|1/\(String(repeating: "x", count: 60))]/[MSH|2]/", ["too long MSH|1", "MSH|2"], 0),
    ("[\(String(repeating: "x", count: 64))]/", [String(repeating: "x", count: 64)], 0),
  ]

  @Test(arguments: [1, 2, 3, 7, 1000])
  func blocks(size: Int) {
    for row in Self.table {
      let bytes = wire(row.stream)
      #expect(
        cut(stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) })
          == row.blocks)
    }
  }

  /// Cut at every byte, the same comes out.
  @Test func everyCut() {
    for row in Self.table {
      let bytes = wire(row.stream)
      for place in 0...bytes.count {
        #expect(cut([Array(bytes[..<place]), Array(bytes[place...])]) == row.blocks, "\(row.stream) at \(place)")
      }
    }
  }

  @Test func noiseIsCounted() {
    for row in Self.table {
      var blocks = MLLPBlocks(bytesMax: 64)
      blocks.feed(wire(row.stream)) { _ in }
      #expect(blocks.noiseBytes == row.noise, "\(row.stream)")
    }
  }

  /// Whoever never ends a block is found, and not held in memory.
  @Test func endless() {
    var blocks = MLLPBlocks()
    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
    blocks.feed(wire("[MSH|1/")) { _ in }
    var fed = 0
    while !blocks.isEndless, fed < 2 * MLLPBlocks.endlessBytes {
      blocks.feed(part) { _ in Issue.record("nothing ended") }
      fed += part.count
    }
    #expect(fed == MLLPBlocks.endlessBytes)
    #expect(blocks.givenUp() == .tooLong(head: Array("MSH|1".utf8)))
  }

  private func wire(_ text: String) -> [UInt8] {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "["): 0x0B
      case UInt8(ascii: "]"): 0x1C
      case UInt8(ascii: "/"): 0x0D
      default: byte
      }
    }
  }

  private func cut(_ parts: [[UInt8]]) -> [String] {
    var blocks = MLLPBlocks(bytesMax: 64)
    var found: [String] = []
    for part in parts {
      blocks.feed(part) { block in
        switch block {
        case .whole(let bytes): found.append(text(bytes))
        case .unended(let bytes): found.append("unended \(text(bytes))")
        case .tooLong(let head): found.append("too long \(text(head))")
        }
      }
    }
    return found
  }

  private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 == 0x0D ? UInt8(ascii: "/") : $0 == 0x0B ? 0x20 : $0 }, as: UTF8.self)
  }
}
