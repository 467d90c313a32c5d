import Hospital
import Interop
import Ledger
import Register

/// Stays, as encounters.
struct EncounterSource: FHIRSubjectSource {
  let type = "Encounter"
  let subjectTypes = ["stay"]
  let profiles = EncounterResource.profiles
  let includes = ["Encounter:location", "Encounter:patient", "Encounter:service-provider", "Encounter:subject"]
  let revincludes = ["Provenance:target", "ServiceRequest:encounter"]
  var parameters: [(name: String, type: String)] { EncounterCriteria.parameters }

  func resource(_ state: any Folded, _ version: Version, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let stay = state as? Stay else { return nil }
    let patient = try reading.owner(of: stay)
    let (structure, now) = (reading.structure, reading.now)
    let underway = try reading.underway(stay.id)
    let mother = try patient.flatMap { try reading.reading.mother(of: $0) }
    return FHIRResource(type: type, id: stay.id.afterSlash, version: version, patient: patient, place: stay.place) {
      EncounterResource(stay, structure, at: now, underway).json(
        FHIRMeta(version: version.id, updated: version.cameAt), patient: patient, mother: mother)
    }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    try reading.stays(search, of: .encounter) { try resource($0, $1, reading) }
  }
}

/// The accounts (NDA) under which stays are.
struct EpisodeOfCareSource: FHIRSubjectSource {
  let type = "EpisodeOfCare"
  let subjectTypes = ["stay"]
  let includes = ["EpisodeOfCare:organization", "EpisodeOfCare:patient"]
  let revincludes = ["Provenance:target"]
  var parameters: [(name: String, type: String)] {
    EncounterCriteria.parameters.filter {
      ["_id", "_lastUpdated", "date", "identifier", "patient", "status"].contains($0.name)
    } + [(name: "organization", type: "reference")]
  }

  func resource(_ state: any Folded, _ version: Version, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let stay = state as? Stay, let patient = try reading.owner(of: stay) else { return nil }
    let (structure, now) = (reading.structure, reading.now)
    let mother = try reading.reading.mother(of: patient)
    return FHIRResource(type: type, id: stay.id.afterSlash, version: version, patient: patient, place: stay.place) {
      EpisodeOfCareResource.json(
        stay, structure, FHIRMeta(version: version.id, updated: version.cameAt), patient: patient, mother: mother,
        at: now)
    }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    try reading.stays(search, of: .episode) { try resource($0, $1, reading) }
  }
}

extension FHIRReading {
  /// Whose stay it is, as the identity that lives on.
  func owner(of stay: Stay) throws -> Patient? {
    try stay.patient.flatMap { try person($0) }
  }

  /// The identity that lives on, with what was said of those that it absorbed.
  func person(_ id: String) throws -> Patient? {
    guard let own = try reading.patient(id) else { return nil }
    if own.mergedInto == nil { return try whole(own) }
    return try whole(try reading.patient(try reading.survivor(of: id)) ?? own)
  }

  /// With what was said of the identities that it absorbed.
  func whole(_ patient: Patient) throws -> Patient {
    try absorbed(by: patient.id).isEmpty ? patient : reading.whole(patient)
  }

  fileprivate func stays(
    _ search: FHIRSearch, of kind: EncounterCriteria.Kind, make: (Stay, Version) throws -> FHIRResource?
  ) throws -> FHIRPage {
    let criteria = try EncounterCriteria(search, zone, of: kind)
    var lookup = StayLookup()
    lookup.statuses = criteria.statuses
    lookup.classes = criteria.classes
    lookup.numbers = criteria.numbers
    lookup.patients = try criteria.patients?.flatMap { id -> [String] in
      guard let heir = try person("patient/\(id.lowercased())")?.id else { return [] }
      return [heir] + (try absorbed(by: heir))
    }
    lookup.units = try criteria.units(structure) { try reading.bed($0) }
    return try page(
      search, among: try criteria.ids.map { try reading.numbers(of: $0.map { "stay/\($0.lowercased())" }) }
    ) {
      try reading.stayNumbers(lookup, at: now, after: $0, limit: $1)
    } look: { found in
      guard let stay = found.state as? Stay,
        try criteria.holds(stay, structure, at: now, updated: { try changed(found, try version(of: found), search) }),
        lookup.patients.map({ asked in stay.patient.map { own in asked.contains { $0.sameBytes(as: own) } } ?? false })
          ?? true,
        let resource = try make(stay, try version(of: found)),
        try mayTell(resource)
      else { return nil }
      return resource
    }
  }
}
