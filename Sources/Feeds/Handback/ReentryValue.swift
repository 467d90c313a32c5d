import Hospital
import Ledger
import Register

/// One value of a stay or a person as the main system asks for it: a field of the screen that is typed from, a column of
/// the file that is carried.
public enum ReentryValue: String, Sendable, Codable, CaseIterable {
  case ipp, birthName, birthGivenName, birthGivenNames, usedName, usedGivenName, birthDate, sex, birthPlace
  case birthPlaceName, ins, insOID, identityStatus, phone, email, addressLine, postcode, city
  case mother, birthRank, relatives, situations
  case number, stayClass, unit, room, bed, admittedAt, entryMode, provenance, attending, reason, expectedAt
  case dischargedAt, exitMode, destination

  /// It is the person's, whatever the stay.
  public var isIdentity: Bool {
    switch self {
    case .ipp, .birthName, .birthGivenName, .birthGivenNames, .usedName, .usedGivenName, .birthDate, .sex, .birthPlace,
      .birthPlaceName, .ins, .insOID, .identityStatus, .phone, .email, .addressLine, .postcode, .city, .mother,
      .birthRank, .relatives, .situations:
      true
    default: false
    }
  }

  /// How the reader of the value writes hours and dates, and calls codes.
  public struct Writing: Sendable {
    public var ippAuthority: String?
    public var hour: @Sendable (Instant) -> String
    public var date: @Sendable (PartialDate) -> String
    /// Of a list (`class`, `contact`, `situation`) and a code in it.
    public var word: @Sendable (_ list: String, _ code: String) -> String

    public init(
      ippAuthority: String?, hour: @escaping @Sendable (Instant) -> String,
      date: @escaping @Sendable (PartialDate) -> String,
      word: @escaping @Sendable (_ list: String, _ code: String) -> String = { $1 }
    ) {
      (self.ippAuthority, self.hour, self.date, self.word) = (ippAuthority, hour, date, word)
    }
  }

  /// nil where nothing is known of it.
  public func text(_ person: Patient?, mother: Patient?, _ stay: Stay?, _ writing: Writing) -> String? {
    let text = isIdentity ? person.flatMap { identity($0, mother, writing) } : stay.flatMap { encounter($0, writing) }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func identity(_ person: Patient, _ mother: Patient?, _ writing: Writing) -> String? {
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
    case .email: return person.emails.first
    case .addressLine: return address?.lines.joined(separator: ", ")
    case .postcode: return address?.postcode
    case .city: return address?.city
    // A birth under secrecy tells nobody whose it is, nor whom to call.
    case .mother: return person.secret || mother?.secret == true ? nil : mother.flatMap { Self.name($0, writing) }
    case .birthRank: return person.birthRank.map(String.init)
    case .relatives:
      let relatives = person.secret ? [] : person.contacts.filter { !$0.isFamilyDoctor }
      return relatives.map { Self.line([writing.word("contact", $0.role), $0.name, $0.relationship, $0.phone]) }
        .joined(separator: "; ")
    case .situations:
      return person.situations.map { situation in
        let kind = writing.word("situation", situation.kind)
        return Self.line([kind, situation.code, situation.since.map(writing.hour), situation.note])
      }.joined(separator: "; ")
    default: return nil
    }
  }

  /// The number, else the name.
  private static func name(_ person: Patient, _ writing: Writing) -> String {
    person.ipp(of: writing.ippAuthority)
      ?? [person.birthName, person.birthGivenName].compactMap(\.self).joined(separator: " ")
  }

  private static func line(_ parts: [String?]) -> String {
    parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private func encounter(_ stay: Stay, _ writing: Writing) -> String? {
    let outline = stay.outline
    switch self {
    case .number: return stay.number
    case .stayClass: return outline.stayClass.map { writing.word("class", $0.rawValue) }
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
