import Feeds
import Hospital
import Hummingbird
import Ledger
import Register

/// Ressaisie guidée: what was registered here is typed into a main system that takes no messages in, a stay a screen,
/// shared between agents, and ticked off by that system's own feed.
enum ReentryRoutes: Routes {
  enum Way: String, CaseIterable {
    case claim, enter, park, release, reopen
  }

  static let operations: [Operation] = [
    .get(
      "/handback/reentry", "What is left to type into the main system, and what its feed has not confirmed",
      answer: .json(
        .object(
          ["toEnter", "parked", "entered", "exported", "confirmed", "unconfirmed"].map { Field($0, .integer(min: 0)) }
            + [
              Field(
                "items",
                .list(
                  .object([
                    Field("id", .uuid), Field("number", .maybe(.text())),
                    Field("rank", .choice(ReentryQueue.Rank.allCases.map { "\($0)" })),
                    Field("claimedBy", .maybe(.text())), Field("parked", .maybe(.text())),
                  ])))
            ]))),
    .post(
      "/handback/reentry/next", "Takes the next stay that no other agent has on their screen",
      answer: .json(.object([Field("id", .maybe(.uuid), "null where nothing is left")]))),
    .get("/handback/reentry/{id}", "One stay or person to type, in the main system's own field order"),
    .post(
      "/handback/reentry/{id}", "Ticks it as typed, parks it, gives it back or opens it again",
      fields: [
        Field("way", .choice(Way.allCases.map(\.rawValue)), required: true),
        Field("seen", .uuid, "Version of what was on the screen that was typed from; another one is refused"),
        Field("number", "The stay's number there, where it is another"),
        Field("ipp", "The person's number there, where it is another"),
        Field("reason", .text(max: 500), "Why it cannot be typed; needed to park it"),
      ]),
    .get("/handback/exercise", "The same with a fictive person: nothing is kept"),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/handback/reentry") { request, context in
      try app.require(.handBack, request, context)
      let overview = try app.handbackBook.overview(at: app.environment.now())
      if app.wantsJSON(request) { return app.json(overview.json(at: app.environment.now())) }
      return try app.html(app.list(overview, context), request, context)
    }
    router.post("/handback/reentry/next") { request, context in
      let form = try await app.form(request, context)
      try app.require(.handBack, request, context)
      let id = try await app.takeNext(form, context)
      if app.wantsJSON(request) { return app.json(["id": id.json]) }
      return app.redirect(id.map { "/handback/reentry/\($0)" } ?? "/handback/reentry")
    }
    router.get("/handback/reentry/:id") { request, context in
      try app.html(app.screen(try context.uuid(), nil, request, context), request, context)
    }
    router.post("/handback/reentry/:id") { request, context in
      let form = try await app.form(request, context)
      let item = try app.item(try context.uuid(), request, context)
      guard let way = form["way"].flatMap(Way.init) else { throw Problem(.badRequest) }
      switch try await app.act(form, context, command: try app.command(way, item, form)) {
      case .refused(let refusal, let message, let field):
        if app.wantsJSON(request) { return app.json(refused: refusal, message: message, field: field, context) }
        return try app.html(app.screen(try context.uuid(), (message, form), request, context), request, context)
      case .done(let receipt):
        if way == .enter {
          try await HandbackLinking.linkAlike(item.subjects, app.register, app.environment)
        }
        if app.wantsJSON(request) { return app.json(receipt, context) }
        if way == .claim || way == .reopen { return app.redirect("/handback/reentry/\(item.item.afterSlash)") }
        return app.redirect("/handback/reentry?done=\(way.rawValue)")
      }
    }
    router.get("/handback/exercise") { request, context in
      try app.require(.handBack, request, context)
      let wording = app.wording(context)
      let screen = ReentryScreen(
        person: ReentryExercise.person, stay: ReentryExercise.stay, form: app.reentry,
        names: Names(structure: try app.register.read { try $0.structure }, system: wording("word.system")),
        wording: wording)
      return app.html(
        Page(
          "reentry-screen", title: wording("reentry.exercise"), model: screen.model.adding("exercise", true),
          nav: .handback), request, context)
    }
  }
}

