import Ledger

/// Entries that lie beside the lines, as `/beside` gives them: `<number> <entry>` and a newline for each, oldest first.
package enum BesideText {
  /// Asked for, and answered, at a time.
  package static let bytesMax = 256 << 10

  package static func bytes(of entries: [(number: Int, bytes: [UInt8])]) -> [UInt8] {
    entries.reduce(into: []) { text, entry in
      text += Array("\(entry.number) ".utf8) + entry.bytes
      text.append(UInt8(ascii: "\n"))
    }
  }

  /// - Parameter number: what was asked after; each entry has a higher one than that before it.
  package static func entries(
    reading bytes: [UInt8], after number: Int
  ) throws(PeerFault) -> [(number: Int, bytes: [UInt8])] {
    var entries: [(number: Int, bytes: [UInt8])] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let end = line.firstIndex(of: UInt8(ascii: " ")) ?? line.startIndex
      guard let own = Int(String(decoding: line[..<end], as: UTF8.self)), own > entries.last?.number ?? number else {
        throw .garbage("what lies beside the lines without its numbers")
      }
      entries.append((own, Array(line[line.index(after: end)...])))
    }
    return entries
  }
}
