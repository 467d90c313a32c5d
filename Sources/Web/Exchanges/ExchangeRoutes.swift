import Feeds
import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// Échanges: who sends messages, to whom this station sends, which programs ask, and what of it was refused; a message
/// that came can be looked at and taken in once more.
enum ExchangeRoutes: Routes {
  static let rowsMax = 200

  private static let refusedFields = [
    Field("id", .integer(min: 1)), Field("at", .instant), Field("from"), Field("sender"), Field("control"),
    Field("type"), Field("answer", .choice(["AE", "AR", "AA"]), "AA once it was taken in"), Field("place"),
    Field("reason"),
    Field("times", .integer(min: 1)), Field("settledAt", .maybe(.instant)),
  ]

  private static let sentFields = [
    Field("to"), Field("receiver"), Field("since", .instant), Field("lastMessageAt", .maybe(.instant)),
    Field("connections", .integer(min: 0)), Field("perMinute", .integer(min: 0)),
    Field("acknowledged", .integer(min: 0)), Field("refused", .integer(min: 0)),
  ]

  static let operations: [Operation] = [
    .get(
      "/exchanges", "Who sends messages, to whom this station sends, which programs ask, and what was refused",
      query: [Field("number", "IPP or NDA: what went to the main system is of that person or stay alone")],
      answer: .json(
        .object([
          Field(
            "feeds",
            .list(
              .object([
                Field("from"), Field("sender"), Field("since", .instant), Field("lastMessageAt", .maybe(.instant)),
                Field("connections", .integer(min: 0)), Field("perMinute", .integer(min: 0)),
                Field("accepted", .integer(min: 0)), Field("warned", .integer(min: 0)),
                Field("ignored", .integer(min: 0)), Field("refused", .integer(min: 0)),
                Field("duplicates", .integer(min: 0)), Field("failed", .integer(min: 0)),
              ]))), Field("waiting", .integer(min: 0)), Field("refused", .list(.object(refusedFields))),
          Field("sent", .list(.object(sentFields)), "To the main system, by this station since it started"),
          Field("sentElsewhere", .maybe(.text()), "The station that sends instead"),
          Field("sentWaiting", .integer(min: 0), "Sent messages that were refused and wait for somebody"),
          Field("sentBack", .list(.object(SentBack.fields)), "Messages that went, the last first; of whoever may send"),
          Field("apart", .list(.object(UnderstoodApart.fields)), "Messages that two stations understood differently"),
          Field("programs", .list(.object(ProgramLine.fields)), "That may ask over FHIR, and what they asked here"),
        ]))),
    .get(
      "/exchanges/{id}", "A message that was refused, as it came; for whoever may open files",
      query: [Field("id", .integer(min: 1))],
      answer: .json(.object(refusedFields + [Field("segments", .list(.text()))]))),
    .post(
      "/exchanges/{id}/replay", "Takes a refused message in once more; what was taken before is not taken twice",
      query: [Field("id", .integer(min: 1))],
      answer: .json(.object([Field("outcome", .choice(["taken", "refused"])), Field("reason", .maybe(.text()))]))),
    .post(
      "/exchanges/{id}/aside", "Puts a refused message aside: it waits for nobody, and can still be taken in",
      query: [Field("id", .integer(min: 1))], answer: .json(.object([]))),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/exchanges") { request, context in
      try app.require(.stations, request, context)
      let page = try await ExchangesPage(app, request, context)
      if app.wantsJSON(request) { return app.json(page.json) }
      return app.html(
        Page(
          "exchanges", title: app.texts("nav.exchanges", context.language),
          model: page.model(app.wording(context), opens: app.allows(.read, context)).adding(
            "hidden", app.hidden(context)),
          nav: .exchanges),
        request, context)
    }
    router.get("/exchanges/:id") { request, context in
      let refused = try app.refused(request, context)
      for id in ShownMessage.patients(refused.message) {
        let known = try app.register.read { try $0.patient(id) }
        try app.openFile(known ?? Patient(id: id), page: "message", request, context)
      }
      if app.wantsJSON(request) {
        let segments = ShownMessage.segments(refused.message).map { JSON.string($0) }
        return app.json(.object(refused.json.adding("segments", .array(segments))))
      }
      return app.page(refused, request, context)
    }
    router.post("/exchanges/:id/replay") { request, context in
      _ = try await app.form(request, context)
      let refused = try app.refused(request, context)
      guard let feeds = app.feeds else { throw Problem(.serviceUnavailable) }
      guard refused.canBeReplayed else { throw Problem(.conflict, "problem.exchange-settled") }
      let outcome = try await feeds.replay(refused, by: try context.account)
      guard case .refused(let refusal) = outcome else {
        return app.wantsJSON(request)
          ? app.json(["outcome": "taken", "reason": .null]) : app.redirect("/exchanges/\(refused.id)")
      }
      return app.wantsJSON(request)
        ? app.json(["outcome": "refused", "reason": .string(app.sentence(refusal.reason, context.language))])
        : app.redirect("/exchanges/\(refused.id)?again=refused")
    }
    router.post("/exchanges/:id/aside") { request, context in
      _ = try await app.form(request, context)
      let refused = try app.refused(request, context)
      guard refused.settled == nil else { throw Problem(.conflict, "problem.exchange-settled") }
      try app.register.settle(
        refused: refused.id, isTaken: false, by: try context.account, at: app.environment.now())
      return app.wantsJSON(request) ? app.json([:]) : app.redirect("/exchanges")
    }
  }
}

