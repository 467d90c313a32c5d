import Ledger

/// What people type about somebody: strict and complementary traits, as one form holds them. A field left empty is nil.
public struct Traits: Sendable, Equatable {
  /// The code of a place of birth that nobody knows.
  public static let unknownPlace = "99999"

  public var birthName: String?
  public var birthGivenName: String?
  /// Separated by spaces, the first one first.
  public var birthGivenNames: String?
  public var birthDate: PartialDate?
  public var sex: Sex?
  /// INSEE code of the commune, 99 and the country's code, or `unknownPlace`.
  public var birthPlace: String?
  public var birthPlaceName: String?
  public var usedName: String?
  public var usedGivenName: String?
  public var title: String?
  public var nationality: String?
  public var maritalStatus: String?
  public var archiveMark: String?
  public var addresses: [Address] = []
  public var phones: [String] = []
  public var emails: [String] = []
  public var contacts: [Contact] = []

  public init() {}

  public init(_ patient: Patient) {
    birthName = patient.birthName
    birthGivenName = patient.birthGivenName
    birthGivenNames = patient.birthGivenNames
    birthDate = patient.birthDate
    sex = patient.sex
    birthPlace = patient.birthPlace
    birthPlaceName = patient.birthPlaceName
    usedName = patient.usedName
    usedGivenName = patient.usedGivenName
    title = patient.title
    nationality = patient.nationality
    maritalStatus = patient.maritalStatus
    archiveMark = patient.archiveMark
    addresses = patient.addresses
    phones = patient.phones
    emails = patient.emails
    contacts = patient.contacts
  }

  /// Every trait under its name in facts; nil where nothing is said.
  var members: [(key: String, value: JSON?)] {
    [
      ("birthName", birthName.map { .string($0) }), ("birthGivenName", birthGivenName.map { .string($0) }),
      ("birthGivenNames", birthGivenNames.map { .string($0) }), ("birthDate", birthDate.map { .string($0.text) }),
      ("sex", sex.map { .string($0.rawValue) }), ("birthPlace", birthPlace.map { .string($0) }),
      ("birthPlaceName", birthPlaceName.map { .string($0) }), ("usedName", usedName.map { .string($0) }),
      ("usedGivenName", usedGivenName.map { .string($0) }), ("title", title.map { .string($0) }),
      ("nationality", nationality.map { .string($0) }), ("maritalStatus", maritalStatus.map { .string($0) }),
      ("archiveMark", archiveMark.map { .string($0) }),
      ("addresses", addresses.isEmpty ? nil : .array(addresses.map(\.json))),
      ("phones", phones.isEmpty ? nil : .array(phones.map { .string($0) })),
      ("emails", emails.isEmpty ? nil : .array(emails.map { .string($0) })),
      ("contacts", contacts.isEmpty ? nil : .array(contacts.map(\.json))),
    ]
  }

  /// What a fact says of them: nothing of what is empty.
  public var json: JSONObject {
    var out = StateWriter()
    for (key, value) in members { out.put(key, value) }
    return out.object
  }

  /// What differs from `old` and nothing else; null erases.
  public func changes(from old: Traits) -> JSONObject {
    var out = StateWriter()
    for (new, old) in zip(members, old.members) where new.value != old.value { out.put(new.key, new.value ?? .null) }
    return out.object
  }
}
