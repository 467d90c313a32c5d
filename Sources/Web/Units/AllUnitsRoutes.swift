import Hospital
import Hummingbird
import Ledger

/// Every unit with its figures, and the way to its lists.
enum AllUnitsRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/units", "Every unit with its figures",
      answer: .json(
        .object([
          Field("at", .instant, required: true), Field("units", .list(.object(UnitFigureRow.fields)), required: true),
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/units") { request, context -> Response in
      try app.requireSession(request, context)
      let now = app.environment.now()
      let structure = try app.register.read { try $0.structure }
      let rows = try BoardUnit.read(app.register, at: now).map { unit in
        UnitFigureRow(unit: unit, site: structure?.site(ofUnit: unit.code)?.name)
      }
      if app.wantsJSON(request) {
        return app.json(["at": .string(now.text), "units": .array(rows.map(\.json))])
      }
      let isReader = app.allows(.read, context)
      let language = context.language
      let title = app.texts("units.title", language)
      let counts = BoardWords { app.texts($0, language) }.counts(of: rows.map(\.unit))
      let model: [String: any Sendable] = [
        "title": title, "counts": counts, "units": rows.map { $0.model(links: isReader) }, "none": rows.isEmpty,
      ]
      return app.html(
        Page("units", title: title, model: model, nav: .beds, live: Set(rows.map { "unit:\($0.unit.code)" })), request,
        context)
    }
  }
}

struct UnitFigureRow {
  var unit: BoardUnit
  var site: String?

  /// Occupied of those that somebody looks after, in whole percents; nil for a unit without such beds.
  var percent: Int? { unit.staffed == 0 ? nil : (100 * unit.occupied + unit.staffed / 2) / unit.staffed }

  static let fields = [
    Field("unit", required: true), Field("name", required: true), Field("site", .maybe(.text()), required: true),
    Field("beds", .integer(min: 0), required: true), Field("occupied", .integer(min: 0), required: true),
    Field("staffed", .integer(min: 0), required: true), Field("free", .integer(min: 0), required: true),
    Field("toClean", .integer(min: 0), required: true), Field("reserved", .integer(min: 0), required: true),
    Field("closed", .integer(min: 0), required: true), Field("withoutBed", .integer(min: 0), required: true),
  ]

  var json: JSON {
    [
      "unit": .string(unit.code), "name": .string(unit.name), "site": site.json, "beds": .integer(unit.beds.count),
      "occupied": .integer(unit.occupied), "staffed": .integer(unit.staffed), "free": .integer(unit.free),
      "toClean": .integer(unit.toClean), "reserved": .integer(unit.reserved), "closed": .integer(unit.closed),
      "withoutBed": .integer(unit.unplaced),
    ]
  }

  func model(links: Bool) -> [String: any Sendable] {
    [
      "name": unit.name, "code": unit.code, "site": site ?? "–", "occupied": unit.occupied, "staffed": unit.staffed,
      "free": unit.free, "toClean": unit.toClean, "closed": unit.closed, "withoutBed": unit.unplaced,
      "percent": percent.map { "\($0) %" } ?? "–", "links": links, "href": "/units/\(pathSafe(unit.code))",
    ]
  }
}
