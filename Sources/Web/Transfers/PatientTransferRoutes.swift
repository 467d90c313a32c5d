import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// Transferts: who waits for an answer, who leaves, who is expected back; and one transfer with its next step.
enum PatientTransferRoutes: Routes {
  private static let fields = [
    Field("id", .uuid), Field("stay"), Field("partner"), Field("kind"), Field("status"), Field("late", .flag),
    Field("needs", .list(.text())), Field("until", .maybe(.instant)), Field("steps", .any),
    Field("doubled", .flag, "Another transfer of the same stay was accepted too, by a station that did not know"),
    Field("toWithdraw", .flag, "The patient has gone: the partner still waits, and is to be called"),
  ]

  static let operations: [Operation] = [
    .get(
      "/transfers", "Transfers that are not over, those of the last day, and the directory",
      answer: .json(
        .object([
          Field("transfers", .list(.object(fields))), Field("partners", .list(.any)),
          Field("toAsk", .list(.uuid), "Stays that emergency sends elsewhere, and of which nobody is asked now"),
        ]))),
    .get("/transfers/{id}", "One transfer: its steps and the next one", answer: .json(.object(fields))),
    .post(
      "/transfers/{id}", "The next step; leaving and coming back say the stay's own movement too",
      fields: [
        Field("step", .choice(PatientTransfer.Step.allCases.map(\.rawValue)), required: true), Field("spokenTo"),
        Field("note", "Why, where it is refused"), Field("transport", .choice(StepTransfer.transports.map(\.rawValue))),
        Field("escort", "Who goes along"), Field("until", "When a round trip is expected back"), .at,
      ]),
    .get("/transfers/{id}/liaison", "The liaison sheet, for paper"),
    .get(
      "/transfers/{id}/liaison.json", "The liaison sheet as a FHIR document",
      answer: .media("application/fhir+json")),
  ]

