import Hospital
import Hummingbird
import Ledger
import Register

/// Wristbands: one, or the numbered set of a mother and her children.
enum WristbandRoutes: Routes {
  private static let format = Field("format", "adult, child, newborn, or a site's own")

  static let operations: [Operation] = [
    .get("/patients/{id}/wristband", "A wristband to print from a browser", query: [format, Field("set", .flag)]),
    .get(
      "/patients/{id}/wristband/zpl", "The same for a thermal printer", query: [format, Field("set", .flag)],
      answer: .media("application/zpl")),
    .post(
      "/patients/{id}/wristband", "Sends wristbands to a thermal printer of this site",
      fields: [Field("printer", required: true), format, Field("set", .flag)], answer: .page),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/patients/:id/wristband") { request, context in
      let bands = try opened(app, request, context, request.query)
      return app.html(WristbandPage(bands, hidden: app.hidden(context), app.print).page, request, context)
    }
    router.get("/patients/:id/wristband/zpl") { request, context in
      let bands = try opened(app, request, context, request.query)
      guard let zpl = try? bands.zpl() else { throw Problem(.unprocessableContent, "labels.unprintable") }
      var response = app.answer(Array(zpl.utf8), "application/zpl", .ok)
      response.headers[.contentDisposition] = "attachment; filename=\"wristband.zpl\""
      return response
    }
    router.post("/patients/:id/wristband") { request, context in
      let form = try await app.form(request, context)
      let bands = try opened(app, request, context, form.fields)
      let sent = await app.send(to: form["printer"]) { try bands.zpl() }
      var page = WristbandPage(bands, hidden: form.hidden, app.print)
      page.done = sent.isSent ? bands.file.wording("labels.sent", ["printer": form["printer"] ?? ""]) : nil
      page.problem = sent.problem.map { app.texts($0, context.language, ["printer": form["printer"] ?? ""]) }
      return app.html(page.page, request, context)
    }
  }

  private static func opened(
    _ app: WebApp, _ request: Request, _ context: PageContext, _ asked: Fields
  ) throws -> Wristbands {
    let file = try PatientFile.open(app, request, context, for: .read)
    if asked["set"] != nil {
      let family = try app.register.read { try Wristbands.family(of: file.patient, $0) }
      for patient in family where patient.id != file.patient.id {
        try app.openFile(patient, page: "labels", request, context)
      }
    }
    return try app.register.read { try Wristbands(file, asked, app.print, $0) }
  }
}

/// The wristbands to print together.
struct Wristbands {
  let file: PatientFile
  let format: WristbandFormat
  let drawings: [WristbandDrawing]
  /// Mother and children of one birth, this patient among them; one alone is no set.
  let familyCount: Int
  let isSet: Bool
  /// The identity changed since they came in: an old wristband says something else.
  let mustRetire: Bool

  init(_ file: PatientFile, _ asked: Fields, _ settings: PrintSettings, _ reading: Reading) throws {
    self.file = file
    let authority = file.names.structure?.ippAuthority
    let own = PaperIdentity(file.patient, file.wording, ippAuthority: authority)
    format = settings.wristband(asked["format"] ?? own.usualFormat)
    let family = try Wristbands.family(of: file.patient, reading)
    familyCount = family.count
    isSet = family.count > 1 && asked["set"] != nil
    if isSet {
      drawings = family.enumerated().map { index, patient in
        let paper = PaperIdentity(patient, file.wording, ippAuthority: authority)
        let format = settings.wristband(paper.usualFormat)
        return paper.wristband(format, rank: "\(index + 1)/\(family.count)")
      }
    } else {
      let place = family.firstIndex { $0.id == file.patient.id }
      drawings = [own.wristband(format, rank: place.map { "\($0 + 1)/\(family.count)" })]
    }
    mustRetire = try Wristbands.hasChanged(file, reading)
  }

  /// The mother, then her children of this patient's birth, or of her latest; nobody where there are none.
  static func family(of patient: Patient, _ reading: Reading) throws -> [Patient] {
    let mother = try patient.mother.map { try reading.patient($0) } ?? patient
    guard let mother else { return [] }
    let children = try reading.delivery(ofMother: mother.id, around: patient.mother == nil ? nil : patient.heardAt)
    return children.isEmpty ? [] : [mother] + children
  }

  /// Whether what a wristband bears was corrected since the present stay began.
  private static func hasChanged(_ file: PatientFile, _ reading: Reading) throws -> Bool {
    guard let since = file.present?.movements.first(where: \.acts)?.writtenAt else { return false }
    let printed = [
      "birthName", "birthGivenName", "birthDate", "sex", "usedName", "usedGivenName", "status", "identifiers",
    ]
    return try reading.history(of: file.patient.id).contains { said in
      let fact = said.heard.fact
      guard said.heard.time.instant > since, fact.kind != "patient.registered" else { return false }
      return fact.kind == "patient.status-changed"
        || printed.contains { key in fact.kind == "patient.corrected" && fact.data[key] != nil }
    }
  }

  func svg() throws(BarcodeFailure) -> String {
    var out = ""
    for drawing in drawings { out += try drawing.svg() }
    return out
  }

  func zpl() throws(BarcodeFailure) -> String {
    var out = ""
    for drawing in drawings { out += try drawing.zpl() }
    return out
  }
}

/// Wristbands as they will be cut.
struct WristbandPage {
  let bands: Wristbands
  let hidden: String
  let settings: PrintSettings
  var done: String?
  var problem: String?

  init(_ bands: Wristbands, hidden: String, _ settings: PrintSettings) {
    self.bands = bands
    self.hidden = hidden
    self.settings = settings
  }

  var page: Page {
    let wording = bands.file.wording
    let base = "\(bands.file.address)/wristband"
    let drawn = try? bands.svg()
    let problem = problem ?? (drawn == nil ? wording("labels.unprintable") : nil)
    let query = "?format=\(pathSafe(bands.format.name))\(bands.isSet ? "&set=yes" : "")"
    let model: [String: any Sendable] = [
      "identity": bands.file.identity.html(wording, link: bands.file.address), "problem": problem ?? "",
      "hasProblem": problem != nil, "done": done ?? "", "isDone": done != nil,
      "formats": settings.wristbands.map {
        option($0.name, wording.word("wristband.format", $0.name), $0.name == bands.format.name)
      },
      "zplHref": "\(base)/zpl\(query)", "labelsHref": "\(bands.file.address)/labels", "hidden": hidden,
      "printers": settings.printers.map { ["name": $0.name] }, "hasPrinters": !settings.printers.isEmpty,
      "retire": bands.mustRetire, "isSet": bands.isSet, "format": bands.format.name,
      "set": wording("wristband.set", ["count": String(bands.drawings.count)]),
      "offersSet": bands.familyCount > 1 && !bands.isSet, "setHref": "\(base)?set=yes", "bands": drawn ?? "",
    ]
    return Page("wristband", title: wording("wristband.title"), model: model, nav: .admissions)
  }
}
