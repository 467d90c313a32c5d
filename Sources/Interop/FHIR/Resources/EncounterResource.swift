import Hospital
import Ledger

/// Encounter, as FR Core shapes it: one stay, with every place in which it was spent.
public struct EncounterResource {
  let stay: Stay
  let structure: Structure?
  let now: Instant
  let underway: Underway?

  /// - Parameter underway: where the stay goes next.
  public init(_ stay: Stay, _ structure: Structure?, at now: Instant, _ underway: Underway? = nil) {
    self.stay = stay
    self.structure = structure
    self.now = now
    self.underway = underway
  }

  /// - Parameters:
  ///   - patient: who it is of, under the identity that lives on.
  ///   - mother: of a newborn.
  public func json(_ meta: FHIRMeta, patient: Patient?, mother: Patient? = nil) -> JSON {
    let outline = stay.outline
    let status = stay.status(at: now)
    var out = FHIRObject(type: "Encounter", id: stay.id.afterSlash)
    let isWithheld = Disclosure.isWithheld(
      patient, mother: mother, at: outline.place, underway: underway, in: structure)
    out.put(
      "meta",
      meta.json(profile: profile(outline), confidentiality: FHIRMeta.label(patient, isWithheld: isWithheld)))
    let physicians = [
      ("ATND", PractitionerResource.contained(outline.attending, stay.other["attending"])),
      ("REF", PractitionerResource.contained(nil, stay.other["referring"], id: "referring")),
    ]
    out.put("contained", physicians.compactMap(\.1))
    out.put("identifier", identifiers)
    out.put("status", Self.status(status, isAway: stay.presence(at: now)?.away ?? false))
    let said = Self.class(outline.stayClass)
    out.put("class", FHIRValue.coding(said.system, said.code, said.display))
    if let id = patient?.id ?? stay.patient {
      out.put("subject", FHIRValue.reference("Patient", id.afterSlash))
    }
    // Of a stay of nobody there is no account.
    if patient != nil { out.put("episodeOfCare", [FHIRValue.reference("EpisodeOfCare", stay.id.afterSlash)]) }
    out.put(
      "participant",
      physicians.compactMap { role, physician in
        physician?["id"]?.string.map { id in
          [
            "type": [["coding": .array([FHIRValue.coding(FHIRSystem.participation, role)].compactMap(\.self))]],
            "individual": ["reference": .string("#\(id)")],
          ]
        }
      })
    out.put("period", FHIRValue.period(outline.admittedAt ?? outline.expectedAt, outline.dischargedAt))
    out.put("reasonCode", [FHIRValue.text(stay.reason)].compactMap(\.self))
    out.put("hospitalization", hospitalization)
    out.put("location", places(outline, status))
    if let unit = outline.place.medicalUnit ?? outline.place.unit { out.put("serviceProvider", provider(unit)) }
    return out.json
  }

  public static let profiles = ["fr-core-encounter"]

  /// FR Core 2.1 fixes the system of a pre-admission's number to a text that no address is.
  private func profile(_ outline: StayOutline) -> String? {
    (stay.number != nil || stay.visit != nil) && (outline.admittedAt ?? outline.expectedAt) != nil
      && stay.preadmissionNumber == nil
      ? "fr-core-encounter" : nil
  }

  /// Whose its numbers are.
  static func authority(of stay: Stay, _ structure: Structure?) -> String {
    stay.numberAuthority ?? structure?.ndaAuthority ?? "local"
  }

  private var identifiers: [JSON] {
    let system = FHIRSystem.uri(ofAuthority: Self.authority(of: stay, structure))
    func identifier(_ value: String?, _ type: String) -> JSON? {
      value.flatMap {
        FHIRValue.identifier(
          $0, system: system,
          type: FHIRValue.concept(FHIRSystem.identifierType, type))
      }
    }
    return [identifier(stay.number, "AN"), identifier(stay.visit, "VN")].compactMap(\.self)
  }

  public static func status(_ status: StayStatus, isAway: Bool) -> String {
    switch status {
    case .preadmitted: "planned"
    case .admitted: isAway ? "onleave" : "in-progress"
    case .discharged: "finished"
    case .cancelled: "cancelled"
    }
  }

  /// The code under which each class is searched and sent, of v3 ActCode; what nobody said is unknown.
  static func `class`(_ stayClass: StayClass?) -> (system: String, code: String, display: String) {
    guard let known = stayClass.flatMap({ classes[$0] }) else { return (FHIRSystem.nullFlavor, "UNK", "Unknown") }
    return (FHIRSystem.actCode, known.code, known.display)
  }

