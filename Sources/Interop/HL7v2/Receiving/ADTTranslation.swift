import Hospital
import Ledger

/// HL7 v2 ADT as IHE PAM with the French extension has it, and what other feeds make of it, into facts; and SIU, of
/// appointments.
public struct ADTTranslation: Sendable {
  /// Hours without an offset are in it.
  public var localTime: LocalTime
  /// Test and demonstration INS are taken: only where no real patient is.
  public var isForPractice: Bool
  /// What a code of the diary's own (SCH-8) says, in capitals; before the usual words.
  public var appointmentKinds: [String: AppointmentKind]
  /// The OID of the movements that were made here: a number under it is not the sender's own.
  public var movementOID: String?

  public init(
    localTime: LocalTime, isForPractice: Bool = false, appointmentKinds: [String: AppointmentKind] = [:],
    movementOID: String? = nil
  ) {
    self.localTime = localTime
    self.isForPractice = isForPractice
    self.appointmentKinds = appointmentKinds
    self.movementOID = movementOID
  }

  /// What a stream's piece comes to.
  public func translate(_ piece: MessageSplitter.Piece) -> Incoming {
    switch piece {
    case .message(let bytes): return translate(bytes)
    case .notHL7: return Incoming(envelope: Envelope(), translated: .refused(.notHL7))
    case .tooLong(let head): return Incoming(envelope: Envelope(head: head), translated: .refused(.tooLong))
    }
  }

  /// Of one message, its segments joined by CR.
  public func translate(_ bytes: [UInt8]) -> Incoming {
    guard let message = HL7Message(bytes) else {
      return Incoming(envelope: Envelope(), translated: .refused(.notHL7))
    }
    let envelope = Envelope(message)
    return Incoming(envelope: envelope, translated: translate(message, envelope, bytes))
  }

  private func translate(_ message: HL7Message, _ envelope: Envelope, _ bytes: [UInt8]) -> Translated {
    if let refusal = envelope.refusal() { return .refused(refusal) }
    guard let meaning = TriggerMeaning(envelope.type, envelope.trigger) else {
      return .ignored(Warning("hl7.not-ours", field: "MSH-9", ["type": envelope.safeTypeText]))
    }
    do throws(MessageRefusal) {
      var translation = try MessageTranslation(message, envelope, self)
      try translation.run(meaning)
      let source = Source(
        sender: envelope.sender, control: envelope.control, text: envelope.sentText, instant: translation.sentAt)
      let command = Name.message(sender: envelope.sender, control: envelope.control, segmentsJoinedByCR: bytes)
      return .facts(
        MessageFacts(
          facts: translation.facts, warnings: translation.warnings, source: source, command: command,
          trigger: envelope.trigger, classBefore: translation.classBefore))
    } catch {
      return .refused(error)
    }
  }
}

extension Envelope {
  /// For a warning: what stands in MSH-9 where it looks like a type, since fields may have slipped.
  fileprivate var safeTypeText: String {
    let text = typeText
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x5E }
    return isPlain && text.utf8.count <= 12 ? text : "?"
  }
}
