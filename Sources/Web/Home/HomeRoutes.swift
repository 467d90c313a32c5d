import Feeds
import Hospital
import Hummingbird
import Ledger
import Register

/// Accueil: what is happening, what needs a person, what is known. Every figure leads to the list behind it.
enum HomeRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/", "What is happening, what waits for a person, what is known; occupied beds of the last days",
      answer: .json(
        .object([
          Field("at", .instant), Field("happening", .any), Field("waiting", .any), Field("known", .any),
          Field("occupancy", .list(.object([Field("at"), Field("occupied", .integer(min: 0))]))),
          Field("stations", .list(.object(OtherStation.fields)), "The others, by name"),
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/") { request, context in
      try app.requireSession(request, context)
      let home = try Home(app, context)
      if app.wantsJSON(request) { return app.json(home.json) }
      return app.html(
        Page("home", title: app.texts("nav.home", context.language), model: home.model, nav: .home), request, context)
    }
  }
}

/// One figure, and the list behind it.
struct HomeFigure: Sendable {
  var key: String
  var value: Int
  var label: String
  var detail: String?
  var address: String
  /// `alert`, `waiting`, `fine`, `unsure`; nil for plain.
  var means: String?

  var model: [String: any Sendable] {
    ["value": grouped(value), "label": label, "address": address].adding("detail", detail).adding("means", means)
  }
}

struct Home: Sendable {
  private let reading: HomeReading
  private let situation: Situation
  private let texts: Texts
  private let language: Language
  private let hours: Hours
  private let now: Instant
  private let mayAudit: Bool
  private let mayKeepStations: Bool
  private let station: String
  private let feeds: [Feed]
  private let others: [OtherStation]

  init(_ app: WebApp, _ context: PageContext) throws {
    situation = app.situation.now()
    hours = Hours(situation.timeZone)
    now = app.environment.now()
    texts = app.texts
    language = context.language
    reading = try app.register.read { [hours, now] in try HomeReading($0, hours: hours, now: now) }
    others = try app.otherStations()
    mayAudit = app.allows(.audit, context)
    mayKeepStations = app.allows(.stations, context)
    station = app.shortStation(situation.station)
    feeds = mayKeepStations ? app.feeds?.book.feeds(at: now) ?? [] : []
  }

  private var beds: BedFigures { reading.beds }

  private func text(_ key: String, _ arguments: [String: String] = [:]) -> String { texts(key, language, arguments) }

  /// What is happening.
  private var happening: [HomeFigure] {
    let bedsDetail = [
      "free": grouped(beds.free), "clean": grouped(beds.toClean), "closed": grouped(beds.closed),
    ]
    return [
      HomeFigure(
        key: "occupied", value: beds.occupied, label: text("home.occupied", ["beds": grouped(beds.all)]),
        detail: text("home.occupied.detail", bedsDetail), address: "/beds"),
      HomeFigure(
        key: "free", value: beds.free, label: text("home.free"), address: "/beds?filter=free",
        means: beds.free == 0 ? "alert" : "fine"),
      HomeFigure(key: "present", value: reading.present, label: text("home.present"), address: "/beds"),
      HomeFigure(key: "arrivals", value: reading.arrivals, label: text("home.arrivals"), address: "/admissions"),
      HomeFigure(
        key: "expected", value: reading.expected, label: text("home.expected"), address: "/admissions#expected"),
      HomeFigure(key: "awaited", value: reading.awaited, label: text("home.awaited"), address: "/expected"),
    ]
  }

