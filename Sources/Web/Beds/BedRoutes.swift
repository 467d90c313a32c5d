import Hospital
import Hummingbird
import Ledger

/// One place: who lies there, what can be done, and what was said of it.
enum BedRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/beds/{id}", "One place: who lies there, and its history", query: [Field("id", .uuid)],
      answer: .json(
        .object([
          Field("id", .uuid, required: true), Field("unit", .maybe(.text())), Field("room", .maybe(.text())),
          Field("code", .maybe(.text())), Field("kind", .choice(BedKind.allCases.map(\.rawValue)), required: true),
          Field("condition", .choice(["occupied"] + BedCondition.allCases.map(\.rawValue)), required: true),
          Field("occupants", .list(.any), required: true), Field("acts", .list(.text()), required: true),
          Field("history", .list(.any), required: true),
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/beds/:id") { request, context -> Response in
      let session = try app.require(.read, request, context)
      let wording = app.wording(context)
      let page = BedPage(try app.bed(context), wording, session)
      if app.wantsJSON(request) { return app.json(page.json) }
      return app.html(page.page(warnings: app.warned(request, wording)), request, context)
    }
  }
}

struct BedPage {
  let reading: BedReading
  let wording: Wording
  let session: Session

  init(_ reading: BedReading, _ wording: Wording, _ session: Session) {
    self.reading = reading
    self.wording = wording
    self.session = session
  }

  private var bed: Bed { reading.bed }
  private var address: String { "/beds/\(reading.uuid)" }
  private var acts: [BedAct] { BedAct.allCases.filter { $0.isOffered(bed, occupied: !reading.lying.isEmpty) } }

  func page(warnings: [String]) -> Page {
    let face = reading.face
    let title = wording("bed.title", ["code": bed.code ?? "?"])
    var conflict: String?
    if case .conflict(let count) = face { conflict = wording("bed.conflict", ["count": String(count)]) }
    let model: [String: any Sendable] = [
      "title": escaped(title), "where": escaped(reading.place(wording)), "letter": face.letter,
      "face": wording("beds.face.\(face.key)"),
      "means": face.means, "occupants": reading.lying.map(occupant), "empty": reading.lying.isEmpty,
      "notes": notes.map(escaped),
      "warnings": warnings, "history": reading.history.html(wording),
      "hasHistory": !reading.history.isEmpty,
      "acts": acts.filter { !$0.concernsPatient }
        .map { ["href": "\(address)/\($0.rawValue)", "name": wording("bed.act.\($0.rawValue)")] },
    ].adding("conflict", conflict)
    var live: Set<String> = [bed.id]
    if let unit = bed.unit { live.insert("unit:\(unit)") }
    for one in reading.lying { live.formUnion([one.stay.id] + [one.stay.patient].compactMap { $0 }) }
    return Page("bed", title: title, model: model, nav: .beds, live: live)
  }

  private var notes: [String] {
    var notes: [String] = []
    if bed.removed { notes.append(wording("bed.gone")) }
    if let whom = bed.reservedFor, !whom.contains("/") { notes.append(wording("bed.reserved-for", ["name": whom])) }
    if let reason = bed.reason { notes.append(wording("bed.reason", ["reason": reason])) }
    if let isolation = bed.isolation {
      notes.append("\(wording("beds.isolation")) : \(wording.word("isolation", isolation))")
    }
    if bed.extra { notes.append("\(wording("beds.extra")) : \(wording("bed.kind.\(bed.kind.rawValue)"))") }
    if !bed.staffed { notes.append(wording("beds.unstaffed")) }
    if let seen = bed.seenAt {
      let who = reading.names.seenBy(bed)
      notes.append("\(wording("unit.round")) : \([wording.time(seen), who].compactMap(\.self).joined(separator: ", "))")
    }
    return notes
  }

  private func occupant(_ lying: Lying) -> [String: any Sendable] {
    let stay = lying.stay.id.afterSlash
    guard session.mayName(lying.patient, in: bed.unit) else {
      let isSecret = lying.patient?.secret ?? false
      let mayAsk = !isSecret || Permissions.allows(session.who, .readSecret, unit: nil, at: wording.now)
      let hidden: [String: any Sendable] = ["hidden": wording(isSecret ? "bed.hidden" : "bed.undisclosed")]
      return hidden.adding("open", mayAsk ? "/stays/\(stay)" : nil)
    }
    let offered = acts.filter(\.concernsPatient).map { act in
      let model: [String: any Sendable] = [
        "href": "\(address)/\(act.rawValue)?stay=\(stay)", "name": wording("bed.act.\(act.rawValue)"),
      ]
      return model.adding("key", act.key?.uppercased())
    }
    return [
      "identity": lying.identity(reading.ippAuthority, wording, link: "/stays/\(stay)"),
      "birthDate": lying.patient?.birthDate?.shown ?? "?", "number": lying.stay.number ?? "–",
      "protected": lying.patient?.isDiscreet ?? false, "away": lying.away, "acts": offered,
    ].adding("since", lying.since.map(wording.when)).adding("leaves", lying.stay.expectedDischargeAt.map(wording.when))
  }

  /// A bed's own facts never say that somebody lies there.
  private var condition: String { reading.lying.isEmpty ? bed.condition.rawValue : "occupied" }

  var json: JSON {
    [
      "id": .string(reading.uuid), "unit": bed.unit.json, "room": bed.room.json, "code": bed.code.json,
      "kind": .string(bed.kind.rawValue), "condition": .string(condition), "reason": bed.reason.json,
      "reservedFor": bed.reservedFor.json, "isolation": bed.isolation.json, "doubled": .bool(bed.doubled),
      "staffed": .bool(bed.staffed), "extra": .bool(bed.extra), "removed": .bool(bed.removed),
      "since": bed.since.map(wording.hours.iso).json, "seenAt": bed.seenAt.map(wording.hours.iso).json,
      "occupants": .array(
        reading.lying.filter { session.mayName($0.patient, in: bed.unit) }.map { lying in
          [
            "stay": .string(lying.stay.id.afterSlash), "number": lying.stay.number.json,
            "patient": lying.patient.map { $0.id.afterSlash }.json,
            "identity": lying.patient.map { PatientLine($0, wording, ippAuthority: reading.ippAuthority).plain }.json,
            "since": lying.since.map(wording.hours.iso).json, "away": .bool(lying.away),
          ]
        }), "acts": .array(acts.map { .string($0.rawValue) }), "history": reading.history.json(wording),
    ]
  }
}

extension Lying {
  /// Who lies there, as HTML; the stay's number where nobody said whose it is.
  func identity(_ ippAuthority: String?, _ wording: Wording, link: String? = nil) -> String {
    patient.map { PatientLine($0, wording, ippAuthority: ippAuthority).html(wording, link: link) }
      ?? escaped(stay.number ?? "?")
  }
}

extension BedFace {
  /// Meaning of the tag beside a place's name.
  var means: String {
    switch self {
    case .free: "fine"
    case .toClean, .reserved: "waiting"
    case .conflict: "unsure"
    case .closed, .bodyPresent, .occupied, .discreet, .doubled: "plain"
    }
  }
}
