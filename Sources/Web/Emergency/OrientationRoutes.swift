import Hospital
import Hummingbird
import Ledger
import Register

/// Where a patient of emergency goes: one sheet of few large choices, then one of that choice, which repeats who it is.
enum OrientationRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/emergency/{id}/orient", "The ways to go, or the form of one of them",
      query: [Field("way", .choice(Orientation.Way.allCases.map(\.rawValue)))]),
    .post(
      "/emergency/{id}/orient", "Says where they go; where the visit ends with it, the stay ends in the same commit",
      fields: [
        Field("way", .choice(Orientation.Way.allCases.map(\.rawValue)), required: true),
        Field("orient", "RPU, ORIENT"), Field("reason"), Field("destination"), Field("agreement", .flag),
        Field("accompaniedBy"), Field("physician"), Field("wristband"), Field("obstacle", .flag),
        Field("unit", "Of an admission, that asks for a bed: code of the unit wanted"),
        Field("isolation", .choice(Isolation.allCases.map(\.rawValue))), Field("single", .flag),
        Field("monitoring", .flag), Field("confirmed", .flag, "That nobody is on call at that hour was looked at"), .at,
      ]),
    .get("/emergency/{id}/undo", "The form that takes an orientation back", query: [Field("key", .uuid)]),
    .post(
      "/emergency/{id}/undo", "Takes an orientation back, and the end of the stay that it brought",
      fields: [Field("key", .uuid, required: true)]),
    .get("/emergency/{id}/letter", "The letter to the Maison Médicale de Garde, to print"),
  ]

  private static let undo = EmergencyAct("undo", .orient) { file, make in
    var key = make.field(
      "key",
      .radios(
        [file.visit.orientation].compactMap { $0 }.map { orientation in
          FormField.Choice(
            orientation.key, "\(orientation.line(make.wording)) · \(make.wording.time(orientation.at))")
        }), proposed: file.visit.orientation?.key)
    key.hasFocus = true
    return [key]
  } command: { stay, form, _ in
    WithdrawOrientation(stay: stay, key: form["key"] ?? "")
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    undo.add(to: router, app)
    router.get("/emergency/:id/orient") { request, context in
      let file = try EmergencyFile.open(app, request, context, for: .orient)
      guard let way = request.query["way"].flatMap(Orientation.Way.init(rawValue:)) else {
        return app.html(choices(file), request, context)
      }
      return app.html(sheet(way, file, Filling(hidden: app.hidden(context))), request, context)
    }
    router.post("/emergency/:id/orient") { request, context in
      let form = try await app.form(request, context)
      let file = try EmergencyFile.open(app, request, context, for: .orient)
      let way = form["way"].flatMap(Orientation.Way.init(rawValue:))
      return try await app.answer(form, request, context) {
        guard let way else { throw Refusal("choice-unknown", field: "way") }
        return try command(way, file, form)
      } next: { receipt in
        // Whoever is sent to the Maison Médicale de Garde takes a letter along; of a transfer somebody is asked.
        switch way {
        case .onCall: receipt.telling("\(file.address)/letter")
        case .transfer where app.allows(.transferOut, context):
          "/stays/\(file.uuid)/send?next=\(pathSafe(file.address))"
        default: receipt.telling(file.address)
        }
      } again: { filling in
        way.map { sheet($0, file, filling) } ?? choices(file, problems: filling.problems)
      }
    }
    router.get("/emergency/:id/letter") { request, context in
      let file = try EmergencyFile.open(app, request, context, for: .read)
      guard file.visit.orientation?.way == .onCall else { throw Problem.notFound }
      return app.html(LetterPage(file).page, request, context)
    }
  }

  private static func command(
    _ way: Orientation.Way, _ file: EmergencyFile, _ form: Form
  ) throws(Refusal) -> OrientPatient {
    let needs = BedNeeds(
      unit: form["unit"], isolation: form["isolation"], single: form.isSet("single"),
      monitoring: form.isSet("monitoring"))
    return OrientPatient(
      stay: file.subject, way: way, orient: form["orient"], reason: form["reason"], destination: form["destination"],
      agreement: form.isSet("agreement"), accompaniedBy: form["accompaniedBy"], wristband: form["wristband"],
      physician: form["physician"], obstacle: form.isSet("obstacle"), needs: needs, at: try file.wording.hour(form),
      isConfirmed: form.isSet("confirmed"), settings: file.settings)
  }

  /// What cannot be done here tonight comes first, then the ways, each by its number.
  private static func choices(_ file: EmergencyFile, problems: [String] = []) -> Page {
    let wording = file.wording
    let title = wording("orient.title")
    let ways = Orientation.Way.allCases.enumerated().map { index, way -> [String: any Sendable] in
      let model: [String: any Sendable] = [
        "number": String(index + 1), "name": wording("emergency.way.\(way.rawValue)"),
        "help": wording("emergency.way.\(way.rawValue).help"),
        "href": "\(file.address)/orient?way=\(way.rawValue)",
      ]
      return way == .onCall ? model.adding("note", onCall(file)) : model
    }
    let model: [String: any Sendable] = [
      "title": title, "whose": file.repeated, "ways": ways, "back": file.address, "problems": problems,
      "current": file.visit.orientation.map { wording("orient.current", ["what": $0.line(wording)]) } ?? "",
      "isOriented": file.visit.orientation != nil,
      "obstacles": file.visit.obstacles(file.settings, file.care).map { line, state in
        wording(
          state == .closed ? "emergency.lacking" : "emergency.scarce",
          ["line": wording.word("care.line", line.rawValue)])
      },
    ]
    return Page(
      "emergency-orient", title: title, model: model, status: problems.isEmpty ? .ok : .unprocessableContent,
      nav: .emergency, live: [file.subject, file.visit.id])
  }

  /// Whether the Maison Médicale de Garde is open, and until when.
  private static func onCall(_ file: EmergencyFile) -> String {
    let wording = file.wording
    guard let house = file.settings.onCall, house.hasHours else { return wording("on-call.unknown") }
    guard let closing = house.closing(at: wording.now, in: file.file.names.structure) else {
      return wording("on-call.closed", ["name": house.name])
    }
    let (hours, minutes) = closing.quotientAndRemainder(dividingBy: 60)
    return wording("on-call.open", ["name": house.name, "time": "\(hours):\(minutes < 10 ? "0" : "")\(minutes)"])
  }

  private static func sheet(_ way: Orientation.Way, _ file: EmergencyFile, _ filling: Filling) -> Page {
    let wording = file.wording
    var filling = filling
    filling.hidden += "<input type=\"hidden\" name=\"way\" value=\"\(way.rawValue)\">"
    let make = FieldMaker(wording: wording, filling: filling)
    var fields = fields(of: way, file, make)
    fields.append(make.field("at"))
    if filling.errors.isEmpty { fields[0].hasFocus = true }
    let isGoing = way == .onCall || way == .home || way == .left
    let cautions = isGoing ? wording.cautions(file.file.person, file.file.names.structure) : []
    let below = cautions.map {
      "<p class=\"sheet\" role=\"status\"><span class=\"tag\" data-means=\"waiting\">!</span> \(escaped($0))</p>"
    }
    let note = way == .onCall ? "<p class=\"help\">\(escaped(onCall(file)))</p>" : ""
    return SectionedForm(
      title: wording("emergency.way.\(way.rawValue)"), above: file.repeated, action: "\(file.address)/orient",
      draft: "orient-\(way.rawValue)-\(file.uuid)",
      sections: [FormSection(wording("orient.section"), fields, below: note + below.joined())],
      button: wording("orient.button"), back: "\(file.address)/orient"
    ).page(filling, nav: .emergency, live: [file.subject, file.visit.id])
  }

  /// What cannot be done here for this patient, then what else is not open, then the other lines and reasons.
  private static func reasons(_ file: EmergencyFile) -> [FormField.Choice] {
    let first = lacking(file)
    let shut = file.care.keys.filter { !first.contains($0) }.sorted { $0.rawValue < $1.rawValue }
    let others = CareKey.allCases.filter { !first.contains($0) && !shut.contains($0) }
    let codes = (first + shut + others).map(\.rawValue) + Orientation.transferReasons
    return [FormField.Choice("", file.wording("field.choose"))]
      + codes.map { FormField.Choice($0, file.wording.transferReason($0)) }
  }

  private static func lacking(_ file: EmergencyFile) -> [CareKey] {
    file.visit.obstacles(file.settings, file.care).map(\.line)
  }

  /// That of the bay, unless somebody asked and heard otherwise.
  private static func isolation(_ file: EmergencyFile, _ make: FieldMaker) -> FormField {
    var field = make.choice(
      "isolation", "isolation", Isolation.allCases.map(\.rawValue), proposed: file.isolation, empty: true)
    field.label = make.wording("beds.isolation")
    return field
  }

  private static func fields(
    of way: Orientation.Way, _ file: EmergencyFile, _ make: FieldMaker
  ) -> [FormField] {
    let codes = Orientation.codes(of: way)
    let companion = make.field("accompaniedBy", proposed: file.visit.accompaniedBy)
    switch way {
    case .here: return [make.field("reason")]
    case .onCall:
      // Asked about once: whoever said so is not asked again because something else is wrong.
      let isAsked = make.filling.errors["confirmed"] != nil
      let isShown = isAsked || make.filling.typed?["confirmed"] != nil
      let confirmed = isShown ? make.field("confirmed", .check, focus: isAsked) : nil
      return [confirmed, make.field("agreement", .check), companion, make.field("reason")].compactMap(\.self)
    case .transfer:
      return [
        make.field("reason", .select(reasons(file)), proposed: lacking(file).first?.rawValue, required: true),
        make.field("agreement", .check), companion,
      ]
    case .admit:
      return [
        make.choice("orient", "orient", codes, required: true, radios: true),
        make.field("unit", .select(file.file.names.unitChoices(make.wording, empty: true))),
        isolation(file, make), make.field("single", .check), make.field("monitoring", .check), make.field("reason"),
      ]
    case .home:
      return [
        make.choice(
          "destination", "destination", Orientation.homeDestinations, empty: true, emptyText: "orient.simply-home"),
        companion, make.field("reason"),
      ]
    case .left:
      return [make.choice("orient", "orient", codes, required: true, radios: true), make.field("reason")]
    case .died:
      return [
        make.field("physician", required: true), make.field("wristband", required: true),
        make.field("obstacle", .check),
      ]
    }
  }
}