  /// What needs a person.
  private var waiting: [HomeFigure] {
    var figures = [
      HomeFigure(
        key: "conflicts", value: situation.conflicts, label: text("home.conflicts"), address: "/conflicts",
        means: situation.conflicts > 0 ? "unsure" : "fine"),
      HomeFigure(
        key: "toConfirm", value: reading.toConfirm, label: text("home.to-confirm"), address: "/identities/to-confirm",
        means: reading.toConfirm > 0 ? "waiting" : "fine"),
      HomeFigure(
        key: "toClean", value: beds.toClean, label: text("home.to-clean"), address: "/beds?filter=clean",
        means: beds.toClean > 0 ? "waiting" : "fine"),
    ]
    if reading.bedRequests > 0 {
      figures.append(
        HomeFigure(
          key: "bedRequests", value: reading.bedRequests, label: text("home.bed-requests"), address: "/bed-requests",
          means: "waiting"))
    }
    for (key, count, means) in [
      ("transfers", reading.transfersUnanswered, "waiting"), ("returns", reading.returnsLate, "alert"),
    ] where count > 0 {
      figures.append(
        HomeFigure(key: key, value: count, label: text("home.\(key)"), address: "/transfers", means: means))
    }
    if reading.paperMissing + reading.paperReturned > 0 {
      figures.append(
        HomeFigure(
          key: "paper", value: reading.paperMissing, label: text("home.paper"),
          detail: text("home.paper.waiting", ["count": grouped(reading.paperReturned)]), address: "/paper",
          means: reading.paperMissing > 0 ? "alert" : "waiting"))
    }
    for kind in situation.numbersLow.keys.sorted() {
      figures.append(
        HomeFigure(
          key: "numbers-\(kind)", value: situation.numbersLow[kind] ?? 0,
          label: text("home.numbers", ["kind": kind.uppercased()]), address: "/mode", means: "alert"))
    }
    if reading.aside > 0, mayKeepStations {
      figures.append(
        HomeFigure(
          key: "aside", value: reading.aside, label: text("home.aside"), address: "/aside", means: "unsure"))
    }
    if reading.refused > 0, mayKeepStations {
      figures.append(
        HomeFigure(
          key: "refused", value: reading.refused, label: text("home.refused"), address: "/exchanges", means: "alert"))
    }
    if reading.understoodApart > 0, mayKeepStations {
      figures.append(
        HomeFigure(
          key: "apart", value: reading.understoodApart, label: text("home.apart"), address: "/exchanges#apart",
          means: "unsure"))
    }
    if !situation.silentFeeds.isEmpty {
      figures.append(
        HomeFigure(
          key: "silent", value: situation.silentFeeds.count, label: text("home.silent"), address: "/coverage",
          means: "alert"))
    }
    if reading.envelopes > 0 {
      figures.append(
        HomeFigure(
          key: "envelopes", value: reading.envelopes, label: text("home.envelopes"), address: "/staff?q=secours"))
    }
    return figures
  }

  /// What is known, and how well.
  private var known: [HomeFigure] {
    var figures = [
      HomeFigure(
        key: "lines", value: reading.lines, label: text("home.lines", ["station": station]),
        detail: others.isEmpty
          ? text("banner.alone")
          : text(
            "home.held", ["held": grouped(others.count(where: \.holdsAllSaidHere)), "count": grouped(others.count)]),
        address: others.isEmpty ? "/mode" : "#stations"),
      HomeFigure(key: "identities", value: reading.identities, label: text("home.identities"), address: "/coverage"),
      HomeFigure(
        key: "reads", value: situation.readsPending, label: text("home.reads"),
        address: mayAudit ? "/audit" : "/account"),
    ]
    if let last = feeds.compactMap(\.lastMessageAt).max() {
      figures.append(
        HomeFigure(
          key: "messages", value: feeds.map(\.perMinute).reduce(0, +), label: text("home.messages"),
          detail: text("home.messages.last", ["time": hours.dayAndTime(last, now: now, language)]),
          address: "/exchanges"))
    }
    return figures
  }

  private var days: [[String: String]] {
    OccupancyDay.days(of: reading.points, hours).map { day in
      [
        "day": "\(text("day.\(day.day.weekday)")) \(day.day.day)/\(day.day.month)",
        "lowest": grouped(day.lowest), "highest": grouped(day.highest), "last": grouped(day.last),
      ]
    }
  }

  var model: [String: any Sendable] {
    let wording = Wording(texts: texts, language: language, hours: hours, now: now)
    let chart = OccupancyChart(
      points: reading.points, hours: hours, dayNames: (0...6).map { text("day.\($0)") }, label: text("home.chart"))
    return [
      "hospital": situation.hospital, "state": text("home.state", ["time": hours.time(now)]),
      "happening": happening.map(\.model), "waiting": waiting.map(\.model), "known": known.map(\.model),
      "chart": chart.svg, "days": days, "anyOther": !others.isEmpty,
      "others": others.map { $0.model(wording) },
    ]
  }

  var json: JSON {
    func object(_ figures: [HomeFigure]) -> JSON {
      .object(JSONObject(figures.map { (key: $0.key, value: .integer($0.value)) }))
    }
    return [
      "at": .string(now.text), "happening": object(happening), "waiting": object(waiting), "known": object(known),
      "occupancy": .array(
        reading.points.map { ["at": .string(hours.iso($0.at)), "occupied": .integer($0.occupied)] }),
      "stations": .array(others.map { $0.json(at: now) }),
    ]
  }
}
