import Ledger

/// What MSH says of a message: who sent what to whom, when, under which number. As much as could be read, whatever
/// becomes of the rest: the answer needs it.
public struct Envelope: Sendable, Equatable {
  public var sendingApplication = ""
  public var sendingFacility = ""
  public var receivingApplication = ""
  public var receivingFacility = ""
  /// MSH-7 as written.
  public var sentText = ""
  /// MSH-9: `ADT`, `A04`.
  public var type = ""
  public var trigger = ""
  /// MSH-10.
  public var control = ""
  /// MSH-11.
  public var processing = ""
  /// MSH-12 as written, `2.5^FRA^2.11`.
  public var version = ""
  /// What MSH-18 names, else what the bytes were read as.
  public var charset = Charset.ascii

  public init() {}

  /// `application|facility`.
  public var sender: String { "\(sendingApplication)|\(sendingFacility)" }

  /// `ADT^A04`, for a person.
  public var typeText: String { trigger.isEmpty ? type : "\(type)^\(trigger)" }

  init(_ message: HL7Message) {
    guard let header = message.segment("MSH") else { return }
    func text(_ number: Int) -> String { header.field(number).string ?? "" }
    sendingApplication = text(3)
    sendingFacility = text(4)
    receivingApplication = text(5)
    receivingFacility = text(6)
    sentText = text(7)
    type = text(9)
    trigger = header.field(9).component(2).string ?? message.field("EVN", 1).string ?? ""
    control = text(10)
    processing = text(11)
    version = header.field(12).standardText ?? ""
    charset = message.text.reading.charset
  }

  /// Of a first segment alone, where the rest cannot be used; empty where that is no MSH.
  init(head: [UInt8]) {
    if let message = HL7Message(head) { self.init(message) } else { self.init() }
  }
}
