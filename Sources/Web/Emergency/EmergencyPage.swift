import Hospital
import Ledger
import Register

/// A visit: whose it is, how urgent, what was measured, what comes next; what can be done; and all that was said.
struct EmergencyPage {
  private let file: EmergencyFile
  private let names: Names
  private let history: [HistoryEntry]
  private let warnings: [String]

  private var wording: Wording { file.wording }
  private var visit: EmergencyVisit { file.visit }

  init(_ file: EmergencyFile, _ reading: Reading, _ warnings: [String]) throws {
    self.file = file
    let levels = file.contested.joined(separator: ", ")
    self.warnings =
      levels.isEmpty ? warnings : warnings + [file.wording("emergency.contested.help", ["levels": levels])]
    let said = try reading.history(of: file.visit.id).map(\.heard)
    let names = try reading.names(of: said.map(\.author), file.wording)
    self.names = names
    history = said.reversed().map { HistoryEntry($0, file.wording, names) }
  }

  func page(may: (Action) -> Bool) -> Page {
    let span = file.file.outline.emergency
    let isThere = span != nil && span?.until == nil
    let model: [String: any Sendable] = [
      "identity": file.file.identity?.html(wording, link: file.file.patient.map { "/patients/\($0.id.afterSlash)" })
        ?? escaped(file.file.number),
      "warnings": warnings, "number": file.file.number, "stayHref": "/stays/\(file.uuid)", "place": file.file.place,
      "since": span.map { wording.when($0.from) } ?? "", "facts": facts, "acts": acts(isThere: isThere, may),
      "triages": visit.triages.reversed().map(triage), "wasTriaged": !visit.triages.isEmpty,
      "history": history.html(wording), "left": span?.until.map(wording.when) ?? "", "hasLeft": span?.until != nil,
    ]
    var live: Set = [file.subject, visit.id]
    if let patient = file.file.patient { live.insert(patient.id) }
    let title = "\(wording("emergency.visit")) \(file.file.number)"
    return Page(
      "emergency-visit", title: title,
      model: model.adding("level", visit.triage?.level).adding(
        "levelClass", visit.triage.map { "t\(pathSafe($0.level))" }), nav: .emergency, live: live)
  }

  private var facts: [[String: String]] {
    var out: [[String: String]] = []
    func add(_ key: String, _ text: String?) {
      if let text, !text.isEmpty { out.append(["label": wording("field.\(key)"), "value": text]) }
    }
    add("complaint", visit.complaintLine(file.settings, wording.language))
    add(
      "transport",
      [
        visit.transport.map { wording.word("transport", $0) },
        visit.transportCare.map { wording.word("transport-care", $0) },
      ].compactMap { $0 }.joined(separator: " · "))
    add("accompaniedBy", visit.accompaniedBy)
    add("victimNumber", visit.victimNumber)
    add("ccmu", visit.ccmu.map { wording.word("ccmu", $0) })
    add("diagnosis", ([visit.diagnosis].compactMap { $0 } + visit.diagnoses).joined(separator: " · "))
    add("acts", visit.acts.joined(separator: " · "))
    add("gemsa", visit.gemsa.map { wording.word("gemsa", $0) })
    add("doctor", visit.doctor ?? file.file.outline.attending)
    add("nextStep", visit.nextStep)
    add("awaited", visit.awaited.map { wording.word("awaited-result", $0) }.joined(separator: ", "))
    if let orientation = visit.orientation {
      let said =
        "\(orientation.line(wording)) (\(wording.time(orientation.at)), \(names.account(orientation.said.author)))"
      out.append(["label": wording("emergency.orientation"), "value": said])
    }
    for step in file.onward { out.append(["label": wording("emergency.onward"), "value": step.line(wording)]) }
    return out
  }

  private func triage(_ triage: Triage) -> [String: any Sendable] {
    let signs = triage.vitals.lines(wording)
    return [
      "level": triage.level, "levelClass": "t\(pathSafe(triage.level))", "when": wording.when(triage.at),
      "signs": signs.joined(separator: " · "), "reason": triage.reason ?? "",
      "who": names.account(triage.said.author),
    ]
  }

  private func acts(isThere: Bool, _ may: (Action) -> Bool) -> [[String: any Sendable]] {
    var acts: [[String: any Sendable]] = []
    func add(_ name: String, _ action: Action, key: String?, href: String? = nil, plain: Bool = true) {
      guard may(action) else { return }
      acts.append([
        "href": href ?? "\(file.address)/\(name)", "text": wording("emergency.act.\(name)"), "key": key ?? "",
        "hasKey": key != nil, "plain": plain,
      ])
    }
    let next = "?next=\(pathSafe(file.address))"
    if isThere {
      add("triage", .triage, key: "T", plain: visit.triage != nil)
      add("orient", .orient, key: "O", plain: false)
      if file.onward.contains(where: { $0.onward.step == .bedToAsk }) {
        add("bed-request", .requestBed, key: "D", href: "/stays/\(file.uuid)/bed-request\(next)", plain: false)
      }
      if file.onward.contains(where: \.onward.isToAsk) {
        add("send", .transferOut, key: "H", href: "/stays/\(file.uuid)/send\(next)", plain: false)
      }
      add("bay", .move, key: "B", href: "/stays/\(file.uuid)/transfer\(next)")
      add("note", .triage, key: "S")
    }
    // A bed was given before anybody said where they go.
    if !isThere, visit.orientation == nil, file.file.stay.isPresent(at: wording.now) {
      add("orient", .orient, key: "O", plain: false)
    }
    add("assess", .assess, key: "C")
    if isThere { add("arrival", .admit, key: "A") }
    if let patient = file.file.patient?.id.afterSlash {
      add("labels", .read, key: "E", href: "/patients/\(patient)/labels?stay=\(file.uuid)")
      if visit.orientation?.way == .onCall {
        add("letter", .read, key: "L", href: "\(file.address)/letter")
      }
    }
    if let orientation = visit.orientation {
      add("undo", .orient, key: "Z", href: "\(file.address)/undo?key=\(pathSafe(orientation.key))")
    }
    return acts
  }
}