/// What the page of exchanges shows.
private struct ExchangesPage {
  let feeds: [Feed]
  let waiting: Int
  let refused: [RefusedMessage]
  let closed: [(reason: FeedBook.Closing, count: Int)]
  /// What goes back to the main system: from this station, and from another one.
  let sent: [Feed]
  let elsewhere: HandbackRun?
  let sentWaiting: Int
  /// What went to the main system, and whether whoever looks may open *Reprise* and send: nobody else sees it.
  let sentBack: SentBackList
  let apart: [UnderstoodApart]
  let programs: [ProgramLine]

  init(_ app: WebApp, _ request: Request, _ context: PageContext) async throws {
    sentBack = try SentBackList(app, request, context)
    feeds = Array((app.feeds?.book.feeds(at: app.environment.now()) ?? []).prefix(ExchangeRoutes.rowsMax))
    closed = FeedBook.Closing.allCases.compactMap { reason in
      app.feeds.map { (reason, $0.book.closed(reason)) }
    }.filter { $0.1 > 0 }
    sent = app.handbacks?.sent.feeds(at: app.environment.now()) ?? []
    programs = Array(try ProgramLine.all(app).prefix(ExchangeRoutes.rowsMax))
    elsewhere = try await app.handbacks?.elsewhere()
    sentWaiting = try HandbackStatus.refusedCount(app.register, app.handbackBook, at: app.environment.now())
    (waiting, refused, apart) = try app.register.read {
      (
        try $0.refusedCount(), try $0.refusedMessages(limit: ExchangeRoutes.rowsMax),
        try $0.understoodApart(limit: UnderstoodApart.rowsMax)
      )
    }
  }

  var json: JSON {
    [
      "feeds": .array(feeds.map(\.json)), "waiting": .integer(waiting),
      "refused": .array(refused.map { .object($0.json) }), "sent": .array(sent.map(\.sentJSON)),
      "sentElsewhere": (elsewhere?.station).json, "sentWaiting": .integer(sentWaiting), "sentBack": sentBack.json,
      "apart": .array(apart.map(\.json)),
      "programs": .array(programs.map(\.json)),
    ]
  }

  func model(_ wording: Wording, opens: Bool) -> [String: any Sendable] {
    [
      "feeds": feeds.map { $0.model(wording) }, "noFeed": feeds.isEmpty,
      "refused": refused.map { $0.model(wording, opens: opens) }, "noRefused": refused.isEmpty,
      "apart": apart.map { $0.model(wording, opens: opens) }, "anyApart": !apart.isEmpty,
      "sent": sent.map { $0.model(wording) }, "noneSent": sent.isEmpty, "handsBack": sentBack.handsBack,
      "programs": programs.map { $0.model(wording) }, "noProgram": programs.isEmpty,
      "closed": closed.map { wording("exchanges.closed.\($0.reason.rawValue)", ["count": grouped($0.count)]) },
    ]
    .merging(sentBack.model(wording)) { $1 }
    .adding("more", waiting > refused.count ? wording("exchanges.more", ["count": grouped(waiting)]) : nil)
    .adding(
      "elsewhere",
      elsewhere.map {
        wording("exchanges.sent.elsewhere", ["station": StationName.shown($0.station), "address": $0.address])
      }
    )
    .adding(
      "sentWaiting",
      sentWaiting > 0 ? wording("exchanges.sent.waiting", ["count": grouped(sentWaiting)]) : nil)
  }
}

