import Hospital
import Hummingbird
import Interop
import Ledger
import NIOCore
import Register

/// FHIR R4, for programs: what `/fhir/metadata` says of it.
enum FHIRRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/fhir/metadata", "The CapabilityStatement, which describes everything under /fhir",
      answer: .media(WebApp.fhirType), access: .anyone)
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    let server = FHIRServer(app)
    router.get("/fhir/metadata") { request, _ in app.fhir(server.capabilities(request)) }
    router.get("/fhir/:type/:id") { request, context in try server.read(request, context) }
  }
}

/// What is done with resources of every type.
struct FHIRServer: Sendable {
  let app: WebApp

  private static let sources: [any FHIRSource] = [PatientSource()]

  init(_ app: WebApp) { self.app = app }

  func source(_ context: PageContext) throws -> any FHIRSource {
    let type = try context.parameter("type")
    guard let source = Self.sources.first(where: { $0.type == type }) else { throw Problem(.notFound, "fhir.no-type") }
    return source
  }

  func capabilities(_ request: Request) -> JSON {
    CapabilityStatement.json(base: app.fhirBase(request), Self.sources.map(\.capability))
  }

  func read(_ request: Request, _ context: PageContext) throws -> Response {
    let source = try source(context)
    let (_, context) = try app.caller(.read, source.type, request, context)
    let id = try context.parameter("id")
    let now = app.environment.now()
    let resource = try app.register.read { try source.resource(id, FHIRReading($0, at: now)) }
    guard let resource else { throw Problem(.notFound, "fhir.no-resource") }
    if let patient = resource.patient { try app.openFile(patient, page: "FHIR \(source.type)", request, context) }
    return app.answer(resource, request)
  }
}

/// One consistent state, at one moment.
struct FHIRReading {
  let reading: Reading
  let structure: Structure?
  let now: Instant

  init(_ reading: Reading, at now: Instant) throws {
    self.reading = reading
    structure = try reading.structure
    self.now = now
  }
}

/// Where resources of one type come from.
protocol FHIRSource: Sendable {
  var type: String { get }
  var capability: CapabilityStatement.Resource { get }
  /// nil where there is none of that id.
  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource?
}
