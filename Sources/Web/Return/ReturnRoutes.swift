import Foundation
import Hospital
import Hummingbird
import Ledger
import Register

/// Retour: the copy from before, what was registered meanwhile and what the recovered main system says, side by side,
/// only where they differ; each decided by one key.
enum ReturnRoutes: Routes {

  static let operations: [Operation] = [
    .get(
      "/return", "What differs between before, meanwhile and the recovered main system, and the census of both",
      answer: .json(
        .object([
          Field("open", .integer(min: 0)), Field("differences", .list(.object(ReturnDocument.fields))),
          Field("lists", .list(.object(ReturnDocument.listFields))),
          Field("census", .object(ReturnDocument.censusFields)),
        ]))),
    .post(
      "/return/read", "Takes in a list of identities or of stays that the recovered main system gave",
      files: [Field("file", required: true, "CSV with a line of headings")],
      answer: .json(.object(ReturnDocument.listFields))),
    .get("/return/account", "Every difference and what was decided of it, signed", answer: .media("text/plain")),
    .get(
      "/return/{id}", "One difference: its three sides, and what was decided of it",
      answer: .json(.object(ReturnDocument.fields))),
    .post(
      "/return/{id}",
      "Decides a difference; nothing is erased, and it can be decided again: what our correction settled by `keep`, which "
        + "puts back what was here",
      fields: [
        Field("version", .uuid, required: true, "Of the difference as it was shown; another one is refused"),
        Field("way", .choice(ReturnDecision.Way.allCases.map(\.rawValue)), required: true),
        Field("note", .text(max: 500)),
      ]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/return") { request, context in
      try app.require(.settle, request, context)
      return try app.answerReturn(nil, request, context)
    }
    router.post("/return/read") { request, context in
      try app.require(.declareMode, request, context)
      return try await app.readRecovered(request, context)
    }
    router.get("/return/account") { request, context in
      try app.require(.settle, request, context)
      let now = app.environment.now()
      let text = try ReturnAccount.signed(app.register, at: now)
      var response = app.answer(Array(text.utf8), "text/plain; charset=utf-8", .ok)
      response.headers[.contentDisposition] = "attachment; filename=\"retour-\(now.text.prefix(10)).txt\""
      return response
    }
    router.get("/return/:id") { request, context in
      try app.require(.settle, request, context)
      let found = try app.difference(request, context)
      if app.wantsJSON(request) { return app.json(ReturnDocument.json(found.difference)) }
      let filling = Filling(hidden: app.hidden(context))
      return app.html(try app.page(found, filling, request, context), request, context)
    }
    router.post("/return/:id") { request, context in
      let form = try await app.form(request, context)
      try app.require(.settle, request, context)
      let found = try app.difference(request, context)
      return try await app.answer(form, request, context) {
        guard let way = form["way"].flatMap(ReturnDecision.Way.init) else { throw Problem.notFound }
        try refuseOther(form, found, way, app)
        let sent = try app.register.read { try $0.handbacks(of: found.difference.subject) }
        return DecideDifference(
          found.difference, way, note: form["note"], handbacks: sent.begun, commits: sent.commits,
          entered: sent.entered)
      } next: { receipt in
        let isForm = form["way"] == ReturnDecision.Way.correct.rawValue && !found.difference.isPutRight
        if isForm, let address = try app.correction(found, context) { return receipt.telling(address) }
        return receipt.telling(try app.next(after: found.difference).map { "/return/\($0.id.afterSlash)" } ?? "/return")
      } again: { filling in
        try app.page(found, filling, request, context)
      }
    }
  }

  /// Whoever decides must have seen what is decided. What was kept under this key before is answered as it was.
  private static func refuseOther(
    _ form: Form, _ found: FoundDifference, _ way: ReturnDecision.Way, _ app: WebApp
  ) throws {
    if try app.register.read({ try $0.hasKept(command: form.command) }) { return }
    let difference = found.difference
    guard form["version"] == difference.version else { throw Refusal("conflict-changed") }
    if found.isCurrent { return }
    // What the correction settled is put back; nothing else is left to decide.
    guard way == .keep, difference.isCorrected else { throw Refusal("return-past") }
    guard difference.isPutBack else { throw Refusal("return-by-form") }
  }
}

/// One that is, or was decided and is no more.
struct FoundDifference {
  var difference: Difference
  var isCurrent: Bool
  var comparison: ReturnComparison
}

