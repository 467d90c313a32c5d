import Hospital
import Hummingbird
import Ledger
import Register

/// The queue, the one looked at with the beds that would do, and who is about to leave.
struct BedRequestPage {
  static let leavingHours = 24

  private let waiting: [WaitingRequest]
  private let chosen: WaitingRequest?
  private let proposals: [ProposeBeds.Proposal]
  private let beds: [String: Bed]
  private let leaving: [Leaving]
  private let keptForNobody: [Bed]
  private let names: Names
  private let ippAuthority: String?
  private let wording: Wording
  private let session: Session
  private let mayGive: Bool

  private struct Leaving {
    var at: Instant
    var unit: String
    var bed: Bed
  }

  /// - Parameter asked: UUID of the request to look at; of none that waits, the longest waiting.
  init(_ app: WebApp, _ asked: String?, _ session: Session, _ context: PageContext) throws {
    let wording = app.wording(context)
    let now = wording.now
    (self.wording, self.session) = (wording, session)
    mayGive = app.allows(.giveBed, context)
    (waiting, chosen, proposals, beds, leaving, keptForNobody, names, ippAuthority) = try app.register.read { reading in
      let waiting = try reading.waitingRequests(at: now)
      let chosen =
        waiting.first { $0.request.id.afterSlash == asked }
        ?? waiting.first { $0.request.status == .open || $0.isLost }
      let structure = try reading.structure
      let units = try reading.board(at: now).units
      let places = units.flatMap(\.places)
      var proposals: [ProposeBeds.Proposal] = []
      if let chosen, chosen.kept.isEmpty, let structure {
        let own = [chosen.request.stay, chosen.patient?.id].compactMap(\.self)
        proposals = ProposeBeds(chosen.request.needs, own: own)
          .among(places.map(\.bed), occupied: places.lying, in: structure)
      }
      let names = try reading.names(of: waiting.compactMap { $0.request.asked?.author }, wording)
      return (
        waiting, chosen, proposals,
        Dictionary(places.map { ($0.bed.id, $0.bed) }, uniquingKeysWith: { first, _ in first }),
        units.flatMap { BedRequestPage.leaving($0, before: now.adding(seconds: Self.leavingHours * 3600)) }
          .sorted { $0.at < $1.at },
        try reading.keptForNobody(places.map(\.bed)), names, structure?.ippAuthority
      )
    }
  }

  private static func leaving(_ unit: BoardUnitRow, before end: Instant) -> [Leaving] {
    unit.places.flatMap { place in
      place.occupants.compactMap { $0.stay.expectedDischargeAt }.filter { $0 <= end }
        .map { Leaving(at: $0, unit: unit.code, bed: place.bed) }
    }
  }

  // MARK: Words

  /// Who it is for: a restricted file is named to its own unit alone.
  private func who(_ waiting: WaitingRequest) -> String {
    guard let patient = waiting.patient else { return escaped(waiting.request.name ?? waiting.stay?.number ?? "?") }
    guard session.mayName(patient, in: waiting.present?.place.unit) else {
      return "<span class=\"withheld\">\(escaped(wording("unit.withheld")))</span>"
    }
    let link = waiting.request.stay.map { "/stays/\($0.afterSlash)" }
    return PatientLine(patient, wording, ippAuthority: ippAuthority).html(wording, link: link)
  }

  private func needs(_ needs: BedNeeds) -> String {
    var parts = [
      needs.unit.map(names.unit), needs.specialty.map { wording.word("specialty", $0) },
      needs.isolation.map { "\(wording("beds.isolation")) \(wording.word("isolation", $0))" },
    ].compactMap(\.self)
    if needs.single { parts.append(wording("bed-request.single")) }
    if needs.monitoring { parts.append(wording("bed-request.monitoring")) }
    if let sharing = needs.sharing { parts.append(wording("bed-request.sharing.\(sharing.rawValue)")) }
    return parts.joined(separator: " · ")
  }

  private func name(_ bed: Bed) -> String {
    [bed.unit.map(names.unit), bed.code].compactMap(\.self).joined(separator: " ")
  }

  private func text(_ proposal: ProposeBeds.Proposal) -> String {
    wording(
      "bed.proposed",
      [
        "bed": beds[proposal.bed].map(name) ?? "",
        "why": proposal.reasons.map { wording.word("bed-reason", $0) }.joined(separator: ", "),
      ])
  }

  private func state(_ waiting: WaitingRequest) -> (key: String, means: String) {
    if waiting.isGone { return ("gone", "alert") }
    if waiting.isLost { return ("lost", "alert") }
    if waiting.kept.count > 1 { return ("twice", "unsure") }
    return waiting.request.status == .accepted ? ("accepted", "fine") : ("open", "waiting")
  }

  // MARK: The page

