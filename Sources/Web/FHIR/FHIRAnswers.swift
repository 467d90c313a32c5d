import Crypto
import Hospital
import Hummingbird
import Interop
import Ledger
import NIOCore
import Register

extension WebApp {
  static let fhirType = "application/fhir+json"

  /// Whether an address is answered as FHIR.
  static func isFHIR(_ path: String) -> Bool { path.hasPrefix("/fhir/") || path == "/fhir" }

  /// `https://station:8080/fhir`, as whoever asks calls this station.
  func fhirBase(_ request: Request) -> String {
    "\(isSecure ? "https" : "http")://\(request.head.authority ?? "localhost")/fhir"
  }

  func fhir(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
    answer(json.bytes, Self.fhirType, status)
  }

  /// All that is spoken is JSON. Another of FHIR's formats that is asked for, or sent, is refused.
  func checkFormat(_ request: Request) throws {
    func isOther(_ format: String) -> Bool {
      let format = format.lowercased()
      return (format.contains("xml") || format.contains("turtle"))
        && !["json", "*/*", "application/*"].contains { format.contains($0) }
    }
    // What the address says goes before the header (R4 3.1.0.1.11).
    let asked = request.uri.query == nil ? nil : request.query["_format"]
    if let format = asked ?? request.headers[.accept], format != Self.fhirType, isOther(format) {
      throw Problem(.notAcceptable, "fhir.format")
    }
    if request.method == .post, request.headers[.contentType].map(isOther) ?? false {
      throw Problem(.unsupportedMediaType, "fhir.format")
    }
  }

  /// The same sentence as a page would say, as an OperationOutcome.
  func fhirAnswer(_ error: any Error, _ request: Request, _ context: PageContext) -> Response {
    let problem: Problem
    var details: String?
    var field: String?
    switch error {
    case FHIRSearch.Fault.unknown(let name):
      problem = Problem(.badRequest, "fhir.parameter-unknown", ["name": name])
    case FHIRSearch.Fault.value(let name): problem = Problem(.badRequest, "fhir.parameter-value", ["name": name])
    case FHIRSearch.Fault.unbounded(let name, let known):
      problem = Problem(.badRequest, "fhir.parameter-alone", ["name": name, "known": known.joined(separator: ", ")])
    case FHIRSearch.Fault.unsorted(let name, let known):
      problem = Problem(.badRequest, "fhir.sort-unknown", ["name": name, "known": known.joined(separator: ", ")])
    case FHIRSearch.Fault.tooManyToSort(let count):
      problem = Problem(.badRequest, "fhir.sort-many", ["count": String(count)])
    case FHIRSearch.Fault.tooManyToInclude(let count):
      problem = Problem(.badRequest, "fhir.revinclude-many", ["count": String(count)])
    case FHIRSearch.Fault.tooManyToFollow(let name):
      problem = Problem(
        .badRequest, "fhir.chain-many", ["name": name, "count": String(FHIRReading.lookedMax)])
    case let known as Problem: problem = known
    case is GlassNeeded: problem = Problem(.forbidden, "problem.reason-needed")
    case is SignInNeeded: problem = Problem(.unauthorized)
    case let refusal as Refusal:
      problem = Problem(.unprocessableContent, "refusal.\(refusal.code)", refusal.arguments)
      details = "refusal.\(refusal.code)"
      field = refusal.field.flatMap(OperationOutcome.expression(ofTrait:))
    case let fault as RegisterFault:
      context.logger.error("the register failed", metadata: ["fault": "\(fault)"])
      problem = self.problem(fault)
    case let known as any HTTPResponseError: problem = Problem(known.status)
    case is CancellationError: problem = Problem(.serviceUnavailable)
    default:
      context.logger.error("a FHIR request failed", metadata: ["error": "\(type(of: error))"])
      problem = Problem(.internalServerError)
    }
    let outcome = OperationOutcome.json(
      code: OperationOutcome.code(ofStatus: Int(problem.status.code)), problem.sentence(texts, context.language),
      details: details ?? problem.key, expression: field)
    var response = fhir(outcome, status: problem.status)
    if problem.status == .unauthorized {
      // RFC 6750 section 3.1: whoever showed a token is told that it holds no more.
      let isShown = request.headers[.authorization] != nil
      response.headers[.wwwAuthenticate] = "Bearer realm=\"fhir\"" + (isShown ? ", error=\"invalid_token\"" : "")
    }
    if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
    if let allow = problem.allow { response.headers[.allow] = allow }
    return response
  }

  /// The program that asks, and a context in which it acts as a person does on pages.
  /// - Throws: `Problem` 401 without a token that holds, 403 where its scopes do not allow it.
  func caller(
    _ right: FHIRScope.Right, _ type: String, _ request: Request, _ context: PageContext
  ) throws -> (session: Session, context: PageContext) {
    guard let caller = caller(request) else { throw Problem(.unauthorized, "fhir.token-needed") }
    guard caller.scopes.contains(where: { $0.allows(right, type) }) else {
      throw Problem(.forbidden, "fhir.scope", ["scope": "system/\(type).\(right.rawValue)"])
    }
    var context = context
    let session = Session(who: caller.account, csrf: "", began: caller.until, until: caller.until)
    context.session = session
    return (session, context)
  }

  func caller(_ request: Request) -> FHIRCaller? {
    // The scheme is the same in either case (RFC 9110 section 11.1).
    guard let authorization = request.headers[.authorization], authorization.prefix(7).lowercased() == "bearer " else {
      return nil
    }
    return tokens.caller(of: String(authorization.dropFirst(7)), at: environment.now())
  }
}

extension WebApp {
  func answer(_ resource: FHIRResource, _ request: Request, status: HTTPResponse.Status = .ok) -> Response {
    let body = resource.make().bytes
    let tag = Self.tag(body)
    var response: Response
    // Compared weakly (RFC 9110 section 13.1.2): some who stand between take the `W/` away.
    if status == .ok, let known = request.headers[.ifNoneMatch],
      known.split(separator: ",").map(\.trimmingBlanks)
        .contains(where: { $0 == "*" || $0 == tag || $0 == tag.dropFirst(2) })
    {
      response = Response(status: .notModified, headers: [.cacheControl: "no-store"])
    } else {
      response = answer(body, Self.fhirType, status)
    }
    response.headers[.eTag] = tag
    if let version = resource.version { response.headers[.lastModified] = version.cameAt.httpDate }
    return response
  }

  /// Of the words themselves: a version is one subject's line, and a resource tells of others and of the hour too.
  static func tag(_ body: [UInt8]) -> String { "W/\"\(Hex.text(of: SHA256.hash(data: body).prefix(8)))\"" }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().reduce(into: "") { $0.append($1) }
  }
}
