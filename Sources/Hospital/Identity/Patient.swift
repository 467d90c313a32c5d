import Ledger

/// A person as the hospital's stations have described them: strict and complementary traits of the RNIV,
/// numbers, and what must be known before anybody speaks of them.
public struct Patient: Sendable, Equatable {
  /// `patient/<uuid>`.
  public let id: String
  public var identifiers: [Identifier] = []
  public var ins: INS?

  // Strict traits.
  public var birthName: String?
  /// First birth given name.
  public var birthGivenName: String?
  /// All birth given names, separated by spaces, the first one first.
  public var birthGivenNames: String?
  public var birthDate: PartialDate?
  public var sex: Sex?
  /// INSEE code of the commune, or 99 and the country's code.
  public var birthPlace: String?

  // Complementary traits.
  public var birthPlaceName: String?
  public var usedName: String?
  public var usedGivenName: String?
  public var title: String?
  public var addresses: [Address] = []
  public var phones: [String] = []
  public var emails: [String] = []
  public var contacts: [Contact] = []
  public var nationality: String?
  public var maritalStatus: String?

  /// The status as said; `identityStatus` derives the one to show.
  public var statusSaid: IdentityStatus?
  /// Codes of HL7 table 0445 and the RNIV beyond the status: HOMA, HOMD, DOUT, FICT, CACH, ANOM …
  public var attributes: [String] = []
  public var document: IdentityDocument?

  /// Non-divulgation de présence.
  public var protected = false
  /// A person here set it, or a diary said it, and no feed has said it since: a feed's routine "not protected" does not
  /// lift it.
  public var protectedHere = false
  /// Accouchement sous le secret: the maternity alone finds the file.
  public var secret = false
  public var deceased = false
  public var deathAt: Instant?
  /// Where the hour, the day, the month or the year alone is known, which begins at `deathAt`: the first moment after.
  public var deathBefore: Instant?
  /// What was said with a death found here.
  public var death: DeathRecord?
  public var situations: [LegalSituation] = []
  /// Who last set or ended one.
  public var situationsSaid: Attribution?
  /// Until when a feed said that psychiatric care lasted, whether it was known here or not.
  public var careEndedAt: Instant?
  /// Of allergies, and of legal situations where there is none.
  public var answers = Answers()
  /// Where the paper record lies.
  public var archiveMark: String?
  /// Present for a patient admitted as X.
  public var unknown: UnknownPatient?
  /// `patient/<uuid>` of the mother, for a newborn.
  public var mother: String?
  /// Rank of birth among siblings of one delivery, from 1.
  public var birthRank: Int?
  /// `patient/<uuid>` of the identity that absorbed this one.
  public var mergedInto: String?
  /// When the first fact about this patient was said, by its message or, without one, by its commit.
  public var heardAt: Instant?
  /// Present keys of a later version of the program, kept as they came.
  public var other = JSONObject()

  public init(id: String) { self.id = id }
}

/// A number that designates a patient. `authority` is its OID, else its name.
public struct Identifier: Sendable, Equatable {
  public var value: String
  public var authority: String
  public var authorityName: String?
  /// HL7 table 0203: PI (IPP), MR, NH, INS-C …
  public var type: String
  /// Withdrawn by its authority (A47) or superseded: kept as an alias for search.
  public var withdrawn: Bool

  public init(value: String, authority: String, authorityName: String? = nil, type: String, withdrawn: Bool = false) {
    self.value = value
    self.authority = authority
    self.authorityName = authorityName
    self.type = type
    self.withdrawn = withdrawn
  }
}

/// National health identity: 15 characters and the OID that says whether it is a NIR or a NIA.
public struct INS: Sendable, Equatable {
  public var matricule: String
  public var oid: String

  public init(matricule: String, oid: String) {
    self.matricule = matricule
    self.oid = oid
  }
}

public enum Sex: String, Sendable, CaseIterable {
  case male = "M"
  case female = "F"
  case indeterminate = "I"
  /// Seen in feeds only; not an RNIV value.
  case unknown = "U"
}

/// RNIV: exclusive degrees of trust in an identity.
public enum IdentityStatus: String, Sendable, CaseIterable {
  case provisional = "PROV"
  case retrieved = "RECUP"
  case validated = "VALI"
  case qualified = "QUAL"
}

public struct Address: Sendable, Equatable {
  /// HL7 table 0190: H home, C current, BDL birth place.
  public var use: String
  public var lines: [String]
  public var postcode: String?
  public var city: String?
  /// INSEE code of the commune where known.
  public var commune: String?
  public var country: String?

  public init(
    use: String, lines: [String], postcode: String? = nil, city: String? = nil, commune: String? = nil,
    country: String? = nil
  ) {
    self.use = use
    self.lines = lines
    self.postcode = postcode
    self.city = city
    self.commune = commune
    self.country = country
  }
}

/// Someone around the patient.
public struct Contact: Sendable, Equatable {
  /// next-of-kin, trusted-person, legal-representative, general-practitioner, companion.
  public var role: String
  public var name: String
  public var relationship: String?
  public var phone: String?

  public init(role: String, name: String, relationship: String? = nil, phone: String? = nil) {
    self.role = role
    self.name = name
    self.relationship = relationship
    self.phone = phone
  }
}

public struct IdentityDocument: Sendable, Equatable {
  /// CN identity card, PA passport, CS residence permit, LE family record book …; empty for none shown.
  public var kind: String
  public var validUntil: String?

  public init(kind: String, validUntil: String? = nil) {
    self.kind = kind
    self.validUntil = validUntil
  }
}

/// Mineur, majeur protégé, détenu, garde à vue, soins psychiatriques.
public struct LegalSituation: Sendable, Equatable {
  /// minor, protected-adult, prisoner, custody, psychiatric.
  public var kind: String
  /// For psychiatric care SL, SDT, SDTU, SPI, SDRE; for a protected adult the measure.
  public var code: String?
  public var since: Instant?
  /// Accompanied by, escort, contact of the measure.
  public var note: String?
  /// What a feed calls the measure (ZFS-2), as it writes it.
  public var id: String?

  public init(
    kind: String, code: String? = nil, since: Instant? = nil, note: String? = nil, id: String? = nil
  ) {
    self.kind = kind
    self.code = code
    self.since = since
    self.note = note
    self.id = id
  }
}

/// A patient nobody can name yet.
public struct UnknownPatient: Sendable, Equatable {
  /// `URG1-003`: station, then serial; no two share one.
  public var label: String
  public var estimatedAge: Int?
  public var marks: String?
  public var belongings: String?

  public init(label: String, estimatedAge: Int? = nil, marks: String? = nil, belongings: String? = nil) {
    self.label = label
    self.estimatedAge = estimatedAge
    self.marks = marks
    self.belongings = belongings
  }
}

extension Patient {
  public var isDead: Bool { deceased || deathAt != nil }

  /// The day, the month or the year of their death, where no hour of it is known.
  public func deathDate(_ clock: LocalTime) -> PartialDate? {
    guard let deathAt, let deathBefore else { return nil }
    return PartialDate(from: deathAt, before: deathBefore, clock)
  }
}

/// What the physician who found a death said with it. Its hour is the patient's `deathAt`.
public struct DeathRecord: Sendable, Equatable {
  public var physician: String?
  /// Obstacle médico-légal: the body goes nowhere before the public prosecutor says so.
  public var obstacle: Bool
  public var familyToldBy: String?

  public init(physician: String? = nil, obstacle: Bool = false, familyToldBy: String? = nil) {
    self.physician = physician
    self.obstacle = obstacle
    self.familyToldBy = familyToldBy
  }
}
