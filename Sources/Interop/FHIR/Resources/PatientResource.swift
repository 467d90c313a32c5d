import Hospital
import Ledger

/// Patient, as FR Core shapes it.
public struct PatientResource {
  let patient: Patient
  let structure: Structure?
  /// INSEE's commune, or 99 and a country; 99999 says nothing.
  private let birthPlace: JSON?

  public static let profiles = ["fr-core-patient", "fr-core-patient-ins"]

  public init(_ patient: Patient, _ structure: Structure?) {
    self.patient = patient
    self.structure = structure
    birthPlace = patient.birthPlace.flatMap { place in
      place == Traits.unknownPlace
        ? nil : FHIRValue.coding(place.hasPrefix("99") ? FHIRSystem.country : FHIRSystem.commune, place)
    }
  }

  /// - Parameters:
  ///   - replaced: ids of the identities that this one absorbed.
  ///   - heir: the identity that lives on, of one that was absorbed.
  ///   - mothers: of a newborn, and of its heir.
  public func json(
    _ meta: FHIRMeta, replaced: [String] = [], heir: Patient? = nil, mothers: [Patient] = []
  ) -> JSON {
    let ins = QualifiedINS(of: patient)?.identifier
    var out = FHIRObject(type: "Patient", id: patient.id.afterSlash)
    // Bears the marks of all who are one person, and of whoever bore them.
    let isWithheld =
      [patient, heir].contains { Disclosure.isWithheld($0, at: nil, in: structure) }
      || mothers.contains { Disclosure.isWithheld($0, at: nil, in: structure) }
    let label = FHIRMeta.label(heir?.secret ?? false ? heir : patient, isWithheld: isWithheld)
    out.put("meta", meta.json(profile: profile(ins), confidentiality: label))
    let doctor = patient.contacts.first(where: \.isFamilyDoctor).flatMap { doctor in
      PractitionerResource.contained(
        doctor.name, patient.other["generalPractitioner"], id: "general-practitioner", phone: doctor.phone)
    }
    out.put("contained", [doctor].compactMap(\.self))
    out.put("extension", extensions)
    out.put("identifier", ([ins] + numbers).compactMap(\.self))
    out.put("active", patient.mergedInto == nil)
    out.put("name", names)
    out.put(
      "telecom",
      (patient.phones.map { FHIRValue.phone($0) } + patient.emails.map { FHIRValue.phone($0, "email") })
        .compactMap(\.self))
    out.put("gender", patient.sex?.gender)
    out.put("birthDate", patient.birthDate?.text)
    if let deathAt = patient.deathAt {
      out.put("deceasedDateTime", patient.deathDate(LocalTime(of: structure))?.text ?? deathAt.text)
    } else {
      out.put("deceasedBoolean", patient.deceased ? true : nil)
    }
    out.put("address", patient.addresses.filter { $0.use != "BDL" }.compactMap(\.fhir))
    out.put("maritalStatus", patient.maritalStatus.flatMap { FHIRValue.text($0) })
    if let rank = patient.birthRank { out.put("multipleBirthInteger", .integer(rank)) }
    out.put("contact", patient.contacts.filter { !$0.isFamilyDoctor }.compactMap(\.fhir))
    if doctor != nil { out.put("generalPractitioner", [["reference": "#general-practitioner"]]) }
    if let structure, FHIRText.isID(structure.finess) {
      out.put("managingOrganization", FHIRValue.reference("Organization", structure.finess))
    }
    out.put("link", links(replaced))
    return out.json
  }

  /// What the profiles ask is not always known; a resource says of itself only what holds.
  private func profile(_ ins: JSON?) -> String? {
    guard patient.birthName != nil, patient.birthGivenName != nil else { return nil }
    // INS knows no indeterminate sex.
    let isWhole =
      ins != nil && birthPlace != nil && patient.birthDate != nil && patient.sex.map { $0 != .indeterminate } ?? false
      && patient.birthGivenNames != nil
    return isWhole ? "fr-core-patient-ins" : "fr-core-patient"
  }

  private var numbers: [JSON?] {
    // An INS leaves by `QualifiedINS` alone.
    patient.identifiers.filter { !$0.isINS }.map { identifier in
      let use = identifier.withdrawn ? "old" : identifier.type == "PI" ? "usual" : "secondary"
      return FHIRValue.identifier(
        identifier.value, system: FHIRSystem.uri(ofAuthority: identifier.authority), use: use,
        type: Self.type(of: identifier), assigner: identifier.authorityName)
    }
  }

  /// A code is of the list that has it. FR Core knows an NDP by its own authority alone.
  private static func type(of identifier: Identifier) -> JSON? {
    if identifier.type == "NDP", identifier.authority != FHIRSystem.pharmacy { return FHIRValue.text(identifier.type) }
    let isFrench = ["NDP", "NNFRA", "INTRN", "EXTRN"].contains(identifier.type)
    return FHIRValue.concept(isFrench ? FHIRSystem.identifierTypeFR : FHIRSystem.identifierType, identifier.type)
  }

