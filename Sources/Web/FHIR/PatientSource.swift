import Hospital
import Interop
import Ledger
import Register

/// Patients, each with the death and the numbers of the identities that they absorbed.
struct PatientSource: FHIRSource {
  let type = "Patient"
  let capability = CapabilityStatement.Resource(
    "Patient", profile: "fr-core-patient", interactions: ["read"], search: [])

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    guard id.isUUID, let found = try reading.reading.versioned("patient/\(id.lowercased())") else { return nil }
    return try resource(found, reading)
  }

  func resource(_ found: Versioned, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let patient = found.state as? Patient else { return nil }
    let absorbed = try reading.reading.absorbed(by: patient.id)
    let person = absorbed.isEmpty ? patient : try reading.reading.withDeath(patient)
    let meta = FHIRMeta(version: found.version.id, updated: found.version.writtenAt)
    return FHIRResource(
      type: type, id: patient.id.afterSlash, version: found.version, patient: patient,
      json: PatientResource(person, reading.structure).json(meta, replaced: absorbed))
  }
}
