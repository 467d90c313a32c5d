import Hospital
import Hummingbird
import Ledger
import Register

/// Lines that came from elsewhere and could not be taken in: what, from whom, when, why. Nothing else waits for them.
/// Then what was taken in and is not as it should be: lines dated by a clock that ran ahead, and lines that a station says
/// it has read and that are not here.
enum AsideRoutes: Routes {
  static let rowsMax = 200

  static let operations: [Operation] = [
    .get(
      "/aside",
      "Lines that came from elsewhere and could not be taken in, newest first; the last of those that a clock dated ahead; "
        + "those that a station says it has read, and that are not here",
      answer: .json(
        .object([
          Field("count", .integer(min: 0)),
          Field(
            "lines",
            .list(
              .object([
                Field("at", .instant), Field("from"), Field("chain", .maybe(.text())),
                Field("sequence", .maybe(.integer(min: 1))), Field("reason"),
              ]))),
          Field(
            "ahead",
            .list(
              .object([
                Field("chain"), Field("sequence", .integer(min: 1)), Field("hash"), Field("at", .instant),
                Field("countsAt", .maybe(.instant)),
              ]))),
          Field(
            "claims",
            .list(
              .object([
                Field("witness"), Field("at", .instant), Field("chain"), Field("sequence", .integer(min: 1)),
                Field("hash"), Field("contradicted", .flag),
              ]))),
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/aside") { request, context in
      try app.require(.stations, request, context)
      let now = app.environment.now()
      let (count, lines, ahead, claims) = try app.register.read { reading in
        (
          try reading.linesAsideCount(), try reading.linesAside(limit: rowsMax),
          try reading.writtenAhead(now: now), try reading.witnessClaims(limit: rowsMax)
        )
      }
      if app.wantsJSON(request) {
        return app.json([
          "count": .integer(count), "lines": .array(lines.map(\.json)), "ahead": .array(ahead.map(\.json)),
          "claims": .array(claims.map(\.json)),
        ])
      }
      let wording = app.wording(context)
      let model: [String: any Sendable] = [
        "lines": lines.map { $0.model(wording) }, "none": lines.isEmpty,
        "ahead": ahead.map { $0.model(wording) }, "anyAhead": !ahead.isEmpty,
        "claims": claims.map { $0.model(wording) }, "anyClaims": !claims.isEmpty,
      ].adding("more", count > lines.count ? wording("aside.more", ["count": grouped(count - lines.count)]) : nil)
      return app.html(Page("aside", title: wording("aside.title"), model: model, nav: .carrier), request, context)
    }
  }
}

extension LineAside {
  fileprivate var json: JSON {
    [
      "at": .string(at.text), "from": .string(peer), "chain": chain.map { .string($0) } ?? .null,
      "sequence": sequence.map { .integer($0) } ?? .null, "reason": .string(reason),
    ]
  }

  fileprivate func model(_ wording: Wording) -> [String: any Sendable] {
    [
      "when": wording.time(at), "from": from(wording), "reason": reason, "why": wording("aside.why.\(why)"),
      "chain": chain.map(StationName.shown) ?? "–", "sequence": sequence.map { grouped($0) } ?? "–",
    ]
  }

  private func from(_ wording: Wording) -> String {
    guard peer.hasPrefix(LineAside.carrierPrefix) else { return StationName.shown(peer) }
    let station = StationName.shown(String(peer.dropFirst(LineAside.carrierPrefix.count)))
    return wording("aside.carrier", ["station": station])
  }

  /// What a person can do about it, of which there are few.
  private var why: String {
    switch reason {
    case "the line before it is not here", "the first line of its chain is not here": "waits"
    case "its root is another hospital's": "foreign"
    case "it could not be folded here": "here"
    case LineAside.surplus: "surplus"
    default: EnrolmentFailure(rawValue: reason) == nil ? "bad" : "foreign"
    }
  }
}

extension WrittenAhead {
  fileprivate var json: JSON {
    [
      "chain": .string(line.station), "sequence": .integer(line.sequence), "hash": .string(line.hash.hex),
      "at": .string(at.text), "countsAt": countsAt.map { .string($0.text) } ?? .null,
    ]
  }

  fileprivate func model(_ wording: Wording) -> [String: any Sendable] {
    [
      "chain": StationName.shown(line.station), "sequence": grouped(line.sequence), "at": wording.time(at),
      "counts": countsAt.map { wording("aside.ahead.ended", ["time": wording.time($0)]) }
        ?? wording("aside.ahead.open"),
    ]
  }
}

extension WitnessClaim {
  fileprivate var json: JSON {
    [
      "witness": .string(witness), "at": .string(at.text), "chain": .string(claimed.station),
      "sequence": .integer(claimed.sequence), "hash": .string(claimed.hash.hex), "contradicted": .bool(isContradicted),
    ]
  }

  fileprivate func model(_ wording: Wording) -> [String: any Sendable] {
    [
      "witness": StationName.shown(witness), "when": wording.time(at), "chain": StationName.shown(claimed.station),
      "sequence": grouped(claimed.sequence),
      "means": wording(isContradicted ? "aside.claims.contradicted" : "aside.claims.absent"),
    ]
  }
}
