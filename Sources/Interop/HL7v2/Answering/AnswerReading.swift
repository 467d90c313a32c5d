import Hospital
import Ledger

/// What another system answered to a message of ours (MSA, ERR).
public struct AnswerReading: Sendable, Equatable {
  /// MSA-1: AA or CA takes it; AE, AR, CE and CR refuse.
  public var code: String
  /// MSA-2: the number of the message that it answers.
  public var control: String
  /// ERR-2, `PID^1^3`.
  public var place: String?
  /// ERR-8, else ERR-7 or MSA-3: why, in the other system's words; else what ERR-3 calls it.
  public var reason: String?
  /// What the other system calls the patient, where its answer says so (PID-3): numbers of ours too, in any order. None
  /// that the nation gives.
  public var numbers: [Identifier]

  /// What it calls the stay, where its answer says so (PID-18, then PV1-19): numbers of ours too, in any order.
  public var stays: [String]

  /// ERR-3, of table 0357.
  private var errorCode: String?

  public var isAccepted: Bool { code == "AA" || code == "CA" }

  /// It says that it cannot write now: the same may do later.
  public var isPassing: Bool { ["AR", "CR"].contains(code) && errorCode == "207" }

  private static let codes: Set<String> = ["AA", "AE", "AR", "CA", "CE", "CR"]
  /// As much of a reason as a screen shows.
  private static let reasonMax = 300

  /// nil for what is no acknowledgement.
  public init?(_ bytes: [UInt8]) {
    guard let message = HL7Message(bytes), let code = message.field("MSA", 1).string, Self.codes.contains(code),
      let control = message.field("MSA", 2).string
    else { return nil }
    (self.code, self.control) = (code, control)
    let error = message.segment("ERR")
    errorCode = error?.field(3).string
    place = (error?.field(2).standardText).map { String(HL7Field.visible($0).prefix(40)) }
    let said =
      error?.field(8).string ?? error?.field(7).string ?? message.field("MSA", 3).string
      ?? error?.field(3).component(2).string ?? errorCode
    reason = said.map { String(HL7Field.visible($0).prefix(Self.reasonMax)) }
    let envelope = Envelope(message)
    numbers = PatientNumber.all(message.field("PID", 3), of: envelope).filter { !$0.isNational }.map {
      Identifier(value: $0.value, authority: $0.authority, authorityName: $0.authorityName, type: $0.type)
    }
    stays = [message.field("PID", 18), message.field("PV1", 19)].flatMap { PatientNumber.all($0, of: envelope) }
      .map(\.value)
  }
}
