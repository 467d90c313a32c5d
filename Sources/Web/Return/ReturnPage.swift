import Hospital
import Ledger
import Register

/// Differences as a person reads them: three states side by side, what differs marked.
struct ReturnPage {
  /// How many rows a page shows.
  static let rowsMax = 200

  private let reading: Reading
  private let wording: Wording
  private let names: Names
  private let lists: [Recovery]

  init(_ reading: Reading, _ wording: Wording, _ comparison: ReturnComparison?) throws {
    self.reading = reading
    self.wording = wording
    names = try reading.names(of: [], wording)
    lists = comparison?.lists ?? []
  }

  func list(_ comparison: ReturnComparison, decided: [Said]) throws -> [String: any Sendable] {
    let open = comparison.open
    let settled = comparison.differences.count - open.count
    let kinds = Difference.Kind.allCases.compactMap { kind -> [String: any Sendable]? in
      let count = open.count { $0.kind == kind }
      return count == 0 ? nil : ["name": wording("return.kind.\(kind.rawValue)"), "count": grouped(count)]
    }
    let rows = try open.prefix(Self.rowsMax).enumerated().map { index, difference in
      try summary(difference).adding("first", index == 0 ? true : nil)
    }
    let old = try decided.compactMap { said -> [String: any Sendable]? in
      guard let decision = ReturnDecision(said.heard.fact) else { return nil }
      return [
        "kind": wording("return.kind.\(decision.kind.rawValue)"), "number": decision.number ?? "–",
        "what": outcome(decision), "said": try saidBy(said), "href": "/return/\(said.heard.fact.subject.afterSlash)",
      ]
    }
    let all = comparison.differences.count
    return [
      "kinds": kinds, "rows": rows, "none": open.isEmpty, "any": !open.isEmpty, "decided": old,
      "anyDecided": !old.isEmpty, "openCount": grouped(open.count), "settledCount": grouped(settled),
      "percent": String(all == 0 ? 100 : settled * 100 / all), "anyAtAll": all > 0,
      "since": wording.time(comparison.crisis.began.instant), "lists": try comparison.lists.map(list),
      "links": grouped(try reading.linkProposals().count), "toQuery": grouped(try ToQuery.rows(reading).count),
      "census": census(comparison.census),
    ].adding("returned", comparison.crisis.returned.map { wording.time($0.instant) })
      .adding(
        "more", open.count > rows.count ? wording("return.more", ["count": grouped(open.count - rows.count)]) : nil)
  }

  /// All but what the form holds.
  func whole(_ difference: Difference, isCurrent: Bool) throws -> [String: any Sendable] {
    let decisions = try difference.decisions.compactMap { said -> [String: any Sendable]? in
      guard let decision = ReturnDecision(said.heard.fact) else { return nil }
      return ["said": try saidBy(said), "what": outcome(decision, isWhole: true)]
    }
    // Once it was corrected here, only what was here is left to put back.
    let isBack = !isCurrent && difference.isCorrected
    let isPutRight = isBack ? difference.isPutBack : difference.isPutRight
    let form =
      isPutRight || !isCurrent && !isBack
      ? nil : correction(difference, to: isBack ? difference.here : difference.there)
    let goesBack = try reading.handbacks(of: difference.subject).commits > 0
    return try summary(difference, isOpened: true).merging([
      "help": wording("return.help.\(help(difference, goesBack: goesBack))"), "version": difference.version,
      "decisions": decisions, "anyDecided": !decisions.isEmpty, "settled": isCurrent && difference.isSettled,
      "past": !isCurrent, "back": isBack && isPutRight, "backByForm": isBack && !isPutRight,
      "may": isCurrent || isBack && isPutRight, "sends": isCurrent && goesBack,
      "undone": isCurrent && difference.decision?.way == .correct && !difference.isCorrected,
      "keep": isBack && difference.field != .protected
        ? wording("return.keep.back") : button("return.keep", difference, to: difference.here),
      "canCorrect": isCurrent && (isPutRight || form != nil),
      "correct": isPutRight
        ? button("return.correct", difference, to: difference.there) : wording("return.correct.form"),
    ]) { $1 }.adding("correction", form).adding("link", link(difference))
  }

