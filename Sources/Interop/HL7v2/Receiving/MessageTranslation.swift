import Hospital
import Ledger

/// One message on its way into facts.
struct MessageTranslation {
  let message: HL7Message
  let envelope: Envelope
  let settings: ADTTranslation
  /// MSH-7, which orders this message among all others.
  let sentAt: Instant
  var facts: [Fact] = []
  var warnings: [Warning]
  var classBefore: StayClass?
  /// Of each name, how many segments, and filled fields, were more than is kept.
  var segmentsLeftOut: [SegmentName: Int] = [:]
  var fieldsLeftOut: [SegmentName: Int] = [:]

  init(_ message: HL7Message, _ envelope: Envelope, _ settings: ADTTranslation) throws(MessageRefusal) {
    self.message = message
    self.envelope = envelope
    self.settings = settings
    warnings = envelope.warnings
    if let warning = message.text.reading.warning { warnings.append(warning) }
    let localTime = settings.localTime
    if let sent = Timestamp(message.field("MSH", 7)) {
      sentAt = sent.sendingInstant(localTime)
    } else if let (place, time) = MessageTranslation.otherTime(message) {
      sentAt = time.sendingInstant(localTime)
      warnings.append(Warning("hl7.time-assumed", field: "MSH-7", ["from": place]))
    } else {
      throw MessageRefusal(.error, .requiredFieldMissing, at: "MSH^1^7", Refusal("hl7.no-time", field: "MSH-7"))
    }
  }

  /// When it was recorded, else when it happened: what may stand for the hour of sending.
  private static func otherTime(_ message: HL7Message) -> (String, Timestamp)? {
    if let time = Timestamp(message.field("EVN", 2)) { return ("EVN-2", time) }
    if let time = Timestamp(message.field("EVN", 6)) { return ("EVN-6", time) }
    if let time = Timestamp(message.field("ZBE", 2)) { return ("ZBE-2", time) }
    return nil
  }

  /// EVN-2: when what is said of an identity was recorded.
  var recordedAt: Instant {
    Timestamp(message.field("EVN", 2))?.instant(settings.localTime) ?? sentAt
  }

  mutating func run(_ meaning: TriggerMeaning) throws(MessageRefusal) {
    switch meaning {
    case .identity: try describeAlone()
    case .update:
      warn(Warning("hl7.update", field: "MSH-9"))
      try describeAlone()
    case .identifierChange: try changeIdentifiers()
    case .merge: try merge()
    case .link: try pair("patient.merged") { JSONObject([("into", .string($0))]) }
    case .unlink: try pair("patient.unmerged") { _ in JSONObject() }
    case .accountMove: try moveAccount()
    case .visitDeletion: try deleteVisit()
    case .movement(let trigger): try move(trigger)
    case .appointment(let kind): try schedule(kind)
    }
    for (name, count) in segmentsLeftOut.sorted(by: { $0.key.text < $1.key.text }) {
      warn(.tooManySegments(name.text, count))
    }
    for (name, count) in fieldsLeftOut.sorted(by: { $0.key.text < $1.key.text }) {
      warn(.tooManyFields(name.text, count))
    }
  }

  mutating func say(_ kind: String, _ subject: String, at instant: Instant, _ data: JSONObject) {
    facts.append(Fact(kind: kind, subject: subject, at: instant, data: .object(data)))
  }

  /// Where fields have slipped, one warning of a kind and field is enough.
  mutating func warn(_ warning: Warning) {
    if !warnings.contains(warning) { warnings.append(warning) }
  }
}
