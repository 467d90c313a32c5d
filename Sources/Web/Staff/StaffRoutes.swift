import Foundation
import Hospital
import Hummingbird
import Ledger
import Register

/// Who may sign in here.
enum StaffRoutes: Routes {
  static let operations: [Operation] = [
    .get("/staff", "All accounts", answer: .json(.object([Field("accounts", .list(.account))])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/staff") { request, context in
      try app.requireStaff(request, context)
      let accounts = try app.register.read { try $0.accounts() }.sorted { StaffRow.before($0, $1) }
      if app.wantsJSON(request) { return app.json(["accounts": .array(accounts.map(app.json(of:)))]) }
      let wanted = request.query["q"]?.trimmed ?? ""
      let rows = accounts.map { StaffRow($0, app, context.language) }.filter { $0.matches(wanted) }
      let model: [String: any Sendable] = [
        "rows": rows.map(\.model), "query": wanted, "none": rows.isEmpty,
        "mayOpen": app.allows(.staff, context),
      ]
      return app.html(
        Page("staff", title: app.texts("nav.staff", context.language), model: model, nav: .staff, live: ["account"]),
        request, context)
    }
  }
}

extension WebApp {
  /// Accounts of every kind, or a temp's.
  @discardableResult
  func requireStaff(_ request: Request, _ context: PageContext) throws -> Session {
    let session = try requireSession(request, context)
    guard allows(.staff, context) || allows(.temporaryStaff, context) else { throw Problem(.forbidden) }
    return session
  }
}

/// One account in the list.
struct StaffRow {
  let account: Account
  let name: String
  let roles: String
  let until: String
  let state: String
  let means: String

  init(_ account: Account, _ app: WebApp, _ language: Language) {
    self.account = account
    name = account.name ?? app.texts(account.emergency ? "staff.sealed" : "staff.unnamed", language)
    roles = account.roles.map { app.texts("role.\($0.rawValue)", language) }.joined(separator: ", ")
    let now = app.environment.now()
    until = account.validUntil.map { app.hours.dayAndTime($0, now: now, language) } ?? "–"
    let state =
      account.closed
      ? "closed" : !account.isActive(at: now) ? "expired" : account.awaitsClaim ? "sealed" : "open"
    self.state = app.texts("staff.state.\(state)", language)
    means = state == "open" ? "fine" : state == "sealed" ? "waiting" : "alert"
  }

  /// Open ones first, then by name.
  static func before(_ left: Account, _ right: Account) -> Bool {
    if left.closed != right.closed { return right.closed }
    return (left.name ?? left.login ?? "~") < (right.name ?? right.login ?? "~")
  }

  func matches(_ wanted: String) -> Bool {
    wanted.isEmpty
      || [name, account.login ?? "", account.function ?? "", roles, account.units.joined(separator: " ")]
        .contains { $0.localizedCaseInsensitiveContains(wanted) }
  }

  var model: [String: any Sendable] {
    [
      "id": String(account.id.dropFirst("account/".count)), "name": name, "login": account.login ?? "–",
      "function": account.function ?? "–", "roles": roles,
      "units": account.units.isEmpty ? "–" : account.units.joined(separator: ", "), "until": until, "state": state,
      "means": means,
    ]
  }
}
