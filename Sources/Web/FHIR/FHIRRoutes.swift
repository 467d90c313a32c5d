import Hummingbird
import Interop

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
    router.get("/fhir/\(ChangesDefinition.path)") { request, _ in
      app.fhir(ChangesDefinition.json(base: app.fhirBase(request)))
    }
    router.get("/fhir/$changes") { request, context in try server.changes(request, context) }
    router.get("/fhir/$export") { request, context in try await server.export(request, context) }
    router.get("/fhir/$export/status") { request, context in try server.exported(request, context) }
    router.delete("/fhir/$export/status") { request, context in try server.forgetExport(request, context) }
    router.get("/fhir/$export/:type") { request, context in try server.exportedFile(request, context) }
    router.get("/fhir/:type") { request, context in
      try await server.search(request.query.pairs, request, context)
    }
    router.post("/fhir/:type") { request, context in try await server.create(request, context) }
    router.post("/fhir/:type/_search") { request, context in
      try await server.search(try await server.sentPairs(request), request, context)
    }
    router.post("/fhir/:type/$match") { request, context in try await server.match(request, context) }
    router.get("/fhir/:type/$export") { request, context in
      try await server.exportOfPatients(request, context)
    }
    router.get("/fhir/:type/:id") { request, context in try await server.read(request, context) }
    router.get("/fhir/:type/:id/_history") { request, context in try server.history(request, context) }
    router.get("/fhir/:type/:id/_history/:version") { request, context in
      try server.readVersion(request, context)
    }
  }
}