  /// - Parameter goesBack: something was said of it here that the main system is told.
  private func help(_ difference: Difference, goesBack: Bool) -> String {
    if difference.kind == .missingThere, !goesBack { return "missing-there-before" }
    return switch difference.field {
    case .ins, .protected, .death: difference.field?.rawValue ?? ""
    case .addresses, .phones: "reach"
    default: difference.kind.rawValue
    }
  }

  /// Whoever lifts a protection reads that on what they press.
  private func button(_ key: String, _ difference: Difference, to value: ReturnState.Value?) -> String {
    guard difference.field == .protected, let value else { return wording(key) }
    return wording("\(key).protected.\(value.text)")
  }

  /// The ordinary form that makes it so here; nil where there is none.
  func correction(_ difference: Difference, to value: ReturnState.Value?) -> String? {
    let uuid = difference.subject.afterSlash
    let next = "next=/return/\(difference.id.afterSlash)"
    switch difference.kind {
    case .trait where difference.field != .ins: return "/patients/\(uuid)/edit"
    case .trait: return "/patients/\(uuid)/status?\(next)"
    case .status where difference.field == .identityStatus: return "/patients/\(uuid)/status?\(next)"
    case .status where difference.field == .death && isDeathToWrite(difference, value):
      return "/patients/\(uuid)/death?\(next)"
    case .movement where difference.field == .stayClass: return "/stays/\(uuid)/class?\(next)"
    case .place: return "/stays/\(uuid)/transfer?\(next)"
    case .open where value?.text == StayStatus.discharged.rawValue: return "/stays/\(uuid)/discharge?\(next)"
    case .status, .movement, .open, .number:
      return "/\(difference.subject.hasPrefix("stay/") ? "stays" : "patients")/\(uuid)"
    case .missingHere: return difference.subject.hasPrefix("stay/") ? "/stays/\(uuid)" : "/admissions"
    case .missingThere, .twice: return nil
    }
  }

  /// The hour of one that is written is not corrected: it is withdrawn first.
  private func isDeathToWrite(_ difference: Difference, _ value: ReturnState.Value?) -> Bool {
    value?.text != ReturnField.no && [difference.here, difference.there].contains { $0?.text == ReturnField.no }
  }

  private func link(_ difference: Difference) -> String? {
    guard difference.kind == .twice, let other = difference.other, other.hasPrefix("patient/") else { return nil }
    return "/patients/\(difference.subject.afterSlash)/link?with=\(other.afterSlash)"
  }

  private func list(_ list: Recovery) throws -> [String: any Sendable] {
    [
      "kind": wording("return.list.\(list.kind.rawValue)"), "name": list.name,
      "said": [
        list.endedAt.map { wording.time($0.instant) }, try reading.names(of: [list.by], wording).account(list.by),
      ]
      .compactMap(\.self).joined(separator: " · "),
      "rows": wording("return.rows", ["count": grouped(list.rows)]), "anyAside": !list.aside.isEmpty,
      "asideCount": wording("return.aside", ["count": grouped(list.aside.count)]),
      "aside": list.aside.prefix(Self.rowsMax).map { aside -> [String: any Sendable] in
        ["line": grouped(aside.line), "why": wording("return.aside.\(aside.reason)")]
      },
    ]
  }

