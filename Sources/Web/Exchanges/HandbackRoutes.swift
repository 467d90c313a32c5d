import Feeds
import Hospital
import Hummingbird
import Interop
import Ledger
import NIOPosix
import Register

/// Reprise: what was registered meanwhile on its way back to the main system, and what of it waits for a person.
enum HandbackRoutes: Routes {
  private static let counts = ["pending", "sent", "acknowledged", "settled"].map { Field($0, .integer(min: 0)) }
  private static let refused = Field(
    "refused",
    .list(
      .object([
        Field("handback"), Field("control"), Field("trigger"), Field("answer"), Field("place", .maybe(.text())),
        Field("reason", .maybe(.text())), Field("patient", .maybe(.text())), Field("at", .instant),
      ])))

  static let operations: [Operation] = [
    .get(
      "/handback", "What is handed back to the main system, and what of it waits for a person",
      answer: .json(.object(counts + [Field("running", .flag), Field("reentry", .any), refused]))),
    .post(
      "/handback/send", "Starts sending, or goes on where it stopped",
      fields: [
        Field("address", required: true, "HOST:PORT of the main system's MLLP"),
        Field("receiver", "APPLICATION|FACILITY (MSH-5 and MSH-6)"),
        Field("charset", .choice(SendingSettings.charsets.map(\.rawValue))),
        Field("perSecond", .integer(min: 0, max: 1000), "Messages at most; 0 for as many as it takes"),
        Field("tls", .flag, "Encrypted, with the files `handback-….pem` of the data folder where there are any"),
      ], answer: .json(.object([Field("running", .flag)]))),
    .post(
      "/handback/settle", "A message that was refused is to go again, or was done by hand in the main system",
      fields: [
        Field("handback", required: true), Field("control", required: true),
        Field("way", .choice(SettleHandback.Way.allCases.map(\.rawValue)), required: true), Field("note"),
      ]),
    .get(
      "/handback/account", "Every fact and where it went, signed by this station", answer: .media("text/plain")),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/handback") { request, context in
      // Agents who type have their own page.
      if !app.allows(.declareMode, context), app.allows(.handBack, context), !app.wantsJSON(request) {
        return app.redirect("/handback/reentry")
      }
      try app.require(.declareMode, request, context)
      return try await app.answerHandback(nil, request, context)
    }
    router.post("/handback/send") { request, context in
      let form = try await app.form(request, context)
      try app.require(.declareMode, request, context)
      do throws(Refusal) { try await app.startHandback(form, by: context.account(or: "system")) } catch {
        return try await app.answerHandback((error, form), request, context)
      }
      return app.wantsJSON(request) ? app.json(["running": true]) : app.redirect("/handback")
    }
    router.post("/handback/settle") { request, context in
      let form = try await app.form(request, context)
      try app.require(.declareMode, request, context)
      guard let subject = form["handback"], let control = form["control"],
        let way = form["way"].flatMap(SettleHandback.Way.init), subject.hasPrefix("exchange/"),
        let handback = try app.register.read({ try $0.handback(subject) })
      else { throw Problem.notFound }
      let command = SettleHandback(handback, control: control, way: way, note: form["note"])
      switch try await app.act(form, context, command: command) {
      case .refused(let refusal, _, _): return try await app.answerHandback((refusal, form), request, context)
      case .done(let receipt):
        return app.wantsJSON(request) ? app.json(receipt, context) : app.redirect("/handback")
      }
    }
    router.get("/handback/account") { request, context in
      try app.require(.declareMode, request, context)
      let now = app.environment.now()
      // Every message is made again for it, which is no work for an event loop.
      let text = try await NIOThreadPool.singleton.runIfActive { try HandbackAccount.signed(app.register, at: now) }
      var response = app.answer(Array(text.utf8), "text/plain; charset=utf-8", .ok)
      let day = now.text.prefix(10)
      response.headers[.contentDisposition] = "attachment; filename=\"reprise-\(day).txt\""
      return response
    }
  }
}

extension PageContext {
  func account(or other: String) -> String { session?.account ?? other }
}

extension WebApp {
  /// What of open pages is told of a run.
  private static let live = "exchange/handback"

  /// In the background; the page shows how far it is.
  fileprivate func startHandback(_ form: Form, by account: String) async throws(Refusal) {
    guard let handbacks else { throw Refusal("handback-nowhere") }
    guard let address = form["address"].flatMap({ MLLPAddress($0) }) else {
      throw Refusal("handback-address", field: "address")
    }
    let names = (form["receiver"] ?? "").split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard names.count <= 2 else { throw Refusal("handback-receiver", field: "receiver") }
    guard await !handbacks.isRunning else { throw Refusal("handback-runs") }
    if let other = try? await handbacks.elsewhere() {
      throw Refusal("handback-elsewhere", ["station": StationName.shown(other.station), "address": other.address])
    }
    let charset = form["charset"].flatMap(Charset.init(rawValue:)) ?? .latin1
    var options = HandbackOptions(
      address: address, charset: charset, receivingApplication: names.first ?? "",
      receivingFacility: names.count > 1 ? names[1] : "",
      perSecond: form["perSecond"].flatMap(Double.init).map { min(max($0, 0), 1000) } ?? 50)
    if form.isSet("tls") {
      do { options.tls = try HandbackTLS(folder: register.path).configuration() } catch {
        throw Refusal("handback-tls", field: "tls")
      }
    }
    Task { [pages, options] in
      // What it ended with is on the page.
      try? await handbacks.send(options, by: account) { _ in pages.send("change", Self.live) }
      pages.send("change", Self.live)
    }
  }

