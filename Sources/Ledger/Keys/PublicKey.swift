import Crypto
import FoundationEssentials

/// An Ed25519 public key: a station's, or the authority's.
public struct PublicKey: Sendable, Hashable {
  let key: Curve25519.Signing.PublicKey

  init(_ key: Curve25519.Signing.PublicKey) {
    self.key = key
  }

  /// nil for anything but 32 bytes.
  public init?(bytes: [UInt8]) {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return nil }
    self.key = key
  }

  /// From 43 characters of base64url.
  public init?(text: String) {
    guard let bytes = Base64.bytes(url: text.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// 32 bytes.
  public var bytes: [UInt8] { Array(key.rawRepresentation) }

  /// base64url without padding, 43 characters.
  public var text: String { Base64.url(bytes) }

  /// SHA-256 of the 32 bytes, 64 hex digits: what a station's name begins with and what the paper bears of
  /// the root's.
  public var fingerprint: String { Hex.text(of: SHA256.hash(data: bytes)) }

  /// SubjectPublicKeyInfo (RFC 8410) in PEM, as `openssl pkeyutl -pubin` takes it.
  public var pem: String {
    let info = Data([0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + bytes)
    return "-----BEGIN PUBLIC KEY-----\n\(info.base64EncodedString())\n-----END PUBLIC KEY-----\n"
  }

  public func isValid(signature: some DataProtocol, for body: some DataProtocol) -> Bool {
    key.isValidSignature(signature, for: body)
  }

  public static func == (left: PublicKey, right: PublicKey) -> Bool {
    left.key.rawRepresentation == right.key.rawRepresentation
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(key.rawRepresentation) }
}
