import Hospital
import Hummingbird
import Interop
import Ledger
import NIOCore
import NIOPosix
import Register

/// Searches, a page at a time.
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
      pairs, type: source.type, known: Set(source.parameters.map(\.name)), includes: Set(source.includes),
      revincludes: Set(source.revincludes))
    for parameter in search.parameters {
      guard let chain = parameter.chain else { continue }
      _ = try app.caller(.search, chain.type, request, context)
      // What cannot be asked of them is refused before anybody is looked up.
      _ = try followed(chain, of: parameter.name)
    }
    for type in search.includes.flatMap(Self.includedTypes) { _ = try app.caller(.read, type, request, context) }
    for asked in search.revincludes { _ = try app.caller(.search, Self.referring(asked).type, request, context) }
    let base = app.fhirBase(request)
    let (here, own) = (context.address, "\(base)/\(source.type)".asking(Fields(pairs)))
    // Looking through states is no work for an event loop.
    try await waitForReads()
    let bytes = try await (search.countsAlone ? Self.counting : .singleton).runIfActive {
      if search.countsAlone {
        return FHIRBundle.bytes(
          type: "searchset", base: base, total: try count(search, source, session), links: [("self", own)], [])
      }
      return try bundle(search, source, pairs, session, base, from: here)
    }
    return app.answer(bytes, WebApp.fhirType, .ok)
  }

  private func count(_ search: FHIRSearch, _ source: any FHIRSource, _ session: Session) throws -> Int {
    var search = search
    var total = 0
    while true {
      let page = try reading(session) { try source.page(resolved(search, $0), $0) }
      total += page.found.count
      guard let next = page.next else { return total }
      search.after = next
    }
  }

  private func bundle(
    _ search: FHIRSearch, _ source: any FHIRSource, _ pairs: [(name: String, value: String)], _ session: Session,
    _ base: String, from address: String
  ) throws -> [UInt8] {
    let (page, included) = try reading(session) { reading -> (Told, [FHIRResource]) in
      let told = try self.page(search, source, reading)
      return (told, try self.included(with: told.found, search, reading))
    }
    for resource in page.found + included { record(resource, session, address) }
    let address = "\(base)/\(source.type)"
    var links = [(relation: "self", url: address.asking(Fields(pairs)))]
    if let next = page.next {
      let others = pairs.filter { $0.name != "_after" }
      links.append(("next", address.asking(Fields(others + [("_after", next)]))))
    }
    return FHIRBundle.bytes(
      type: "searchset", base: base, total: page.total, links: links,
      page.found.map { FHIRBundle.Entry(path: $0.path, resource: $0.of(search.subset).make(), mode: "match") }
        + included.map { FHIRBundle.Entry(path: $0.path, resource: $0.make(), mode: "include") })
  }

  /// With those whom a search of their own finds in place of what was asked of them.
  private func resolved(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRSearch {
    try search.resolved { parameter, chain in
      let (source, asked) = try followed(chain, of: parameter.name)
      let page = try source.page(asked.whole(count: FHIRReading.lookedMax), reading)
      guard page.next == nil else { throw FHIRSearch.Fault.tooManyToFollow(parameter.name) }
      return page.found.map(\.id)
    }
  }

  /// - Throws: `FHIRSearch.Fault` for what is no parameter of those to whom `name` refers.
  private func followed(
    _ chain: FHIRSearch.Chain, of name: String
  ) throws -> (source: any FHIRSource, asked: FHIRSearch) {
    guard let source = Self.sources.first(where: { $0.type == chain.type }) else {
      throw FHIRSearch.Fault.unknown(name)
    }
    let known = Set(source.parameters.map(\.name))
    for pair in chain.pairs where !known.contains(String(pair.name.prefix { $0 != ":" })) {
      throw FHIRSearch.Fault.unknown("\(name).\(pair.name)")
    }
    return (source, try FHIRSearch(chain.pairs, type: source.type, known: known, includes: []))
  }

  private struct Told {
    var found: [FHIRResource]
    /// Where to go on.
    var next: String?
    /// Of all that answer, where that is known.
    var total: Int?
  }

  private func page(_ asked: FHIRSearch, _ source: any FHIRSource, _ reading: FHIRReading) throws -> Told {
    let search = try resolved(asked, reading)
    guard let sorting = search.sorting else {
      let page = try source.page(search, reading)
      // The number of all is known where this is all.
      let total = search.after == 0 && page.next == nil ? page.found.count : nil
      return Told(found: page.found, next: page.next.map(String.init), total: total)
    }
    // No index knows the order: what answers is looked through as a page is, and put in order here.
    let whole = try source.page(search.whole(count: FHIRReading.lookedMax), reading)
    guard whole.next == nil else { throw FHIRSearch.Fault.tooManyToSort(FHIRReading.lookedMax) }
    let placed = whole.found.map { (place: sorting.place(of: $0.make()), resource: $0) }
      .sorted { sorting.precedes($0.place, $1.place) }
    let rest = search.afterPlace.map { last in placed.filter { sorting.precedes(last, $0.place) } } ?? placed
    let told = rest.prefix(search.count)
    return Told(
      found: told.map(\.resource), next: told.count < rest.count ? told.last?.place.text : nil, total: placed.count)
  }

  /// Whatever tells of somebody is a reading of their file.
  func record(_ resource: FHIRResource, _ session: Session, _ address: String) {
    guard let patient = resource.patient else { return }
    let place = "FHIR \(resource.type)"
    app.register.recordRead(
      account: session.account, patient: patient.id, where: address.isEmpty ? place : "\(place) · \(address)")
  }
}
