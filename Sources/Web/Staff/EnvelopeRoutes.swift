import Hospital
import Hummingbird
import Ledger

/// Sealed envelopes: a badge and a PIN for a unit and a role, printed and put in the cadre's cupboard before the night.
enum EnvelopeRoutes: Routes {
  static let countMax = 20

  static let operations: [Operation] = [
    .get("/staff/envelopes", "The form of sealed envelopes", answer: .json(.any)),
    .post(
      "/staff/envelopes", "Make sealed envelopes; their PINs are shown once",
      fields: [
        Field("units", .list(.text())), Field("roles", .list(.role), required: true),
        Field("count", .integer(min: 1, max: countMax)),
      ], answer: .json(.newAccounts)),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/staff/envelopes") { request, context in
      try app.require(.staff, request, context)
      return app.answer(try app.envelopesPage(context), request, context)
    }
    router.post("/staff/envelopes") { request, context in
      let form = try await app.form(request, context)
      try app.require(.staff, request, context)
      let page = try app.envelopesPage(context)
      guard let count = Int(form["count"] ?? "1"), (1...countMax).contains(count) else {
        let refusal = Refusal("envelope-count", field: "count", ["most": String(countMax)])
        return app.answer(page, refused: refusal, form, request, context)
      }
      return try await app.openEnvelopes(count, form, page, request, context)
    }
  }
}

extension WebApp {
  fileprivate func envelopesPage(_ context: PageContext) throws -> FormPage {
    let fields = try accountForm(context)
    return FormPage(
      title: texts("staff.envelopes", context.language), intro: texts("staff.envelopes.intro", context.language),
      action: "/staff/envelopes",
      fields: [
        fields.unit(nil), fields.roles([.nurse]),
        PageField(name: "count", label: texts("staff.envelopes.count", context.language), values: ["1"]),
      ], button: texts("staff.envelopes.make", context.language), back: "/staff", nav: .staff)
  }

  fileprivate func openEnvelopes(
    _ count: Int, _ form: Form, _ page: FormPage, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    var opened: [Account] = []
    var taken: Set<String> { Set(opened.compactMap(\.login)) }
    let units = form.all("units")
    for number in 1...count {
      let name = "secours \(units.first ?? "") \(form.roles.first?.rawValue ?? "")"
      let command = OpenAccount(
        account: "account/\(environment.newID())", login: try freeLogin(for: name, except: taken), name: nil,
        function: nil,
        roles: form.roles, units: units, emergency: true)
      // One key for each envelope of this form: sent twice, no envelope is made twice.
      let key = Name.uuid5(of: "envelope|\(form.command)|\(number)")
      switch try await act(command, key: key, context) {
      case .refused(let refusal, _, _):
        return answer(page, refused: refusal, form, request, context)
      case .done(let receipt):
        guard !receipt.isRepeated, let id = receipt.subject("account") else { return redirect("/staff?q=secours") }
        if let account = try register.read({ try $0.account(id) }) { opened.append(account) }
      }
    }
    return try await show(opened, title: texts("staff.envelopes", context.language), request, context)
  }
}
