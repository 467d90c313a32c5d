import Crypto
import FoundationEssentials

/// An Ed25519 private key. It never leaves its station, save the root's, which leaves for paper.
public struct SigningKey: Sendable {
  let key: Curve25519.Signing.PrivateKey

  /// Length of a seed.
  public static let seedBytes = 32

  /// From 32 random bytes; nil for any other count. The same seed gives the same key.
  public init?(seed: [UInt8]) {
    guard seed.count == Self.seedBytes,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { return nil }
    self.key = key
  }

  /// From a source of random bytes, asked for 32 of them.
  public init(random: (Int) -> [UInt8]) throws(KeyFault) {
    guard let key = SigningKey(seed: random(Self.seedBytes)) else { throw .notAKey }
    self = key
  }

  /// The 32 bytes: the secret itself, for the paper.
  package var seed: [UInt8] { Array(key.rawRepresentation) }

  public var publicKey: PublicKey { PublicKey(key.publicKey) }

  /// 64 bytes, the same for the same body (RFC 8032).
  public func signature(for body: some DataProtocol) throws(KeyFault) -> [UInt8] {
    do { return Array(try key.signature(for: body)) } catch { throw .cannotSign }
  }
}
