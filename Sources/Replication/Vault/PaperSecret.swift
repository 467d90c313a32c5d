import Crypto
import Ledger

/// A secret of 32 bytes as it stands on paper: lines of Crockford's base 32 that a person can type, and one line of the
/// same characters for a QR.
///
/// Four bytes of a checksum follow the secret, and each line ends with Crockford's check symbol, over the secret's
/// letter, the line's number and the line. 32 has order 36 modulo 37, so in a line of fewer characters one that is
/// wrong, or two neighbours exchanged, never pass.
public struct PaperSecret: Sendable, Equatable {
  /// What the secret opens.
  public enum Purpose: Character, Sendable, CaseIterable {
    /// The authority's root key, an Ed25519 seed.
    case authority = "A"
    /// The recovery key, an X25519 private key.
    case recovery = "R"
  }

  static let bytesCount = 32
  private static let checksumBytes = 4
  private static let lineCharacters = 20
  private static let groupCharacters = 5
  /// 36 bytes are 58 characters of 5 bits.
  private static let characters = 58
  static let linesCount = 3

  public let purpose: Purpose
  /// 32 bytes: the secret itself.
  public let bytes: [UInt8]

  /// nil for anything but 32 bytes.
  public init?(_ purpose: Purpose, _ bytes: [UInt8]) {
    guard bytes.count == Self.bytesCount else { return nil }
    (self.purpose, self.bytes) = (purpose, bytes)
  }

  /// From 58 values of 5 bits; nil where the checksum is not theirs.
  init?(_ purpose: Purpose, values: [UInt8]) {
    guard values.count == Self.characters, let all = Base32.bytes(values) else { return nil }
    let secret = Array(all.prefix(Self.bytesCount))
    guard all.dropFirst(Self.bytesCount).elementsEqual(Self.checksum(purpose, secret)) else { return nil }
    self.init(purpose, secret)
  }

  private var values: [UInt8] { Base32.values(bytes + Self.checksum(purpose, bytes)) }

  /// The characters for a QR, which holds them as alphanumeric: `PERMANENCE:R:…`
  public var compact: String { "\(Self.compactPrefix(purpose))\(Base32.text(values))" }

  /// Three lines: `R1 7ZQ4M 0K3DT 9XW2B 5HJ6R =`
  public var lines: [String] {
    (0..<Self.linesCount).map { index in
      let part = Array(values.dropFirst(index * Self.lineCharacters).prefix(Self.lineCharacters))
      let groups = stride(from: 0, to: part.count, by: Self.groupCharacters).map {
        Base32.text(Array(part[$0..<min($0 + Self.groupCharacters, part.count)]))
      }
      let check = Base32.checkSymbol(Self.bound(purpose, index + 1) + part)
      return "\(purpose.rawValue)\(index + 1) \(groups.joined(separator: " ")) \(check)"
    }
  }

  /// The values of line `number`, from 1, of what was typed after its label; nil where it does not check.
  static func values(ofLine number: Int, of purpose: Purpose, _ typed: String) -> [UInt8]? {
    let characters = typed.filter { $0 != " " && $0 != "-" && $0 != "\t" }
    let count = min(lineCharacters, Self.characters - (number - 1) * lineCharacters)
    guard characters.count == count + 1, let check = characters.last,
      let values = Base32.values(typed: characters.dropLast()),
      Base32.isCheck(check, of: bound(purpose, number) + values)
    else { return nil }
    return values
  }

  static func compactPrefix(_ purpose: Purpose) -> String { "PERMANENCE:\(purpose.rawValue):" }

  /// What binds a line to its place.
  private static func bound(_ purpose: Purpose, _ number: Int) -> [UInt8] {
    (Base32.values(typed: String(purpose.rawValue)) ?? []) + [UInt8(number)]
  }

  private static func checksum(_ purpose: Purpose, _ secret: [UInt8]) -> ArraySlice<UInt8> {
    Array(SHA256.hash(data: Array(compactPrefix(purpose).utf8) + secret)).prefix(checksumBytes)
  }
}