extension WebApp {
  fileprivate func answerReturn(
    _ problem: Refusal?, _ request: Request, _ context: PageContext
  ) throws -> Response {
    let wording = wording(context)
    let (comparison, decided) = try register.read { reading in
      (try reading.returnComparison(at: wording.now), try reading.returnDecisions(limit: 50))
    }
    if wantsJSON(request) {
      if let problem {
        return json(
          refused: problem, message: sentence(problem, context.language), field: problem.field, context)
      }
      guard let comparison else { throw Problem.notFound }
      return json(ReturnDocument.json(comparison))
    }
    var model: [String: any Sendable] = [:]
    if let comparison {
      model = try register.read { try ReturnPage($0, wording, comparison).list(comparison, decided: decided) }
    }
    model["never"] = comparison == nil
    model["ever"] = comparison != nil
    model["hidden"] = hidden(context)
    model["warnings"] = warned(request, wording)
    model["mayRead"] = allows(.declareMode, context)
    if let problem { model["problem"] = sentence(problem, wording.language) }
    return html(
      Page(
        "return", title: wording("return.title"), model: model, status: problem == nil ? .ok : .unprocessableContent,
        nav: .handback, live: [Situation.name]), request, context)
  }

  /// A list changes nothing by itself: it is kept and compared.
  fileprivate func readRecovered(_ request: Request, _ context: PageContext) async throws -> Response {
    let (upload, files) = try await upload(request, context, to: "\(register.path)/return-\(environment.newID())")
    defer { withExtendedLifetime(upload) {} }
    guard let path = files.first else { throw Problem(.badRequest, "problem.no-file") }
    let list: Recovery
    do throws(Refusal) { list = try await takeRecovered(path, by: context.account(or: "system")) } catch {
      return try answerReturn(error, request, context)
    }
    return wantsJSON(request) ? json(ReturnDocument.json(list)) : redirect("/return")
  }

  private func takeRecovered(_ path: String, by account: String) async throws(Refusal) -> Recovery {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? .max
    guard size <= RecoveredFile.bytesMax, let bytes = FileManager.default.contents(atPath: path) else {
      throw Refusal("return-too-large", field: "file", ["megabytes": String(RecoveredFile.bytesMax >> 20)])
    }
    let file = try RecoveredFile(DelimitedText(Array(bytes)), today: hours.day(environment.now()))
    let reading = "recovery/\(environment.newID())"
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    for part in TakeRecovered.parts(of: file, name: name, reading: reading) {
      do {
        _ = try await register.submit(Submission(part, key: environment.newID(), author: account))
      } catch let refusal as Refusal { throw refusal } catch { throw Refusal("return-not-kept", field: "file") }
    }
    guard let list = try? register.read({ try $0.recovery(reading) }) else {
      throw Refusal("return-not-kept", field: "file")
    }
    return list
  }

  fileprivate func difference(_ request: Request, _ context: PageContext) throws -> FoundDifference {
    let id = "return/\(try context.uuid())"
    let now = environment.now()
    let found = try register.read { reading -> FoundDifference? in
      guard let comparison = try reading.returnComparison(at: now) else { return nil }
      if let current = comparison.differences.first(where: { $0.id.sameBytes(as: id) }) {
        return FoundDifference(difference: current, isCurrent: true, comparison: comparison)
      }
      return try reading.decidedDifference(id, at: now).map {
        FoundDifference(difference: $0, isCurrent: false, comparison: comparison)
      }
    }
    guard let found else { throw Problem.notFound }
    let wording = wording(context)
    let files = try register.read { try ReturnPage($0, wording, found.comparison).files(found.difference) }
    for file in files { try openFile(file, page: "return", request, context) }
    return found
  }

  /// nil where our file says so already.
  fileprivate func correction(_ found: FoundDifference, _ context: PageContext) throws -> String? {
    let wording = wording(context)
    return try register.read { reading in
      let decided = try reading.returnComparison(at: wording.now)?.differences.first { $0.id == found.difference.id }
      guard decided?.isSettled == false else { return nil }
      return try ReturnPage(reading, wording, found.comparison).correction(found.difference, to: found.difference.there)
    }
  }

  /// The one that comes after this in the queue; the first after the last.
  fileprivate func next(after difference: Difference) throws -> Difference? {
    let now = environment.now()
    let open = try register.read { try $0.returnComparison(at: now) }?.open ?? []
    let place = open.firstIndex { $0.id == difference.id } ?? -1
    return (open[(place + 1)...] + open).first { $0.id != difference.id }
  }

  fileprivate func page(
    _ found: FoundDifference, _ filling: Filling, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = wording(context)
    let difference = found.difference
    var model = try register.read {
      try ReturnPage($0, wording, found.comparison).whole(difference, isCurrent: found.isCurrent)
    }
    model["hidden"] = filling.hidden
    model["note"] = filling.value("note", proposed: nil)
    model["warnings"] = warned(request, wording)
    let problems = filling.problems
    model["problems"] = problems
    model["next"] = try next(after: difference).map { "/return/\($0.id.afterSlash)" }
    return Page(
      "difference", title: wording("return.kind.\(difference.kind.rawValue)"), model: model,
      status: filling.status, nav: .handback,
      live: [difference.subject, difference.id, Situation.name])
  }
}
