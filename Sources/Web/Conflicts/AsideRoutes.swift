import Hospital
import Hummingbird
import Ledger
import Register

/// Lines that came from elsewhere and could not be taken in: what, from whom, when, why. Nothing else waits for them.
enum AsideRoutes: Routes {
  static let rowsMax = 200

  static let operations: [Operation] = [
    .get(
      "/aside", "Lines that came from elsewhere and could not be taken in, newest first",
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
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/aside") { request, context in
      try app.require(.stations, request, context)
      let (count, lines) = try app.register.read { reading in
        (try reading.linesAsideCount(), try reading.linesAside(limit: rowsMax))
      }
      if app.wantsJSON(request) {
        return app.json(["count": .integer(count), "lines": .array(lines.map(\.json))])
      }
      let wording = app.wording(context)
      let model: [String: any Sendable] = [
        "lines": lines.map { $0.model(wording) }, "none": lines.isEmpty,
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
    default: EnrolmentFailure(rawValue: reason) == nil ? "bad" : "foreign"
    }
  }
}
