import Hospital
import Ledger
import Register

/// One value of a stay or a person as the main system asks for it: a field of the screen that is typed from, a column of
/// the file that is carried.
public enum ReentryValue: String, Sendable, Codable, CaseIterable {
  case ipp, protected, secret, deceased, deathAt
  case birthName, birthGivenName, birthGivenNames, usedName, usedGivenName, title, birthDate, sex, birthPlace
  case birthPlaceName, nationality, maritalStatus, ins, insOID, identityStatus, attributes, document, documentUntil
  case phone, email, addressLine, postcode, city
  case mother, birthRank, relatives, familyDoctor, situations, allergies
  case number, preadmissionNumber, stayClass, unit, room, bed, admittedAt, entryMode, provenance
  case attending, attendingRPPS, referring, referringRPPS, reason, expectedAt
  case dischargedAt, exitMode, destination, isolation, diet, sessions

  /// It is the person's, whatever the stay.
  public var isIdentity: Bool {
    switch self {
    case .number, .preadmissionNumber, .stayClass, .unit, .room, .bed, .admittedAt, .entryMode, .provenance,
      .attending, .attendingRPPS, .referring, .referringRPPS, .reason, .expectedAt, .dischargedAt, .exitMode,
      .destination, .isolation, .diet, .sessions:
      false
    default: true
    }
  }

  /// What holds or does not of everybody, `Y` or `N` in words; nil for what is no such value.
  public func holds(_ person: Patient) -> Bool? {
    switch self {
    // Nobody is told of a birth under secrecy, whatever is said of her presence.
    case .protected: person.protected || person.secret
    case .secret: person.secret
    case .deceased: person.isDead
    default: nil
    }
  }

  /// Kinds of facts after which it may hold no more, where it did.
  public var liftedBy: Set<String> {
    switch self {
    case .protected: ["patient.protected", "patient.corrected"]
    case .secret: ["patient.corrected"]
    case .deceased: ["patient.death-withdrawn"]
    default: []
    }
  }

  /// How the reader of the value writes hours and dates, and calls codes.
  public struct Writing: Sendable {
    public var ippAuthority: String?
    /// The hospital's, on which days begin.
    public var clock: LocalTime
    public var hour: @Sendable (Instant) -> String
    public var date: @Sendable (PartialDate) -> String
    /// Of a list (`class`, `contact`, `situation`, `attribute`, `document`, `isolation`, `yes-no`) and a code in it;
    /// `none` where somebody asked and there is none (`allergies`, `situation`, `isolation`, `diet`).
    public var word: @Sendable (_ list: String, _ code: String) -> String

    public init(
      ippAuthority: String?, clock: LocalTime = LocalTime(of: nil), hour: @escaping @Sendable (Instant) -> String,
      date: @escaping @Sendable (PartialDate) -> String,
      word: @escaping @Sendable (_ list: String, _ code: String) -> String = { $1 }
    ) {
      (self.ippAuthority, self.clock, self.hour, self.date, self.word) = (ippAuthority, clock, hour, date, word)
    }
  }

  /// nil where nothing is known of it.
  /// - Parameter isolation: of the bed in which they lie.
  public func text(
    _ person: Patient?, mother: Patient?, _ stay: Stay?, isolation: String? = nil, _ writing: Writing
  ) -> String? {
    let text =
      isIdentity
      ? person.flatMap { identity($0, mother, writing) } : stay.flatMap { encounter($0, isolation, writing) }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func identity(_ person: Patient, _ mother: Patient?, _ writing: Writing) -> String? {
    let address = person.addresses.first
    switch self {
    case .protected, .secret, .deceased: return holds(person).map { writing.word("yes-no", $0 ? "Y" : "N") }
    case .deathAt: return person.deathDate(writing.clock).map(writing.date) ?? person.deathAt.map(writing.hour)
    case .title: return person.title
    case .nationality: return person.nationality
    case .maritalStatus: return person.maritalStatus
    case .attributes: return person.attributes.map { writing.word("attribute", $0) }.joined(separator: "; ")
    case .document:
      return person.document.flatMap { $0.kind.isEmpty ? nil : writing.word("document", $0.kind) }
    case .documentUntil:
      return person.document?.validUntil.map { text in PartialDate(text).map(writing.date) ?? text }
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
    case .familyDoctor:
      let doctor = person.secret ? nil : person.contacts.first(where: \.isFamilyDoctor)
      return doctor.map { Self.line([$0.name, $0.phone]) }
    case .situations:
      if person.situations.isEmpty { return Self.answer(person.answers, .situation, writing) }
      return person.situations.map { situation in
        let kind = writing.word("situation", situation.kind)
        return Self.line([kind, situation.code, situation.since.map(writing.hour), situation.note])
      }.joined(separator: "; ")
    case .allergies: return Self.answer(person.answers, .allergies, writing)
    default: return nil
    }
  }

  /// nil where nobody asked.
  private static func answer(_ answers: Answers, _ topic: AskedTopic, _ writing: Writing) -> String? {
    answers[topic].map { $0.text ?? writing.word(topic.rawValue, "none") }
  }

  /// The number, else the name.
  private static func name(_ person: Patient, _ writing: Writing) -> String {
    person.ipp(of: writing.ippAuthority)
      ?? [person.birthName, person.birthGivenName].compactMap(\.self).joined(separator: " ")
  }

  private static func line(_ parts: [String?]) -> String {
    parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private func encounter(_ stay: Stay, _ isolation: String?, _ writing: Writing) -> String? {
    let outline = stay.outline
    switch self {
    case .number: return stay.number
    case .preadmissionNumber: return stay.preadmissionNumber
    case .stayClass: return outline.stayClass.map { writing.word("class", $0.rawValue) }
    case .unit: return outline.place.unit
    case .room: return outline.place.room
    case .bed: return outline.place.bed
    case .admittedAt: return outline.admittedAt.map(writing.hour)
    case .entryMode: return stay.entryMode
    case .provenance: return stay.provenance
    case .attending: return outline.attending
    // The number that a feed gave is of the one whom it named.
    case .attendingRPPS:
      guard let said = stay.other["attending"],
        outline.attending.map({ said["name"]?.string?.sameBytes(as: $0) ?? false }) ?? true
      else { return nil }
      return said["RPPS"]?.string
    case .referring: return stay.other["referring"]?["name"]?.string
    case .referringRPPS: return stay.other["referring"]?["RPPS"]?.string
    case .reason: return stay.reason
    case .expectedAt: return outline.expectedAt.map(writing.hour)
    case .dischargedAt: return outline.dischargedAt.map(writing.hour)
    case .exitMode: return stay.exitMode
    case .destination: return stay.destination
    case .isolation:
      return (isolation ?? stay.answers[.isolation].map { $0.text ?? "none" }).map { writing.word("isolation", $0) }
    case .diet: return Self.answer(stay.answers, .diet, writing)
    case .sessions:
      return stay.sessionsMadeHere.map { Self.line([writing.hour($0.at), $0.unit, $0.attending]) }
        .joined(separator: "; ")
    default: return nil
    }
  }
}

extension Stay {
  /// Its movements that the main system was to be told of: made here, and not taken back.
  public var movementsMadeHere: [Movement] { movements.filter { !$0.isForeign && !$0.cancelled } }

  /// Comings that the main system was to be told of, likewise.
  var sessionsMadeHere: [Attendance] { attendances.filter { $0.said.sender == nil && !$0.cancelled } }
}
