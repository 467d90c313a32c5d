import Hospital
import Hummingbird
import Ledger
import Register

/// Liste DIM: the stays of some days that coding would stumble over, and why, on screen and as CSV.
enum CodingRoutes: Routes {
  static let daysUsual = 7
  static let daysMax = 31

  private static let query = [
    Field("days", .integer(min: 1, max: daysMax), "Back from now; \(daysUsual) when absent")
  ]

  static let operations: [Operation] = [
    .get(
      "/coding", "Stays that coding would stumble over, and why", query: query,
      answer: .json(
        .object([
          Field("at", .instant, required: true), Field("days", .integer(min: 1), required: true),
          Field("stays", .integer(min: 0), required: true), Field("lines", .list(.any), required: true),
        ]))),
    .get("/coding.csv", "The same as a table, separated by semicolons", query: query, answer: .media("text/csv")),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/coding") { request, context -> Response in
      let list = try CodingList(app, request, context)
      return app.wantsJSON(request) ? app.json(list.json) : app.html(list.page, request, context)
    }
    router.get("/coding.csv") { request, context -> Response in
      app.spreadsheet(try CodingList(app, request, context).csv, "dim.csv")
    }
  }
}

private struct CodingList {
  private let wording: Wording
  private let names: Names
  private let days: Int
  private let lines: [FlawedStay]
  private let stays: Int
  /// Whose presence this reader is not told of.
  private let hidden: Int

  init(_ app: WebApp, _ request: Request, _ context: PageContext) throws {
    let session = try app.require(.read, request, context)
    let wording = app.wording(context)
    let days = min(
      max(request.query["days"].flatMap { Int($0) } ?? CodingRoutes.daysUsual, 1), CodingRoutes.daysMax)
    (self.wording, self.days) = (wording, days)
    let (found, all, structure) = try app.register.read { reading in
      let (found, all) = try reading.flawedStays(
        from: wording.now.adding(seconds: -days * 86_400), to: wording.now, now: wording.now)
      return (found, all, try reading.structure)
    }
    stays = all
    names = Names(structure: structure, system: wording("word.system"))
    let shown = found.filter { session.mayName($0.patient, in: $0.stay.place.unit) }
    hidden = found.count - shown.count
    lines = shown.sorted { one, other in
      let (left, right) = (one.stay.number ?? "", other.stay.number ?? "")
      return left.sameBytes(as: right) ? one.stay.id.precedesInBytes(other.stay.id) : left.precedesInBytes(right)
    }
  }

  private func why(_ line: FlawedStay) -> String {
    line.flaws.map { wording("coding.\($0.rawValue)") }.joined(separator: " · ")
  }

  private func cells(_ line: FlawedStay) -> [(key: String, value: String)] {
    let outline = line.stay.outline
    return [
      ("number", line.stay.number ?? "–"),
      (
        "identity",
        line.patient.map { PatientLine($0, wording, ippAuthority: names.structure?.ippAuthority).plain } ?? "–"
      ), ("class", outline.stayClass.map { wording.word("class", $0.rawValue) } ?? "–"),
      ("unit", outline.place.unit.map(names.unit) ?? "–"),
      ("from", outline.admittedAt.map(wording.hours.iso) ?? "–"),
      ("until", outline.dischargedAt.map(wording.hours.iso) ?? "–"), ("why", why(line)),
    ]
  }

  var page: Page {
    let counts = CodingFlaw.allCases.map { flaw in
      [
        "label": wording("coding.\(flaw.rawValue)"), "count": grouped(lines.count { $0.flaws.contains(flaw) }),
      ]
    }
    let model: [String: any Sendable] = [
      "count": wording(
        "coding.count", ["count": grouped(lines.count), "stays": grouped(stays), "days": String(days)]),
      "days": [1, 7, 31].map {
        ["href": "/coding?days=\($0)", "name": String($0), "current": $0 == days] as [String: any Sendable]
      },
      "csvHref": "/coding.csv?days=\(days)", "counts": counts, "none": lines.isEmpty,
      "lines": lines.map { line in
        let outline = line.stay.outline
        return Dictionary(cells(line), uniquingKeysWith: { first, _ in first }).merging([
          "href": "/stays/\(line.stay.id.afterSlash)", "from": outline.admittedAt.map(wording.time) ?? "–",
          "until": outline.dischargedAt.map(wording.time) ?? "–",
        ]) { $1 }
      },
    ].adding("hidden", hidden > 0 ? wording("coding.hidden", ["count": grouped(hidden)]) : nil)
    return Page("coding", title: wording("coding.title"), model: model, nav: .home)
  }

  var json: JSON {
    [
      "at": .string(wording.now.text), "days": .integer(days), "stays": .integer(stays), "hidden": .integer(hidden),
      "lines": .array(
        lines.map { line in
          .object(
            JSONObject(
              cells(line).map { ($0.key, .string($0.value)) } + [
                ("stay", .string(line.stay.id.afterSlash)),
                ("flaws", .array(line.flaws.map { .string($0.rawValue) })),
              ]))
        }),
    ]
  }

  var csv: String {
    let heads = ["number", "identity", "class", "unit", "from", "until", "why"].map { wording("coding.column.\($0)") }
    return Spreadsheet.text([heads] + lines.map { cells($0).map(\.value) })
  }
}
