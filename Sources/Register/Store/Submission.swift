import Hospital
import Ledger

/// Something to decide and, if it is not refused, to keep.
public struct Submission: Sendable {
  public var command: any Command
  /// Idempotency key: the same key again changes nothing and answers the same.
  public var key: String
  /// Account id, or `system`.
  public var author: String
  /// Present for a received message.
  public var source: Source?
  /// Fingerprint of what was typed; empty where nothing was. Another one under a known key is refused with
  /// `command-used`: somebody went back to an old form, and wrote another patient into it.
  public var asked: [UInt8]

  public init(_ command: any Command, key: String, author: String, source: Source? = nil, asked: [UInt8] = []) {
    self.command = command
    self.key = key
    self.author = author
    self.source = source
    self.asked = asked
  }
}

/// What was kept: it is on this disk, fsynced, when this is returned.
public struct Receipt: Sendable {
  public var station: String
  public var sequence: Int
  public var hash: LineHash
  public var facts: [Fact]
  public var warnings: [Warning]
  /// The key was known: this is the first answer again.
  public var isRepeated: Bool

  public init(
    station: String, sequence: Int, hash: LineHash, facts: [Fact], warnings: [Warning], isRepeated: Bool
  ) {
    self.station = station
    self.sequence = sequence
    self.hash = hash
    self.facts = facts
    self.warnings = warnings
    self.isRepeated = isRepeated
  }

  /// The subject of the first fact of this type: `stay` gives `stay/<uuid>`.
  public func subject(_ type: String) -> String? { facts.first { $0.subject.hasPrefix("\(type)/") }?.subject }
}
