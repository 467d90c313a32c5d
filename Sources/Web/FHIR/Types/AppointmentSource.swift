import Hospital
import Interop
import Ledger
import Register

/// Who is expected, as the diary of the main system says.
struct AppointmentSource: FHIRSubjectSource {
  let type = "Appointment"
  let subjectTypes = ["appointment"]
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("_lastUpdated", "date"), ("date", "date"), ("identifier", "token"),
    ("patient", "reference"), ("status", "token"),
  ]

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
    let dates = try search.bounds("date", reading.zone)
    let updated = try search.bounds("_lastUpdated", reading.zone)
    let statuses = try search.codes("status", of: .appointmentStatus)
    let people = try search.all("patient").map { asked in
      try asked.references("Patient").compactMap { try reading.person("patient/\($0.lowercased())")?.id }
    }
    return try reading.page(search, among: try candidates(search, people, reading.reading)) { after, limit in
      try numbers(reading, after: after, limit: limit)
    } look: { found in
      guard let appointment = found.state as? Appointment else { return nil }
      let version = try reading.version(of: found)
      func holds(_ bounds: [[FHIRDateBound]], _ at: Instant?) -> Bool {
        bounds.allSatisfy { $0.contains { bound in at.map { bound.holds($0, $0) } ?? false } }
      }
      guard holds(dates, appointment.startsAt), holds(updated, try reading.changed(found, version, search)),
        statuses.allSatisfy({ $0.contains(AppointmentResource.status(of: appointment)) }),
        search.all("identifier").allSatisfy({ $0.tokens.contains { bears(appointment, $0) } }),
        let resource = try resource(appointment, version, reading),
        people.allSatisfy({ asked in resource.patient.map { asked.contains($0.id) } ?? false }),
        try reading.mayTell(resource)
      else { return nil }
      return resource
    }
  }

  private func bears(_ appointment: Appointment, _ token: FHIRToken) -> Bool {
    appointment.number.map { token.holds($0, of: AppointmentResource.system(appointment)) } ?? false
  }

  /// - Parameter people: ids of those asked for, under the identity that lives on.
  private func candidates(_ search: FHIRSearch, _ people: [[String]], _ reading: Reading) throws -> [Int]? {
    if let ids = search.common("_id", { $0.values.map { $0.lowercased() } }) {
      return try reading.numbers(of: ids.map { "appointment/\($0)" })
    }
    return try people.first.map { asked in
      try reading.numbers(of: asked.flatMap { try reading.appointments(ofPatient: $0).map(\.id) })
    }
  }
}
