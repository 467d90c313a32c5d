import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

extension TestSite {
  /// The header that a program reads with, once it has shown its secret.
  func program(
    _ client: TestBrowser, _ scopes: [String], _ login: String = "programme", units: [String] = []
  ) async throws -> HTTPFields {
    let id = try await account(login, [.client], units: units)
    try register.keep(Client(account: id, secret: "s3cret", scopes: scopes))
    return try await client.token(of: id)
  }
}

extension TestBrowser {
  func token(of program: String) async throws -> HTTPFields {
    let answer = try await post(
      "/fhir/token",
      [
        "grant_type": "client_credentials", "client_id": program.afterSlash, "client_secret": "s3cret",
      ], accept: "application/json")
    let token = try #require(answer.json?["access_token"]?.string)
    return [.authorization: "Bearer \(token)"]
  }

  /// What a program is answered at `/fhir/…`.
  func fhir(_ path: String, _ token: HTTPFields, _ more: HTTPFields = [:]) async throws -> TestAnswer {
    var headers = token
    for field in more { headers.append(field) }
    return try await get("/fhir/\(path)", accept: "application/fhir+json", headers)
  }
}

extension TestAnswer {
  /// The resources of a bundle.
  var resources: [JSON] { json?["entry"]?.array?.compactMap { $0["resource"] } ?? [] }
}