extension Feed {
  fileprivate var sentJSON: JSON {
    [
      "to": .string(host), "receiver": .string(sender), "since": .string(since.text),
      "lastMessageAt": lastMessageAt.map { .string($0.text) } ?? .null, "connections": .integer(connections),
      "perMinute": .integer(perMinute), "acknowledged": .integer(counts.accepted), "refused": .integer(counts.refused),
    ]
  }

  fileprivate var json: JSON {
    [
      "from": .string(host), "sender": .string(sender), "since": .string(since.text),
      "lastMessageAt": lastMessageAt.map { .string($0.text) } ?? .null, "connections": .integer(connections),
      "perMinute": .integer(perMinute), "accepted": .integer(counts.accepted), "warned": .integer(counts.warned),
      "ignored": .integer(counts.ignored), "refused": .integer(counts.refused),
      "duplicates": .integer(counts.duplicates), "failed": .integer(counts.failed),
    ]
  }

  fileprivate func model(_ wording: Wording) -> [String: any Sendable] {
    [
      "from": host.isEmpty ? wording("exchanges.others") : host, "sender": sender.isEmpty ? "–" : sender,
      "since": wording.time(since), "last": lastMessageAt.map(wording.when) ?? "–",
      "connections": grouped(connections), "rate": grouped(perMinute),
      "taken": grouped(counts.accepted + counts.warned), "warned": grouped(counts.warned),
      "ignored": grouped(counts.ignored), "duplicates": grouped(counts.duplicates),
      "refused": grouped(counts.refused + counts.failed), "isRefused": counts.refused + counts.failed > 0,
    ]
  }
}

extension RefusedMessage {
  fileprivate var json: JSONObject {
    JSONObject([
      ("id", .integer(id)), ("at", .string(at.text)), ("from", .string(peer)), ("sender", .string(sender)),
      ("control", .string(control)), ("type", .string(type)), ("answer", .string(answer)), ("place", .string(place)),
      ("reason", .string(reason.code)), ("times", .integer(times)),
      ("settledAt", settled.map { .string($0.at.text) } ?? .null),
    ])
  }

  fileprivate func model(_ wording: Wording, opens: Bool) -> [String: any Sendable] {
    [
      "id": String(id), "when": wording.when(at), "from": peer, "sender": sender.isEmpty ? "–" : sender,
      "control": control.isEmpty ? "–" : control, "type": type.isEmpty ? "–" : type, "answer": answer,
      "place": place.split(separator: "^").joined(separator: "-"),
      "why": wording("refusal.\(reason.code)", reason.arguments), "opens": opens, "isOpen": settled == nil,
    ]
    .adding("often", times > 1 ? wording("exchanges.times", ["count": grouped(times)]) : nil)
    .adding(
      "settled",
      settled.map { wording(isTaken ? "exchanges.settled" : "exchanges.aside", ["time": wording.time($0.at)]) })
  }
}

extension JSONObject {
  fileprivate func adding(_ key: String, _ value: JSON) -> JSONObject {
    var object = self
    object.append(key, value)
    return object
  }
}

extension WebApp {
  /// The message that the address names, for whoever looks after exchanges and may open files: a patient is in it.
  fileprivate func refused(_ request: Request, _ context: PageContext) throws -> RefusedMessage {
    try require(.stations, request, context)
    try require(.read, request, context)
    guard let id = context.parameters.get("id", as: Int.self),
      let refused = try register.read({ try $0.refusedMessage(id) })
    else { throw Problem.notFound }
    return refused
  }

  fileprivate func page(_ refused: RefusedMessage, _ request: Request, _ context: PageContext) -> Response {
    let wording = wording(context)
    var model = refused.model(wording, opens: true)
    model["hidden"] = hidden(context)
    model["replays"] = refused.canBeReplayed && feeds != nil
    model["again"] = request.query["again"] != nil && !refused.isTaken
    model["segments"] = ShownMessage.segments(refused.message)
    return html(
      Page("exchange", title: wording("exchange.title"), model: model, nav: .exchanges), request, context)
  }
}
