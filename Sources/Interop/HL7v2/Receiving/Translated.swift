import Hospital
import Ledger

/// What a message comes to. It depends on the message alone, never on what came or did not come before it: else the
/// order of arrival would decide what is known.
public enum Translated: Sendable {
  case facts(MessageFacts)
  /// Not ours: acknowledged, and no fact.
  case ignored(Warning)
  case refused(MessageRefusal)
}

/// The facts of one message, in the order in which they fold.
public struct MessageFacts: Sendable {
  public var facts: [Fact]
  public var warnings: [Warning]
  public var source: Source
  /// Idempotency key: the same message has the same wherever it is heard.
  public var command: String
  /// The trigger as the message has it.
  public var trigger: String
  /// PV1-2 of a cancellation, which tells the situation before the movement and so is no part of it.
  public var classBefore: StayClass?
}

/// Why a message is not taken (HL7 table 0008 and 0357).
public struct MessageRefusal: Error, Sendable, Equatable {
  public enum Code: String, Sendable {
    /// What the message says cannot be used: sending it again changes nothing.
    case error = "AE"
    /// It is not a message for us at all, or cannot be kept now.
    case reject = "AR"
  }

  public enum Condition: Int, Sendable {
    case requiredFieldMissing = 101
    case unsupportedMessageType = 200
    case unsupportedProcessingID = 202
    case unsupportedVersionID = 203
    case internalError = 207
  }

  public var code: Code
  public var condition: Condition
  /// ERR-2: segment, sequence, field, `PID^1^3`.
  public var location: String
  public var reason: Refusal

  public init(_ code: Code, _ condition: Condition, at location: String, _ reason: Refusal) {
    self.code = code
    self.condition = condition
    self.location = location
    self.reason = reason
  }

  public static let notHL7 = MessageRefusal(.reject, .unsupportedMessageType, at: "MSH", Refusal("hl7.not-hl7"))
  public static let tooLong = MessageRefusal(.reject, .internalError, at: "MSH", Refusal("hl7.too-long"))
  /// Its sender was cut off, and began again.
  public static let unended = MessageRefusal(.reject, .unsupportedMessageType, at: "MSH", Refusal("hl7.unended"))
  /// The disk is full, or the writer stopped: the sender must try again.
  public static let notKept = MessageRefusal(.reject, .internalError, at: "MSH", Refusal("hl7.not-kept"))
}

/// A message as it came, with what its header says and what it comes to.
public struct Incoming: Sendable {
  public var envelope: Envelope
  public var translated: Translated
}
