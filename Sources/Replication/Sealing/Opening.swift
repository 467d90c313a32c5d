import FoundationEssentials
import Ledger

/// Opens one sealed file that comes piece by piece, with memory for a chunk, a piece and what decompressing needs.
///
/// After each `take`, ask `next` until it gives nil. **Nothing that it gave counts before `finish` returns**: only then
/// is it known to be whole, and signed.
public struct Opening: ~Copyable {
  private let keys: [OpeningKey]
  private var pending: [UInt8] = []
  /// Where in `pending` what is not read yet begins.
  private var start = 0
  private var cipher: ChunkCipher?
  private var chunk = 0
  private var isAfterLast = false
  private let decompression: Decompression
  private var body = SealedBody()

  /// SHA-256 of the header, 64 hex digits, once it is read. No two files have the same: what has been read before is
  /// known by it.
  public private(set) var id: String?

  public init(with keys: [OpeningKey]) throws(SealFailure) {
    self.keys = keys
    decompression = try Decompression()
  }

  /// What the file says of itself, once enough was read; signed by the key that it names.
  public var manifest: SealedManifest? { body.manifest }

  /// The next bytes of the file.
  public mutating func take(_ sealed: some Sequence<UInt8>) {
    pending.append(contentsOf: sealed)
  }

  /// The next content; nil where more of the file is needed.
  public mutating func next() throws(SealFailure) -> [UInt8]? {
    while true {
      if let plain = try decompression.next() {
        let content = try body.take(plain)
        if !content.isEmpty { return content }
      } else {
        guard try openChunk() else { return nil }
      }
    }
  }

  /// The end of the file: whether it was whole, and what it says of itself.
  public mutating func finish() throws(SealFailure) -> SealedManifest {
    guard isAfterLast else { throw cutShort() }
    guard decompression.isAtEnd else { throw .malformed("what was compressed has no end") }
    return try body.finish()
  }

  private var unread: ArraySlice<UInt8> { pending[start...] }

  /// Gives the next chunk to be decompressed; false where more of the file is needed.
  private mutating func openChunk() throws(SealFailure) -> Bool {
    if cipher == nil { try readHeader() }
    guard let cipher else { return false }
    guard !isAfterLast else {
      guard unread.isEmpty else { throw .extended }
      return false
    }
    guard unread.count >= ChunkCipher.prefixBytes else { return false }
    guard let prefix = ChunkCipher.read(prefix: unread.prefix(ChunkCipher.prefixBytes)) else {
      throw .altered(chunk: chunk)
    }
    let length = ChunkCipher.prefixBytes + prefix.plainBytes + ChunkCipher.tagBytes
    guard unread.count >= length else { return false }
    let sealed = unread.prefix(length).dropFirst(ChunkCipher.prefixBytes)
    guard let plain = cipher.open(sealed, number: chunk, isLast: prefix.isLast) else { throw .altered(chunk: chunk) }
    decompression.take(Array(plain))
    read(length)
    chunk += 1
    isAfterLast = prefix.isLast
    return true
  }

  private mutating func readHeader() throws(SealFailure) {
    guard let header = try SealHeader(beginning: unread) else { return }
    cipher = ChunkCipher(contentKey: try header.contentKey(with: keys), header: header)
    id = Hex.text(of: header.hash)
    read(header.bytes.count)
  }

  private mutating func read(_ count: Int) {
    start += count
    guard start >= ChunkCipher.chunkBytes || start == pending.count else { return }
    pending.removeFirst(start)
    start = 0
  }

  /// A prefix altered to ask for more than there is must not pass for a cut: then what is there opens.
  private func cutShort() -> SealFailure {
    let sealed = unread.dropFirst(ChunkCipher.prefixBytes)
    guard let cipher, !sealed.isEmpty else { return .truncated }
    let isWhole = cipher.open(sealed, number: chunk, isLast: true) != nil
    return isWhole ? .altered(chunk: chunk) : .truncated
  }
}