  fileprivate func answerHandback(
    _ refused: (refusal: Refusal, form: Form)?, _ request: Request, _ context: PageContext
  ) async throws -> Response {
    let status = try HandbackStatus(register, handbackBook, at: environment.now())
    let run = await handbacks?.run
    if wantsJSON(request) {
      if let refusal = refused?.refusal {
        return json(
          refused: refusal, message: sentence(refusal, context.language), field: refusal.field, context)
      }
      return json(status.json(isRunning: run != nil && run?.ended == nil))
    }
    let wording = wording(context)
    return html(
      Page(
        "handback", title: wording("nav.handback"), model: model(status, run, refused, wording, context),
        status: refused == nil ? .ok : .unprocessableContent, nav: .handback, live: [Self.live, Situation.name]),
      request, context)
  }

  private func model(
    _ status: HandbackStatus, _ run: HandbackDesk.Run?, _ refused: (refusal: Refusal, form: Form)?,
    _ wording: Wording, _ context: PageContext
  ) -> [String: any Sendable] {
    let all = status.acknowledged + status.settled + status.refusedCount + status.pending
    var ended: String?
    var failed: String?
    switch run?.ended {
    case .done: ended = wording("handback.ended")
    case .failed: failed = wording("handback.failed", ["address": run?.address.description ?? ""])
    case nil: break
    }
    let isRunning = run != nil && run?.ended == nil
    let form = refused?.form
    let isEncrypted = form?.isSet("tls") ?? run?.isEncrypted ?? HandbackTLS(folder: register.path).isPrepared
    return [
      "pending": grouped(status.pending), "acknowledged": grouped(status.acknowledged),
      "settled": grouped(status.settled), "refusedCount": grouped(status.refusedCount), "all": grouped(all),
      "percent": String(all == 0 ? 100 : (status.acknowledged + status.settled) * 100 / all), "done": status.isDone,
      "nothing": all == 0, "running": isRunning, "idle": !isRunning && handbacks != nil,
      "address": form?["address"] ?? run?.address.description ?? "", "receiver": form?["receiver"] ?? "",
      "perSecond": form?["perSecond"] ?? "50",
      "tls": isEncrypted,
      "charsets": SendingSettings.charsets.map { set -> [String: any Sendable] in
        ["value": set.rawValue, "chosen": set.rawValue == form?["charset"] ?? "8859/1"]
      }, "hidden": hidden(context), "exported": status.reentry.exported > 0,
      "roads": wording(
        "handback.roads",
        [
          "left": grouped(status.reentry.toEnter), "entered": grouped(status.reentry.entered),
          "exported": grouped(status.reentry.exported), "confirmed": grouped(status.reentry.confirmed),
        ]), "anyRefused": !status.refused.isEmpty,
      "refused": status.refused.map { $0.model(wording) },
    ]
    .adding("ended", ended).adding("failed", failed)
    .adding("going", isRunning ? wording("handback.going", ["address": run?.address.description ?? ""]) : nil)
    .adding("problem", refused.map { sentence($0.refusal, wording.language) })
  }
}

extension HandbackStatus {
  fileprivate var isDone: Bool { pending == 0 && refusedCount == 0 }

  fileprivate func json(isRunning: Bool) -> JSON {
    [
      "pending": .integer(pending), "sent": .integer(sent), "acknowledged": .integer(acknowledged),
      "settled": .integer(settled), "running": .bool(isRunning), "reentry": reentry.json,
      "refused": .array(refused.map(\.json)),
    ]
  }
}

extension HandbackStatus.Refused {
  fileprivate var json: JSON {
    [
      "handback": .string(subject), "control": .string(message.control), "trigger": .string(message.trigger),
      "answer": .string(message.answer ?? "none"), "place": message.place.json, "reason": message.reason.json,
      "patient": patient.json, "at": .string(message.at.text),
    ]
  }

  fileprivate func model(_ wording: Wording) -> [String: any Sendable] {
    [
      "handback": subject, "id": subject.afterSlash, "control": message.control, "trigger": message.trigger,
      "what": wording.word("handback.trigger", message.trigger), "when": wording.when(message.at),
      "answer": message.answer ?? "–", "place": message.place ?? "",
      "why": message.isUnanswered ? wording("handback.unanswered") : message.reason ?? "–",
    ].adding("patient", patient.map { String($0.dropFirst("patient/".count)) })
  }
}
