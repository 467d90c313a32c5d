import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// What was known of a resource, and when it came here.
extension FHIRServer {
  private static let versionsMax = 100

  func readVersion(_ request: Request, _ context: PageContext) throws -> Response {
    let subset = try subset(request)
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
    return app.answer(resource.of(subset), request)
  }

  func history(_ request: Request, _ context: PageContext) throws -> Response {
    let (source, subject, now, session, context) = try subject(request, context)
    let search = try FHIRSearch(request.query.pairs, known: ["_since"], includes: [])
    let base = app.fhirBase(request)
    let (found, next, isWhole) = try reading(session) { reading in
      let versions = try reading.reading.versions(of: subject)
      let since = try search.bounds("_since", reading.zone).flatMap(\.self)
      guard since.allSatisfy({ $0.comparison == .equal }) else { throw FHIRSearch.Fault.value("_since") }
      let first = versions.firstIndex { version in since.allSatisfy { version.cameAt >= $0.from } } ?? versions.count
      // Newest first; a page ends above the oldest ones that are left, whose places no new version changes.
      let end = search.after == 0 ? versions.count : min(search.after, versions.count)
      let begin = search.countsAlone ? first : max(end - min(search.count, Self.versionsMax), first)
      let told = try versions[min(begin, end)..<end].reversed().compactMap { version in
        try reading.reading.state(of: subject, at: version).flatMap { try source.resource($0, version, reading) }
      }.filter { then in
        // Somebody else's then: told as lists tell.
        try then.patient?.id == now.patient?.id || reading.mayTell(then)
      }
      return (told, begin > first ? begin : nil, begin == first && end == versions.count)
    }
    if !search.countsAlone {
      for then in found where then.patient?.id != now.patient?.id { record(then, session, context.address) }
    }
    let address = "\(base)/\(now.path)/_history"
    let own = request.query.pairs.filter { $0.name != "_after" }
    var links = [(relation: "self", url: address.asking(request.query))]
    if let next { links.append(("next", address.asking(Fields(own + [("_after", String(next))])))) }
    let entries = (search.countsAlone ? [] : found).map { resource in
      let json = resource.make()
      var entry = FHIRBundle.Entry(path: resource.path, resource: search.subset?.of(json) ?? json)
      entry.tag = WebApp.tag(json.bytes)
      entry.modified = resource.version?.cameAt.text
      return entry
    }
    // The number of all is known where this is all: a version that is withheld is in no number.
    return app.answer(
      FHIRBundle.bytes(type: "history", base: base, total: isWhole ? found.count : nil, links: links, entries),
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
        let version = try reading.version(of: subject.state)
        return try source.resource(subject.state.state, version, reading).map { (subject.name, $0) }
      }
    }
    guard let (subject, resource) = found else { throw Problem(.notFound, "fhir.no-resource") }
    try open(resource, request, context)
    return (source, subject, resource, session, context)
  }
}
