import Hospital
import Interop
import Ledger
import Register

/// Patients, each with the death and the numbers of the identities that they absorbed.
struct PatientSource: FHIRSubjectSource {
  let type = "Patient"
  let subjectTypes = ["patient"]
  let profiles = PatientResource.profiles
  let revincludes = [
    "Appointment:patient", "Encounter:patient", "Encounter:subject", "EpisodeOfCare:patient", "Provenance:target",
    "ServiceRequest:patient", "ServiceRequest:subject",
  ]
  var parameters: [(name: String, type: String)] { PatientCriteria.parameters + [(name: "deceased", type: "token")] }

  func resource(_ state: any Folded, _ version: Version, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let patient = state as? Patient else { return nil }
    let absorbed = try reading.absorbed(by: patient.id)
    let person = absorbed.isEmpty ? patient : try reading.reading.whole(patient)
    // Whose marks it bears too; nothing is looked up of somebody without either.
    let heir = try patient.mergedInto == nil ? nil : reading.person(patient.id)
    let mothers = try [patient, heir].compactMap { try $0.flatMap { try reading.reading.mother(of: $0) } }
    let structure = reading.structure
    return FHIRResource(type: type, id: patient.id.afterSlash, version: version, patient: patient) {
      PatientResource(person, structure).json(
        FHIRMeta(version: version.id, updated: version.cameAt), replaced: absorbed, heir: heir, mothers: mothers)
    }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let criteria = try PatientCriteria(search, reading.zone)
    return try page(search, criteria, reading) { try reading.mayTell($0) }
  }

  /// - Parameter mayTell: whether an answer may name somebody who answers.
  func page(
    _ search: FHIRSearch, _ criteria: PatientCriteria, _ reading: FHIRReading, mayTell: (Patient) throws -> Bool
  ) throws -> FHIRPage {
    try reading.page(search, among: try criteria.key.map { try numbers($0, reading.reading) }) { after, limit in
      try numbers(reading, after: after, limit: limit)
    } look: { found in
      guard let patient = found.state as? Patient,
        try criteria.holds(
          patient, updated: { try reading.changed(found, try reading.version(of: found), search) }),
        try mayTell(patient)
      else { return nil }
      return try resource(patient, try reading.version(of: found), reading)
    }
  }

  private func numbers(_ key: PatientCriteria.Key, _ reading: Reading) throws -> [Int] {
    switch key {
    case .ids(let ids): return try reading.numbers(of: ids.map { "patient/\($0.lowercased())" })
    case .identifier(let identifiers):
      let found = try identifiers.flatMap { identifier in
        try reading.patients(withIdentifier: identifier.value, authority: identifier.authority)
          + reading.patients(withINS: identifier.value)
      }
      return try reading.numbers(of: found)
    case .born(let dates): return try reading.patientNumbers(born: dates)
    case .family(let names):
      var found: Set<Int> = []
      for name in names { found.formUnion(try reading.patientNumbers(named: name)) }
      return Array(found)
    }
  }
}