  private var names: [JSON] {
    var names: [JSON] = []
    if patient.birthName != nil || patient.birthGivenName != nil {
      var official = FHIRObject()
      official.put(
        "extension",
        [patient.birthGivenNames.flatMap(FHIRText.string)].compactMap { names in
          FHIRValue.fhirExtension(
            FHIRSystem.profile("fr-core-patient-birth-list-given-name"), "valueString", names.map(JSON.string))
        })
      official.put("use", "official")
      official.put("family", patient.birthName)
      official.put("given", [patient.birthGivenName].given)
      official.put("prefix", [patient.title].given)
      names.append(official.json)
    }
    if patient.usedName != nil || patient.usedGivenName != nil {
      var usual = FHIRObject()
      usual.put("use", "usual")
      usual.put("family", patient.usedName ?? patient.birthName)
      usual.put("given", [patient.usedGivenName ?? patient.birthGivenName].given)
      names.append(usual.json)
    }
    // Whom nobody can name has a label that no other has.
    if let unknown = patient.unknown, names.isEmpty {
      names.append(["use": "temp", "text": .string(unknown.label)])
    }
    return names
  }

  private var extensions: [JSON] {
    var found: [JSON?] = [reliability]
    if let birthPlace {
      var address = FHIRObject()
      address.put(
        "extension",
        [FHIRValue.fhirExtension(FHIRSystem.profile("fr-core-address-insee-code"), "valueCoding", birthPlace)]
          .compactMap(\.self))
      address.put("city", patient.birthPlaceName)
      found.append(
        FHIRValue.fhirExtension(
          "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress", address.json))
    }
    if let nationality = FHIRValue.text(patient.nationality) {
      found.append([
        "url": "http://hl7.org/fhir/StructureDefinition/patient-nationality",
        "extension": [["url": "code", "valueCodeableConcept": nationality]],
      ])
    }
    return found.compactMap(\.self)
  }

  /// FR Core's own list, which it binds to: of another paper nothing is said.
  private static let validationModes: Set<String> = [
    "AC", "AN", "CC", "CE", "CM", "CN", "CS", "DC", "IE", "LE", "PA", "PC", "TC",
  ]

  /// Table 0445 has no QUAL and no RECUP: qualified and validated are VALI, what no document proves is PROV.
  private var reliability: JSON {
    let status =
      patient.isFictive
      ? "FICT"
      : patient.isDoubtful
        ? "DOUT" : [.qualified, .validated].contains(patient.identityStatus) ? "VALI" : "PROV"
    var parts = [
      FHIRValue.fhirExtension("identityStatus", "valueCoding", FHIRValue.coding(FHIRSystem.identityStatus, status))
    ]
    if let document = patient.document, Self.validationModes.contains(document.kind) {
      parts.append(
        FHIRValue.fhirExtension(
          "validationMode", "valueCoding", FHIRValue.coding(FHIRSystem.identityDocument, document.kind)))
    }
    return [
      "extension": .array(parts.compactMap(\.self)),
      "url": .string(FHIRSystem.profile("fr-core-identity-reliability")),
    ]
  }

  private func links(_ replaced: [String]) -> [JSON] {
    func link(_ id: String, _ type: String) -> JSON {
      ["other": FHIRValue.reference("Patient", id.afterSlash), "type": .string(type)]
    }
    return (patient.mergedInto.map { [link($0, "replaced-by")] } ?? []) + replaced.map { link($0, "replaces") }
  }
}

extension QualifiedINS {
  /// FR Core's slices INS-NIR, INS-NIA, INS-NIR-TEST and INS-NIR-DEMO.
  fileprivate var identifier: JSON? {
    guard let domain = ins.domain else { return nil }
    let type =
      switch domain {
      case .nir: "INS-NIR"
      case .nia: "INS-NIA"
      case .test: "INS-NIR-TEST"
      case .demonstration: "INS-NIR-DEMO"
      }
    return FHIRValue.identifier(
      ins.matricule, system: "urn:oid:\(ins.oid)", use: domain == .nia ? "temp" : "official",
      type: FHIRValue.concept(FHIRSystem.identifierTypeFR, type))
  }
}

extension Sex {
  var gender: String {
    switch self {
    case .male: "male"
    case .female: "female"
    case .indeterminate: "other"
    case .unknown: "unknown"
    }
  }
}

extension [String?] {
  fileprivate var given: [JSON] { compactMap { $0.flatMap(FHIRText.string).map(JSON.string) } }
}

extension Address {
  fileprivate var fhir: JSON? {
    var out = FHIRObject()
    out.put("line", lines.compactMap { FHIRText.string($0).map(JSON.string) })
    out.put("city", city)
    out.put("postalCode", postcode)
    out.put("country", country)
    guard !out.object.isEmpty else { return nil }
    var address = FHIRObject()
    if let commune, let coding = FHIRValue.coding(FHIRSystem.commune, commune) {
      address.put(
        "extension",
        [FHIRValue.fhirExtension(FHIRSystem.profile("fr-core-address-insee-code"), "valueCoding", coding)]
          .compactMap(\.self))
    }
    switch use {
    case "H": address.put("use", "home")
    case "C": address.put("use", "temp")
    case "B", "O": address.put("use", "work")
    default: break
    }
    for (key, value) in out.object.members { address.put(key, value) }
    return address.json
  }
}

extension Contact {
  fileprivate var fhir: JSON? {
    var out = FHIRObject()
    let code: String? =
      switch role {
      case "next-of-kin": "N"
      case "trusted-person", "legal-representative", "companion": "C"
      default: nil
      }
    var relationship = FHIRObject()
    relationship.put("coding", [code.flatMap { FHIRValue.coding(FHIRSystem.contactRole, $0) }].compactMap(\.self))
    relationship.put("text", self.relationship ?? role)
    out.put("relationship", [relationship.json])
    if let name = FHIRValue.text(name) { out.put("name", name) }
    out.put("telecom", [phone.flatMap { FHIRValue.phone($0) }].compactMap(\.self))
    return out.object["name"] == nil && out.object["telecom"] == nil ? nil : out.json
  }
}
