import Hospital
import Ledger
import Register

/// The recount under way and the packs whose lists are counted, unit by unit, and those before.
struct RoundPage {
  private static let pastMax = 10

  private let rounds: [Round]
  private let names: Names
  private let wording: Wording
  private let mayStart: Bool

  init(_ app: WebApp, _ context: PageContext) throws {
    let wording = app.wording(context)
    self.wording = wording
    mayStart = app.allows(.recount, context)
    (rounds, names) = try app.register.read { reading in
      let rounds = try reading.rounds()
      let authors = rounds.prefix(Self.pastMax + 1).flatMap { round in
        round.counts.values.map(\.said.author) + [round.started, round.ended].compactMap { $0?.author }
      }
      return (rounds, try reading.names(of: authors, wording))
    }
  }

  func page(_ filling: Filling) -> Page {
    let open = rounds.filter(\.isOpen)
    let problems = filling.problems
    let model: [String: any Sendable] = [
      "problems": problems, "hidden": filling.hidden, "open": open.map(current),
      "mayStart": !open.contains { $0.pack == nil } && mayStart,
      "past": rounds.filter { !$0.isOpen }.prefix(Self.pastMax).map(past),
      "anyPast": rounds.contains { !$0.isOpen },
    ]
    return Page(
      "rounds", title: wording("round.title"), model: model, status: filling.status,
      nav: .beds, live: Set(rounds.map(\.id)))
  }

  private func current(_ round: Round) -> [String: any Sendable] {
    // A pack's lists were printed with it.
    let print = round.pack == nil ? "/rounds/\(round.id.afterSlash)/print" : nil
    let model: [String: any Sendable] = [
      "title": round.pack.map { wording("round.of-pack", ["pack": $0]) } ?? wording("round.since"),
      "since": round.started.map { wording.when($0.at) } ?? "",
      "who": round.started.map { names.account($0.author) } ?? "", "missing": missing(round),
      "means": round.missing.isEmpty ? "fine" : "waiting", "mayEnd": mayStart,
      "endAction": "/rounds/\(round.id.afterSlash)/end",
      "rows": round.units.map { unit -> [String: any Sendable] in
        let status = round.status(of: unit)
        let model: [String: any Sendable] = [
          "name": names.sheet(unit, wording), "sheet": round.sheet(unit), "href": RoundRoutes.address(round, unit),
          "status": wording("paper.status.\(status.rawValue)"), "means": status.means,
        ]
        return model.adding("counted", round.counts[unit].map(counted)).adding(
          "printHref", print.map { "\($0)?unit=\(pathSafe(unit))" })
      },
    ]
    return model.adding("printHref", print)
  }

  /// `03:10, Petit Anne · 2 écarts`.
  private func counted(_ count: Round.Count) -> String {
    let who = count.by ?? names.account(count.said.author)
    return "\(wording.time(count.at)), \(who) · "
      + wording("round.differs", ["count": grouped(count.differs.count)])
  }

  private func missing(_ round: Round) -> String {
    wording(
      "round.missing", ["missing": grouped(round.missing.count), "all": grouped(round.units.count)])
  }

  private func past(_ round: Round) -> [String: any Sendable] {
    [
      "since": round.started.map { wording.time($0.at) } ?? "", "until": round.ended.map { wording.time($0.at) } ?? "",
      "missing": missing(round),
      "differs": wording("round.differs", ["count": grouped(round.counts.values.reduce(0) { $0 + $1.differs.count })]),
    ]
  }

  static let fields = [
    Field("id", .uuid, required: true), Field("startedAt", .maybe(.instant), required: true),
    Field("endedAt", .maybe(.instant), required: true), Field("units", .list(.text()), required: true),
    Field("missing", .list(.text()), required: true), Field("returned", .list(.text()), required: true),
    Field("pack", .maybe(.text()), required: true), Field("counts", .any, required: true),
  ]

  static func json(_ round: Round) -> JSON {
    [
      "id": .string(round.id.afterSlash), "startedAt": (round.started?.at.text).json,
      "endedAt": (round.ended?.at.text).json, "units": .array(round.units.map { .string($0) }),
      "missing": .array(round.missing.map { .string($0) }), "returned": .array(round.waiting.map { .string($0) }),
      "pack": round.pack.json,
      "counts": .object(
        JSONObject(
          round.units.compactMap { unit in
            round.counts[unit].map { count in
              (
                key: unit,
                value: [
                  "at": .string(count.at.text), "by": count.by.json,
                  "differs": .array(count.differs.map { .string($0.afterSlash) }),
                ]
              )
            }
          })),
    ]
  }
}
