import Crypto
import FoundationEssentials
import Ledger

/// What lies in the chunks, decompressed: the manifest's length in 4 bytes, the manifest, its signature, the content,
/// and the signature of both.
struct SealedBody {
  private var beginning: [UInt8] = []
  private var manifestBytes: [UInt8] = []
  private(set) var manifest: SealedManifest?
  private var hash = SHA256()
  /// The last 64 bytes so far: content, unless nothing more comes.
  private var held: [UInt8] = []

  /// The content that is known to be content. Only `finish` says whether it may be used.
  mutating func take(_ plain: [UInt8]) throws(SealFailure) -> [UInt8] {
    guard manifest == nil else { return release(plain) }
    beginning += plain
    guard beginning.count >= 4 else { return [] }
    let length = beginning.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard length <= SealedManifest.bytesMax else { throw .malformed("its manifest is too long") }
    let end = 4 + length
    guard beginning.count >= end + SealSignature.bytes else { return [] }
    manifestBytes = Array(beginning[4..<end])
    let read = try SealedManifest(parsing: manifestBytes)
    let signature = beginning[end..<end + SealSignature.bytes]
    guard read.publicKey.isValid(signature: signature, for: SealSignature.manifestMessage(manifestBytes)) else {
      throw .signature
    }
    manifest = read
    let rest = Array(beginning[(end + SealSignature.bytes)...])
    beginning = []
    return release(rest)
  }

  /// Checks who signed all of it.
  func finish() throws(SealFailure) -> SealedManifest {
    guard let manifest, held.count == SealSignature.bytes else { throw .malformed("it has no end") }
    let message = SealSignature.contentMessage(manifest: manifestBytes, content: hash.finalize())
    guard manifest.publicKey.isValid(signature: held, for: message) else { throw .signature }
    return manifest
  }

  private mutating func release(_ plain: [UInt8]) -> [UInt8] {
    held += plain
    let count = max(0, held.count - SealSignature.bytes)
    let content = Array(held[..<count])
    held.removeFirst(count)
    hash.update(data: content)
    return content
  }
}
