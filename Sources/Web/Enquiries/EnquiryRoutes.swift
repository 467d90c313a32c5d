import Hospital
import Hummingbird
import Ledger
import Register

/// Renseignements: where is this person, for whoever asks at the desk or by telephone. One answer, never a list; the
/// same words and the same delay for whoever is not here and for whoever must not be told of.
enum EnquiryRoutes: Routes {
  static let callers = ["relative", "other", "police"]
  static let channels = ["telephone", "desk"]
  /// Answers leave at whole multiples of it: the work done for one question and for another differs by far less.
  static let stepMilliseconds = 300

  static let operations: [Operation] = [
    .get("/enquiries", "The form of an enquiry"),
    .post(
      "/enquiries", "Where somebody is, for whoever asks; who asked is kept, the name asked for is not",
      fields: [
        Field("name", required: true, "As heard"), Field("birth", required: true, "Birth date or age"),
        Field("asker", required: true, "Who asks"), Field("caller", .choice(callers)),
        Field("channel", .choice(channels)),
      ],
      answer: .json(
        .object([
          Field("answer", .choice(EnquiryAnswer.kinds), required: true), Field("sentence", required: true),
          Field("unit", .maybe(.text())), Field("phone", .maybe(.text())),
        ]))),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/enquiries") { request, context in
      try app.require(.inquire, request, context)
      return app.html(page(nil, Filling(hidden: app.hidden(context)), app, context), request, context)
    }
    router.post("/enquiries") { request, context in
      let start = ContinuousClock.now
      let form = try await app.form(request, context)
      let session = try app.require(.inquire, request, context)
      let asked: EnquiryAsked
      do {
        asked = try EnquiryAsked(form, app.wording(context))
      } catch let refusal as Refusal {
        let message = app.sentence(refusal, context.language)
        if app.wantsJSON(request) { return app.json(refused: refusal, message: message, field: refusal.field, context) }
        let filling = Filling(form, message: message, field: refusal.field)
        return app.html(page(nil, filling, app, context), request, context)
      }
      let answer = try asked.answer(app, session, context)
      try await settle(since: start)
      if app.wantsJSON(request) { return app.json(answer.json) }
      return app.html(page(answer, Filling(form), app, context), request, context)
    }
  }

  private static func settle(since start: ContinuousClock.Instant) async throws {
    let step = Duration.milliseconds(stepMilliseconds)
    let steps = ((ContinuousClock.now - start) / step).rounded(.up)
    try await Task.sleep(until: start + step * max(1, Int(steps)), tolerance: .zero, clock: .continuous)
  }

  private static func page(
    _ answer: EnquiryAnswer?, _ filling: Filling, _ app: WebApp, _ context: PageContext
  ) -> Page {
    let wording = app.wording(context)
    let make = FieldMaker(wording: wording, filling: filling)
    let fields = [
      make.field("name", required: true, focus: true), make.field("birth", required: true),
      make.choice("channel", "enquiry.channel", channels, proposed: "telephone", radios: true),
      make.choice("caller", "enquiry.caller", callers, proposed: "relative", radios: true),
      make.field("asker", required: true),
    ].map { field in
      // Elsewhere a name is of whoever is to come.
      var field = field
      if field.name == "name" { (field.label, field.help) = (wording("enquiry.name"), wording("enquiry.name.help")) }
      return field
    }
    var html = ""
    for field in fields { field.write(into: &html) }
    let model: [String: any Sendable] = ["fields": html, "hidden": filling.hidden].adding("problem", filling.problem)
      .adding("answer", answer?.model)
    return Page(
      "enquiries", title: wording("enquiry.title"), model: model, status: filling.status,
      nav: .enquiries)
  }
}
