import Crypto
import Ledger

/// What is known of a whole file once it was read, piece by piece.
struct FileHash {
  private static let pieceBytes = 1 << 20

  private(set) var count = 0
  /// 32 bytes.
  private(set) var sha256: [UInt8] = []

  /// - Parameter piece: hears each piece too.
  init(of path: String, _ piece: ([UInt8]) -> Void = { _ in }) throws(FileFault) {
    let file = try DiskFile(reading: path)
    var hash = SHA256()
    while true {
      let bytes = try file.read(atMost: Self.pieceBytes)
      if bytes.isEmpty { break }
      hash.update(data: bytes)
      piece(bytes)
      count += bytes.count
    }
    sha256 = Array(hash.finalize())
  }
}
