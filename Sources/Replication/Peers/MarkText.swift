import Ledger

/// The mark by which a station was revoked, as the fact of a line: what is answered to that station, and nothing else.
enum MarkText {
  static let bytesMax = 65_536

  static func bytes(of mark: Fact) -> [UInt8] {
    var bytes: [UInt8] = []
    mark.write(into: &bytes)
    return bytes
  }

  static func mark(reading bytes: [UInt8]) -> Fact? { (try? JSON(parsing: bytes)).flatMap { try? Fact(reading: $0) } }
}
