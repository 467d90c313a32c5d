import Crypto
import CryptoExtras
import Foundation

/// What is kept of a PIN or password: scrypt (RFC 7914) of it, with its own salt and parameters.
public struct ScryptVerifier: Sendable, Equatable {
  /// 32 MiB and some 60 ms of one core: a stolen table of six-digit PINs still costs its thief a day for each, and
  /// attempts on a station are limited besides.
  public static let usualRounds = 1 << 15
  /// Of what is derived.
  static let bytes = 32

  let salt: [UInt8]
  /// Cost parameter N, a power of two; block size 8, parallelism 1.
  let rounds: Int
  let derived: [UInt8]

  init(salt: [UInt8], rounds: Int, derived: [UInt8]) {
    self.salt = salt
    self.rounds = rounds
    self.derived = derived
  }

  /// - Parameter salt: 16 random bytes.
  package init(of secret: String, salt: [UInt8], rounds: Int = usualRounds) throws(RegisterFault) {
    self.init(salt: salt, rounds: rounds, derived: try ScryptVerifier.derive(secret, salt, rounds))
  }

  /// Takes as long for a wrong secret as for a right one. Not for an event loop.
  package func matches(_ secret: String) -> Bool {
    guard let given = try? ScryptVerifier.derive(secret, salt, rounds), given.count == derived.count else {
      return false
    }
    var difference: UInt8 = 0
    for (a, b) in zip(given, derived) { difference |= a ^ b }
    return difference == 0
  }

  /// Compared with where there is no such account, so that an answer's delay does not tell.
  package static let nobody = ScryptVerifier(
    salt: Array(repeating: 0, count: 16), rounds: usualRounds, derived: Array(repeating: 0, count: bytes))

  private static func derive(_ secret: String, _ salt: [UInt8], _ rounds: Int) throws(RegisterFault) -> [UInt8] {
    do {
      // The same password typed on another keyboard may be composed otherwise.
      let normalized = Array(secret.precomposedStringWithCompatibilityMapping.utf8)
      let key = try KDF.Scrypt.deriveKey(
        from: normalized, salt: salt, outputByteCount: bytes, rounds: rounds, blockSize: 8, parallelism: 1)
      return key.withUnsafeBytes { Array($0) }
    } catch {
      throw .key("scrypt failed: \(type(of: error))")
    }
  }
}
