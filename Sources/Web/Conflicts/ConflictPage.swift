import Hospital
import Ledger
import Register

/// Conflicts as a person reads them.
struct ConflictPage {
  private let reading: Reading
  private let wording: Wording
  private let names: Names

  init(_ reading: Reading, _ wording: Wording) throws {
    self.reading = reading
    self.wording = wording
    names = try reading.names(of: [], wording)
  }

  func list(_ conflicts: [Conflict], decided: [Said]) throws -> [String: any Sendable] {
    let open = try conflicts.enumerated().map { index, conflict in
      try summary(conflict).adding("href", ConflictRoutes.address(conflict)).adding("first", index == 0 ? true : nil)
    }
    let old = try decided.compactMap { said -> [String: any Sendable]? in
      guard let decision = ConflictDecision(said.heard.fact) else { return nil }
      return [
        "kind": wording("conflict.\(decision.kind.rawValue)"), "said": try saidBy(said),
        "what": try outcome(decision), "href": "/conflicts/\(said.heard.fact.subject.afterSlash)",
      ]
    }
    return ["conflicts": open, "none": open.isEmpty, "decided": old, "anyDecided": !old.isEmpty]
  }

  /// All but what the form holds.
  func whole(_ conflict: Conflict) throws -> [String: any Sendable] {
    let kind = conflict.kind.rawValue
    let decisions = try conflict.decisions.compactMap { said -> [String: any Sendable]? in
      guard let decision = ConflictDecision(said.heard.fact) else { return nil }
      return ["said": try saidBy(said), "what": try outcome(decision)]
    }
    let isCrossed = !conflict.isSettled && decisions.count > 1
    let merge = try reading.filesToLink(conflict).map { "/patients/\($0.afterSlash)/merge?with=\($1.afterSlash)" }
    func word(_ name: String) -> String {
      let own = "conflict.\(kind).\(name)"
      return wording(wording.texts.has(own) ? own : "conflict.\(name)")
    }
    return try summary(conflict).adding("address", ConflictRoutes.address(conflict)).merging([
      "version": conflict.version, "decisions": decisions, "anyDecided": !decisions.isEmpty,
      "settled": conflict.isSettled, "crossed": isCrossed, "hasChoice": conflict.kind.hasChoice,
      "holds": conflict.kind.hasChoice ? wording("conflict.\(kind).holds") : "",
      "needsNote": conflict.kind.needsNote, "noteLabel": word("note"), "both": word("both"),
      "bothKey": String(conflict.kind.hasChoice ? conflict.sides.count + 1 : 1),
    ]) { $1 }.adding("merge", merge)
  }

  private func summary(_ conflict: Conflict) throws -> [String: any Sendable] {
    let kind = conflict.kind.rawValue
    // A bed's id says nothing to anybody, nor does a chain's name.
    let key = [.bed, .fork].contains(conflict.kind) ? nil : conflict.key
    let sides = try conflict.sides.enumerated().map { index, side -> [String: any Sendable] in
      let others = conflict.sides.enumerated().filter { $0.offset != index }.map(\.element)
      return [
        "number": String(index + 1), "what": try what(side, conflict), "details": try details(side, others, conflict),
        "said": try (isToldWhole(conflict.kind) ? side.said : side.said.suffix(1)).map(saidBy),
      ]
    }
    return [
      "kind": wording("conflict.\(kind)"), "help": wording("conflict.\(kind).help"), "sides": sides,
    ].adding("key", key).adding("about", try about(conflict))
  }

  /// What both sides speak of, as HTML; nil where each is of its own.
  private func about(_ conflict: Conflict) throws -> String? {
    switch conflict.kind {
    case .stay, .traits, .claimed, .orientation, .triage: try conflict.subjects.last.map(html)
    case .bed:
      try conflict.sides.first.flatMap { try reading.stay($0.subject) }.flatMap { stay in
        names.place(stay.outline.place, wording).map(escaped)
      }
    case .fork: conflict.key.map { "\(escaped(wording("banner.station"))) <b>\(escaped(names.station($0)))</b>" }
    case .identifier, .ins, .label, .person, .number, .ring, .movement, .announced: nil
    }
  }

