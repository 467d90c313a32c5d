import Hospital
import Hummingbird
import Interop
import Ledger
import NIOCore
import NIOPosix
import Register

/// What is done with resources of every type.
struct FHIRServer: Sendable {
  let app: WebApp
  let zones = LocalTimes()

  static let sources: [any FHIRSource] = [
    PatientSource(), EncounterSource(), EpisodeOfCareSource(), AppointmentSource(), ServiceRequestSource(),
    LocationSource(), OrganizationSource(), PractitionerSource(), ProvenanceSource(), AuditEventSource(),
  ]

  init(_ app: WebApp) { self.app = app }

  func source(_ context: PageContext) throws -> any FHIRSource {
    let type = try context.parameter("type")
    guard let source = Self.sources.first(where: { $0.type == type }) else { throw Problem(.notFound, "fhir.no-type") }
    return source
  }

  func capabilities(_ request: Request) -> JSON {
    CapabilityStatement.json(base: app.fhirBase(request), Self.sources.map(\.capability), operations: ["export"])
  }

  /// One consistent state, as whoever asks may see it.
  func reading<Value>(_ session: Session, _ body: (FHIRReading) throws -> Value) throws -> Value {
    let now = app.environment.now()
    return try app.register.read { try body(try FHIRReading($0, zones, for: session, at: now)) }
  }

  func read(_ request: Request, _ context: PageContext) async throws -> Response {
    let source = try source(context)
    let (session, context) = try app.caller(.read, source.type, request, context)
    try await waitForReads()
    let id = try context.parameter("id")
    guard let resource = try reading(session, { try source.resource(id, $0) }) else {
      throw Problem(.notFound, "fhir.no-resource")
    }
    try open(resource, request, context)
    return app.answer(resource, request)
  }

  /// As a person opens a file: the same marks close it, and who read it is recorded.
  func open(_ resource: FHIRResource, _ request: Request, _ context: PageContext) throws {
    if let patient = resource.patient { try app.openFile(patient, page: "FHIR \(resource.type)", request, context) }
  }
}

// MARK: Searching

extension FHIRServer {
  private static let formBytesMax = 65_536
  /// Where states are counted that no index counts, one search at a time: pages go on beside it.
  private static let counting: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 1)
    pool.start()
    return pool
  }()
  /// Whoever asks waits while more reads than this are not on the disk yet.
  private static let pendingReadsMax = 20_000

  func waitForReads() async throws {
    while app.register.pendingReadsCount > Self.pendingReadsMax { try await Task.sleep(for: .milliseconds(50)) }
  }

  /// What a search by POST sends.
  func sentPairs(_ request: Request) async throws -> [(name: String, value: String)] {
    let body = try await request.body.collect(upTo: Self.formBytesMax)
    guard let fields = Fields(urlencoded: body.readableBytesView) else { throw Problem(.badRequest) }
    return fields.pairs + request.query.pairs
  }

  func search(
    _ pairs: [(name: String, value: String)], _ request: Request, _ context: PageContext
  ) async throws -> Response {
    let source = try source(context)
    let (session, context) = try app.caller(.search, source.type, request, context)
    let search = try FHIRSearch(
      pairs, known: Set(source.parameters.map(\.name)), includes: Set(source.includes))
    if !search.includes.isEmpty { _ = try app.caller(.read, "Patient", request, context) }
    let base = app.fhirBase(request)
    let here = context.address
    // Looking through states is no work for an event loop.
    try await waitForReads()
    let bytes = try await (search.countsAlone ? Self.counting : .singleton).runIfActive {
      if search.countsAlone {
        return FHIRBundle.bytes(
          type: "searchset", base: base, total: try count(search, source, session), links: [], [])
      }
      return try bundle(search, source, pairs, session, base, from: here)
    }
    return app.answer(bytes, WebApp.fhirType, .ok)
  }

  private func count(_ search: FHIRSearch, _ source: any FHIRSource, _ session: Session) throws -> Int {
    var search = search
    var total = 0
    while true {
      let page = try reading(session) { try source.page(search, $0) }
      total += page.found.count
      guard let next = page.next else { return total }
      search.after = next
    }
  }

  private func bundle(
    _ search: FHIRSearch, _ source: any FHIRSource, _ pairs: [(name: String, value: String)], _ session: Session,
    _ base: String, from address: String
  ) throws -> [UInt8] {
    let (page, included) = try reading(session) { reading in
      let page = try source.page(search, reading)
      return (page, search.includes.isEmpty ? [] : try patients(of: page, reading))
    }
    for resource in page.found + included { record(resource, session, address) }
    let own = Fields(pairs.filter { $0.name != "_after" }).urlencoded
    var links = [(relation: "self", url: "\(base)/\(source.type)?\(own)")]
    if let next = page.next {
      links.append(("next", "\(base)/\(source.type)?\(own)\(own.isEmpty ? "" : "&")_after=\(next)"))
    }
    // The number of all is known where this is all.
    let total = search.after == 0 && page.next == nil ? page.found.count : nil
    return FHIRBundle.bytes(
      type: "searchset", base: base, total: total, links: links,
      page.found.map { FHIRBundle.Entry(path: $0.path, resource: $0.make(), mode: "match") }
        + included.map { FHIRBundle.Entry(path: $0.path, resource: $0.make(), mode: "include") })
  }

  private func patients(of page: FHIRPage, _ reading: FHIRReading) throws -> [FHIRResource] {
    var seen: Set<String> = []
    return try page.found.compactMap { found in
      guard let patient = found.patient, seen.insert(patient.id).inserted else { return nil }
      return try PatientSource().resource(patient.id.afterSlash, reading)
    }
  }

  /// Whatever tells of somebody is a reading of their file.
  func record(_ resource: FHIRResource, _ session: Session, _ address: String) {
    guard let patient = resource.patient else { return }
    let place = "FHIR \(resource.type)"
    app.register.recordRead(
      account: session.account, patient: patient.id, where: address.isEmpty ? place : "\(place) · \(address)")
  }
}