  func page(_ filling: Filling, _ app: WebApp, _ request: Request, _ context: PageContext) -> Page {
    let title = wording("bed-requests.title")
    let problems = filling.problems
    let open = waiting.count { $0.request.status == .open }
    let model: [String: any Sendable] = [
      "title": title, "count": wording("bed-requests.count", ["open": grouped(open), "all": grouped(waiting.count)]),
      "warnings": app.warned(request, wording), "problems": problems, "rows": waiting.map(row),
      "any": !waiting.isEmpty,
      "keptForNobody": keptForNobody.map { bed -> [String: any Sendable] in
        [
          "bed": name(bed), "address": "/beds/\(bed.id.afterSlash)",
          "mayFree": app.allows(.bedState, context, unit: bed.unit),
        ]
      },
      "anyKept": !keptForNobody.isEmpty, "hidden": app.hidden(context),
      "leaving": leaving.map { ["when": wording.time($0.at), "bed": name($0.bed)] }, "anyLeaving": !leaving.isEmpty,
    ].adding("chosen", chosen.map { detail($0, filling) })
    var live: Set<String> = Set(waiting.map(\.request.id))
    let named = waiting.filter { session.mayName($0.patient, in: $0.present?.place.unit) }
    live.formUnion(named.compactMap(\.request.stay))
    live.formUnion(["requests"] + keptForNobody.map(\.id))
    return Page(
      "bed-requests", title: title, model: model, status: filling.status, nav: .beds,
      live: live)
  }

  private func row(_ waiting: WaitingRequest) -> [String: any Sendable] {
    let request = waiting.request
    let state = state(waiting)
    return [
      "href": "/bed-requests?request=\(request.id.afterSlash)", "who": who(waiting),
      "from": wording("bed-request.from.\(request.from.rawValue)"), "needs": needs(request.needs),
      "since": request.asked.map { wording.when($0.at) } ?? "",
      "place": waiting.present.flatMap { names.place($0.place, wording) } ?? "–",
      "state": wording("bed-request.state.\(state.key)"), "means": state.means,
      "beds": waiting.kept.map(name).joined(separator: ", "), "current": request.id == chosen?.request.id,
    ]
  }

  private func detail(_ waiting: WaitingRequest, _ filling: Filling) -> [String: any Sendable] {
    let request = waiting.request
    let state = state(waiting)
    let model: [String: any Sendable] = [
      "who": who(waiting), "needs": needs(request.needs), "address": "/bed-requests/\(request.id.afterSlash)",
      "hidden": filling.hidden, "state": wording("bed-request.state.\(state.key)"), "means": state.means,
      "mayGive": mayGive && !waiting.isGone,
      "asks": request.status == .open || waiting.isLost, "kept": !waiting.kept.isEmpty,
      "mayFulfil": !waiting.kept.isEmpty && !waiting.isGone,
      "place": waiting.present.flatMap { names.place($0.place, wording) } ?? "–",
      "said": request.asked.map {
        wording("unit.said", ["name": names.account($0.author), "time": wording.time($0.at)])
      }
        ?? "",
      "none": proposals.isEmpty,
      "proposals": proposals.enumerated().map { index, proposal in
        ["number": String(index + 1), "bed": proposal.bed.afterSlash, "text": text(proposal)]
      },
    ]
    let beds = waiting.kept.isEmpty ? nil : waiting.kept.map(name).joined(separator: ", ")
    return model.adding("note", request.note).adding("wanted", request.wantedAt.map(wording.when))
      .adding("beds", beds)
  }

  // MARK: For programs

  static let fields = [
    Field("id", .uuid, required: true),
    Field("status", .choice(["open", "accepted", "gone", "lost", "twice"]), required: true),
    Field("from", .choice(BedRequestOrigin.allCases.map(\.rawValue)), required: true), Field("stay", .maybe(.uuid)),
    Field("at", .maybe(.instant)), Field("needs", .any, required: true), Field("beds", .list(.uuid), required: true),
  ]

  var json: JSON {
    [
      "requests": .array(
        waiting.map { waiting in
          let request = waiting.request
          let mayName = session.mayName(waiting.patient, in: waiting.present?.place.unit)
          return [
            "id": .string(request.id.afterSlash), "status": .string(state(waiting).key),
            "from": .string(request.from.rawValue), "stay": (mayName ? request.stay?.afterSlash : nil).json,
            "at": request.asked.map { wording.hours.iso($0.at) }.json, "needs": request.needs.json,
            "beds": .array(waiting.kept.map { .string($0.id.afterSlash) }),
          ]
        }),
      "proposals": .array(
        proposals.map {
          ["bed": .string($0.bed.afterSlash), "reasons": .array($0.reasons.map { .string($0) })]
        }),
      "keptForNobody": .array(keptForNobody.map { .string($0.id.afterSlash) }),
      "leaving": .array(
        leaving.map {
          ["at": .string(wording.hours.iso($0.at)), "unit": .string($0.unit), "bed": .string($0.bed.id.afterSlash)]
        }),
    ]
  }
}

extension BedNeeds {
  fileprivate var json: JSON {
    [
      "unit": unit.json, "specialty": specialty.json, "isolation": isolation.json, "single": .bool(single),
      "monitoring": .bool(monitoring), "sharing": (sharing?.rawValue).json,
    ]
  }
}