  private static let classes: [StayClass: (code: String, display: String)] = [
    .inpatient: ("IMP", "inpatient encounter"), .daycase: ("SS", "short stay"), .emergency: ("EMER", "emergency"),
    .outpatient: ("AMB", "ambulatory"), .recurring: ("AMB", "ambulatory"), .preadmit: ("PRENC", "pre-admission"),
  ]

  private var hospitalization: FHIRObject {
    var out = FHIRObject()
    if let number = stay.preadmissionNumber {
      out.put(
        "preAdmissionIdentifier",
        FHIRValue.identifier(
          number, system: FHIRSystem.uri(ofAuthority: Self.authority(of: stay, structure)),
          type: FHIRValue.concept(FHIRSystem.identifierType, "AN")))
    }
    // PMSI MCO codes, which have no published FHIR system.
    out.put("admitSource", pmsi(stay.entryMode, stay.provenance))
    out.put("dischargeDisposition", pmsi(stay.exitMode, stay.destination))
    return out
  }

  private func pmsi(_ mode: String?, _ partner: String?) -> JSON? {
    let codes = [mode, partner].compactMap(\.self).compactMap { FHIRValue.coding(nil, $0) }
    return codes.isEmpty ? nil : ["coding": .array(codes)]
  }

  private func places(_ outline: StayOutline, _ status: StayStatus) -> [JSON] {
    if outline.presences.isEmpty, outline.place.unit != nil {
      return [place(outline.place, "planned", nil)].compactMap(\.self)
    }
    return outline.presences.compactMap { presence in
      let state = presence.from > now ? "planned" : presence.covers(now) ? "active" : "completed"
      return place(presence.place, state, FHIRValue.period(presence.from, presence.until))
    }
  }

  private func place(_ place: Place, _ status: String, _ period: JSON?) -> JSON? {
    guard let location = LocationResource.reference(to: place, structure) else { return nil }
    var out = FHIRObject()
    out.put("location", location)
    out.put("status", status)
    out.put("physicalType", LocationResource.physicalType(place.bed != nil ? .bed : .unit))
    out.put("period", period)
    return out.json
  }

  private func provider(_ unit: String) -> JSON? {
    if let known = structure?.unit(unit) {
      return FHIRValue.reference("Organization", OrganizationResource.id(ofUnit: unit), known.name)
    }
    return FHIRText.string(unit).map { ["display": .string($0)] }
  }
}

/// EpisodeOfCare: the account (NDA) under which a stay, or a series of sessions, is.
public enum EpisodeOfCareResource {
  /// - Parameters:
  ///   - patient: whose it is: while nobody said that there is no episode.
  ///   - mother: of a newborn.
  public static func json(
    _ stay: Stay, _ structure: Structure?, _ meta: FHIRMeta, patient: Patient, mother: Patient? = nil, at now: Instant
  ) -> JSON {
    let outline = stay.outline
    var out = FHIRObject(type: "EpisodeOfCare", id: stay.id.afterSlash)
    let isWithheld = Disclosure.isWithheld(patient, mother: mother, at: nil, in: structure)
    out.put("meta", meta.json(confidentiality: FHIRMeta.label(patient, isWithheld: isWithheld)))
    if let number = stay.number {
      out.put(
        "identifier",
        [
          FHIRValue.identifier(
            number, system: FHIRSystem.uri(ofAuthority: EncounterResource.authority(of: stay, structure)),
            type: FHIRValue.concept(FHIRSystem.identifierType, "AN"))
        ].compactMap(\.self))
    }
    let status = Self.status(stay.status(at: now), isAway: stay.presence(at: now)?.away ?? false)
    out.put("status", status)
    out.put("patient", FHIRValue.reference("Patient", patient.id.afterSlash))
    if let structure, FHIRText.isID(structure.finess) {
      out.put("managingOrganization", FHIRValue.reference("Organization", structure.finess, structure.name))
    }
    out.put("period", FHIRValue.period(outline.admittedAt ?? outline.expectedAt, outline.dischargedAt))
    return out.json
  }

  static func status(_ status: StayStatus, isAway: Bool) -> String {
    switch status {
    case .preadmitted: "planned"
    case .admitted: isAway ? "onhold" : "active"
    case .discharged: "finished"
    case .cancelled: "cancelled"
    }
  }
}
