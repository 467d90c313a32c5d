import Crypto
import FoundationEssentials

/// Seals and opens the chunks of one file with AES-256-GCM, each bound to its file, its place and whether it is the
/// last: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015).
struct ChunkCipher {
  /// Of plain bytes in every chunk but the last, which has 0 to as many.
  static let chunkBytes = 1 << 20
  /// Before each chunk, big-endian: its number of plain bytes, with the highest bit set on the last.
  static let prefixBytes = 4
  static let tagBytes = 16
  private static let lastBit: UInt32 = 1 << 31

  private let key: SymmetricKey
  private let headerHash: [UInt8]

  init(contentKey: [UInt8], header: SealHeader) {
    key = SymmetricKey(data: contentKey)
    headerHash = Array(header.hash)
  }

  /// Adds the prefix, the sealed bytes and the tag of chunk `number`.
  func seal(
    _ plain: some DataProtocol, number: Int, isLast: Bool, into sealed: inout [UInt8]
  ) throws(SealFailure) {
    let prefix = UInt32(plain.count) | (isLast ? Self.lastBit : 0)
    withUnsafeBytes(of: prefix.bigEndian) { sealed.append(contentsOf: $0) }
    do {
      let box = try AES.GCM.seal(
        plain, using: key, nonce: nonce(number: number, isLast: isLast), authenticating: headerHash)
      sealed += box.ciphertext
      sealed += box.tag
    } catch { throw .cannotSeal("AES-GCM refused a chunk") }
  }

  /// The plain bytes; nil where this is not what was sealed in that place. `sealed` ends with the tag.
  func open(_ sealed: ArraySlice<UInt8>, number: Int, isLast: Bool) -> Data? {
    guard sealed.count >= Self.tagBytes else { return nil }
    return try? AES.GCM.open(
      AES.GCM.SealedBox(
        nonce: nonce(number: number, isLast: isLast), ciphertext: sealed.dropLast(Self.tagBytes),
        tag: sealed.suffix(Self.tagBytes)),
      using: key, authenticating: headerHash)
  }

  /// What a chunk's prefix says; nil for what none can say.
  static func read(prefix: ArraySlice<UInt8>) -> (plainBytes: Int, isLast: Bool)? {
    let word = prefix.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let count = Int(word & ~lastBit)
    let isLast = word & lastBit != 0
    return count == chunkBytes || isLast && count < chunkBytes ? (count, isLast) : nil
  }

  /// 12 bytes: three zeros, the chunk's number as 8 bytes big-endian, then 1 on the last and 0 on others.
  private func nonce(number: Int, isLast: Bool) throws -> AES.GCM.Nonce {
    var bytes: [UInt8] = [0, 0, 0]
    withUnsafeBytes(of: UInt64(number).bigEndian) { bytes.append(contentsOf: $0) }
    bytes.append(isLast ? 1 : 0)
    return try AES.GCM.Nonce(data: bytes)
  }
}
