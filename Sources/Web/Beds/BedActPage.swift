import Hospital
import Hummingbird
import Ledger
import Register

/// The form of one act: whom and what it concerns first, then what is asked.
struct BedActPage {
  let act: BedAct
  let reading: BedReading
  let app: WebApp
  let context: PageContext
  let filling: Filling
  /// What the address or the form sent before says beyond the fields: `next`, `all`.
  let query: Fields
  let wording: Wording

  init(
    _ act: BedAct, _ reading: BedReading, _ app: WebApp, _ context: PageContext, _ filling: Filling, query: Fields
  ) {
    self.act = act
    self.reading = reading
    self.app = app
    self.context = context
    self.filling = filling
    self.query = query
    wording = app.wording(context)
  }

  private var address: String { "/beds/\(reading.uuid)" }

  /// - Parameter stay: whom the page that led here spoke of; nil for whoever lies there alone.
  func answer(_ request: Request, stay: String?, status: HTTPResponse.Status = .ok) throws -> Response {
    let session = try app.requireSession(request, context)
    var status = status
    var problem = filling.problem
    var whom: Lying?
    if act.concernsPatient {
      whom = stay.map(reading.lying) ?? (reading.lying.count == 1 ? reading.lying[0] : nil)
      if whom == nil {
        let code =
          reading.lying.isEmpty ? "bed-nobody-there" : stay == nil ? "bed-which-patient" : "bed-other-patient"
        problem = wording("refusal.\(code)")
        status = .conflict
      } else {
        try app.openLying(whom?.patient, in: reading.bed.unit, request, context)
      }
    }
    let shown = whom.map { [$0] } ?? reading.lying.filter { session.mayName($0.patient, in: reading.bed.unit) }
    let title = wording("bed.act.\(act.rawValue)")
    let isOpen = !act.concernsPatient || whom != nil
    let targets = isOpen ? try whom.flatMap(targets) : nil
    let fields = isOpen ? self.fields : []
    var html = ""
    for field in fields { field.write(into: &html) }
    let model: [String: any Sendable] = [
      "title": title, "where": escaped(reading.place(wording)), "bed": escaped(reading.bed.code ?? "?"),
      "action": "\(address)/\(act.rawValue)",
      "patients": shown.map { lying in
        [
          "identity": lying.identity(reading.ippAuthority, wording),
          "birthDate": lying.patient.map { PatientLine($0, wording, ippAuthority: nil).birthAndAge } ?? "?",
        ]
      }, "open": isOpen, "hidden": hidden(whom), "fields": html, "draft": "bed-\(act.rawValue)-\(reading.uuid)",
      "button": wording("bed.act.\(act.rawValue).button"),
      "ready": filling.errors.isEmpty && (act == .discharge || fields.isEmpty && targets == nil),
      "back": query["next"]?.asLocalAddress ?? address,
      "cautions": act == .discharge ? wording.cautions(whom?.patient, reading.names.structure) : [],
    ].adding("problem", problem).adding("targets", targets)
    return app.html(Page("bed-act", title: title, model: model, status: status, nav: .beds), request, context)
  }

  private func hidden(_ whom: Lying?) -> String {
    var out = filling.hidden
    if let whom { out += "<input type=\"hidden\" name=\"stay\" value=\"\(whom.stay.id.afterSlash)\">" }
    if let next = query["next"] {
      out += "<input type=\"hidden\" name=\"next\" value=\"\(escaped(next.asLocalAddress))\">"
    }
    return out
  }

  private var fields: [FormField] {
    let maker = FieldMaker(wording: wording, filling: filling)
    return act.fields.filter { $0.name != "stay" && $0.name != "target" }.enumerated().map { index, field in
      let isFirst = index == 0 && act != .move && act != .discharge
      switch field.name {
      case "exitMode":
        return maker.choice("exitMode", "exit-mode", StayCodes.exitModes(of: nil), proposed: "8", required: true)
      case "destination":
        return maker.choice("destination", "destination", ["1", "2", "3", "4", "6", "7"], empty: true)
      case "isolation":
        let kinds = Isolation.allCases.map { FormField.Choice($0.rawValue, wording("isolation.\($0.rawValue)")) }
        return maker.field(
          "isolation", .radios([FormField.Choice("", wording("isolation.none"))] + kinds),
          proposed: reading.bed.isolation ?? "", focus: true)
      default: return maker.field(field.name, required: field.isRequired, focus: isFirst)
      }
    }
  }

  // MARK: Targets, chosen by number

  private func targets(_ whom: Lying) throws -> [String: any Sendable]? {
    guard act == .move || act == .swap else { return nil }
    let wantsAll = query["all"] != nil
    let rows = try app.register.read { try $0.board(at: wording.now).units }
    let own = rows.filter { $0.code == reading.bed.unit }
    let others = rows.filter { $0.code != reading.bed.unit }
    var list = own.flatMap { choices($0, whom, named: false) }
    let isAll = wantsAll || list.isEmpty
    if isAll { list += others.flatMap { choices($0, whom, named: true) } }
    let typed = filling.typed?["target"]
    let model: [String: any Sendable] = [
      "help": wording(act == .move ? "bed.move.help" : "bed.swap.help"),
      "list": list.enumerated().map { index, choice -> [String: any Sendable] in
        [
          "number": index + 1, "id": choice.id, "text": escaped(choice.text),
          "chosen": typed.map { $0 == choice.id } ?? (index == 0),
        ]
      },
    ]
    return model.adding("allHref", isAll ? nil : allAddress(whom)).adding("error", filling.errors["target"])
      .adding("none", list.isEmpty ? wording(act == .move ? "bed.move.none" : "bed.swap.none") : nil)
  }

  private func allAddress(_ whom: Lying) -> String {
    let next = query["next"].map { "&next=\(pathSafe($0.asLocalAddress))" } ?? ""
    return "\(address)/\(act.rawValue)?stay=\(whom.stay.id.afterSlash)&all=1\(next)"
  }

  private func choices(_ row: BoardUnitRow, _ whom: Lying, named: Bool) -> [(id: String, text: String)] {
    let unit = named ? "\(row.unit?.name ?? row.code) · " : ""
    return row.places.filter { $0.bed.id != reading.bed.id && !$0.bed.removed }.compactMap {
      place -> (id: String, text: String)? in
      let bed = place.bed
      switch act {
      case .move:
        guard place.isFree || place.occupants.isEmpty && (bed.condition == .toClean || bed.condition == .free) else {
          return nil
        }
        var text = unit + (bed.code ?? "?")
        if bed.condition == .toClean { text += " · \(wording("beds.face.to-clean"))" }
        if !bed.staffed { text += " · \(wording("beds.unstaffed"))" }
        if let isolation = bed.isolation {
          text += " · \(wording("beds.isolation")) \(wording.word("isolation", isolation))"
        }
        return (bed.id.afterSlash, text)
      case .swap:
        guard place.occupants.count == 1, let other = place.occupants[0].patient,
          context.session?.mayName(other, in: row.code) == true
        else { return nil }
        let line = PatientLine(other, wording, ippAuthority: reading.ippAuthority)
        return (place.occupants[0].stay.id.afterSlash, "\(unit)\(bed.code ?? "?") · \(line.plain)")
      default: return nil
      }
    }
  }
}