  private static let daySeconds = 86_400

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/transfers") { request, context in
      try app.require(.read, request, context)
      let wording = app.wording(context)
      let since = wording.now.adding(seconds: -daySeconds)
      let (transfers, partners) = try app.register.read { (try $0.transfers(since: since), try $0.partners()) }
      if app.wantsJSON(request) {
        let (toAsk, known) = try app.register.read { reading in
          let page = try TransferPage(reading, wording)
          let known = try transfers.map { transfer in
            let isWithheld = try page.patient(transfer)?.isRestricted ?? false
            let isHere = try page.isHere(transfer)
            return json(transfer, among: transfers, isHere: isHere, at: wording.now, isWithheld: isWithheld)
          }
          return (try page.toAsk().map(\.one.stay.id.afterSlash), known)
        }
        return app.json([
          "transfers": .array(known),
          "partners": .array(partners.map(\.stored)), "toAsk": .array(toAsk.map { .string($0) }),
        ])
      }
      let mayEdit = app.allows(.partners, context)
      let (model, toAsk) = try app.register.read { reading in
        let page = try TransferPage(reading, wording)
        let toAsk = try page.toAsk()
        return (try page.list(toAsk, transfers, partners, mayEdit: mayEdit), toAsk.map(\.one.stay.id))
      }
      return app.html(
        Page(
          "transfers", title: wording("nav.transfers"), model: model, nav: .transfers,
          live: Set(["transfers"] + toAsk + partners.map(\.id))),
        request, context)
    }
    router.get("/transfers/:id") { request, context in
      let found = try opened(app, request, context)
      if app.wantsJSON(request) {
        let others = try app.register.read { try $0.transfers(ofStay: found.transfer.stay) }
        let now = app.environment.now()
        return app.json(json(found.transfer, among: others, isHere: found.file.stay.isPresent(at: now), at: now))
      }
      return app.html(try page(found, Filling(hidden: app.hidden(context)), app, request, context), request, context)
    }
    router.post("/transfers/:id") { request, context in
      let form = try await app.form(request, context)
      let found = try opened(app, request, context)
      let wording = app.wording(context)
      return try await app.answer(form, request, context) {
        guard let step = form["step"].flatMap(PatientTransfer.Step.init) else { throw Refusal("transfer-step") }
        return StepTransfer(
          found.transfer.id, step, spokenTo: form["spokenTo"], note: form["note"], transport: form["transport"],
          escort: form["escort"], until: try wording.hourToCome(form, "until"), at: try wording.hour(form))
      } next: { receipt in
        // Refused by the last that was asked: the next proposals.
        form["step"] == "refused" && isToAskAgain(found, app, wording.now)
          ? "/stays/\(found.file.uuid)/send" : receipt.telling("/transfers/\(found.transfer.id.afterSlash)")
      } again: { filling in
        try page(found, filling, app, request, context)
      }
    }
    router.get("/transfers/:id/liaison") { request, context in
      let found = try opened(app, request, context)
      let wording = app.wording(context)
      let model = try app.register.read {
        try TransferPage($0, wording).liaison(found, app.emergencySettings, station: $0.station)
      }
      return app.html(
        Page("liaison", title: wording("liaison.title"), model: model, nav: .transfers), request, context)
    }
    router.get("/transfers/:id/liaison.json") { request, context in
      let found = try opened(app, request, context)
      let wording = app.wording(context)
      let json = try app.register.read { try TransferPage($0, wording).document(found, app.emergencySettings) }
      guard let json else { throw Problem.notFound }
      return app.answer(json.bytes, "application/fhir+json", .ok)
    }
  }

  /// Whoever may read the patient's file; recorded as a reading of it.
  private static func opened(_ app: WebApp, _ request: Request, _ context: PageContext) throws -> FoundTransfer {
    try app.require(.read, request, context)
    let id = "transfer/\(try context.uuid())"
    let wording = app.wording(context)
    let found = try app.register.read { reading -> FoundTransfer? in
      guard let transfer = try reading.transfer(id), let file = try StayFile(transfer.stay, reading, wording) else {
        return nil
      }
      return FoundTransfer(transfer: transfer, file: file, partner: try reading.partner(transfer.partner))
    }
    guard let found else { throw Problem.notFound }
    if let patient = found.file.patient { try app.openFile(patient, page: "transfer", request, context) }
    return found
  }

  private static func isToAskAgain(_ found: FoundTransfer, _ app: WebApp, _ now: Instant) -> Bool {
    let open = try? app.register.read { try $0.transfers(ofStay: found.transfer.stay).contains(where: \.isOpen) }
    return open == false && found.file.stay.isPresent(at: now)
  }

  private static func page(
    _ found: FoundTransfer, _ filling: Filling, _ app: WebApp, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let may = app.allows(.transferOut, context)
    var model = try app.register.read { try TransferPage($0, wording).whole(found, filling, may: may) }
    model["warnings"] = app.warned(request, wording)
    return Page(
      "transfer-out", title: wording("transfer-out.title"), model: model,
      status: filling.status,
      nav: .transfers, live: [found.transfer.id, found.transfer.stay])
  }

  /// - Parameter isWithheld: without where to, why, and what was said.
  private static func json(
    _ transfer: PatientTransfer, among all: [PatientTransfer], isHere: Bool, at now: Instant, isWithheld: Bool = false
  ) -> JSON {
    var json = JSONObject([
      ("id", .string(transfer.id.afterSlash)), ("stay", .string(transfer.stay)),
      ("kind", .string(transfer.kind.rawValue)), ("status", .string(transfer.status.rawValue)),
      ("late", .bool(transfer.isLate(at: now))), ("until", transfer.until.map { .string($0.text) } ?? .null),
      ("doubled", .bool(transfer.isDoubled(among: all))),
      ("toWithdraw", .bool(transfer.isToWithdraw(among: all, isHere: isHere))),
    ])
    if isWithheld { return .object(json) }
    let steps = transfer.stored.object?.members.filter { PatientTransfer.Step(rawValue: $0.key) != nil } ?? []
    json.append("partner", .string(transfer.partner))
    json.append("needs", .array(transfer.needs.map { .string($0) }))
    json.append("steps", .object(JSONObject(steps)))
    return .object(json)
  }
}

struct FoundTransfer {
  var transfer: PatientTransfer
  var file: StayFile
  var partner: Partner?
}

extension PatientTransfer {
  /// Two stations that did not know of each other each promised the stay to somebody.
  func isDoubled(among all: [PatientTransfer]) -> Bool {
    isCommitted && all.contains { $0.isCommitted && $0.stay.sameBytes(as: stay) && !$0.id.sameBytes(as: id) }
  }
}
