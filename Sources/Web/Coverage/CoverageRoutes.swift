import Hospital
import Hummingbird
import Ledger
import Register

/// Couverture: what this copy holds of the hospital and what it lacks, and whether the feeds still speak, before it is
/// needed. Figures alone, for everybody; the stays behind them for whoever may open files.
enum CoverageRoutes: Routes {
  static let rowsMax = 200

  static let operations: [Operation] = [
    .get(
      "/coverage", "What the copy holds and lacks, and how each feed speaks beside what is usual at this hour",
      answer: .json(
        .object([
          Field("at", .instant, required: true), Field("holds", .any, required: true),
          Field("lacks", .any, required: true),
          Field(
            "feeds",
            .list(
              .object([
                Field("sender", required: true), Field("lastAt", .instant, required: true),
                Field("silentSeconds", .integer(min: 0), required: true),
                Field("silentSecondsUsual", .maybe(.integer(min: 0)), required: true),
                Field("isSilent", .flag, required: true), Field("isRefused", .flag, required: true),
                Field("refused", .integer(min: 0), required: true), Field("lastDay", .integer(min: 0), required: true),
                Field("lastDayUsual", .maybe(.integer(min: 0)), required: true),
                Field("days", .integer(min: 0), required: true), Field("hours", .list(.any), required: true),
              ])), required: true),
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/coverage") { request, context -> Response in
      let session = try app.requireSession(request, context)
      let wording = app.wording(context)
      let page = try app.register.read {
        try CoveragePage(
          $0, wording, session, links: app.allows(.read, context), keeps: app.allows(.stations, context))
      }
      return app.wantsJSON(request) ? app.json(page.json) : app.html(page.page, request, context)
    }
  }
}

private struct CoveragePage {
  private let coverage: Coverage
  private let wording: Wording
  /// Whether this reader may open files, and looks after exchanges.
  private let links: Bool
  private let keeps: Bool
  /// By lack: stays that this reader may be shown, and appointments at no hour.
  private let stays: [Coverage.Lack: [Stay]]
  private let unhoured: [Appointment]
  /// Messages that this station refused and that wait for somebody: what they say is not in the copy.
  private let refused: Int

  init(_ reading: Reading, _ wording: Wording, _ session: Session, links: Bool, keeps: Bool) throws {
    (self.wording, self.links, self.keeps) = (wording, links, keeps)
    refused = try reading.refusedCount()
    coverage = try reading.coverage(now: wording.now)
    unhoured =
      try !links
      ? []
      : reading.appointmentsWithoutHour(limit: CoverageRoutes.rowsMax).filter { appointment in
        let patient = try appointment.patient.flatMap { try reading.patient(reading.survivor(of: $0)) }
        return session.mayName(patient, in: appointment.unit)
      }
    stays =
      try !links
      ? [:]
      : coverage.lacks.mapValues { ids in
        try ids.prefix(CoverageRoutes.rowsMax).compactMap { try reading.stay($0) }.filter { stay in
          session.mayName(try stay.patient.flatMap { try reading.patient($0) }, in: stay.place.unit)
        }
      }
  }

  private var identities: Int { coverage.identities.values.reduce(0, +) }

  private var holds: [(key: String, value: Int)] {
    [("identities", identities), ("withINS", coverage.withINS)]
      + IdentityStatus.allCases.map { ($0.rawValue, coverage.identities[$0] ?? 0) }
      + [
        ("withPhone", coverage.withPhone), ("merged", coverage.merged), ("present", coverage.present),
        ("beds", coverage.beds), ("occupied", coverage.occupied), ("empty", coverage.beds - coverage.occupied),
        ("appointments", coverage.appointments), ("operations", coverage.operations),
        ("preadmissions", coverage.preadmissions),
      ]
  }

  private var lacks: [(key: String, value: Int)] {
    Coverage.Lack.allCases.map { ($0.rawValue, coverage.lacks[$0]?.count ?? 0) }
      + [("withoutHour", coverage.withoutHour), ("refusedMessages", refused)]
  }

  var page: Page {
    let model: [String: any Sendable] = [
      "state": wording("unit.state", ["time": wording.hours.time(wording.now)]),
      "holds": holds.map { ["label": wording("coverage.\($0.key)"), "value": grouped($0.value)] },
      "lacks": lacks.map { lack in
        let shown = self.shown(lack.key)
        return [
          "label": wording("coverage.\(lack.key)"), "value": grouped(lack.value), "isThere": lack.value > 0,
          "hasStays": !shown.isEmpty, "stays": shown,
        ] as [String: any Sendable]
      },
      "feeds": coverage.feeds.map(model), "noFeed": coverage.feeds.isEmpty,
      "noAppointment": coverage.appointments + coverage.withoutHour == 0, "mayCode": links,
    ]
    return Page("coverage", title: wording("coverage.title"), model: model, nav: .home)
  }

  /// What is behind a figure, as far as this reader may follow it: an appointment's number leads to whom it is of.
  private func shown(_ lack: String) -> [[String: String]] {
    switch lack {
    case "refusedMessages": keeps && refused > 0 ? [["href": "/exchanges", "number": wording("nav.exchanges")]] : []
    case "withoutHour":
      unhoured.map { appointment in
        let number = ["number": appointment.number ?? "–"]
        return appointment.patient.map { number.merging(["href": "/patients/\($0.afterSlash)"]) { $1 } } ?? number
      }
    default:
      (Coverage.Lack(rawValue: lack).flatMap { stays[$0] } ?? []).map {
        ["href": "/stays/\($0.id.afterSlash)", "number": $0.number ?? "–"]
      }
    }
  }

  private func model(_ feed: FeedPulse) -> [String: any Sendable] {
    let usual = feed.silenceSecondsUsual
    return [
      "sender": feed.sender, "last": wording.when(feed.lastAt), "isSilent": feed.isSilent,
      "threshold": usual.map {
        wording("coverage.threshold", ["time": wording.duration($0 / 60), "days": String(feed.days)])
      }
        ?? wording("coverage.no-threshold", ["days": String(feed.days), "needed": String(FeedPulse.daysMin)]),
      "lastDay": grouped(feed.lastDay), "lastDayUsual": feed.lastDayUsual.map(rounded) ?? "–",
      "hours": feed.hours.reversed().map { hour in
        [
          "hour": wording.hours.time(hour.begins), "count": grouped(hour.count),
          "usual": hour.usual.map(rounded) ?? "–",
        ]
      },
    ].adding("refused", feed.isRefused ? wording("coverage.refused", ["count": grouped(feed.refused)]) : nil)
  }

  private func rounded(_ mean: Double) -> String { grouped(Int(mean.rounded())) }

  var json: JSON {
    func object(_ figures: [(key: String, value: Int)]) -> JSON {
      .object(JSONObject(figures.map { ($0.key, .integer($0.value)) }))
    }
    return [
      "at": .string(wording.now.text), "holds": object(holds), "lacks": object(lacks),
      "feeds": .array(coverage.feeds.map(json)),
    ]
  }

  private func json(_ feed: FeedPulse) -> JSON {
    func mean(_ value: Double?) -> JSON { value.map { .integer(Int($0.rounded())) } ?? .null }
    return [
      "sender": .string(feed.sender), "lastAt": .string(feed.lastAt.text),
      "silentSeconds": .integer(max(0, Int((wording.now.milliseconds - feed.lastAt.milliseconds) / 1000))),
      "silentSecondsUsual": feed.silenceSecondsUsual.map { .integer($0) } ?? .null, "isSilent": .bool(feed.isSilent),
      "isRefused": .bool(feed.isRefused), "refused": .integer(feed.refused),
      "lastDay": .integer(feed.lastDay), "lastDayUsual": mean(feed.lastDayUsual), "days": .integer(feed.days),
      "hours": .array(
        feed.hours.map {
          ["begins": .string($0.begins.text), "count": .integer($0.count), "usual": mean($0.usual)]
        }),
    ]
  }
}