  private func what(_ side: Conflict.Side, _ conflict: Conflict) throws -> String {
    hasOwnWords(conflict.kind) ? "" : try html(side.subject)
  }

  /// Both sides are of one subject, and differ in what they say of it.
  private func hasOwnWords(_ kind: Conflict.Kind) -> Bool {
    [.stay, .traits, .orientation, .triage, .fork].contains(kind)
  }

  /// Of two files, who made each matters as much as who changed it last.
  private func isToldWhole(_ kind: Conflict.Kind) -> Bool { hasOwnWords(kind) || kind == .person }

  /// What emergency says is said of a stay.
  private func ofStay(_ subject: String) throws -> String { try reading.emergencyVisit(subject)?.stay ?? subject }

  private func html(_ subject: String) throws -> String {
    let subject = try ofStay(subject)
    if let patient = try reading.patient(subject) { return html(patient) }
    guard let stay = try reading.stay(subject) else { return escaped(subject) }
    let line = StayLine(stay, names, wording)
    let link = "<a href=\"/stays/\(pathSafe(subject.afterSlash))\">\(escaped(line.option))</a>"
    guard let patient = try stay.patient.flatMap({ try reading.patient($0) }) else { return link }
    return "\(link)<br>\(html(patient))"
  }

  /// Of a restricted file no name stands on a list.
  private func html(_ patient: Patient) -> String {
    let address = "/patients/\(pathSafe(patient.id.afterSlash))"
    guard !patient.isRestricted else {
      return "<a href=\"\(address)\">\(escaped(wording("glass.title")))</a>"
    }
    return PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority).html(wording, link: address)
  }

  /// What a side says, as HTML, with the words marked that the others lack; nothing of a restricted file.
  private func details(_ side: Conflict.Side, _ others: [Conflict.Side], _ conflict: Conflict) throws -> [String] {
    guard hasOwnWords(conflict.kind), try !isRestricted(side.subject) else { return [] }
    if conflict.kind == .fork {
      return side.said.map { escaped(wording("conflict.line", ["sequence": String($0.place.sequence)])) }
    }
    let known = try others.flatMap(\.said).flatMap { try entry($0).details }
    return try side.said.map { said in
      let entry = try entry(said)
      let values = entry.details.filter { conflict.kind != .traits || isStrict($0) }.map { detail in
        let other = known.filter { $0.label == detail.label && $0 != detail }.first?.value ?? ""
        return "<i>\(escaped(detail.label))</i> <bdi>\(ComparedPatients.marked(detail.value, against: other))</bdi>"
      }
      let hour = conflict.kind != .traits ? "\(escaped(wording.time(entry.at))) · " : ""
      return "\(hour)<b>\(escaped(entry.what))</b> \(values.joined(separator: " · "))"
    }
  }

  private func isStrict(_ detail: HistoryEntry.Detail) -> Bool {
    Patient.strictKeys.contains { detail.label == wording("trait.\($0)") }
  }

  private func isRestricted(_ subject: String) throws -> Bool {
    let subject = try ofStay(subject)
    let patient = try reading.stay(subject)?.patient ?? subject
    return try reading.patient(patient)?.isRestricted ?? false
  }

  private func entry(_ said: Said) throws -> HistoryEntry {
    HistoryEntry(said.heard, wording, try reading.names(of: [said.heard.author], wording))
  }

  /// Who, where, when.
  private func saidBy(_ said: Said) throws -> String {
    let entry = try entry(said)
    return [wording.time(entry.writtenAt), entry.who, entry.station].joined(separator: " · ")
  }

  /// What a decision came to, as HTML.
  private func outcome(_ decision: ConflictDecision) throws -> String {
    let note = decision.note.map { " · <q>\(escaped($0))</q>" } ?? ""
    guard let subject = decision.subject else { return "\(escaped(wording("conflict.kept")))\(note)" }
    let stations = Set(decision.holds.map { names.station($0.station) }).sorted().joined(separator: ", ")
    let held = hasOwnWords(decision.kind) ? escaped(wording("conflict.from", ["station": stations])) : try html(subject)
    return "\(escaped(wording("conflict.\(decision.kind.rawValue).holds"))) : \(held)\(note)"
  }
}
