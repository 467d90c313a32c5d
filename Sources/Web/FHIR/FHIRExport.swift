import Hospital
import Hummingbird
import Interop
import Ledger
import NIOCore
import NIOPosix
import Register

/// Bulk Data Access: every resource of some types, a line each. Nothing is prepared and nothing is kept: a file is
/// written as it is fetched, so its address says all there is to know.
extension FHIRServer {
  private static let exported = [
    "Patient", "Encounter", "EpisodeOfCare", "Appointment", "ServiceRequest", "Location", "Organization",
    "Practitioner",
  ]

  /// Of those, what is in the patient compartment.
  private static let ofPatients = ["Patient", "Encounter", "EpisodeOfCare", "Appointment", "ServiceRequest"]

  /// As the specification spells the one format there is.
  private static let formats = ["application/fhir+ndjson", "application/ndjson", "ndjson"]

  /// What is not understood is refused: ignored, it would answer with more than was asked.
  private func check(_ request: Request, known: [String]) throws {
    var met: Set<String> = []
    for (name, value) in request.query.pairs {
      guard known.contains(name) else { throw FHIRSearch.Fault.unknown(name) }
      guard met.insert(name).inserted || name == "_type" else { throw FHIRSearch.Fault.value(name) }
      // A plus sign that nobody percent-encoded has become a blank.
      if name == "_outputFormat", !Self.formats.contains(String(value.map { $0 == " " ? "+" : $0 })) {
        throw FHIRSearch.Fault.value(name)
      }
    }
  }

  /// One date, as it is read once the files are fetched.
  private func checkSince(_ request: Request) throws {
    guard let since = request.query["_since"] else { return }
    let zone = LocalTime(of: try app.register.read { try $0.structure })
    guard !since.contains(","), FHIRDateBound("ge\(since)", zone) != nil else {
      throw FHIRSearch.Fault.value("_since")
    }
  }

  func export(_ request: Request, _ context: PageContext) async throws -> Response {
    try await export("$export", Self.exported, request, context)
  }

  /// The same of everybody's files, without the places and people of the hospital.
  func exportOfPatients(_ request: Request, _ context: PageContext) async throws -> Response {
    guard try source(context).type == "Patient" else { throw Problem(.notFound) }
    return try await export("Patient/$export", Self.ofPatients, request, context)
  }

  private func export(
    _ operation: String, _ known: [String], _ request: Request, _ context: PageContext
  ) async throws -> Response {
    let types = try types(known, request, context)
    try check(request, known: ["_type", "_since", "_outputFormat"])
    try checkSince(request)
    guard request.headers[.prefer]?.contains("respond-async") ?? false else {
      throw Problem(.badRequest, "fhir.async")
    }
    let now = app.environment.now()
    // What is being written now may bear an earlier hour, and whoever asks since this one would never be told of it.
    try await NIOThreadPool.singleton.runIfActive { try app.register.waitForWriter() }
    var query = [(name: "_type", value: types.joined(separator: ",")), ("at", now.text)]
    if let since = request.query["_since"] { query.append(("_since", since)) }
    let asked = request.query.pairs.isEmpty ? "" : "?\(Fields(request.query.pairs).urlencoded)"
    query.append(("asked", operation + asked))
    let status = "\(app.fhirBase(request))/$export/status?\(Fields(query).urlencoded)"
    return Response(status: .accepted, headers: [.contentLocation: status, .cacheControl: "no-store"])
  }

  func exported(_ request: Request, _ context: PageContext) throws -> Response {
    let types = try types(Self.exported, request, context)
    try check(request, known: ["_type", "at", "_since", "asked"])
    guard let at = request.query["at"].flatMap(Instant.init) else { throw FHIRSearch.Fault.value("at") }
    let since = request.query["_since"].map { "?\(Fields([("_since", $0)]).urlencoded)" } ?? ""
    let base = app.fhirBase(request)
    return app.json([
      "transactionTime": .string(at.text), "request": .string("\(base)/\(request.query["asked"] ?? "$export")"),
      "requiresAccessToken": true,
      "output": .array(types.map { ["type": .string($0), "url": .string("\(base)/$export/\($0)\(since)")] }),
      "error": [],
    ])
  }

  /// There is nothing to forget, and whoever asks need not know.
  func forgetExport(_ request: Request, _ context: PageContext) throws -> Response {
    _ = try types(Self.exported, request, context)
    return Response(status: .accepted, headers: [.cacheControl: "no-store"])
  }

  func exportedFile(_ request: Request, _ context: PageContext) throws -> Response {
    let source = try source(context)
    guard Self.exported.contains(source.type) else { throw Problem(.notFound, "fhir.no-type") }
    let (session, context) = try app.caller(.search, source.type, request, context)
    try check(request, known: ["_since"])
    // A date that cannot be read is refused before the first line.
    try checkSince(request)
    var pairs = [(name: "_count", value: String(FHIRSearch.countMax))]
    if let since = request.query["_since"], source.parameters.contains(where: { $0.name == "_lastUpdated" }) {
      pairs.append(("_lastUpdated", "ge\(since)"))
    }
    var search = try FHIRSearch(pairs, known: ["_lastUpdated"], includes: [])
    search.isSince = request.query["_since"] != nil
    let (whole, here) = (search, context.address)
    return Response(
      status: .ok, headers: [.contentType: "application/fhir+ndjson", .cacheControl: "no-store"],
      body: ResponseBody { writer in try await write(whole, source, session, here, to: &writer) })
  }

  private func write(
    _ search: FHIRSearch, _ source: any FHIRSource, _ session: Session, _ address: String,
    to writer: inout any ResponseBodyWriter
  ) async throws {
    var search = search
    while true {
      // A file may take longer than a token lasts; a program that was revoked is told no more.
      let account = try app.register.read { try $0.account(session.account) }
      guard account?.isActive(at: app.environment.now()) == true else { throw CancellationError() }
      let asked = search
      let (lines, next) = try await NIOThreadPool.singleton.runIfActive {
        try ndjson(asked, source, session, address)
      }
      if lines.readableBytes > 0 { try await writer.write(lines) }
      guard let next else { break }
      search.after = next
      try await waitForReads()
    }
    try await writer.finish(nil)
  }

  private func ndjson(
    _ search: FHIRSearch, _ source: any FHIRSource, _ session: Session, _ address: String
  ) throws -> (ByteBuffer, Int?) {
    let page = try reading(session) { try source.page(search, $0) }
    var buffer = ByteBuffer()
    for resource in page.found {
      record(resource, session, address)
      buffer.writeBytes(resource.make().bytes)
      buffer.writeInteger(UInt8(ascii: "\n"))
    }
    return (buffer, page.next)
  }

  /// The types asked for, or all that the program may search.
  private func types(_ known: [String], _ request: Request, _ context: PageContext) throws -> [String] {
    let said = Fields(request.query.pairs).all("_type")
    let asked = said.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map(String.init)
    guard !said.isEmpty else {
      guard let caller = app.caller(request) else { throw Problem(.unauthorized, "fhir.token-needed") }
      let types = known.filter { type in caller.scopes.contains { $0.allows(.search, type) } }
      guard !types.isEmpty else { throw Problem(.forbidden, "fhir.scope", ["scope": "system/Patient.s"]) }
      return types
    }
    for type in asked {
      guard known.contains(type) else { throw Problem(.badRequest, "fhir.no-type") }
      _ = try app.caller(.search, type, request, context)
    }
    return known.filter(asked.contains)
  }
}