  private func census(_ census: ReturnCensus) -> [String: any Sendable] {
    let whole: [String: any Sendable] = [
      "unknown": census.isUnknown, "equal": census.isEqual, "differs": !census.isUnknown && !census.differing.isEmpty,
      "same": grouped(census.same), "count": grouped(census.differing.count),
      "anyLine": !census.isUnknown && !census.lines.isEmpty,
      "lines": census.lines.prefix(Self.rowsMax).map { line -> [String: any Sendable] in
        ["number": line.number.afterSlash, "here": line.here ?? "–", "there": line.there ?? "–"]
      },
    ]
    return whole.adding("withoutBed", census.withoutBed == 0 ? nil : grouped(census.withoutBed))
  }

  /// - Parameter isOpened: whoever reads it may, and has said why.
  private func summary(_ difference: Difference, isOpened: Bool = false) throws -> [String: any Sendable] {
    let isOpen = try isOpened || !isRestricted(difference)
    return [
      "kind": wording("return.kind.\(difference.kind.rawValue)"), "number": difference.number ?? "–",
      "href": "/return/\(difference.id.afterSlash)",
      "sides": try [
        side("before", difference.before, [difference.here, difference.there], difference, isOpen),
        side("here", difference.here, [difference.there], difference, isOpen),
        side("there", difference.there, [difference.here], difference, isOpen),
      ],
    ].adding("field", difference.field.map(name)).adding("about", try about(difference))
  }

  private func side(
    _ name: String, _ value: ReturnState.Value?, _ others: [ReturnState.Value?], _ difference: Difference,
    _ isOpen: Bool
  ) throws -> [String: any Sendable] {
    let title = wording("return.side.\(name)")
    guard let value else { return ["title": title, "value": "–"] }
    let other = others.compactMap { $0 }.map { shown($0.text, difference) }.joined(separator: " ")
    let html = isOpen ? ComparedPatients.marked(shown(value.text, difference), against: other) : "•••"
    return ["title": title, "value": html, "said": try saidBy(value.said)]
  }

  private func name(_ field: ReturnField) -> String {
    switch field {
    case .birthName, .birthGivenName, .birthDate, .sex, .usedName, .ins, .addresses, .phones, .protected, .attending:
      wording("trait.\(field.rawValue)")
    case .death: wording("trait.deceased")
    case .stayClass: wording("trait.class")
    case .admittedAt: wording("stay.admitted")
    case .dischargedAt: wording("stay.discharged")
    case .birthPlace: wording("trait.birthPlace.shown")
    case .identityStatus: wording("trait.status")
    case .stayStatus, .place: wording("return.field.\(field.rawValue)")
    }
  }

  /// Codes in the words of the page.
  private func shown(_ text: String, _ difference: Difference) -> String {
    switch difference.field {
    case .sex: return wording.word("sex", text)
    case .birthDate: return PartialDate(text)?.shown ?? text
    case .identityStatus: return wording.word("status", text)
    case .stayStatus: return wording("return.status.\(text)")
    case .protected: return wording("return.protected.\(text)")
    case .death:
      if text == ReturnField.yes || text == ReturnField.no { return wording("return.death.\(text)") }
      return wording("return.death.at", ["time": hour(text)])
    case .admittedAt, .dischargedAt: return hour(text)
    case .stayClass: return wording.word("class", text)
    case .addresses: return text.split(separator: ReturnField.separator).joined(separator: " ")
    case .phones: return text.split(separator: ReturnField.separator).joined(separator: ", ")
    case .place:
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      return names.place(Place(unit: parts.first, bed: parts.count > 1 ? parts[1] : nil), wording) ?? text
    case nil where difference.subject.hasPrefix("patient/"):
      return text.split(separator: " ").map { PartialDate(String($0))?.shown ?? String($0) }.joined(separator: " ")
    case nil:
      let words = text.split(separator: " ", maxSplits: 2).map(String.init)
      guard let first = words.first, StayStatus(rawValue: first) != nil else { return text }
      let place = Place(unit: words.count > 1 ? words[1] : nil, bed: words.count > 2 ? words[2] : nil)
      return [wording("return.status.\(first)"), names.place(place, wording)].compactMap(\.self)
        .joined(separator: ", ")
    default: return text
    }
  }

