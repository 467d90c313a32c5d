import Hospital
import Interop
import Ledger
import Register

/// Beds that are asked for, and hospitals that are asked to take somebody.
struct ServiceRequestSource: FHIRSubjectSource {
  let type = "ServiceRequest"
  let subjectTypes = ["request", "transfer"]
  let includes = ["ServiceRequest:encounter", "ServiceRequest:patient", "ServiceRequest:subject"]
  let revincludes = ["Provenance:target"]
  var parameters: [(name: String, type: String)] { ServiceRequestCriteria.parameters }

  func resource(_ state: any Folded, _ version: Version, _ reading: FHIRReading) throws -> FHIRResource? {
    let (structure, meta) = (reading.structure, FHIRMeta(version: version.id, updated: version.cameAt))
    switch state {
    case let said as BedRequest where said.asked != nil:
      let request = try reading.reading.goingOn(said)
      let stay = try request.stay.flatMap { try reading.reading.stay($0) }
      let patient = try (stay?.patient ?? request.patient).flatMap { try reading.person($0) }
      let underway = try stay.map { try reading.underway($0.id) }
      let mother = try patient.flatMap { try reading.reading.mother(of: $0) }
      return resource(request.id, version, stay, patient) {
        ServiceRequestResource.json(
          request, structure, meta, stay: stay, patient: patient, mother: mother, underway)
      }
    case let said as PatientTransfer where !said.stay.isEmpty:
      let transfer = try reading.reading.goingOn(said)
      let stay = try reading.reading.stay(transfer.stay)
      let patient = try stay.flatMap { try reading.owner(of: $0) }
      let partner = try reading.reading.partner(transfer.partner)
      let underway = try reading.underway(transfer.stay)
      let mother = try patient.flatMap { try reading.reading.mother(of: $0) }
      return resource(transfer.id, version, stay, patient) {
        ServiceRequestResource.json(
          transfer, to: partner, structure, meta, stay: stay, patient: patient, mother: mother, underway)
      }
    default: return nil
    }
  }

  /// It is told of as the stay is that it is about.
  private func resource(
    _ id: String, _ version: Version, _ stay: Stay?, _ patient: Patient?, _ make: @escaping @Sendable () -> JSON
  ) -> FHIRResource {
    FHIRResource(
      type: type, id: id.afterSlash, version: version, patient: patient, place: stay?.place, make: make)
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let criteria = try ServiceRequestCriteria(search, reading.zone)
    let people = try criteria.patients?.compactMap { try reading.person("patient/\($0)")?.id }
    return try reading.page(search, among: try candidates(criteria, people, reading.reading)) { after, limit in
      try numbers(reading, after: after, limit: limit)
    } look: { found in
      let version = try reading.version(of: found)
      guard
        try holds(criteria, found.state, reading.reading, updated: { try reading.changed(found, version, search) }),
        let resource = try resource(found.state, version, reading),
        people.map({ asked in resource.patient.map { asked.contains($0.id) } ?? false }) ?? true,
        try reading.mayTell(resource)
      else { return nil }
      return resource
    }
  }

  private func holds(
    _ criteria: ServiceRequestCriteria, _ state: any Folded, _ reading: Reading, updated: () throws -> Instant
  ) throws -> Bool {
    switch state {
    case let request as BedRequest: try criteria.holds(reading.goingOn(request), updated: updated)
    case let transfer as PatientTransfer: try criteria.holds(reading.goingOn(transfer), updated: updated)
    default: false
    }
  }

  /// - Parameter people: ids of those asked for, under the identity that lives on.
  private func candidates(
    _ criteria: ServiceRequestCriteria, _ people: [String]?, _ reading: Reading
  ) throws -> [Int]? {
    if let ids = criteria.ids {
      return try reading.numbers(of: ids.flatMap { id in subjectTypes.map { "\($0)/\(id)" } })
    }
    if let encounters = criteria.encounters {
      return try reading.numbers(of: encounters.flatMap { try subjects(ofStay: "stay/\($0)", reading) })
    }
    if let people {
      let files = try people.flatMap { [$0] + (try reading.absorbed(by: $0)) }
      return try reading.numbers(
        of: files.flatMap { file in
          try reading.bedRequests(ofPatient: file)
            + reading.stays(ofPatient: file).flatMap { try subjects(ofStay: $0, reading) }
        })
    }
    guard criteria.isOpenAlone else { return nil }
    return try reading.numbers(of: reading.bedRequests().map(\.id) + reading.transfers(since: .latest).map(\.id))
  }

  /// Those that a stay may have, of which there may be none.
  func subjects(ofStay stay: String, _ reading: Reading) throws -> [String] {
    try ([stay] + reading.stays(continuedAs: stay)).map(BedRequest.subject(ofStay:))
      + reading.transfers(ofStay: stay).map(\.id)
  }
}

extension FHIRReading {
  /// Of `request/<uuid>` or `transfer/<uuid>`; nil for any other subject.
  func serviceRequest(_ subject: String) throws -> FHIRResource? {
    guard let found = try reading.versioned(subject) else { return nil }
    return try ServiceRequestSource().resource(found.state, try version(of: found), self)
  }
}
