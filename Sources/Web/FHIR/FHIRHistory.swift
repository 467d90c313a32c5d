import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// What was known of a resource, and when it came here.
extension FHIRServer {
  private static let versionsMax = 100

  func readVersion(_ request: Request, _ context: PageContext) throws -> Response {
    let (source, subject, now, session, context) = try subject(request, context)
    let asked = try context.parameter("version")
    let resource = try reading(session) { reading -> FHIRResource? in
      guard let version = try reading.reading.versions(of: subject).first(where: { $0.id == asked }),
        let state = try reading.reading.state(of: subject, at: version)
      else { return nil }
      return try source.resource(state, version, reading)
    }
    guard let resource else { throw Problem(.notFound, "fhir.no-resource") }
    // A stay was somebody else's then.
    if resource.patient?.id != now.patient?.id { try open(resource, request, context) }
    return app.answer(resource, request)
  }

  func history(_ request: Request, _ context: PageContext) throws -> Response {
    let (source, subject, now, session, context) = try subject(request, context)
    let search = try FHIRSearch(request.query.pairs, known: [], includes: [])
    let base = app.fhirBase(request)
    let (total, found) = try reading(session) { reading in
      // Newest first.
      let versions = Array(try reading.reading.versions(of: subject).reversed())
      let told = versions.dropFirst(search.after).prefix(min(search.count, Self.versionsMax))
      return (
        versions.count,
        try told.compactMap { version in
          try reading.reading.state(of: subject, at: version).flatMap { try source.resource($0, version, reading) }
        }.filter { then in
          // Somebody else's then: told as lists tell.
          try then.patient?.id == now.patient?.id || reading.mayTell(then)
        }
      )
    }
    for then in found where then.patient?.id != now.patient?.id { record(then, session, context.address) }
    var links = [(relation: "self", url: "\(base)/\(now.path)/_history")]
    let end = search.after + min(search.count, Self.versionsMax)
    if end < total, !search.countsAlone {
      links.append(("next", "\(base)/\(now.path)/_history?_count=\(search.count)&_after=\(end)"))
    }
    let entries = found.map { resource in
      var entry = FHIRBundle.Entry(path: resource.path, resource: resource.make())
      entry.tag = resource.entityTag
      entry.modified = resource.version?.writtenAt.text
      return entry
    }
    return app.answer(
      FHIRBundle.bytes(
        type: "history", base: base, total: total, links: links, search.countsAlone ? [] : entries),
      WebApp.fhirType, .ok)
  }

  /// The file is opened as it is now: what closes it closes its past.
  private func subject(
    _ request: Request, _ context: PageContext
  ) throws -> (
    source: any FHIRSubjectSource, subject: String, now: FHIRResource, session: Session, context: PageContext
  ) {
    guard let source = try source(context) as? any FHIRSubjectSource else {
      throw Problem(.notFound, "fhir.no-history")
    }
    let (session, context) = try app.caller(.read, source.type, request, context)
    let id = try context.parameter("id")
    let found = try reading(session) { reading in
      try source.subject(id, reading).flatMap { subject -> (String, FHIRResource)? in
        let version = try reading.reading.version(of: subject.state)
        return try source.resource(subject.state.state, version, reading).map { (subject.name, $0) }
      }
    }
    guard let (subject, resource) = found else { throw Problem(.notFound, "fhir.no-resource") }
    try open(resource, request, context)
    return (source, subject, resource, session, context)
  }
}
