import Hospital
import Ledger
import Register

/// A stay: where it stands, what can be done, its movements, and everything that was said of it.
struct StayPage {
  let file: StayFile
  let history: [HistoryEntry]
  /// What the act before it warned of.
  let warnings: [String]
  let may: (Action) -> Bool

  private var wording: Wording { file.wording }

  var page: Page {
    let outline = file.outline
    let now = wording.now
    let status = file.stay.status(at: now)
    let model: [String: any Sendable] = [
      "identity": file.identity?.html(wording, link: file.patient.map { "/patients/\($0.id.afterSlash)" }) ?? "",
      "warnings": warnings, "number": file.number,
      "class": wording.word("class", (outline.stayClass ?? .none).rawValue),
      "status": wording("stay-status.\(status.rawValue)"),
      "means": status == .admitted ? "fine" : status == .preadmitted ? "waiting" : "quiet",
      "away": isAway ? away : "", "isAway": isAway, "place": file.place, "facts": facts,
      "acts": acts(status).map(\.model), "movements": movements,
      "hasMovements": !file.lines.isEmpty,
      "history": history.html(wording),
    ]
    var live: Set = [file.stay.id]
    if let patient = file.patient { live.insert(patient.id) }
    let title = "\(wording("stay.title")) \(file.number)"
    return Page("stay", title: title, model: model, nav: .admissions, live: live)
  }

  private var isAway: Bool { file.stay.presence(at: wording.now)?.away ?? false }

  /// `examen ailleurs, aller-retour : Évry, scanner · retour attendu 17:35`.
  private var away: String {
    let leave = file.stay.other["leave"]
    let kind = leave?["kind"]?.string.map { wording.word("leave-kind", $0) } ?? wording("stay.away")
    let until = leave?["until"]?.string.flatMap(Instant.init).map { wording("stay.back", ["time": wording.time($0)]) }
    return [[kind, leave?["to"]?.string].compactMap { $0 }.joined(separator: " : "), until].compactMap { $0 }
      .joined(separator: " · ")
  }

  /// What is known of it, label and value, as HTML.
  private var facts: [[String: String]] {
    let (stay, outline) = (file.stay, file.outline)
    var out: [[String: String]] = []
    func add(_ key: String, html: String?) {
      if let html, !html.isEmpty { out.append(["label": wording("stay.\(key)"), "value": html]) }
    }
    func add(_ key: String, _ text: String?) { add(key, html: text.map(escaped)) }
    add("expected", html: stay.status == .preadmitted ? outline.expectedAt.map(wording.when) : nil)
    add("admitted", html: outline.admittedAt.map(wording.when))
    add("leaves", html: stay.status == .admitted ? stay.expectedDischargeAt.map(wording.when) : nil)
    add("discharged", html: outline.dischargedAt.map(wording.when))
    add("attending", outline.attending)
    add("medical", outline.place.medicalUnit.map(file.names.unit))
    add(
      "entry",
      [stay.entryMode.map { wording.word("entry-mode", $0) }, stay.provenance.map { wording.word("provenance", $0) }])
    add(
      "exit",
      [stay.exitMode.map { wording.word("exit-mode", $0) }, stay.destination.map { wording.word("destination", $0) }])
    add("reason", stay.reason)
    add("preadmission", stay.preadmissionNumber)
    let asked = AskedCells(file.names, wording)
    if let person = file.person { add("situation", html: asked.situation(person).html { wording($0) }) }
    add("allergies", html: asked.allergies(file.allergies).html { wording($0) })
    add("diet", html: asked.diet(stay).html { wording($0) })
    add(
      "mother",
      html: stay.motherStay.map { "<a href=\"/stays/\($0.afterSlash)\">\(escaped(wording("stay.mother.open")))</a>" })
    add(
      "continued",
      html: stay.continuedAs.map {
        "<a href=\"/stays/\($0.afterSlash)\">\(escaped(wording("stay.continued.open")))</a>"
      })
    return out

    func add(_ key: String, _ parts: [String?]) { add(key, parts.compactMap { $0 }.joined(separator: " · ")) }
  }

  struct Act {
    var href: String
    var text: String
    var key: String?
    var isPlain = true

    var model: [String: any Sendable] {
      ["href": href, "text": text, "key": key ?? "", "hasKey": key != nil, "plain": isPlain]
    }
  }

  private func acts(_ status: StayStatus) -> [Act] {
    var acts: [Act] = []
    func add(_ name: String, _ action: Action, key: String? = nil, href: String? = nil, plain: Bool = true) {
      guard may(action) else { return }
      acts.append(
        Act(href: href ?? "\(file.address)/\(name)", text: wording("act.\(name)"), key: key, isPlain: plain))
    }
    let patient = file.patient?.id.afterSlash
    switch status {
    case .preadmitted:
      if let patient {
        add(
          "admit", .admit, key: "A", href: "/admissions/stay?patient=\(patient)&preadmission=\(file.uuid)", plain: false
        )
      }
    case .admitted:
      if let patient {
        add("labels", .read, key: "E", href: "/patients/\(patient)/labels?stay=\(file.uuid)", plain: false)
      }
      if let patient { add("wristband", .read, key: "B", href: "/patients/\(patient)/wristband") }
      if isAway { add("return", .move, key: "R", plain: false) } else { add("leave", .move, key: "P") }
      add("asked", .ask, key: "Q")
      add("transfer", .move, key: "M")
      if !isAway { add("send", .transferOut, key: "H") }
      add("bed-request", .requestBed, key: "D")
      add("expected-discharge", .discharge)
      add("class", .move, key: "T")
      let stayClass = file.outline.stayClass
      if stayClass == .recurring || stayClass == .outpatient { add("attend", .attend, key: "V") }
      if file.patient?.sex == .female { add("birth", .createIdentity, key: "N") }
      add("discharge", .discharge, key: "S")
    case .discharged, .cancelled:
      if file.stay.continuedAs != nil { add("part", .settle) }
      if let patient { add("labels", .read, key: "E", href: "/patients/\(patient)/labels?stay=\(file.uuid)") }
      if let patient { add("admit", .admit, key: "A", href: "/admissions/stay?patient=\(patient)") }
    }
    return acts
  }

  private var movements: [[String: any Sendable]] {
    let mayCancel = may(.cancelMovement)
    return file.lines.reversed().map { line in
      let key = pathSafe(line.key)
      return [
        "when": wording.when(line.at), "what": line.what, "place": line.place, "attending": line.attending ?? "",
        "isLate": line.isLate, "late": wording("history.late", ["time": wording.time(line.writtenAt)]),
        "cancelled": line.cancelled, "who": file.names.account(line.author),
        "station": file.names.station(line.station), "mayChange": mayCancel && !line.cancelled,
        "cancelHref": "\(file.address)/cancel?movement=\(key)",
        "correctHref": "\(file.address)/correct?movement=\(key)",
      ]
    }
  }
}
