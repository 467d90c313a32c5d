import Hospital
import Interop
import Ledger
import Register

/// Who is expected, as the diary of the main system says.
struct AppointmentSource: FHIRSubjectSource {
  let type = "Appointment"
  let subjectTypes = ["appointment"]
  let includes = ["Appointment:actor", "Appointment:location", "Appointment:patient"]
  let revincludes = ["Provenance:target"]
  var parameters: [(name: String, type: String)] { AppointmentCriteria.parameters }

  func resource(_ state: any Folded, _ version: Version, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let appointment = state as? Appointment else { return nil }
    let patient = try appointment.patient.flatMap { try reading.person($0) }
    let mother = try patient.flatMap { try reading.reading.mother(of: $0) }
    let structure = reading.structure
    return FHIRResource(
      type: type, id: appointment.id.afterSlash, version: version, patient: patient,
      place: Place(unit: appointment.unit)
    ) {
      AppointmentResource.json(
        appointment, structure, FHIRMeta(version: version.id, updated: version.cameAt), patient: patient,
        mother: mother)
    }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let criteria = try AppointmentCriteria(search, reading.zone)
    // Under the identity that lives on.
    var heirs: [String: String] = [:]
    for id in criteria.actors.flatMap(\.patients) { heirs[id] = try reading.person("patient/\(id)")?.id }
    let (hours, units) = (criteria.hours, criteria.units(reading.structure))
    let isOfPlaceOrHour = units != nil || hours.from != nil || hours.until != nil
    return try reading.page(search, among: try candidates(criteria, heirs, reading.reading)) { after, limit in
      isOfPlaceOrHour
        ? try reading.reading.appointmentNumbers(
          units: units, from: hours.from, until: hours.until, after: after, limit: limit)
        : try numbers(reading, after: after, limit: limit)
    } look: { found in
      guard let appointment = found.state as? Appointment else { return nil }
      let version = try reading.version(of: found)
      let owner = try appointment.patient.flatMap { try reading.person($0)?.id }
      guard
        try criteria.holds(
          appointment, reading.structure,
          isOf: { asked in owner.map { asked.compactMap { heirs[$0] }.contains($0) } ?? false },
          updated: { try reading.changed(found, version, search) }),
        let resource = try resource(appointment, version, reading), try reading.mayTell(resource)
      else { return nil }
      return resource
    }
  }

  /// All that may answer, where ids of appointments or of patients alone say it.
  private func candidates(
    _ criteria: AppointmentCriteria, _ heirs: [String: String], _ reading: Reading
  ) throws -> [Int]? {
    if let ids = criteria.ids { return try reading.numbers(of: ids.map { "appointment/\($0)" }) }
    return try criteria.actors.first { $0.places.isEmpty }.map { asked in
      try reading.numbers(
        of: asked.patients.compactMap { heirs[$0] }.flatMap { try reading.appointments(ofPatient: $0).map(\.id) })
    }
  }
}
