import Feeds
import Foundation
import Hospital
import Hummingbird
import HummingbirdTesting
import Ledger
import NIOCore
import Register
import Web

/// A station in a folder of its own, with an administrator and its pages.
final class TestSite: Sendable {
  let clock = TestClock()
  let register: Register
  let app: WebApp
  let admin: Accounts.First
  private let folder: URL

  init(
    carrying: ((String) -> Carrying)? = nil, feeds: ((Register) throws -> Answering)? = nil,
    others: [OtherStation] = [], handsBack: Bool = false, emergency: EmergencySettings = .usual,
    reentry: ReentryForm = .usual
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "permanence-web-\(UUID().uuidString)")
    self.folder = folder
    let environment = clock.environment
    try Register.create(
      folder: folder.path, station: "adm-1", structure: TestSite.structure, environment: environment)
    register = try Register(folder: folder.path, access: .writing, environment: environment)
    admin = try await Accounts.createFirst(register, environment: environment, scryptRounds: 16)
    app = try WebApp(
      register: register, environment: environment, reentry: reentry, emergencySettings: emergency,
      otherStations: { others }, carrying: carrying.map { $0("\(folder.path)/carrier") },
      feeds: try feeds?(register), handbacks: handsBack ? HandbackDesk(register, environment) : nil, isSecure: false)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func run(_ test: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
    try await Application(router: app.router()).test(.router, test)
  }

  /// The same with pages that only a test has.
  func run(
    with more: (Router<PageContext>) -> Void, _ test: @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    let router = app.router()
    more(router)
    try await Application(router: router).test(.router, test)
  }

  /// The same once the station has stopped and started again.
  func runRestarted(_ test: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
    let app = try WebApp(register: register, environment: clock.environment, isSecure: false)
    try await Application(router: app.router()).test(.router, test)
  }

  /// Opens an account with these roles, with the password `secret-of-test`.
  func account(_ login: String, _ roles: [Role], units: [String] = []) async throws -> String {
    let id = "account/\(clock.environment.newID())"
    let command = OpenAccount(
      account: id, login: login, name: login.uppercased(), function: nil, roles: roles, units: units)
    _ = try await register.submit(Submission(command, key: clock.environment.newID(), author: "system"))
    try register.keep(
      Credential(account: id, login: login, verifier: ScryptVerifier(of: TestSite.secret, salt: [1], rounds: 16)))
    return id
  }

  /// Said by the station itself.
  @discardableResult
  func submit(_ command: any Command) async throws -> Receipt {
    try await register.submit(Submission(command, key: clock.environment.newID(), author: "system"))
  }

  static let secret = "secret-of-test"

  private static var structure: Structure {
    let beds = ["1", "2", "3"].map { Room.Place(code: $0, kind: .bed, isolation: false) }
    let unit = CareUnit(
      code: "4EST", name: "Médecine 4 Est", division: "Médecine", responsibilities: ["medical", "lodging", "care"],
      specialty: "medicine", phone: nil, rooms: [Room(code: "412", beds: beds)], discreet: false)
    return Structure(
      name: "Hôpital de <Valmont>", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000001", name: "Valmont", units: [unit])],
      numbers: [
        .ipp: NumberFormat(prefix: "8", length: 9, check: "none", first: 1, last: 9999),
        .nda: NumberFormat(prefix: "9", length: 9, check: "none", first: 1, last: 9999),
      ], ippAuthority: "1.2.250.1.999.1", ndaAuthority: "1.2.250.1.999.2", emergencyKeepsNumber: true,
      lateEntryHoursMax: 72)
  }
}

/// A browser: keeps its session's cookie, sends forms with their token.
struct TestBrowser {
  var client: any TestClientProtocol
  var session = ""
  var csrf = ""
  var language: String?

  init(_ client: any TestClientProtocol) { self.client = client }

  /// Signed in.
  init(_ client: any TestClientProtocol, _ login: String, _ secret: String = TestSite.secret) async throws {
    self.client = client
    let answer = try await post("/sign-in", ["login": login, "pin": secret])
    session = answer.sessionCookie ?? ""
    csrf = try await get("/account").hidden("csrf") ?? ""
  }

  func get(_ address: String, accept: String = "text/html", _ more: HTTPFields = [:]) async throws -> TestAnswer {
    try await send(.get, address, nil, accept, more)
  }

  /// Sends a form; the session's token goes with it unless the form says otherwise.
  func post(
    _ address: String, _ fields: KeyValuePairs<String, String>, accept: String = "text/html", _ more: HTTPFields = [:]
  ) async throws -> TestAnswer {
    var pairs = fields.map { ($0.key, $0.value) }
    if !csrf.isEmpty, !pairs.contains(where: { $0.0 == "csrf" }) { pairs.append(("csrf", csrf)) }
    let body = pairs.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    var headers = more
    headers[.contentType] = "application/x-www-form-urlencoded"
    return try await send(.post, address, body, accept, headers)
  }

  func post(_ address: String, json: String, _ more: HTTPFields = [:]) async throws -> TestAnswer {
    var headers = more
    headers[.contentType] = "application/json"
    return try await send(.post, address, json, "application/json", headers)
  }

  func send(
    _ method: HTTPRequest.Method, _ address: String, _ body: String?, _ accept: String, _ more: HTTPFields
  ) async throws -> TestAnswer {
    var headers = more
    headers[.accept] = accept
    let cookies = [session.isEmpty ? nil : "session=\(session)", language.map { "language=\($0)" }].compactMap { $0 }
    if !cookies.isEmpty { headers[.cookie] = cookies.joined(separator: "; ") }
    let response = try await client.executeRequest(
      uri: address, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    return TestAnswer(response)
  }

  func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}

struct TestAnswer {
  let status: Int
  let headers: HTTPFields
  let text: String

  init(_ response: TestResponse) {
    status = Int(response.status.code)
    headers = response.headers
    text = String(buffer: response.body)
  }

  var location: String? { headers[.location] }
  var json: JSON? { try? JSON(parsing: text) }

  var sessionCookie: String? {
    headers[values: .setCookie].first { $0.hasPrefix("session=") }?
      .split(separator: ";").first.map { String($0.dropFirst("session=".count)) }
  }

  /// The value of a hidden field.
  func hidden(_ name: String) -> String? {
    let start = "<input type=\"hidden\" name=\"\(name)\" value=\""
    guard let range = text.range(of: start) else { return nil }
    return String(text[range.upperBound...].prefix { $0 != "\"" })
      .replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
      .replacingOccurrences(of: "&amp;", with: "&")
  }
}
