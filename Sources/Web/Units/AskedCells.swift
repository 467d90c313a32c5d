import Hospital
import Ledger

/// What was asked, as a cell of a unit's list and as a line of a file.
struct AskedCells {
  let names: Names
  let wording: Wording

  init(_ names: Names, _ wording: Wording) {
    self.names = names
    self.wording = wording
  }

  /// Whatever says that there is one stands before whoever says that there is none.
  func allergies(_ known: KnownAllergies) -> UnitListCell {
    let heard = known.heard.map { [$0.to, $0.reaction].compactMap(\.self).joined(separator: " : ") }
    let values = heard + known.answers.compactMap(\.text)
    var sources = known.answers.map { answer in
      let said = said(answer.said)
      return answer.text == nil && !values.isEmpty ? "\(wording("unit.none")), \(said)" : said
    }
    let told = values.isEmpty ? [known.noneHeard].compactMap(\.self) : known.heard
    if !told.isEmpty {
      let newest = told.compactMap(\.identified).max { $0.daysSince1970 < $1.daysSince1970 }
      let feed = newest.map { wording("unit.feed-on", ["date": PartialDate($0).shown]) } ?? wording("unit.feed")
      sources.insert(feed, at: 0)
    }
    if values.isEmpty, !sources.isEmpty { return .none(said: sources.joined(separator: " · ")) }
    return UnitListCell(values.joined(separator: ", "), said: sources.joined(separator: " · "))
  }

  /// What was answered here stands before what a feed says.
  func diet(_ stay: Stay) -> UnitListCell {
    guard stay.answers[.diet] == nil, let heard = stay.dietHeard else { return cell(stay.answers[.diet]) }
    let said = wording("unit.feed")
    return heard.isEmpty ? .none(said: said) : .value(heard, said: said)
  }

  func isolation(_ bed: Bed?, _ stay: Stay) -> UnitListCell {
    if let bed, let isolation = bed.isolation {
      return .value(wording.word("isolation", isolation), said: bed.isolationSaid.map(said))
    }
    let answer = stay.answers[.isolation]
    return cell(answer.map { Answer($0.text.map { wording.word("isolation", $0) }, said: $0.said) })
  }

  func situation(_ patient: Patient) -> UnitListCell {
    let kinds = patient.situations.map { situation in
      [wording.word("situation", situation.kind), situation.code, situation.note].compactMap { $0 }
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
    if !kinds.isEmpty { return .value(kinds.joined(separator: ", "), said: patient.situationsSaid.map(said)) }
    let isMinor = patient.birthDate?.age(on: wording.today).map { $0.unit != .years || $0.value < 18 } ?? false
    // The birth date says it.
    if isMinor { return .value(wording("situation.minor"), said: nil) }
    return cell(patient.answers[.situation])
  }

  func cell(_ answer: Answer?) -> UnitListCell {
    guard let answer else { return .notAsked }
    return answer.text.map { .value($0, said: said(answer.said)) } ?? .none(said: said(answer.said))
  }

  /// `dit par Petit Anne, 02:14`.
  func said(_ said: Attribution) -> String {
    let who = said.sender.map { wording("history.message", ["sender": $0]) } ?? names.account(said.author)
    return wording("unit.said", ["name": who, "time": wording.time(said.at)])
  }
}

extension Stay {
  /// Accounts that its answers and comings name.
  var askedBy: [String] { AskedTopic.allCases.compactMap { answers[$0]?.said.author } + attendances.map(\.said.author) }
}

extension Patient {
  var askedBy: [String] {
    AskedTopic.allCases.compactMap { answers[$0]?.said.author } + [situationsSaid?.author].compactMap(\.self)
  }
}
