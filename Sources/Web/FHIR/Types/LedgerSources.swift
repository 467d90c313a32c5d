import Hospital
import Interop
import Ledger
import Register

/// Lines of the ledger, as where what is known comes from.
struct ProvenanceSource: FHIRSource {
  let type = "Provenance"
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("patient", "reference"), ("target", "reference"),
  ]

  /// Types of subjects that are resources here.
  private static let targets = [
    "patient": "Patient", "request": "ServiceRequest", "stay": "Encounter", "transfer": "ServiceRequest",
  ]

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let version = try reading.reading.version(id) else { return nil }
    let commit = try reading.reading.commit(version)
    let subjects = commit.facts.map(\.subject).filter { Self.targets[String($0.prefix { $0 != "/" })] != nil }
    return try subjects.first.flatMap { try resource(version, commit, of: $0, reading) }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    if let ids = search.all("_id").first?.values {
      return reading.page(
        search, of: try ids.compactMap { try resource($0, reading) }.filter { try reading.mayTell($0) })
    }
    let patients = search.all("patient") + search.all("target")
    guard let asked = patients.first else { throw Problem(.badRequest, "fhir.target-needed") }
    var all: [FHIRResource] = []
    for (kind, type) in Self.targets where asked.name == "target" || kind == "patient" {
      let ids = asked.values.filter { asked.name == "patient" || $0.contains("\(type)/") }
      for subject in ids.map({ "\(kind)/\($0.afterLastSlash.lowercased())" }) {
        for version in try reading.reading.versions(of: subject) {
          let commit = try reading.reading.commit(version)
          if let found = try resource(version, commit, of: subject, reading), try reading.mayTell(found) {
            all.append(found)
          }
        }
      }
    }
    return reading.page(search, of: all)
  }

  private func resource(
    _ version: Version, _ commit: Commit, of subject: String, _ reading: FHIRReading
  ) throws -> FHIRResource? {
    let facts = commit.facts.filter { $0.subject.sameBytes(as: subject) }
    guard let kind = Self.targets[String(subject.prefix { $0 != "/" })], let first = facts.first else { return nil }
    let about: (patient: Patient?, place: Place?)
    switch kind {
    case "Patient": about = (try reading.reading.patient(subject), nil)
    case "Encounter":
      let stay = try reading.reading.stay(subject)
      about = (try stay.flatMap { try reading.owner(of: $0) }, stay?.place)
    default:
      let request = try reading.serviceRequest(subject)
      about = (request?.patient, request?.place)
    }
    return FHIRResource(type: type, id: version.id, patient: about.patient, place: about.place) {
      ProvenanceResource.json(
        id: version.id, target: (kind, subject.afterSlash), writtenAt: version.writtenAt, author: version.author,
        station: version.station, sender: commit.source?.sender, kinds: facts.map(\.kind), happenedAt: first.at)
    }
  }
}

/// Who read whose file; for programs that may audit.
struct AuditEventSource: FHIRSource {
  let type = "AuditEvent"
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("agent", "reference"), ("date", "date"), ("patient", "reference"),
  ]

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let number = Int(id), number > 0 else { return nil }
    return try reading.reading.reads(after: 0, only: number, limit: 1).first.map { try resource($0, reading) }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let dates = try search.bounds("date", reading.zone)
    let own = search.all("_id").first?.values.first
    let limit = search.countsAlone ? FHIRReading.lookedMax : search.count
    let found = try reading.reading.reads(
      after: search.after, only: own.map { Int($0) ?? 0 },
      patient: search.all("patient").first?.references("Patient").first.map { "patient/\($0)" },
      account: search.all("agent").first?.references("Practitioner").first.map { "account/\($0)" }, limit: limit)
    let told = found.filter { entry in dates.allSatisfy { $0.contains { $0.holds(entry.read.at, entry.read.at) } } }
    return FHIRPage(
      found: try told.map { try resource($0, reading) }, next: found.count == limit ? found.last?.number : nil)
  }

  private func resource(_ entry: (number: Int, read: PatientRead), _ reading: FHIRReading) throws -> FHIRResource {
    let read = entry.read
    let name = try reading.reading.account(read.account)?.name
    return FHIRResource(type: type, id: String(entry.number)) {
      AuditEventResource.json(
        id: String(entry.number), account: read.account, name: name, patient: read.patient, at: read.at,
        place: read.where, why: read.why)
    }
  }
}

extension String {
  /// `<id>` of an address that ends with it.
  fileprivate var afterLastSlash: String {
    String(self[(lastIndex(of: "/").map { index(after: $0) } ?? startIndex)...])
  }
}
