import Crypto
import FoundationEssentials
import Ledger

/// What the sealing station signs. Sealing needs only public keys, so the cipher proves nothing of who sealed: these
/// signatures do.
enum SealSignature {
  static let bytes = 64

  /// So that a candidate can be judged by its first chunk.
  static func manifestMessage(_ manifest: [UInt8]) -> [UInt8] {
    Array("permanence sealed manifest 1\n".utf8) + manifest
  }

  /// - Parameter content: of all the content.
  static func contentMessage(manifest: [UInt8], content: SHA256Digest) -> [UInt8] {
    Array("permanence sealed content 1\n".utf8) + SHA256.hash(data: manifest) + content
  }
}
