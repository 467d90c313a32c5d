import Ledger

/// What two files say of a person, as far as they say it. Traits are as written; comparing folds them.
public struct LinkRecord: Sendable, Equatable {
  /// The record's own name: a number of its file, or `patient/<uuid>`.
  public var id: String
  public var birthName: String?
  public var usedName: String?
  public var birthGivenName: String?
  /// All given names, the first one first.
  public var birthGivenNames: String?
  public var usedGivenName: String?
  /// `1961-03-12`, `19610312`, `12/03/1961`, `1961-03` or `1961`; a date that no calendar has is compared as it stands.
  public var birthDate: String?
  public var sex: String?
  /// INSEE code of the commune, or its name.
  public var birthPlace: String?
  public var addressLines: [String] = []
  public var postcode: String?
  public var city: String?
  public var phones: [String] = []
  /// `patient/<uuid>` of the mother, for a newborn.
  public var mother: String?
  /// A patient whom nobody could name: never anybody's likely twin.
  public var isUnknown = false

  public init(id: String) { self.id = id }

  public init(_ patient: Patient) {
    self.init(id: patient.id)
    birthName = patient.birthName
    usedName = patient.usedName
    birthGivenName = patient.birthGivenName
    birthGivenNames = patient.birthGivenNames
    usedGivenName = patient.usedGivenName
    birthDate = patient.birthDate.map(LinkDate.text)
    sex = patient.sex?.rawValue
    birthPlace = patient.birthPlace
    let home = patient.addresses.first { $0.use != "BDL" }
    addressLines = home?.lines ?? []
    postcode = home?.postcode
    city = home?.city
    phones = patient.phones
    mother = patient.mother
    isUnknown = patient.unknown != nil
  }
}

/// Two records that are likely one person.
public struct LinkPair: Sendable, Equatable {
  public var a: String
  public var b: String
  /// From 0 to 1, of being one person.
  public var probability: Double
  public var reasons: [MatchReason]
}
