import Hospital
import Hummingbird
import Ledger

/// One unit: who lies in which bed, on screen and on paper.
enum UnitRoutes: Routes {
  private static let query = [
    Field("code", .text(max: 32)),
    Field("version", .choice(UnitListVersion.allCases.map(\.rawValue)), "Who reads it; the ward itself when absent"),
  ]

  static let operations: [Operation] = [
    .get(
      "/units/{code}", "Who lies in which bed of a unit", query: query,
      answer: .json(
        .object([
          Field("unit", required: true), Field("name", required: true), Field("at", .instant, required: true),
          Field("version", .choice(UnitListVersion.allCases.map(\.rawValue)), required: true),
          Field("occupied", .integer(min: 0), required: true), Field("entries", .list(.any), required: true),
        ]))),
    .get("/units/{code}/print", "The same for paper", query: query),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/units/:code") { request, context -> Response in
      let list = try UnitList(app, request, context)
      return app.wantsJSON(request) ? app.json(list.json) : app.html(list.screen, request, context)
    }
    router.get("/units/:code/print") { request, context -> Response in
      app.html(try UnitList(app, request, context).paper, request, context)
    }
  }
}

struct UnitList {
  let reading: UnitListReading
  let version: UnitListVersion
  let wording: Wording
  let session: Session
  /// Short name of the station that prints.
  let station: String

  /// - Throws: `Problem` 404 for an unknown unit, 403 for whoever opens no files.
  init(_ app: WebApp, _ request: Request, _ context: PageContext) throws {
    session = try app.require(.read, request, context)
    let code = try context.parameter("code")
    let wording = app.wording(context)
    guard let found = try app.register.read({ try UnitListReading(code, $0, wording) }) else { throw Problem.notFound }
    reading = found
    self.wording = wording
    version = request.query["version"].flatMap(UnitListVersion.init(rawValue:)) ?? .ward
    station = app.shortStation(app.register.station)
  }

  private var code: String { reading.row.code }
  private var address: String { "/units/\(pathSafe(code))" }
  private var table: UnitListTable {
    UnitListTable(entries: reading.entries(wording, session), version: version, links: true)
  }

  private var counts: String {
    let unit = reading.figures
    return wording(
      "unit.counts",
      ["occupied": grouped(unit.occupied), "staffed": grouped(unit.staffed), "free": grouped(unit.free)])
  }

  private func versions(_ suffix: String) -> [[String: any Sendable]] {
    UnitListVersion.allCases.map {
      [
        "href": "\(address)\(suffix)?version=\($0.rawValue)", "name": wording("unit.version.\($0.rawValue)"),
        "current": $0 == version,
      ]
    }
  }

  var screen: Page {
    var table = table
    table.next = "\(address)?version=\(version.rawValue)"
    let model: [String: any Sendable] = [
      "name": reading.name, "counts": counts, "versions": versions(""), "code": pathSafe(code),
      "printHref": "\(address)/print?version=\(version.rawValue)", "live": "unit:\(escaped(code))",
      "table": table.html { wording($0) },
    ].adding("phone", reading.row.unit?.phone)
    return Page("unit-list", title: reading.name, model: model, nav: .beds)
  }

  var paper: Page {
    var table = table
    table.links = false
    let now = wording.hours.time(wording.now)
    let printed = "\(wording.hours.date(wording.now)) \(now)"
    let model: [String: any Sendable] = [
      "name": reading.name, "version": wording("unit.version.\(version.rawValue)"), "counts": counts,
      "state": wording("unit.state", ["time": now]),
      "printed": wording("unit.printed", ["time": printed, "station": station]), "versions": versions("/print"),
      "listHref": address, "table": table.html { wording($0) },
    ]
    return Page("unit-print", title: reading.name, model: model, nav: .beds)
  }

  var json: JSON {
    let unit = reading.figures
    return [
      "unit": .string(code), "name": .string(reading.name), "at": .string(wording.now.text),
      "version": .string(version.rawValue), "beds": .integer(unit.beds.count), "occupied": .integer(unit.occupied),
      "staffed": .integer(unit.staffed), "free": .integer(unit.free),
      "entries": .array(table.entries.map { $0.json(version) }),
    ]
  }
}

extension UnitListEntry {
  /// What this version shows, and nothing more.
  func json(_ version: UnitListVersion) -> JSON {
    let hidden = protected && version.hidesProtected
    var object = JSONObject([
      ("bedID", bed.json), ("stay", (hidden ? nil : stay).json), ("empty", empty.json), ("protected", .bool(protected)),
    ])
    let columns = empty == nil ? version.columns : [.bed]
    for column in columns {
      object.append(column.rawValue, cell(column, in: version).json)
    }
    return .object(object)
  }
}
