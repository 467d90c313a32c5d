import Hospital
import Ledger

/// A number with its authority: HL7's CX, `value^^^name&OID&ISO^type`.
struct PatientNumber: Sendable, Equatable {
  var value: String
  /// OID, else name; where the message says none, the facility that sent it numbers its own.
  var authority: String
  var authorityName: String?
  var type: String
  var hasAuthority: Bool

  /// nil where there is no value, or `""`.
  init?(_ field: HL7Field, of envelope: Envelope) {
    guard let value = field.component(1).string else { return nil }
    self.value = value
    let assigner = field.component(4)
    let name = assigner.subcomponent(1).string
    let oid = assigner.subcomponent(2).string
    let own = envelope.sendingFacility.isEmpty ? envelope.sendingApplication : envelope.sendingFacility
    authority = oid ?? name ?? own
    authorityName = oid == nil ? nil : name
    type = field.component(5).string ?? ""
    hasAuthority = oid != nil || name != nil
  }

  /// The authority alone, of a repetition whose value is `""`.
  static func authority(_ field: HL7Field) -> String? {
    let assigner = field.component(4)
    return assigner.subcomponent(2).string ?? assigner.subcomponent(1).string
  }

  static func all(_ field: HL7Field, of envelope: Envelope) -> [PatientNumber] {
    field.repetitions.compactMap { PatientNumber($0, of: envelope) }
  }

  /// The type decides first, the OID only where there is no type: the INS's OID with type NH is what an insurance card
  /// says, of somebody who may be another person.
  var isINS: Bool { PatientNumber.isINS(type: type, authority: authority) }

  static func isINS(type: String, authority: String?) -> Bool {
    type == "INS" || type.isEmpty && authority.flatMap(INS.Domain.init(rawValue:)) != nil
  }

  var isNational: Bool { isINS || type == "NH" || type == "INS-C" }

  /// Whose number names the patient: the first `PI`, else `MR` or `MRN`, else the first with an authority that is no
  /// national number.
  static func naming(_ numbers: [PatientNumber]) -> PatientNumber? {
    numbers.first { $0.type == "PI" }
      ?? numbers.first { $0.type == "MR" || $0.type == "MRN" }
      ?? numbers.first { $0.hasAuthority && !$0.isNational }
      ?? numbers.first { $0.hasAuthority }
      ?? numbers.first
  }

  var patientSubject: String { "patient/\(Name.subject("patient", authority, value))" }

  var json: JSON {
    Identifier(value: value, authority: authority, authorityName: authorityName, type: type).json
  }
}
