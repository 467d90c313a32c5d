import Foundation
import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// How a program proves who it is: OAuth 2.0 client credentials (RFC 6749 section 4.4), as SMART on FHIR finds it.
enum FHIRTokenRoutes: Routes {
  static let operations: [Operation] = [
    .post(
      "/fhir/token", "A short-lived token for a program (OAuth 2.0 client credentials)",
      fields: [
        Field("grant_type", .choice(["client_credentials"])), Field("scope", "Fewer than the program has, by blanks"),
        Field("client_id", "Here, or as HTTP Basic"), Field("client_secret"),
      ],
      answer: .json(
        .object([
          Field("access_token"), Field("token_type"), Field("expires_in", .integer()), Field("scope"),
        ])), access: .anyone),
    .get(
      "/fhir/.well-known/smart-configuration", "Where programs get their tokens", answer: .media("application/json"),
      access: .anyone),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    let attempts = Attempts()
    router.post("/fhir/token") { request, context in try await app.token(attempts, request, context) }
    router.get("/fhir/.well-known/smart-configuration") { request, _ in
      app.json([
        "token_endpoint": .string("\(app.fhirBase(request))/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "grant_types_supported": ["client_credentials"], "scopes_supported": ["system/*.rs", "system/Patient.crs"],
        "capabilities": ["client-confidential-symmetric", "permission-v2"],
      ])
    }
  }
}

extension WebApp {
  fileprivate func token(_ attempts: Attempts, _ request: Request, _ context: PageContext) async throws -> Response {
    let form = try await openForm(request, context)
    func refused(_ error: String, _ status: HTTPResponse.Status, retryAfter: Int? = nil) -> Response {
      var response = json(["error": .string(error)], status: status)
      if status == .unauthorized { response.headers[.wwwAuthenticate] = "Basic realm=\"fhir\"" }
      if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
      return response
    }
    let (id, secret) = request.basicCredentials ?? (form["client_id"] ?? "", form["client_secret"] ?? "")
    guard form["grant_type"] == "client_credentials" else {
      return refused(form["grant_type"] == nil ? "invalid_request" : "unsupported_grant_type", .badRequest)
    }
    let name = String(id.prefix(64))
    let now = environment.now()
    if let seconds = attempts.begin(login: name, address: context.address, at: now) {
      return refused("invalid_client", .tooManyRequests, retryAfter: seconds)
    }
    let client = id.isUUID ? try register.client("account/\(id.lowercased())") : nil
    guard let client, client.matches(secret), let account = try register.read({ try $0.account(client.account) }),
      account.isActive(at: now)
    else { return refused("invalid_client", .unauthorized) }
    attempts.succeeded(login: name, address: context.address)
    let granted = client.scopes.compactMap(FHIRScope.init)
    var scopes = granted
    if let asked = form["scope"] {
      scopes = asked.split(separator: " ").compactMap { FHIRScope(String($0)) }
      guard scopes.count == asked.split(separator: " ").count, scopes.allSatisfy({ $0.isWithin(granted) }) else {
        return refused("invalid_scope", .badRequest)
      }
    }
    let token = Secret.token(environment.randomBytes(32))
    let until = now.adding(seconds: ClientTokens.secondsMax)
    tokens.issue(FHIRCaller(account: account, scopes: scopes, until: until), token: token, at: now)
    return json([
      "access_token": .string(token), "token_type": "Bearer", "expires_in": .integer(ClientTokens.secondsMax),
      "scope": .string(scopes.map(\.text).joined(separator: " ")),
    ])
  }
}

extension Request {
  /// RFC 7617, with what RFC 6749 says of it: both parts are percent-encoded.
  fileprivate var basicCredentials: (id: String, secret: String)? {
    guard let header = headers[.authorization], header.hasPrefix("Basic "),
      let data = Data(base64Encoded: String(header.dropFirst(6)))
    else { return nil }
    let parts = data.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let id = Fields.decoded(parts[0], plusIsSpace: true),
      let secret = Fields.decoded(parts[1], plusIsSpace: true)
    else { return nil }
    return (id, secret)
  }
}