  /// An instant; or the day, the month or the year that alone is known.
  private func hour(_ text: String) -> String {
    let ends = text.split(separator: "/").compactMap { Instant(String($0)) }
    guard let first = ends.first, let last = ends.last else { return text }
    return PartialDate(from: first, before: last, wording.hours.clock)?.shown ?? wording.hours.full(first)
  }

  /// Whose it is, as HTML; nothing of a restricted file.
  private func about(_ difference: Difference) throws -> String? {
    guard let patient = try patient(difference) else { return try listed(difference).map(escaped) }
    let address = "/patients/\(pathSafe(patient.id.afterSlash))"
    guard !patient.isRestricted else { return "<a href=\"\(address)\">\(escaped(wording("glass.title")))</a>" }
    return PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority).html(wording, link: address)
  }

  /// Whom the lists name for a stay of somebody unknown here; of whom they say that nobody is to be told, the number.
  private func listed(_ difference: Difference) throws -> String? {
    guard let ipp = try reading.recovered(difference.subject)?.ipp else { return nil }
    let row = try reading.recovered(Recovered.subject(.identities, ipp))?.row ?? [:]
    let isTold = row["protected"] != ReturnField.yes
    let date = row["birthDate"].map { PartialDate($0)?.shown ?? $0 }
    let words = isTold ? [row["birthName"], row["birthGivenName"], date].compactMap(\.self) : []
    return (["IPP \(ipp)"] + (words.isEmpty ? [] : [words.joined(separator: " ")])).joined(separator: " · ")
  }

  /// The file that must be open to whoever looks at it; nil where it is of nobody here.
  func patient(_ difference: Difference) throws -> Patient? {
    if let ipp = try reading.recovered(difference.subject)?.ipp {
      return try reading.patients(withIdentifier: ipp).first.flatMap { try reading.patient(reading.survivor(of: $0)) }
    }
    guard difference.subject.hasPrefix("stay/") else { return try reading.patient(difference.subject) }
    return try reading.stay(difference.subject)?.patient.flatMap { try reading.patient(try reading.survivor(of: $0)) }
  }

  /// Every file that it shows something of.
  func files(_ difference: Difference) throws -> [Patient] {
    let other = try difference.other.flatMap { try reading.patient($0) }
    return try [patient(difference), other].compactMap(\.self)
  }

  private func isRestricted(_ difference: Difference) throws -> Bool {
    try files(difference).contains(where: \.isRestricted)
  }

  /// Who, where, when: a person at a station, the feed, or a line of a list.
  private func saidBy(_ said: Said) throws -> String {
    let heard = said.heard
    let time = wording.time(heard.time.instant)
    if heard.fact.kind == "recovered.told" {
      let name = heard.fact.data["reading"]?.string.flatMap { id in lists.first { $0.id.sameBytes(as: id) }?.name }
      let line = heard.fact.data["line"]?.integer ?? 0
      return "\(time) · \(name ?? wording("return.list")) · \(wording("return.line", ["line": grouped(line)]))"
    }
    let who =
      try heard.source.map { wording("history.message", ["sender": $0.sender]) }
      ?? reading.names(of: [heard.author], wording).account(heard.author)
    return [time, who, names.station(heard.station)].joined(separator: " · ")
  }

  /// What a decision came to.
  /// - Parameter isWhole: on the page of its difference, where the file is open.
  private func outcome(_ decision: ReturnDecision, isWhole: Bool = false) -> String {
    let note = decision.note.map { " « \($0) »" } ?? ""
    let said = decision.way == .correct ? decision.there : decision.here
    let told =
      isWhole && decision.field == .protected ? said.map { " · " + wording("return.protected.\($0)") } ?? "" : ""
    return wording("return.way.\(decision.way.rawValue)") + told + note
  }
}
