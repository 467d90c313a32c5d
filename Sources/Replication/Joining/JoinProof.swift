import Crypto
import CryptoExtras
import FoundationEssentials
import Ledger

/// What both sides of a joining prove to each other: that they know the code, and that they speak on the same
/// connection about the same key. Why so: docs/decisions/joining.md.
struct JoinProof: Sendable {
  /// 64 MiB and a tenth of a second for each guess.
  static let usualRounds = 1 << 16
  static let nonceBytes = 16
  static let macBytes = 32

  private let key: SymmetricKey
  private let transcript: [UInt8]

  /// - Parameters:
  ///   - hostCertificate: DER, as each side knows it: the host its own, the joiner the one it was shown.
  ///   - salt: 16 random bytes of the host's.
  ///   - asked: what the joiner asks for; its nonce is the other half of the salt.
  init(
    code: JoinCode, hostCertificate: [UInt8], salt: [UInt8], asked: JoinQuestion, rounds: Int = usualRounds
  ) throws {
    key = try KDF.Scrypt.deriveKey(
      from: Array(code.characters.utf8), salt: salt + asked.nonce, outputByteCount: 32, rounds: rounds, blockSize: 8,
      parallelism: 1)
    transcript = Self.joined([
      Array("permanence join 1".utf8), Array(SHA256.hash(data: hostCertificate)), salt, asked.nonce,
      asked.publicKey.bytes, Array(asked.people.utf8),
    ])
  }

  /// The joiner's, 32 bytes.
  var question: [UInt8] { mac("question", []) }

  /// The host's, 32 bytes, over the certificates that it gives.
  func answer(_ certificates: [[UInt8]]) -> [UInt8] { mac("answer", certificates) }

  /// In constant time.
  func isQuestion(_ given: [UInt8]) -> Bool { isMac(given, "question", []) }

  func isAnswer(_ given: [UInt8], _ certificates: [[UInt8]]) -> Bool { isMac(given, "answer", certificates) }

  private func mac(_ side: String, _ parts: [[UInt8]]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message(side, parts), using: key))
  }

  private func isMac(_ given: [UInt8], _ side: String, _ parts: [[UInt8]]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: message(side, parts), using: key)
  }

  private func message(_ side: String, _ parts: [[UInt8]]) -> [UInt8] {
    Self.joined([Array(side.utf8), transcript] + parts)
  }

  /// Each part behind its length, so that no two lists of parts are the same bytes.
  private static func joined(_ parts: [[UInt8]]) -> [UInt8] {
    parts.reduce(into: []) { bytes, part in
      withUnsafeBytes(of: UInt64(part.count).bigEndian) { bytes.append(contentsOf: $0) }
      bytes += part
    }
  }
}
