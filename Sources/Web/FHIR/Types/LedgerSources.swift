import Hospital
import Interop
import Ledger
import Register

/// Lines of the ledger, as where what is known comes from.
struct ProvenanceSource: FHIRSource {
  let type = "Provenance"
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("patient", "reference"), ("recorded", "date"), ("target", "reference"),
  ]

  /// What lines are about, and the subjects that these are: of several, a line by itself is told of the first.
  private static let targets: [(source: any FHIRSource, subjects: [String])] = [
    (PatientSource(), ["patient"]), (EncounterSource(), ["stay"]), (EpisodeOfCareSource(), ["stay"]),
    (ServiceRequestSource(), ["request", "transfer"]), (AppointmentSource(), ["appointment"]),
    (LocationSource(), ["bed"]),
  ]

  private struct Target {
    var subjects: [String]
    var resource: FHIRResource

    func isOf(_ fact: Fact) -> Bool { subjects.contains { fact.subject.sameBytes(as: $0) } }
  }

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let version = try reading.reading.version(id) else { return nil }
    let commit = try reading.reading.commit(version)
    for (source, types) in Self.targets {
      for fact in commit.facts where types.contains(String(fact.subject.prefix { $0 != "/" })) {
        guard let about = try source.resource(fact.subject.afterSlash, reading) else { continue }
        return try resource(version, commit, of: [Target(subjects: [fact.subject], resource: about)], reading)
      }
    }
    return nil
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let asked = try search.parameters.filter { ["patient", "target"].contains($0.name) }
      .map { try targets($0, reading) }
    let recorded = try search.bounds("recorded", reading.zone)
    func holds(_ version: Version) -> Bool {
      recorded.allSatisfy { $0.contains { $0.holds(version.writtenAt, version.writtenAt) } }
    }
    let ids = search.common("_id")
    guard ids != nil || !asked.isEmpty else { throw Problem(.badRequest, "fhir.target-needed") }
    let named = try ids?.compactMap { try reading.reading.version($0) }.filter(holds)
    if asked.isEmpty, let named {
      return reading.page(
        search, of: try named.compactMap { try resource($0.id, reading) }.filter { try reading.mayTell($0) })
    }
    let lines = try named ?? asked[0].flatMap(\.subjects).flatMap { try reading.reading.versions(of: $0) }
    var seen: Set<Version> = []
    return reading.page(
      search,
      of: try lines.filter { holds($0) && seen.insert($0).inserted }.compactMap { version in
        let commit = try reading.reading.commit(version)
        let found = asked.compactMap { $0.first { target in commit.facts.contains(where: target.isOf) } }
        return found.count == asked.count ? try resource(version, commit, of: found, reading) : nil
      })
  }

  /// The lines about resources that a program is told of, each about all of these that it speaks of.
  /// - Throws: `FHIRSearch.Fault` where there are more than so many.
  func lines(about resources: [FHIRResource], atMost count: Int, _ reading: FHIRReading) throws -> [FHIRResource] {
    let targets = resources.map { resource in
      let types = Self.targets.first { $0.source.type == resource.type }?.subjects ?? []
      return Target(subjects: types.map { "\($0)/\(resource.id)" }, resource: resource)
    }
    var lines: [Version] = []
    var seen: Set<Version> = []
    for subject in targets.flatMap(\.subjects) {
      lines += try reading.reading.versions(of: subject).filter { seen.insert($0).inserted }
      guard lines.count <= count else { throw FHIRSearch.Fault.tooManyToInclude(count) }
    }
    return try lines.compactMap { version in
      let commit = try reading.reading.commit(version)
      return try resource(
        version, commit, of: targets.filter { commit.facts.contains(where: $0.isOf) }, reading)
    }
  }

  /// Those of the resources that a parameter names of which the program may be told.
  private func targets(_ asked: FHIRSearch.Parameter, _ reading: FHIRReading) throws -> [Target] {
    try Self.targets.filter { asked.name == "target" || $0.source.type == "Patient" }.flatMap { source, types in
      try asked.references(source.type).compactMap { id in
        guard let about = try source.resource(id, reading), try reading.mayTell(about) else { return nil }
        return Target(subjects: types.map { "\($0)/\(about.id)" }, resource: about)
      }
    }
  }

  /// A line, told of as the first of these is.
  private func resource(
    _ version: Version, _ commit: Commit, of targets: [Target], _ reading: FHIRReading
  ) throws -> FHIRResource? {
    let facts = commit.facts.filter { fact in targets.contains { $0.isOf(fact) } }
    guard let first = facts.first, let about = targets.first?.resource else { return nil }
    // A place has no versions to point at.
    let paths = targets.map {
      $0.resource.version == nil ? $0.resource.path : "\($0.resource.path)/_history/\(version.id)"
    }
    let program = try reading.reading.account(version.author).flatMap { $0.roles.contains(.client) ? $0.name : nil }
    return FHIRResource(type: type, id: version.id, patient: about.patient, place: about.place) {
      ProvenanceResource.json(
        id: version.id, targets: paths, writtenAt: version.writtenAt, author: version.author,
        program: program, station: version.station, sender: commit.source?.sender, kinds: facts.map(\.kind),
        happenedAt: first.at)
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
    return try reading.reading.reads(after: 0, only: [number], limit: 1).first.map { try resource($0, reading) }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let dates = try search.bounds("date", reading.zone)
    let limit = search.countsAlone ? FHIRReading.lookedMax : search.count
    // One more tells whether there is another page.
    let read = try reading.reading.reads(
      after: search.after, only: search.common("_id")?.compactMap { Int($0) },
      patients: search.common("patient") { $0.references("Patient").map { "patient/\($0.lowercased())" } },
      accounts: search.common("agent") { agent in
        ["Practitioner", "Device"].flatMap(agent.references).map { "account/\($0.lowercased())" }
      },
      limit: limit + 1)
    let found = read.prefix(limit)
    let told = found.filter { entry in dates.allSatisfy { $0.contains { $0.holds(entry.read.at, entry.read.at) } } }
    return FHIRPage(
      found: try told.map { try resource($0, reading) }.filter { search.holds($0.make) },
      next: found.count < read.count ? found.last?.number : nil)
  }

  private func resource(_ entry: (number: Int, read: PatientRead), _ reading: FHIRReading) throws -> FHIRResource {
    let read = entry.read
    let account = try reading.reading.account(read.account)
    return FHIRResource(type: type, id: String(entry.number)) {
      AuditEventResource.json(
        id: String(entry.number), account: read.account, name: account?.name,
        isProgram: account?.roles.contains(.client) ?? false, patient: read.patient, at: read.at, place: read.where,
        why: read.why)
    }
  }
}
