import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// The emergency visit summaries of each day: how complete they are, which are there, and the files in order.
enum RPURoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/rpu", "Emergency visit summaries by day: visits, completeness of each field, what is acknowledged",
      answer: .json(.object([Field("days", .list(.object(fields)), required: true)]))),
    .get("/rpu/{day}", "A day's file", query: [Field("day", .date)], answer: .media("application/xml")),
    .post(
      "/rpu/{day}", "A day's file is there", query: [Field("day", .date)],
      fields: [Field("hash", required: true, "Of the passages as they were sent; another one is refused")]),
  ]

  private static let fields = [
    Field("day", .date, required: true), Field("visits", .integer(min: 0), required: true),
    Field("hash", required: true), Field("acknowledged", .flag, required: true),
    Field("percent", .any, required: true, "By field; absent without visits"),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/rpu") { request, context in
      try app.require(.sendRPU, request, context)
      let days = try app.rpuDays()
      if app.wantsJSON(request) { return app.json(["days": .array(days.map(\.json))]) }
      let filling = Filling(hidden: app.hidden(context))
      return app.html(try page(days, filling, app, context), request, context)
    }
    router.get("/rpu/:day") { request, context in
      try app.require(.sendRPU, request, context)
      let day = try day(app, context)
      var answer = app.answer(Array(day.xml(at: app.environment.now()).utf8), "application/xml; charset=utf-8", .ok)
      answer.headers[.contentDisposition] = "attachment; filename=\"\(day.fileName)\""
      return answer
    }
    router.post("/rpu/:day") { request, context in
      let form = try await app.form(request, context)
      try app.require(.sendRPU, request, context)
      let day = try day(app, context)
      return try await app.answer(form, request, context) {
        // What was sent is what whoever says so had before them.
        guard form["hash"] == day.hash else { throw Refusal("rpu-changed", field: "hash") }
        return AcknowledgeRPU(day: day.text, hash: day.hash)
      } next: { _ in
        "/rpu"
      } again: { filling in
        try page(try app.rpuDays(), filling, app, context)
      }
    }
  }

  /// - Throws: `Problem` 404 for a day that is no day, or not over.
  private static func day(_ app: WebApp, _ context: PageContext) throws -> RPUDay {
    let text = try context.parameter("day")
    let now = app.environment.now()
    let hours = app.hours
    guard let asked = PartialDate(text)?.civil, asked.daysSince1970 < hours.day(now).daysSince1970,
      let day = try app.register.read({ try RPUDay(daysSince1970: asked.daysSince1970, $0, hours) })
    else { throw Problem.notFound }
    return day
  }

  private static func page(
    _ days: [RPUDay], _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let problems = filling.problems
    let waiting = days.count { !$0.isAcknowledged && !$0.visits.isEmpty }
    let names = try app.register.read { reading in
      try reading.names(of: days.compactMap { $0.acknowledgement?.said.author }, wording)
    }
    let next = days.first { !$0.isAcknowledged && !$0.visits.isEmpty }?.text
    let model: [String: any Sendable] = [
      "count": wording("rpu.count", ["count": grouped(waiting)]), "problems": problems, "hidden": filling.hidden,
      "fields": RPUVisit.Field.allCases.map(\.rawValue),
      "days": days.reversed().map { row($0, isNext: $0.text == next, names, wording) },
    ]
    return Page(
      "rpu", title: wording("rpu.title"), model: model, status: filling.status,
      nav: .emergency)
  }

  private static func row(
    _ day: RPUDay, isNext: Bool, _ names: Names, _ wording: Wording
  ) -> [String: any Sendable] {
    let model: [String: any Sendable] = [
      "day": PartialDate(day.day).shown, "href": "/rpu/\(day.text)", "visits": grouped(day.visits.count),
      "any": !day.visits.isEmpty, "hash": day.hash, "waits": !day.isAcknowledged && !day.visits.isEmpty, "next": isNext,
      "gauges": RPUVisit.Field.allCases.map { field -> [String: any Sendable] in
        let percent = day.percent(field)
        return ["percent": percent.map(String.init) ?? "–", "low": (percent ?? 100) < 50]
      },
    ]
    return model.adding(
      "acknowledged",
      day.acknowledgement.map {
        "\(wording.time($0.said.at)), \($0.channel == "person" ? names.account($0.said.author) : $0.channel)"
      })
  }
}

extension WebApp {
  fileprivate func rpuDays() throws -> [RPUDay] {
    let (hours, now) = (hours, environment.now())
    return try register.read { try RPUDay.watched($0, hours, at: now) }
  }
}

extension RPUDay {
  fileprivate var json: JSON {
    [
      "day": .string(text), "visits": .integer(visits.count), "hash": .string(hash),
      "acknowledged": .bool(isAcknowledged),
      "percent": .object(
        JSONObject(
          RPUVisit.Field.allCases.compactMap { field in
            percent(field).map { (key: field.rawValue, value: .integer($0)) }
          })),
    ]
  }
}
