import Hospital
import Hummingbird
import Ledger

/// Lits: every bed of the hospital on one page, live.
enum BedBoardRoutes: Routes {
  private static let query = [
    Field("filter", .choice(BedFilter.allCases.map(\.rawValue)), "Dims the other beds"),
    Field("q", .text(max: 100), "A unit's name or code, or a word such as `libre`"),
    Field("mur", .text(max: 0), "The version for a wall: no name, nothing to press"),
  ]

  static let operations: [Operation] = [
    .get(
      "/beds", "Every place and who lies there", query: query,
      answer: .json(
        .object([
          Field("at", .instant, required: true), Field("beds", .integer(min: 0), required: true),
          Field("occupied", .integer(min: 0), required: true), Field("free", .integer(min: 0), required: true),
          Field("toClean", .integer(min: 0), required: true), Field("closed", .integer(min: 0), required: true),
          Field("units", .list(.object(BoardUnit.fields)), required: true),
        ]))),
    .get("/beds/events", "Changes of the board as they happen: `unit` (HTML), `counts`, `reload`", answer: .events),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/beds") { request, context -> Response in
      let session = try app.requireSession(request, context)
      let asked = BoardAsked(request.query, version: version(request, session, app, context))
      let page = try app.board.page(for: .init(asked.version, context.language.rawValue))
      if app.wantsJSON(request) {
        return app.json(BoardUnit.json(asked.chosen(page.units), asked.version, at: app.environment.now()))
      }
      return app.html(board(page, asked, app, context), request, context)
    }
    router.get("/beds/events") { request, context -> Response in
      guard let session = context.session, let token = context.sessionToken else { throw Problem(.unauthorized) }
      let version = version(request, session, app, context)
      let audience = LiveBoard.Audience(version, context.language.rawValue)
      let isWelcome = app.sessions.isWelcome(token, onWall: version == .wall)
      guard let frames = app.board.listen(audience, after: request.lastEventID, while: isWelcome) else {
        throw Problem.notFound
      }
      return Response.events(frames)
    }
  }

  /// Who opens no files reads the wall's version.
  private static func version(
    _ request: Request, _ session: Session, _ app: WebApp, _ context: PageContext
  ) -> UnitFragment.Version {
    request.query["mur"] != nil || !app.allows(.read, context) ? .wall : .staff
  }

  private static func board(
    _ page: LiveBoard.Page, _ asked: BoardAsked, _ app: WebApp, _ context: PageContext
  ) -> Page {
    let language = context.language
    let isWall = asked.version == .wall
    let shown = asked.shown(page.units)
    var units = ""
    units.reserveCapacity(shown.reduce(0) { $0 + page.html[$1].utf8.count })
    for index in shown { units += page.html[index] }
    let title = app.texts(isWall ? "beds.wall.title" : "beds.title", language)
    let model: [String: any Sendable] = [
      "title": title, "counts": BoardWords { app.texts($0, language) }.counts(of: shown.map { page.units[$0] }),
      "wall": isWall, "query": asked.typed, "filters": asked.filters(app.texts, language), "none": shown.isEmpty,
      "units": units, "events": isWall ? "/beds/events?mur" : "/beds/events", "after": page.lastEventID,
    ].adding("filter", asked.filter?.rawValue)
    return Page("bed-board", title: title, model: model, nav: .beds, look: isWall ? "wall" : nil)
  }
}

/// What the address asks of the board.
struct BoardAsked {
  var version: UnitFragment.Version
  var filter: BedFilter?
  /// Part of a unit's name or code, without accents; empty for all.
  var unit = ""
  var typed: String

  init(_ query: Fields, version: UnitFragment.Version) {
    self.version = version
    typed = String((query["q"] ?? "").prefix(100))
    filter = query["filter"].flatMap(BedFilter.init(rawValue:))
    if let word = BedFilter(typed: typed) {
      filter = filter ?? word
    } else {
      unit = NameFolding.plain(typed)
    }
  }

  /// Indexes of the units to show.
  func shown(_ units: [BoardUnit]) -> [Int] {
    units.indices.filter {
      unit.isEmpty || NameFolding.plain(units[$0].name).contains(unit) || NameFolding.plain(units[$0].code) == unit
    }
  }

  func chosen(_ units: [BoardUnit]) -> [BoardUnit] { shown(units).map { units[$0] } }

  func filters(_ texts: Texts, _ language: Language) -> [[String: any Sendable]] {
    let all: [String: any Sendable] = [
      "href": "/beds", "name": texts("beds.filter.all", language), "current": filter == nil,
    ]
    return [all]
      + BedFilter.allCases.map { one in
        let model: [String: any Sendable] = [
          "href": "/beds?filter=\(one.rawValue)", "name": texts("beds.filter.\(one.rawValue)", language),
          "current": one == filter,
        ]
        return model.adding("letter", one.face?.letter).adding("cssClass", one.face?.cssClass)
      }
  }
}
