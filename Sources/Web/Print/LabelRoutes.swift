import Hospital
import Hummingbird
import Ledger
import Register

/// Labels: A4 sheets from any label on, a file for a thermal printer, or straight to it.
enum LabelRoutes: Routes {
  private static let stay = Field("stay", .uuid, "Whose number the barcode bears; the present stay where it is absent")
  private static let copies = Field("count", .integer(min: 1, max: 99))

  static let operations: [Operation] = [
    .get(
      "/patients/{id}/labels", "Labels on A4 sheets, to print from a browser",
      query: [
        stay, Field("sheet"), Field("start", .integer(min: 1, max: 99)), copies,
        Field("dx", "Millimetres to the right"),
        Field("dy", "Millimetres down"),
      ]),
    .get(
      "/patients/{id}/labels/zpl", "The same label for a thermal printer", query: [stay, copies],
      answer: .media("application/zpl")),
    .post(
      "/patients/{id}/labels", "Sends labels to a thermal printer of this site",
      fields: [Field("printer", required: true), copies, stay], answer: .page),
    .get("/labels/hand", "A sheet to be written by hand when the printer dies"),
  ]

  static let usualCount = 24

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/patients/:id/labels") { request, context in
      let sheet = try opened(app, request, context)
      return app.html(LabelsPage(sheet, request.query, hidden: app.hidden(context), app.print).page, request, context)
    }
    router.get("/patients/:id/labels/zpl") { request, context in
      let sheet = try opened(app, request, context)
      do {
        let zpl = try Zebra.label(sheet.drawing(app.print.label), copies: request.query.count("count", 1))
        var response = app.answer(Array(zpl.utf8), "application/zpl", .ok)
        response.headers[.contentDisposition] = "attachment; filename=\"\(sheet.fileName).zpl\""
        return response
      } catch {
        throw Problem(.unprocessableContent, "labels.unprintable")
      }
    }
    router.post("/patients/:id/labels") { request, context in
      let form = try await app.form(request, context)
      let sheet = try opened(app, request, context, stay: form["stay"])
      let count = form.fields.count("count", 1)
      let sent = await app.send(to: form["printer"]) {
        try Zebra.label(sheet.drawing(app.print.label), copies: count)
      }
      var page = LabelsPage(sheet, form.fields, hidden: form.hidden, app.print)
      page.done = sent.isSent ? sheet.wording("labels.sent", ["printer": form["printer"] ?? ""]) : nil
      page.problem = sent.problem.map { app.texts($0, context.language, ["printer": form["printer"] ?? ""]) }
      return app.html(page.page, request, context)
    }
    router.get("/labels/hand") { request, context in
      try app.requireSession(request, context)
      return app.html(byHand(app.wording(context)), request, context)
    }
  }

  private static func opened(
    _ app: WebApp, _ request: Request, _ context: PageContext, stay: String? = nil
  ) throws
    -> PaperFile
  {
    let file = try PatientFile.open(app, request, context, for: .read)
    return PaperFile(file, stay: stay ?? request.query["stay"])
  }

  private static func byHand(_ wording: Wording) -> Page {
    let captions = ["birthName", "birthGivenName", "birthDate", "number"].map { ["caption": wording("trait.\($0)")] }
    let labels = Array(repeating: ["captions": captions], count: usualCount)
    return Page("by-hand", title: wording("hand.title"), model: ["labels": labels], nav: .admissions)
  }
}

/// What is printed for a patient: who, and under which stay.
struct PaperFile {
  let file: PatientFile
  /// Whose number the labels bear.
  let stay: Stay?

  /// - Parameter asked: UUID of a stay; without one of this patient's, the present stay, else the newest.
  init(_ file: PatientFile, stay asked: String?) {
    self.file = file
    stay =
      file.stays.first { $0.id.afterSlash == asked } ?? file.present
      ?? file.stays.first { $0.status(at: file.wording.now) != .cancelled }
  }

  var wording: Wording { file.wording }

  var paper: PaperIdentity {
    PaperIdentity(file.patient, wording, ippAuthority: file.names.structure?.ippAuthority)
  }

  func drawing(_ template: LabelTemplate) -> LabelDrawing {
    let unit = stay?.place.unit.map(file.names.unit)
    return LabelDrawing(template: template, fields: paper.label(stay: stay, unit: unit))
  }

  /// Letters, digits and dashes alone.
  var fileName: String {
    let number = stay?.number ?? file.uuid
    return "label-" + number.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }
}

extension Fields {
  /// A whole number from 1 to 99.
  func count(_ name: String, _ usual: Int) -> Int { min(max(self[name].flatMap { Int($0.trimmed) } ?? usual, 1), 99) }

  /// Millimetres, with a comma or a point; within ±20.
  func millimetres(_ name: String) -> Double {
    let value = self[name].flatMap { Double($0.trimmed.replacing(",", with: ".")) } ?? 0
    return value.isFinite ? min(max(value, -20), 20) : 0
  }
}