extension WebApp {
  /// The item of that UUID: a stay's, or a person's without one.
  /// - Throws: `Problem` 404; `GlassNeeded` where the file is not for everybody.
  fileprivate func item(_ id: String, _ request: Request, _ context: PageContext) throws -> ReentryQueue.Item {
    try require(.handBack, request, context)
    guard let found = try handbackBook.item(id, at: environment.now()) else { throw Problem.notFound }
    if let person = found.person { try openFile(person, page: "reentry", request, context) }
    return found
  }

  fileprivate func command(
    _ way: ReentryRoutes.Way, _ item: ReentryQueue.Item, _ form: Form
  ) throws -> any Command {
    switch way {
    case .claim: return ClaimReentry(item: item.item)
    case .release: return LeaveReentry(item: item.item)
    case .park: return LeaveReentry(item: item.item, reason: form["reason"] ?? "")
    case .reopen: return ReopenReentry(items: [item.item])
    case .enter:
      // What was said while somebody typed is not told there yet. A form that was kept is answered as it was.
      let isChanged = form["seen"].map { $0 != item.version } ?? false
      let isKept = try isChanged && register.read { try $0.hasKept(command: form.command) }
      return NoteReentry(
        item.parts, road: .hand, number: form["number"], ipp: form["ipp"], patient: item.person?.id,
        isChanged: isChanged && !isKept)
    }
  }

  /// Whoever has one on their screen goes on with it. Of two who ask at once, the second is given the one after.
  fileprivate func takeNext(_ form: Form, _ context: PageContext) async throws -> String? {
    let account = try context.account
    let now = environment.now()
    let open = try handbackBook.overview(at: now).open
    if let own = open.first(where: { $0.state?.isOn(account, at: now) ?? false }) { return own.item.afterSlash }
    for (place, item) in open.enumerated()
    where item.state?.parked == nil && item.state?.isClaimed(besides: account, at: now) != true {
      let key = place == 0 ? form.command : environment.newID()
      if case .done = try await act(ClaimReentry(item: item.item), key: key, context) {
        return item.item.afterSlash
      }
    }
    return nil
  }

  fileprivate func screen(
    _ id: String, _ refused: (message: String, form: Form)?, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let item = try item(id, request, context)
    let (wording, now) = (wording(context), environment.now())
    let account = try context.account
    let said = [item.state?.claim?.by, item.state?.parked?.by, item.state?.entered.last?.by].compactMap(\.self)
    let names = try register.read { try $0.names(of: said, wording) }
    let isOwn = item.state?.isOn(account, at: now) ?? false
    var model = ReentryScreen(
      person: item.person, mother: item.mother, stay: item.stay, isolation: item.isolation, kinds: item.kinds,
      changes: item.openChanges, form: reentry, names: names, wording: wording
    ).model
    for (key, value) in [
      "hidden": hidden(context), "id": id, "seen": item.version, "own": isOwn && !item.open.isEmpty,
      "known": item.personKnown != .never, "undone": item.isUndoneUntold && !item.open.isEmpty,
      "hasStay": item.stay != nil, "open": !item.open.isEmpty,
      "number": refused?.form.typed("number") ?? "", "ipp": refused?.form.typed("ipp") ?? "",
      "reason": refused?.form.typed("reason") ?? "",
    ] as [String: any Sendable] { model[key] = value }
    let aliases = item.aliases.compactMap { $0.ipp(of: names.structure?.ippAuthority) }
    if !aliases.isEmpty { model["alias"] = wording("reentry.alias", ["numbers": aliases.joined(separator: ", ")]) }
    let claim = item.state?.claim
    if let claim, item.state?.isClaimed(besides: account, at: now) == true {
      model["held"] = wording("reentry.held", ["who": names.account(claim.by), "until": wording.time(claim.until)])
    } else if !isOwn, !item.open.isEmpty {
      model["free"] = true
    }
    if isOwn, let claim { model["until"] = wording("reentry.until", ["until": wording.time(claim.until)]) }
    if let parked = item.state?.parked {
      model["parked"] = wording("reentry.parked", ["who": names.account(parked.by), "reason": parked.reason])
    }
    if let last = item.state?.entered.last, item.open.isEmpty {
      model["done"] = wording(
        "reentry.done.\(last.road.rawValue)", ["who": names.account(last.by), "when": wording.time(last.at)])
    }
    return Page(
      "reentry-screen", title: wording("reentry.title"), model: model.adding("problem", refused?.message),
      status: refused == nil ? .ok : .unprocessableContent, nav: .handback)
  }

