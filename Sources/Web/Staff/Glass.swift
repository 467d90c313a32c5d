import Hospital
import Hummingbird
import Ledger
import Synchronization

/// Why somebody opened a file that is closed to most: asked once for each file and shift of two hours, recorded with
/// every reading of it.
final class Glass: Sendable {
  static let secondsMax = 2 * 3600

  private struct Opening: Hashable {
    var account: String
    var patient: String
  }

  struct Broken {
    var reason: String
    /// By whoever made the file, or closed it: they go on with it.
    var isOwn: Bool
    fileprivate var until: Instant
  }

  private let opened = Mutex<[Opening: Broken]>([:])

  func broken(_ account: String, _ patient: String, at now: Instant) -> Broken? {
    opened.withLock { opened in
      opened[Opening(account: account, patient: patient)].flatMap { now < $0.until ? $0 : nil }
    }
  }

  func open(_ account: String, _ patient: String, reason: String, isOwn: Bool = false, at now: Instant) {
    opened.withLock { opened in
      opened = opened.filter { now < $0.value.until }
      let opening = Opening(account: account, patient: patient)
      // A reason given later makes nobody a stranger to what they made, and keeps nobody in for longer.
      if !isOwn, opened[opening]?.isOwn == true { return }
      opened[opening] = Broken(reason: reason, isOwn: isOwn, until: now.adding(seconds: Glass.secondsMax))
    }
  }
}

/// A restricted file was asked for, and nobody has said why.
struct GlassNeeded: Error {
  var patient: String
  var next: String
}

extension Patient {
  /// Nobody opens it without saying why: its presence is not to be known, or its birth is under secrecy.
  var isRestricted: Bool { protected || secret }
}

extension WebApp {
  /// Before a file is shown, whole or in part: makes sure that it may be, and records who reads it. Costs no write.
  /// - Parameter page: the kind of page, as the audit shows it: `patient`, `stay`, `labels`.
  /// - Throws: `SignInNeeded`; `Problem` 403; `GlassNeeded`, which asks why and comes back.
  package func openFile(_ patient: Patient, page: String, _ request: Request, _ context: PageContext) throws {
    let session = try require(.read, request, context)
    // Whoever was absorbed is closed as the identity that lives on is.
    if patient.mergedInto != nil {
      let heir = try register.read { try $0.patient(try $0.survivor(of: patient.id)) }
      if let heir, heir.mergedInto == nil, heir.isRestricted { try openFile(heir, page: page, request, context) }
    }
    var why: String?
    if try patient.secret || patient.protected && !liesWith(session, patient) {
      let broken = glass.broken(session.account, patient.id, at: environment.now())
      // Birth under secrecy (CSP R1112-28): no reason opens it but to the unit that cares for her, to whoever has just
      // written it, and to the administrator on duty, lest a unit typed wrong close it to everybody.
      if patient.secret, broken?.isOwn != true, !allows(.readSecret, context),
        try !isCaredFor(patient, by: session)
      {
        throw Problem(.forbidden, "problem.secret-file")
      }
      why = broken?.reason ?? request.headers[.readReason]?.trimmed
      guard let why, !why.isEmpty else {
        throw GlassNeeded(patient: patient.id, next: request.method == .get ? request.uri.string : "/")
      }
    }
    let place = context.address.isEmpty ? page : "\(page) · \(context.address)"
    register.recordRead(account: session.account, patient: patient.id, where: place, why: why)
  }

  /// The unit where they lie now is one of theirs: no list hides them there.
  private func liesWith(_ session: Session, _ patient: Patient) throws -> Bool {
    let now = environment.now()
    return try register.read { reading in
      try reading.stays(ofPatient: patient.id).contains { id in
        session.mayName(patient, in: try reading.stay(id)?.presence(at: now)?.place.unit)
      }
    }
  }

  /// One of the units of somebody's stays is theirs; of one who has no stay yet, any maternity.
  private func isCaredFor(_ patient: Patient, by session: Session) throws -> Bool {
    try register.read { reading in
      let places = try reading.stays(ofPatient: patient.id).compactMap { try reading.stay($0)?.outline.place }
      var units = places.flatMap { [$0.unit, $0.medicalUnit] }.compactMap { $0 }
      if units.isEmpty {
        let all = try reading.structure?.sites.flatMap(\.units) ?? []
        units = all.filter { $0.specialty == "obstetrics" }.map(\.code)
      }
      return units.contains { session.mayName(patient, in: $0) }
    }
  }

  /// Whoever has just said that a file is restricted need not say why they go on with it.
  func goOnWith(_ patient: String, _ context: PageContext) {
    guard let session = context.session else { return }
    let reason = texts("glass.own", context.language)
    glass.open(session.account, patient, reason: reason, isOwn: true, at: environment.now())
  }

  func answer(_ needed: GlassNeeded, _ request: Request, _ context: PageContext) -> Response {
    if wantsJSON(request) { return answer(Problem(.forbidden, "problem.reason-needed"), request, context) }
    var page = glassPage(needed.patient, next: needed.next, context)
    if let typed = context.sent.fields {
      page.hidden = hidden(context) + waiting(request.uri.string, typed.waiting.urlencoded)
    }
    return answer(page, request, context)
  }

  /// A form that was sent waits under the names that sign-in has for one too.
  fileprivate func waiting(_ action: String, _ typed: String) -> String {
    "<input type=\"hidden\" name=\"action\" value=\"\(escaped(action))\">"
      + "<input type=\"hidden\" name=\"typed\" value=\"\(escaped(typed))\">"
  }

  /// Says nothing of whose file it is.
  fileprivate func glassPage(_ patient: String, next: String, _ context: PageContext) -> FormPage {
    let language = context.language
    var page = FormPage(
      title: texts("glass.title", language), intro: texts("glass.intro", language),
      action: "/glass/\(pathSafe(String(patient.dropFirst("patient/".count))))?next=\(pathSafe(next))",
      fields: [
        PageField(
          name: "reason", label: texts("glass.reason", language), help: texts("glass.help", language), hasFocus: true)
      ], button: texts("glass.button", language), back: "/")
    page.status = .forbidden
    return page
  }
}

enum GlassRoutes: Routes {
  static let operations: [Operation] = [
    .post(
      "/glass/{id}", "Say why a restricted file is opened", fields: [Field("reason", required: true)], answer: .page)
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.post("/glass/:id") { request, context in
      let form = try await app.form(request, context)
      let session = try app.require(.read, request, context)
      let patient = "patient/\(try context.parameter("id"))"
      let next = (request.query["next"] ?? "/").asLocalAddress
      let action = form["action"]?.asLocalAddress
      guard let reason = form["reason"], reason.count >= 4 else {
        let refusal = Refusal("reason-missing", field: "reason")
        var again = form
        if let action { again.hidden += app.waiting(action, form.typed("typed")) }
        return app.answer(
          app.glassPage(patient, next: next, context), refused: refusal, again, request, context)
      }
      app.glass.open(session.account, patient, reason: String(reason.prefix(500)), at: app.environment.now())
      guard !app.wantsJSON(request), let action, let typed = Fields(urlencoded: form.typed("typed").utf8) else {
        return app.redirect(next)
      }
      return app.resume(action, typed, session, request, context)
    }
  }
}
