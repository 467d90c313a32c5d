import Hospital
import Ledger
import Register

/// Every difference that was found, what was decided of it and by whom, and the census of both sides: a text for
/// whoever asks later, signed by this station. It names facts by their place in the ledger and says nothing of what is in them.
enum ReturnAccount {
  static func signed(_ register: Register, at now: Instant) throws -> String {
    try register.signed(try register.read { try text($0, at: now) })
  }

  private static func text(_ reading: Reading, at now: Instant) throws -> String {
    var lines = ["permanence return account 1", "hospital \(try reading.structure?.finess ?? "")", "at \(now.text)"]
    guard let comparison = try reading.returnComparison(at: now) else {
      return (lines + ["never left standby"]).joined(separator: "\n") + "\n"
    }
    lines.append("standby left \(comparison.crisis.began.text)")
    if let returned = comparison.crisis.returned { lines.append("main system back \(returned.text)") }
    for list in comparison.lists {
      lines.append(
        "list \(list.kind.rawValue) \(list.id.afterSlash) rows \(list.rows) aside \(list.aside.count) by \(list.by)")
    }
    var counts: [String: Int] = [:]
    for difference in comparison.differences {
      let state = difference.isSettled ? "settled" : "open"
      counts[state, default: 0] += 1
      lines.append(line(difference.id, difference.kind, difference.field, state))
      for place in difference.facts {
        lines.append("  fact \(place.station) \(place.sequence) \(place.hash.hex) \(place.place)")
      }
      lines += difference.decisions.compactMap(decision)
    }
    let current = Set(comparison.differences.map(\.id))
    for said in try reading.returnDecisions() where !current.contains(said.heard.fact.subject) {
      guard let decided = ReturnDecision(said.heard.fact) else { continue }
      counts["gone", default: 0] += 1
      lines.append(line(said.heard.fact.subject, decided.kind, decided.field, "differs no more"))
      lines += try reading.history(of: said.heard.fact.subject).compactMap(decision)
    }
    lines += counts.sorted { $0.key < $1.key }.map { "total \($0.key) \($0.value)" }
    lines += census(comparison.census)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(
    _ id: String, _ kind: Difference.Kind, _ field: ReturnField?, _ state: String
  ) -> String {
    ["difference", id.afterSlash, kind.rawValue, field?.rawValue, state].compactMap(\.self).joined(separator: " ")
  }

  private static func decision(_ said: Said) -> String? {
    guard let decision = ReturnDecision(said.heard.fact) else { return nil }
    let heard = said.heard
    return
      "  decided \(decision.way.rawValue) \(heard.time.text) \(heard.author) \(heard.station) \(said.place.sequence)"
  }

  /// Numbers of stays and beds, which name nobody.
  private static func census(_ census: ReturnCensus) -> [String] {
    if census.isUnknown { return ["census unknown"] }
    let word = census.isEqual ? "equal" : "unequal"
    return ["census \(word) same \(census.same) without-bed \(census.withoutBed) differing \(census.differing.count)"]
      + census.lines.map {
        "  stay \($0.number.afterSlash) here \($0.here ?? "-") there \($0.there ?? "-")"
      }
  }
}
