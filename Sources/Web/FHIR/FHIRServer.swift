import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// What is done with resources of every type.
struct FHIRServer: Sendable {
  let app: WebApp

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
    CapabilityStatement.json(
      base: app.fhirBase(request), Self.sources.map(\.capability), operations: ["changes", "export"])
  }

  /// One consistent state, as whoever asks may see it.
  func reading<Value>(_ session: Session, _ body: (FHIRReading) throws -> Value) throws -> Value {
    let now = app.environment.now()
    return try app.register.read { try body(try FHIRReading($0, for: session, at: now)) }
  }

  func read(_ request: Request, _ context: PageContext) async throws -> Response {
    let source = try source(context)
    let (session, context) = try app.caller(.read, source.type, request, context)
    let subset = try subset(request)
    try await waitForReads()
    let id = try context.parameter("id")
    guard let resource = try reading(session, { try source.resource(id, $0) }) else {
      throw Problem(.notFound, "fhir.no-resource")
    }
    try open(resource, request, context)
    return app.answer(resource.of(subset), request)
  }

  /// What a read asks of its resource; of most nothing is said.
  func subset(_ request: Request) throws -> FHIRSubset? {
    request.uri.query == nil ? nil : try FHIRSubset(request.query.pairs)
  }

  /// As a person opens a file: the same marks close it, and who read it is recorded.
  func open(_ resource: FHIRResource, _ request: Request, _ context: PageContext) throws {
    if let patient = resource.patient { try app.openFile(patient, page: "FHIR \(resource.type)", request, context) }
  }
}