  private static let rowsMax = 100

  fileprivate func list(_ queue: ReentryOverview, _ context: PageContext) throws -> Page {
    let (wording, now) = (wording(context), environment.now())
    let counts = queue.counts
    let shown = queue.open.prefix(Self.rowsMax)
    let (names, told) = try register.read { reading in
      let people = shown.flatMap { [$0.state?.claim?.by, $0.state?.parked?.by] }.compactMap(\.self)
      let told = try queue.unconfirmed.prefix(Self.rowsMax).map { told in
        (told, try reading.stay(told.item)?.number ?? reading.patient(told.item)?.ipp(of: nil))
      }
      return (try reading.names(of: people + told.compactMap { $0.0.state.entered.last?.by }, wording), told)
    }
    let ranks = ReentryQueue.Rank.allCases.map { rank -> [String: any Sendable] in
      ["name": wording("reentry.rank.\(rank)"), "count": grouped(queue.open.count { $0.rank == rank })]
    }
    let rows = shown.map { item -> [String: any Sendable] in
      var note = ""
      if let claim = item.state?.claim, claim.until > now {
        note = wording("reentry.held", ["who": names.account(claim.by), "until": wording.time(claim.until)])
      }
      if let parked = item.state?.parked {
        note = wording("reentry.parked", ["who": names.account(parked.by), "reason": parked.reason])
      }
      return [
        "id": item.item.afterSlash, "number": item.number ?? "–",
        "rank": wording("reentry.rank.\(item.rank)"), "note": note, "isParked": item.state?.parked != nil,
      ]
    }
    let toldRows = told.map { told, number -> [String: any Sendable] in
      let last = told.state.entered.last
      return [
        "id": told.item.afterSlash, "number": told.state.number ?? number ?? "–",
        "road": wording("reentry.road.\(last?.road.rawValue ?? "hand")"),
        "who": last.map { names.account($0.by) } ?? "–", "when": last.map { wording.when($0.at) } ?? "–",
      ]
    }
    let model: [String: any Sendable] = [
      "hidden": hidden(context), "toEnter": grouped(counts.toEnter), "parkedCount": grouped(counts.parked),
      "entered": grouped(counts.entered), "exported": grouped(counts.exported),
      "confirmed": grouped(counts.confirmed), "unconfirmed": grouped(counts.unconfirmed),
      "any": counts.toEnter > 0, "ranks": ranks, "rows": rows, "told": toldRows, "anyTold": !toldRows.isEmpty,
    ].adding(
      "more", queue.open.count > rows.count ? wording("reentry.more", ["count": grouped(queue.open.count)]) : nil)
    return Page(
      "reentry", title: wording("reentry.title"), model: model, nav: .handback,
      live: ["exchange/handback", Situation.name])
  }
}

extension Reentry {
  fileprivate func isOn(_ account: String, at now: Instant) -> Bool {
    claim.map { $0.by.sameBytes(as: account) && $0.until > now } ?? false
  }
}

extension ReentryOverview {
  fileprivate func json(at now: Instant) -> JSON {
    guard var object = counts.json.object else { return .null }
    object.append(
      "items",
      .array(
        open.map { item in
          let claim = item.state?.claim.flatMap { $0.until > now ? $0.by : nil }
          return [
            "id": .string(item.item.afterSlash), "number": .string(item.number ?? "–"),
            "rank": .string("\(item.rank)"), "claimedBy": claim.json, "parked": (item.state?.parked?.reason).json,
          ]
        }))
    return .object(object)
  }
}

extension ReentryCounts {
  var json: JSON {
    [
      "toEnter": .integer(toEnter), "parked": .integer(parked), "entered": .integer(entered),
      "exported": .integer(exported), "confirmed": .integer(confirmed), "unconfirmed": .integer(unconfirmed),
    ]
  }
}
