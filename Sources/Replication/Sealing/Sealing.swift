import Crypto
import FoundationEssentials
import Ledger

/// Makes one sealed file of content that comes piece by piece, with memory for a chunk and the piece.
///
/// Whoever holds the recipients' public keys can seal; only their private keys open.
public struct Sealing: ~Copyable {
  private let cipher: ChunkCipher
  private let key: SigningKey
  private let manifest: [UInt8]
  private let compression: Compression
  private var content = SHA256()
  private var sealed: [UInt8]
  private var plain: [UInt8]
  private var chunk = 0

  /// - Parameters:
  ///   - manifest: its `publicKey` must be that of `key`, the sealing station's.
  ///   - recipients: 1 to 16, whose private halves will open it.
  ///   - random: as many random bytes as asked. Each file has a content key of its own.
  public init(
    _ manifest: SealedManifest, to recipients: [RecipientKey], key: SigningKey, random: (Int) -> [UInt8]
  ) throws(SealFailure) {
    let text = manifest.bytes
    guard manifest.publicKey == key.publicKey, StationName.isName(manifest.station, of: key.publicKey) else {
      throw .cannotSeal("the manifest names another station")
    }
    guard text.count <= SealedManifest.bytesMax else { throw .cannotSeal("the manifest is too long") }
    let contentKey = random(32)
    guard contentKey.count == 32 else { throw .cannotSeal("a content key needs 32 random bytes") }
    let header = try SealHeader(recipients: recipients, contentKey: contentKey)
    let beginning =
      withUnsafeBytes(of: UInt32(text.count).bigEndian) { Array($0) } + text
      + (try Self.sign(SealSignature.manifestMessage(text), with: key))
    let compression = try Compression()
    var plain: [UInt8] = []
    try compression.take(beginning, into: &plain)
    self.manifest = text
    self.key = key
    cipher = ChunkCipher(contentKey: contentKey, header: header)
    self.compression = compression
    self.plain = plain
    sealed = header.bytes
  }

  /// The next content. Gives the sealed bytes that are ready: none, or some.
  public mutating func append(_ bytes: [UInt8]) throws(SealFailure) -> [UInt8] {
    content.update(data: bytes)
    try compress(bytes)
    return taken()
  }

  /// The end of the content, once. Gives the last sealed bytes.
  public mutating func finish() throws(SealFailure) -> [UInt8] {
    let message = SealSignature.contentMessage(manifest: manifest, content: content.finalize())
    try compress(try Self.sign(message, with: key), isLast: true)
    try cipher.seal(plain, number: chunk, isLast: true, into: &sealed)
    plain = []
    return taken()
  }

  private mutating func taken() -> [UInt8] {
    defer { sealed = [] }
    return sealed
  }

  private mutating func compress(_ bytes: [UInt8], isLast: Bool = false) throws(SealFailure) {
    try compression.take(bytes, isLast: isLast, into: &plain)
    var start = 0
    // What fills a chunk exactly waits: it may be the last.
    while plain.count - start > ChunkCipher.chunkBytes {
      let end = start + ChunkCipher.chunkBytes
      try cipher.seal(plain[start..<end], number: chunk, isLast: false, into: &sealed)
      chunk += 1
      start = end
    }
    if start > 0 { plain.removeFirst(start) }
  }

  private static func sign(_ message: [UInt8], with key: SigningKey) throws(SealFailure) -> [UInt8] {
    do { return try key.signature(for: message) } catch { throw .cannotSeal("the station's key cannot sign") }
  }
}
