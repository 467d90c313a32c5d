import Hospital
import Ledger

/// A Patient that a program sent: to be registered, or to be found.
public struct PatientReading: Sendable {
  public var traits = Traits()
  /// Numbers that other systems know them by, each with its authority.
  public var numbers: [Identifier] = []
  public var ins: INS?
  /// Bears a confidentiality of R or V.
  public var isRestricted = false

  /// What would change the meaning of all of it, as FHIR names the place, and cannot be registered.
  public var untaken: String?

  /// What keeps it from being read, as FHIR names the place: `Patient.birthDate`.
  public struct Fault: Error {
    public var place: String
  }

  /// What says of itself that it is over is left out.
  public init(_ json: JSON, at now: Instant, _ zone: LocalTime) throws(Fault) {
    guard json["resourceType"]?.string == "Patient" else { throw Fault(place: "resourceType") }
    func current(_ key: String) throws(Fault) -> [JSON] { try PatientReading.current(json, key, at: now, zone) }
    let names = try current("name")
    // A nickname, or the name of somebody who is to stay unknown, is no birth name.
    let official = ["official", "maiden", nil].lazy.compactMap { use in names.first { $0["use"]?.string == use } }.first
    traits.birthName = official?["family"]?.string
    let given = (official?["given"]?.array ?? []).compactMap(\.string)
    traits.birthGivenName = given.first
    traits.birthGivenNames =
      PatientReading.value(official, "fr-core-patient-birth-list-given-name")?["valueString"]?.string
      ?? (given.count > 1 ? given.joined(separator: " ") : nil)
    traits.title = official?["prefix"]?.array?.first?.string
    if let usual = names.first(where: { $0["use"]?.string == "usual" }) {
      // What is in use as well as at birth says nothing more.
      traits.usedName = usual["family"]?.string.flatMap { $0 == traits.birthName ? nil : $0 }
      traits.usedGivenName = usual["given"]?.array?.first?.string.flatMap { $0 == traits.birthGivenName ? nil : $0 }
    }
    if let birth = json["birthDate"] {
      guard let date = birth.string.flatMap(PartialDate.init) else { throw Fault(place: "Patient.birthDate") }
      traits.birthDate = date
    }
    if let gender = json["gender"] {
      guard let sex = Sex.allCases.first(where: { $0.gender == gender.string }) else {
        throw Fault(place: "Patient.gender")
      }
      traits.sex = sex
    }
    readBirthPlace(json)
    for telecom in try current("telecom") {
      guard let value = telecom["value"]?.string else { continue }
      if telecom["system"]?.string == "phone" { traits.phones.append(value) }
      if telecom["system"]?.string == "email" { traits.emails.append(value) }
    }
    traits.addresses = try current("address").map(Address.init(fhir:))
    for identifier in try current("identifier") { try read(identifier) }
    if let labels = json["meta"]?["security"] {
      guard let labels = labels.array else { throw Fault(place: "Patient.meta.security") }
      isRestricted = labels.contains { ["R", "V"].contains($0["code"]?.string ?? "") }
    }
    untaken = PatientReading.untaken(json)
  }

  /// What is read of each element, texts and lists of texts: of another shape, it would be lost without a word.
  private static let shapes: [String: (texts: [String], lists: [String])] = [
    "name": (["use", "family"], ["given", "prefix"]), "telecom": (["system", "use", "value"], []),
    "address": (["use", "city", "postalCode", "country"], ["line"]), "identifier": (["system", "use", "value"], []),
  ]

  private static func hasShape(_ element: JSON, _ key: String) -> Bool {
    let (texts, lists) = shapes[key] ?? ([], [])
    return element.object != nil && texts.allSatisfy { element[$0].map { $0.string != nil } ?? true }
      && lists.allSatisfy { name in
        // A null stands where an extension beside it says more.
        element[name].map { $0.array?.allSatisfy { $0.string != nil || $0.isNull } ?? false } ?? true
      }
  }

  /// Those of a list that hold still. A maiden name has ended by its nature, and is the birth name.
  private static func current(
    _ json: JSON, _ key: String, at now: Instant, _ zone: LocalTime
  ) throws(Fault) -> [JSON] {
    guard let list = json[key] else { return [] }
    guard let list = list.array, list.allSatisfy({ hasShape($0, key) }) else { throw Fault(place: "Patient.\(key)") }
    var current: [JSON] = []
    for element in list where element["use"]?.string != "old" {
      // The last year that can be written is how some systems say that there is no end.
      if let end = element["period"]?["end"], PartialDate(String((end.string ?? "").prefix(10)))?.year != 9999 {
        guard let last = end.string.flatMap({ FHIRDateBound($0, zone) }) else {
          throw Fault(place: "Patient.\(key).period")
        }
        if last.until <= now, element["use"]?.string != "maiden" { continue }
      }
      current.append(element)
    }
    return current
  }

  private static func untaken(_ json: JSON) -> String? {
    if json["deceasedDateTime"] != nil { return "Patient.deceasedDateTime" }
    if let deceased = json["deceasedBoolean"], deceased.bool != false { return "Patient.deceasedBoolean" }
    if let active = json["active"], active.bool != true { return "Patient.active" }
    return json["modifierExtension"] == nil ? nil : "Patient.modifierExtension"
  }

  private mutating func readBirthPlace(_ json: JSON) {
    guard let address = PatientReading.value(json, "patient-birthPlace")?["valueAddress"] else { return }
    traits.birthPlaceName = address["city"]?.string
    traits.birthPlace = PatientReading.value(address, "fr-core-address-insee-code")?["valueCoding"]?["code"]?.string
  }

  private mutating func read(_ identifier: JSON) throws(Fault) {
    guard let system = identifier["system"]?.string, let value = identifier["value"]?.string, !system.isEmpty,
      !value.isEmpty
    else { throw Fault(place: "Patient.identifier") }
    let authority = FHIRSystem.authority(ofURI: system)
    let types = (identifier["type"]?["coding"]?.array ?? []).compactMap { $0["code"]?.string }.filter { !$0.isEmpty }
    // RI: a number of which nobody said what it is (HL7 table 0203).
    let known = (types.isEmpty ? ["RI"] : types).map { Identifier(value: value, authority: authority, type: $0) }
    if known.contains(where: \.isINS) {
      ins = INS(matricule: value, oid: authority)
    } else {
      numbers.append(known[0])
    }
  }

  private static func value(_ json: JSON?, _ name: String) -> JSON? {
    json?["extension"]?.array?.first { $0["url"]?.string?.hasSuffix("/\(name)") ?? false }
  }
}

extension Address {
  fileprivate init(fhir: JSON) {
    let uses = ["home": "H", "temp": "C", "work": "B"]
    self.init(
      use: uses[fhir["use"]?.string ?? ""] ?? "H", lines: (fhir["line"]?.array ?? []).compactMap(\.string),
      postcode: fhir["postalCode"]?.string, city: fhir["city"]?.string, country: fhir["country"]?.string)
  }
}
