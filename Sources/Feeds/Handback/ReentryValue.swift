import Hospital
import Ledger
import Register

/// One value of a stay or a person as the main system asks for it: a field of the screen that is typed from, a column of
/// the file that is carried.
public enum ReentryValue: String, Sendable, Codable, CaseIterable {
  case ipp, birthName, birthGivenName, birthGivenNames, usedName, usedGivenName, birthDate, sex, birthPlace
  case birthPlaceName, ins, insOID, identityStatus, phone, addressLine, postcode, city
  case number, stayClass, unit, room, bed, admittedAt, entryMode, provenance, attending, reason, expectedAt
  case dischargedAt, exitMode, destination

  /// It is the person's, whatever the stay.
  public var isIdentity: Bool {
    switch self {
    case .ipp, .birthName, .birthGivenName, .birthGivenNames, .usedName, .usedGivenName, .birthDate, .sex, .birthPlace,
      .birthPlaceName, .ins, .insOID, .identityStatus, .phone, .addressLine, .postcode, .city:
      true
    default: false
    }
  }

  /// How the reader of the value writes hours and dates.
  public struct Writing: Sendable {
    public var ippAuthority: String?
    public var hour: @Sendable (Instant) -> String
    public var date: @Sendable (PartialDate) -> String

    public init(
      ippAuthority: String?, hour: @escaping @Sendable (Instant) -> String,
      date: @escaping @Sendable (PartialDate) -> String
    ) {
      (self.ippAuthority, self.hour, self.date) = (ippAuthority, hour, date)
    }
  }

  /// nil where nothing is known of it.
  public func text(_ person: Patient?, _ stay: Stay?, _ writing: Writing) -> String? {
    let text = isIdentity ? person.flatMap { identity($0, writing) } : stay.flatMap { encounter($0, writing) }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func identity(_ person: Patient, _ writing: Writing) -> String? {
    let address = person.addresses.first
    switch self {
    case .ipp: return person.ipp(of: writing.ippAuthority)
    case .birthName: return person.birthName ?? person.unknown.map { "INCONNU \($0.label)" }
    case .birthGivenName: return person.birthGivenName
    case .birthGivenNames: return person.birthGivenNames
    case .usedName: return person.usedName
    case .usedGivenName: return person.usedGivenName
    case .birthDate: return person.birthDate.map(writing.date)
    case .sex: return person.sex?.rawValue
    case .birthPlace: return person.birthPlace
    case .birthPlaceName: return person.birthPlaceName
    // Nobody types an INS that is not qualified.
    case .ins: return person.identityStatus == .qualified ? person.ins?.matricule : nil
    case .insOID: return person.identityStatus == .qualified ? person.ins?.oid : nil
    case .identityStatus: return person.identityStatus.rawValue
    case .phone: return person.phones.first
    case .addressLine: return address?.lines.joined(separator: ", ")
    case .postcode: return address?.postcode
    case .city: return address?.city
    default: return nil
    }
  }

  private func encounter(_ stay: Stay, _ writing: Writing) -> String? {
    let outline = stay.outline
    switch self {
    case .number: return stay.number
    case .stayClass: return outline.stayClass?.rawValue
    case .unit: return outline.place.unit
    case .room: return outline.place.room
    case .bed: return outline.place.bed
    case .admittedAt: return outline.admittedAt.map(writing.hour)
    case .entryMode: return stay.entryMode
    case .provenance: return stay.provenance
    case .attending: return outline.attending
    case .reason: return stay.reason
    case .expectedAt: return outline.expectedAt.map(writing.hour)
    case .dischargedAt: return outline.dischargedAt.map(writing.hour)
    case .exitMode: return stay.exitMode
    case .destination: return stay.destination
    default: return nil
    }
  }
}

extension Stay {
  /// Its movements that the main system was to be told of: made here, and not taken back.
  public var movementsMadeHere: [Movement] { movements.filter { !$0.isForeign && !$0.cancelled } }
}
