import Crypto
import Ledger

/// Random texts that open something, and how they are compared.
enum Secret {
  /// 64 hex digits of 32 bytes.
  static func token(_ bytes: [UInt8]) -> String { Hex.text(of: bytes) }

  /// What is kept of a token: whoever reads memory or a table cannot sign in with it.
  static func digest(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }

  /// Takes as long wherever two texts of one length differ.
  static func equal(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left.utf8, right.utf8) { difference |= a ^ b }
    return difference == 0
  }
}
