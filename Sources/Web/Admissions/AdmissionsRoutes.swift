import Hospital
import Hummingbird
import Ledger
import Register

/// Search, and the scan that opens an exact number or nothing.
enum AdmissionsRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/admissions", "Finds patients by birth date, name, IPP, INS or stay number",
      query: [
        Field("q", .text(max: 200), "As people type it: `12031961 martin lo`"),
        Field("page", .integer(min: 1), "Of those expected, where nothing is asked"),
        Field("stayClass", .choice(StayCodes.classes), "What the forms that it leads to propose"),
        Field("announcement", .uuid, "Of whoever announced them to emergency"),
        Field("sheet", "Number of the sheet of paper that is typed in"),
        Field("scan", .text(max: 200), "An exact number: answers where its file is, or that there is none"),
      ], answer: .json(.any)),
    .get(
      "/admissions/beds", "The best free beds of a unit, and why",
      query: [Field("unit", required: true), Field("patient", .uuid)], answer: .json(.any)),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/admissions") { request, context in
      let session = try app.require(.read, request, context)
      let wording = app.wording(context)
      let query = String((request.query["q"] ?? "").trimmed.prefix(200))
      if let number = request.query["scan"]?.trimmed, !number.isEmpty {
        let address = try app.register.read { try Finding($0, wording, session).scanned(number) }
        if let address { return app.redirect(address) }
        let page = AdmissionsPage(
          query: "", results: [], expected: ExpectedList(), unknownScan: String(number.prefix(64)), wording: wording,
          mayCreate: app.allows(.createIdentity, context))
        return app.wantsJSON(request) ? app.json(page.json) : app.html(page.page, request, context)
      }
      let carried = Fields(request.query.pairs.filter { ["stayClass", "announcement", "sheet"].contains($0.name) })
      let number = max(1, request.query["page"].flatMap { Int($0) } ?? 1)
      let page = try app.register.read { reading in
        let finding = try Finding(reading, wording, session)
        return AdmissionsPage(
          query: query, results: try finding.lines(query),
          expected: query.isEmpty ? try finding.expected(page: number) : ExpectedList(),
          carried: carried, sheet: try carried["sheet"].flatMap { try reading.sheet($0) }.map(CarriedSheet.init),
          wording: wording, mayCreate: app.allows(.createIdentity, context))
      }
      return app.wantsJSON(request) ? app.json(page.json) : app.html(page.page, request, context)
    }
    router.get("/admissions/beds") { request, context in
      try app.require(.read, request, context)
      let unit = request.query["unit"]
      let own = request.query["patient"].map { ["patient/\($0.afterSlash)"] } ?? []
      let wording = app.wording(context)
      let (choices, names) = try app.register.read { reading in
        (
          try BedChoices(unit: unit, own: own, reading, at: wording.now),
          Names(structure: try reading.structure, system: wording("word.system"))
        )
      }
      if app.wantsJSON(request) { return app.json(choices.json) }
      var html = ""
      let make = FieldMaker(wording: wording, filling: Filling(hidden: ""))
      make.field(
        "bed", .select(choices.choices(unit: unit, names, wording)), proposed: choices.proposals.first?.bed.afterSlash
      ).write(into: &html)
      return app.answer(html: html, .ok)
    }
  }

  /// Where an admission goes on: its labels, ready to print.
  static func printing(_ receipt: Receipt) -> String {
    // A pile of paper goes on with its next sheet; its patients have had their labels for hours.
    if let paper = PaperRoutes.afterEntry(receipt) { return paper }
    guard let stay = receipt.subject("stay")?.afterSlash else {
      return "/patients/\(receipt.subject("patient")?.afterSlash ?? "")"
    }
    let patient =
      receipt.facts.lazy.compactMap { $0.data["patient"]?.string }.first ?? receipt.subject("patient") ?? ""
    return "/patients/\(patient.afterSlash)/labels?stay=\(stay)&print=yes"
  }
}
