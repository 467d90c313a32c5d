import Ledger

/// What rebuilds a hospital from its vault: printed from one UTF-8 text file and locked away; `restore --key` reads the
/// same file, or what was typed from the paper.
public struct RecoveryPaper: Sendable, Equatable {
  public var hospital: String
  /// SHA-256 of the root's public key, 64 hex digits.
  public var rootFingerprint: String
  /// The authority's root key; nil where another paper bears it.
  public var root: PaperSecret?
  public var recovery: PaperSecret
  /// Numbers kept for restoring, one range a line, as the register writes and reads them.
  public var reserve: [String]

  /// - Parameters:
  ///   - root: 32 bytes; what the authority gave when it was made.
  ///   - recovery: 32 bytes; the private half of what the vault is sealed to.
  ///
  /// nil unless both secrets have their 32 bytes.
  public init?(hospital: String, rootFingerprint: String, root: [UInt8]?, recovery: [UInt8], reserve: [String] = []) {
    guard let recovery = PaperSecret(.recovery, recovery) else { return nil }
    if let root {
      guard let root = PaperSecret(.authority, root) else { return nil }
      self.root = root
    }
    (self.hospital, self.rootFingerprint, self.recovery, self.reserve) = (hospital, rootFingerprint, recovery, reserve)
  }

  /// The key that opens what was sealed to this paper.
  public var openingKey: OpeningKey? { OpeningKey(seed: recovery.bytes) }

  /// What the numbers kept for a paper are listed under begins so.
  public static let people = "paper"

  /// Under which the numbers kept for a paper are listed: `paper-3fa9c2d1`.
  public static func name(of recovery: RecipientKey) -> String { "\(people)-\(recovery.fingerprint.prefix(8))" }

  /// The root key that signs enrolling keys.
  public var rootKey: SigningKey? { root.flatMap { SigningKey(seed: $0.bytes) } }
}

/// What is wrong with a paper, in words that never hold a secret.
public enum PaperFailure: Error, Sendable, Equatable {
  /// A line of a secret, from 1, that was not typed as it is printed.
  case line(PaperSecret.Purpose, number: Int)
  case missingLine(PaperSecret.Purpose, number: Int)
  /// Each line checks, and together they are not one secret: lines of two papers.
  case mixed(PaperSecret.Purpose)
  /// It says neither `R1` nor a compact line: not a paper of Permanence, or one of its root key alone.
  case noRecoveryKey
  /// The root key is not the one that the fingerprint is of.
  case fingerprint
}

extension PaperFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .line(let purpose, let number):
      "line \(purpose.rawValue)\(number) does not check: compare it with the paper, character by character"
    case .missingLine(let purpose, let number): "line \(purpose.rawValue)\(number) is missing: copy it from the paper"
    case .mixed(let purpose):
      "the lines \(purpose.rawValue)1 to \(purpose.rawValue)\(PaperSecret.linesCount) are not of one paper"
    case .noRecoveryKey: "there is no recovery key here: give the file made by `permanence key new --paper`"
    case .fingerprint: "the root key is not the one whose fingerprint is on the paper: two papers were mixed"
    }
  }
}
