import Crypto
import FoundationEssentials
import Ledger

/// An X25519 public key that files are sealed to.
public struct RecipientKey: Sendable, Hashable {
  /// Length of a key's name in a header: the beginning of its fingerprint.
  static let idBytes = 8

  /// 32 bytes.
  public let bytes: [UInt8]

  /// nil for anything but 32 bytes.
  public init?(bytes: [UInt8]) {
    guard (try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)) != nil else { return nil }
    self.bytes = bytes
  }

  /// From 43 characters of base64url.
  public init?(text: String) {
    guard let bytes = Base64.bytes(url: text.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// base64url without padding, 43 characters.
  public var text: String { Base64.url(bytes) }

  /// SHA-256 of the 32 bytes, 64 hex digits.
  public var fingerprint: String { Hex.text(of: SHA256.hash(data: bytes)) }

  /// The first 8 bytes of the fingerprint.
  var id: [UInt8] { Array(SHA256.hash(data: bytes).prefix(Self.idBytes)) }
}

/// The private half of a `RecipientKey`: on paper in a safe, or with the station that proves the vault.
public struct OpeningKey: Sendable {
  public static let seedBytes = 32
  let key: Curve25519.KeyAgreement.PrivateKey

  /// From 32 random bytes; nil for any other count. The same seed gives the same key.
  public init?(seed: [UInt8]) {
    guard seed.count == Self.seedBytes,
      let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: seed)
    else { return nil }
    self.key = key
  }

  /// The 32 bytes: the secret itself.
  public var seed: [UInt8] { Array(key.rawRepresentation) }

  public var recipient: RecipientKey { RecipientKey(key.publicKey) }
}

extension RecipientKey {
  init(_ key: Curve25519.KeyAgreement.PublicKey) {
    bytes = Array(key.rawRepresentation)
  }
}
