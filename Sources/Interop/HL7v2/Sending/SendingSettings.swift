import Hospital
import Ledger

/// How this hospital speaks to one receiver.
public struct SendingSettings: Sendable {
  public var structure: Structure
  /// Hours are written in it, with their offset.
  public var localTime: LocalTime
  public var charset: Charset
  /// MSH-5 and MSH-6.
  public var receivingApplication: String
  public var receivingFacility: String

  public init(
    structure: Structure, localTime: LocalTime, charset: Charset = .latin1, receivingApplication: String = "",
    receivingFacility: String = ""
  ) {
    self.structure = structure
    self.localTime = localTime
    self.charset = charset
    self.receivingApplication = receivingApplication
    self.receivingFacility = receivingFacility
  }

  /// MSH-3; MSH-4 is the legal entity's FINESS.
  public static let application = "PERMANENCE"

  /// The character sets that PAM France and its senders name.
  public static let charsets: [Charset] = [.latin1, .latin9, .utf8]

  func time(_ instant: Instant) -> String { localTime.hl7Text(instant) }

  /// What this hospital calls something, as EI.
  func ownName(_ key: String) -> String {
    "\(SegmentText.escaped(key))^\(Self.application)^\(structure.movementOID)^ISO"
  }

  func unit(_ code: String) -> CareUnit? {
    for site in structure.sites {
      if let unit = site.units.first(where: { $0.code.sameBytes(as: code) }) { return unit }
    }
    return nil
  }
}
