import Hospital
import Hummingbird
import Ledger
import Register

/// The lines that are not open, worst first, and the form in which the crisis room ticks what changes.
enum CarePage {
  static func page(
    _ lines: [CareLine], _ filling: Filling, _ app: WebApp, _ request: Request, _ context: PageContext
  ) throws -> Page {
    let wording = app.wording(context)
    let told = lines.filter { $0.holding?.state != .open || $0.isContradicted }
    let rows = try app.register.read { reading in try told.map { try row($0, reading, wording) } }
    let mayDeclare = app.allows(.declareCare, context)
    let problems = [filling.problem].compactMap(\.self)
    var model: [String: any Sendable] = [
      "rows": rows, "any": !rows.isEmpty, "none": rows.isEmpty, "mayDeclare": mayDeclare, "hidden": filling.hidden,
      "problems": problems,
      // What was ticked for one declaration is not ticked again for the next.
      "draft": lines.flatMap(\.declarations).map(\.time.text).max() ?? "",
      "contradicted": lines.contains(where: \.isContradicted),
    ]
    if mayDeclare { model["sections"] = form(lines, filling, wording) }
    return Page(
      "care", title: wording("care.title"), model: model, status: filling.status, nav: .care,
      live: Set(told.map(\.id)).union([Situation.name]))
  }

  static func name(_ key: String, _ wording: Wording) -> String { wording.word("care.line", key) }

  private static func row(_ line: CareLine, _ reading: Reading, _ wording: Wording) throws -> [String: any Sendable] {
    guard let holding = line.holding else { return [:] }
    let names = try reading.names(of: line.declarations.map(\.by), wording)
    func said(_ declaration: CareLine.Declaration) -> String {
      [names.account(declaration.by), names.station(declaration.station), wording.time(declaration.at)]
        .joined(separator: " · ")
    }
    let sides = line.declarations.map { declaration in
      "\(wording("care.state.\(declaration.state.rawValue)")) : \(said(declaration))"
    }
    return [
      "key": line.key, "name": name(line.key, wording), "state": wording("care.state.\(holding.state.rawValue)"),
      "means": means(holding.state), "mark": mark(holding.state), "since": wording.when(holding.since),
      "said": said(holding), "contradicted": line.isContradicted, "sides": line.isContradicted ? sides : [],
      "overdue": line.isOverdue(at: wording.now),
    ].adding("reason", holding.reason.map { wording.word("care.reason", $0) }).adding("note", holding.note)
      .adding("review", holding.reviewAt.map { wording.time($0) })
  }

  static func means(_ state: CareState) -> String {
    switch state {
    case .open: "fine"
    case .limited: "waiting"
    case .closed: "alert"
    }
  }

  static func mark(_ state: CareState) -> String {
    switch state {
    case .open: "✓"
    case .limited: "~"
    case .closed: "×"
    }
  }

  private static func form(_ lines: [CareLine], _ filling: Filling, _ wording: Wording) -> String {
    let make = FieldMaker(wording: wording, filling: filling)
    let states = Dictionary(lines.map { ($0.key, $0.holding?.state ?? .open) }, uniquingKeysWith: { first, _ in first })
    let choices = CareKey.allCases.map { key in
      let state = states[key.rawValue] ?? .open
      let name = name(key.rawValue, wording)
      return FormField.Choice(
        key.rawValue, state == .open ? name : "\(name) (\(wording("care.state.\(state.rawValue)")))")
    }
    var ticks = make.field("line", .checks(choices), required: true, wide: true, focus: true)
    ticks.label = wording("care.which")
    var note = make.field("note", wide: true)
    note.label = wording("care.note")
    if filling.typed == nil { ticks.values = Set(filling.proposed.all("line")) }
    let fields = [
      ticks,
      make.choice("state", "care.state", CareState.allCases.map(\.rawValue), required: true, radios: true),
      make.choice("reason", "care.reason", CareReason.allCases.map(\.rawValue), empty: true),
      make.field("reviewAt", proposed: wording("care.review.proposed")), note,
    ]
    var html = ""
    FormSection(wording("care.declare"), fields).write(into: &html)
    return html
  }
}
