import Ledger

/// Cuts what a peer sends into lines, holding no more than the longest one.
package struct LineSplitting: Sendable {
  private var rest: [UInt8] = []

  package init() {}

  /// Whether the last line has not come to its end.
  package var isInsideLine: Bool { !rest.isEmpty }

  /// The lines that end in this piece, without their newlines.
  package mutating func split(_ piece: [UInt8]) throws(PeerFault) -> [[UInt8]] {
    let lines = cut(piece)
    guard lines.allSatisfy({ $0.count <= Line.bytesMax }) else { throw .garbage("a line that is too long") }
    return lines
  }

  /// The same; one that is longer than any may be is given as far as it came, as the last.
  mutating func cut(_ piece: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = piece.startIndex
    while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
      rest.append(contentsOf: piece[start..<end])
      lines.append(rest)
      rest = []
      start = end + 1
    }
    rest.append(contentsOf: piece[start...])
    if rest.count > Line.bytesMax {
      lines.append(rest)
      rest = []
    }
    return lines
  }
}
