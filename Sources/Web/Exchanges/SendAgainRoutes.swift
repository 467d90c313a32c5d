import Hospital
import Hummingbird
import Ledger
import Register

/// One message that went to the main system is sent once more, though nothing refused it: it is said not to be there.
enum SendAgainRoutes: Routes {
  static let operations: [Operation] = [
    .post(
      "/exchanges/send-again", "Has one message that went to the main system sent once more, by the next sending",
      fields: [
        Field("handback", required: true, "As `sentBack` of /exchanges has it"), Field("control", required: true),
        Field("note", .text(max: 500)), Field("number", "IPP or NDA that the page was asked for"),
      ])
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.post("/exchanges/send-again") { request, context in
      let form = try await app.form(request, context)
      try app.require(.declareMode, request, context)
      guard let subject = form["handback"], let control = form["control"], subject.hasPrefix("exchange/"),
        let handback = try app.register.read({ try $0.handback(subject) })
      else { throw Problem.notFound }
      let command = SendHandbackAgain(handback, control: control, note: form["note"])
      switch try await app.act(form, context, command: command) {
      case .refused(let refusal, _, _): throw refusal
      case .done(let receipt):
        let number = form["number"].map { "?number=\(pathSafe($0))" } ?? ""
        return app.wantsJSON(request) ? app.json(receipt, context) : app.redirect("/exchanges\(number)#sent-back")
      }
    }
  }
}

/// What went to the main system, as *Échanges* shows it to whoever may send.
struct SentBackList {
  /// Without a number that was asked for, the last of them.
  private static let lastMax = 10

  let handsBack: Bool
  private let number: String?
  private let rows: [SentBack]

  init(_ app: WebApp, _ request: Request, _ context: PageContext) throws {
    let handsBack = app.allows(.declareMode, context)
    let asked = request.query["number"]?.filter { !$0.isWhitespace } ?? ""
    let number = asked.isEmpty ? nil : asked
    (self.handsBack, self.number) = (handsBack, number)
    rows =
      handsBack
      ? try app.register.read {
        try $0.sentBack(of: number, limit: number == nil ? Self.lastMax : ExchangeRoutes.rowsMax)
      } : []
  }

  var json: JSON {
    .array(
      rows.map { row in
        [
          "handback": .string(row.handback), "control": .string(row.message.control),
          "trigger": .string(row.message.trigger), "status": .string(row.message.status.rawValue),
          "at": .string(row.message.at.text), "number": row.number.json, "patient": row.patient.json,
        ]
      })
  }

  func model(_ wording: Wording) -> [String: any Sendable] {
    [
      "back": rows.map { model($0, wording) }, "anyBack": !rows.isEmpty, "number": number ?? "",
      "noneBack": rows.isEmpty && number != nil, "asksBack": !rows.isEmpty || number != nil,
      "anyAgain": rows.contains { $0.message.status == .again },
    ]
  }

  private func model(_ row: SentBack, _ wording: Wording) -> [String: any Sendable] {
    let message = row.message
    return [
      "handback": row.handback, "control": message.control, "trigger": message.trigger,
      "what": wording.word("handback.trigger", message.trigger), "when": wording.when(message.at),
      "number": row.number ?? "–", "isDone": message.isDone,
      "state": wording("exchanges.back.\(message.status.rawValue)"), "asked": number ?? "",
    ].adding("patient", row.patient?.afterSlash)
  }
}

extension SentBack {
  static let fields = [
    Field("handback"), Field("control"), Field("trigger"),
    Field("status", .choice(["acknowledged", "settled", "again"])), Field("at", .instant),
    Field("number", .maybe(.text())), Field("patient", .maybe(.text())),
  ]
}
