import Hospital
import Hummingbird
import Ledger
import Register

/// Attendus: who is to come in the next thirty days, where, with a telephone number; one day at a time, on screen and on
/// paper.
enum AwaitedRoutes: Routes {
  static let days = 30

  private static let query = [
    Field("day", .date, "Today when absent; thirty days ahead at most"),
    Field("unit", "Its code; every unit when absent"),
    Field("name", "As heard; then every day is looked at, and a line begins with its own"),
  ]

  static let operations: [Operation] = [
    .get(
      "/expected", "Who is to come on a day: appointments and pre-admissions together", query: query,
      answer: .json(
        .object([
          Field("at", .instant, required: true), Field("day", .date, required: true),
          Field("unit", .maybe(.text()), required: true),
          Field(
            "days",
            .list(.object([Field("day", .date, required: true), Field("count", .integer(min: 0), required: true)])),
            required: true), Field("name", .maybe(.text()), required: true),
          Field("lines", .list(.any), required: true),
        ]))),
    .get("/expected/print", "The same for paper, a table for each unit", query: query),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/expected") { request, context -> Response in
      let list = try AwaitedList(app, request, context)
      return app.wantsJSON(request) ? app.json(list.json) : app.html(list.screen, request, context)
    }
    router.get("/expected/print") { request, context -> Response in
      app.html(try AwaitedList(app, request, context).paper, request, context)
    }
  }
}

extension Reading {
  /// Who is to come, day by day of the hospital's calendar: an appointment of another day than its pre-admission has a
  /// line of its own.
  func awaited(on days: ClosedRange<Int>, _ wording: Wording) throws -> [Awaited] {
    try days.flatMap { day in
      try wording.hours.bounds(daysSince1970: day).map { try awaited(from: $0.from, to: $0.to, now: wording.now) } ?? []
    }
  }
}

/// One day of it.
struct AwaitedList {
  struct Day {
    var date: CivilDate
    var count: Int
  }

  private let wording: Wording
  private let station: String
  private let days: [Day]
  private let day: CivilDate
  private let unit: String?
  private let name: AwaitedName?
  /// Of every unit; of every day where a name is asked for.
  private let lines: [AwaitedLine]
  private let names: Names
  private let mayAdmit: Bool

  init(_ app: WebApp, _ request: Request, _ context: PageContext) throws {
    let session = try app.require(.read, request, context)
    let wording = app.wording(context)
    self.wording = wording
    station = app.shortStation(app.register.station)
    mayAdmit = app.allows(.admit, context)
    unit = request.query["unit"].flatMap { $0.isEmpty ? nil : $0 }
    let name = AwaitedName(request.query["name"])
    self.name = name
    let today = wording.today
    let asked = request.query["day"].flatMap { PartialDate($0)?.civil }?.daysSince1970 ?? today.daysSince1970
    let day = min(max(asked, today.daysSince1970), today.daysSince1970 + AwaitedRoutes.days)
    self.day = CivilDate(daysSince1970: day)
    (days, lines, names) = try app.register.read { reading in
      let all = today.daysSince1970...today.daysSince1970 + AwaitedRoutes.days
      let days = try all.map { day in
        let count = try wording.hours.bounds(daysSince1970: day).map {
          try reading.awaitedCount(from: $0.from, to: $0.to, now: wording.now)
        }
        return Day(date: CivilDate(daysSince1970: day), count: count ?? 0)
      }
      let structure = try reading.structure
      let names = Names(structure: structure, system: wording("word.system"))
      let lines = try reading.awaited(on: name == nil ? day...day : all, wording).filter { awaited in
        // Whom this reader may not name is not found by a name either.
        name.map { session.mayName(awaited.patient, in: awaited.unit) && $0.finds(awaited.patient) } ?? true
      }.map { AwaitedLine($0, session, names, wording, withDay: name != nil) }
      return (days, lines, names)
    }
  }

  private var shown: [AwaitedLine] {
    guard let unit else { return lines }
    return lines.filter { $0.unit?.sameBytes(as: unit) ?? false }
  }

  /// Units that await somebody that day, in the order of their names; nil where nobody says which.
  private var units: [(code: String?, name: String, lines: [AwaitedLine])] {
    Dictionary(grouping: shown, by: \.unit).map { code, lines in
      (code, code.map(names.unit) ?? wording("awaited.no-unit"), lines)
    }.sorted { $0.name == $1.name ? ($0.code ?? "") < ($1.code ?? "") : $0.name < $1.name }
  }

  private func name(of date: CivilDate) -> String {
    let day = "\(wording("day.\(date.weekday)")) \(date.day)/\(date.month)"
    return date == wording.today ? wording("awaited.today", ["day": day]) : day
  }

  private var query: String {
    "day=\(PartialDate(day).text)" + (unit.map { "&unit=\(pathSafe($0))" } ?? "")
      + (name.map { "&name=\(pathSafe($0.text))" } ?? "")
  }

  private var nobody: String { wording(name == nil ? "awaited.none" : "awaited.none-named") }

  var screen: Page {
    let perUnit = Dictionary(grouping: lines, by: \.unit)
    let known = Set(names.structure?.units.map(\.code) ?? [])
    let unknown = perUnit.keys.compactMap { $0 }.filter { !known.contains($0) }.sorted()
    let choices = (names.structure?.units.map(\.code) ?? []) + unknown
    let model: [String: any Sendable] = [
      "title": wording("awaited.title"), "count": wording("awaited.count", ["count": grouped(shown.count)]),
      "days": days.map {
        [
          "value": PartialDate($0.date).text, "name": "\(name(of: $0.date)) (\(grouped($0.count)))",
          "selected": $0.date == day,
        ] as [String: any Sendable]
      },
      "units": choices.map { code in
        let count = perUnit[code]?.count ?? 0
        return [
          "value": code, "name": "\(names.unit(code)) (\(grouped(count)))",
          "selected": unit.map { $0.sameBytes(as: code) } ?? false,
        ] as [String: any Sendable]
      },
      "name": name?.text ?? "", "printHref": "/expected/print?\(query)", "none": shown.isEmpty,
      "nobody": nobody,
      "table": AwaitedTable(lines: shown, admits: mayAdmit).html { wording($0) },
    ]
    return Page("awaited", title: wording("awaited.title"), model: model, nav: .admissions)
  }

  var paper: Page {
    let now = wording.hours.time(wording.now)
    let printed = "\(wording.hours.date(wording.now)) \(now)"
    let model: [String: any Sendable] = [
      "title": wording("awaited.title"), "day": name?.text ?? "\(name(of: day)) \(day.year)",
      "state": wording("unit.state", ["time": now]),
      "printed": wording("unit.printed", ["time": printed, "station": station]), "back": "/expected?\(query)",
      "none": shown.isEmpty, "nobody": nobody,
      "units": units.map { unit in
        [
          "name": unit.name, "count": wording("awaited.count", ["count": grouped(unit.lines.count)]),
          "table": AwaitedTable(lines: unit.lines, admits: false).html { wording($0) },
        ] as [String: any Sendable]
      },
    ]
    return Page("awaited-print", title: wording("awaited.title"), model: model, nav: .admissions)
  }

  var json: JSON {
    [
      "at": .string(wording.now.text), "day": .string(PartialDate(day).text), "unit": unit.json,
      "name": (name?.text).json,
      "days": .array(days.map { ["day": .string(PartialDate($0.date).text), "count": .integer($0.count)] }),
      "lines": .array(shown.map { $0.json(wording) }),
    ]
  }
}
