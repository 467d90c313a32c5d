import GRDB
import Hospital
import Ledger

/// Compares, once.
struct ReturnComparing {
  private let reading: Reading
  private let crisis: Crisis
  private let now: Instant
  private let clock: LocalTime
  private let lists: [Recovery]
  /// Rows of the lists that count.
  private let rows: [Recovered]

  init(_ reading: Reading, _ crisis: Crisis, at now: Instant) throws {
    (self.reading, self.crisis, self.now) = (reading, crisis, now)
    clock = LocalTime(of: try reading.structure)
    let lists = try reading.recoveries()
    self.lists = lists
    rows =
      lists.isEmpty
      ? []
      : try States.all("recovered", reading.db).compactMap { $0 as? Recovered }.filter { row in
        lists.contains { $0.id.sameBytes(as: row.reading) }
      }
  }

  func comparison() throws -> ReturnComparison {
    let (patients, stays) = try subjects()
    var census = ReturnCensus()
    var differences: [Difference] = []
    let people = try patients.map(person)
    let twice = try self.twice(people)
    let named = Set(twice.map(\.subject))
    differences += try twice.map(decided)
    for person in people {
      let missing = named.contains(person.id) ? nil : try ended(.identities)
      differences += try Difference.identity(
        person.id, number: person.number, before: person.states.before, here: person.states.here,
        there: person.states.there, missing: missing
      ).map(decided)
    }
    for id in stays {
      guard let stay = try reading.stay(id) else { continue }
      let (states, row) = try states(of: stay)
      let other = try row.flatMap { try owner(of: stay, states, $0) }
      let found = try Difference.stay(
        id, number: stay.number, before: states.before, here: states.here, there: states.there,
        missing: try ended(.stays)
      ).map(decided)
      census.add(stay.number ?? stay.id, here: present(stay, states, found), there: states.there, owner: other)
      differences += found
      if let other { differences.append(try decided(other)) }
    }
    for row in rows where row.kind == .stays && row.stayStatus == StayStatus.admitted.rawValue {
      guard try self.stays(called: row.number).isEmpty else { continue }
      let state = try there(row)
      census.add(row.number, here: [:], there: state)
      differences.append(
        try decided(
          Difference(
            .missingHere, subject: row.id, number: row.number, there: Difference.whole(state, ReturnField.presence))))
    }
    let order = Difference.Kind.allCases
    differences.sort { one, other in
      let (left, right) = (order.firstIndex(of: one.kind) ?? 0, order.firstIndex(of: other.kind) ?? 0)
      return left == right ? one.id.precedesInBytes(other.id) : left < right
    }
    census.differing.sort { $0.number.precedesInBytes($1.number) }
    census.unsaid.sort { $0.number.precedesInBytes($1.number) }
    return ReturnComparison(crisis: crisis, lists: lists, differences: differences, census: census)
  }

  private func decided(_ difference: Difference) throws -> Difference {
    var difference = difference
    difference.decisions = try decisions(of: difference)
    difference.isSoHere = try reading.isSoHere(difference, at: now)
    return difference
  }

  /// Where somebody is by the register; what the feed made it say counts once nothing of it is open or kept.
  private func present(_ stay: Stay, _ states: ReturnStates, _ found: [Difference]) -> [ReturnField: String] {
    let held = states.here.values.mapValues(\.text)
    let isHeld = found.contains { difference in
      (difference.field.map(ReturnField.presence.contains) ?? true) && !(difference.isCorrected && difference.isSettled)
    }
    let known = ReturnField.values(stay, at: now)
    return isHeld || known.isEmpty ? held : known
  }

  /// Those of files that became one with it among them: what was decided of one before the merge need not be asked again.
  private func decisions(of difference: Difference) throws -> [Said] {
    let subject = difference.subject
    let absorbed = subject.hasPrefix("patient/") ? try reading.absorbed(by: subject) : []
    guard !absorbed.isEmpty else { return try reading.history(of: difference.id) }
    let decisions = try ([subject] + absorbed).flatMap { member in
      var difference = difference
      difference.subject = member
      return try reading.history(of: difference.id)
    }
    return decisions.sorted { $0.heard.time < $1.heard.time }
  }

  // MARK: Whom it concerns

  /// Whatever was spoken of meanwhile, here or by the feed since it is back, is present, or stands on a list.
  private func subjects() throws -> (patients: [String], stays: [String]) {
    var patients: Set<String> = []
    var stays: Set<String> = []
    func add(_ subject: String) throws {
      if subject.hasPrefix("patient/") {
        patients.insert(try reading.survivor(of: subject))
      } else if subject.hasPrefix("stay/") {
        let stay = try reading.stay(subject)
        let id = stay?.continuedAs ?? subject
        stays.insert(id)
        if let patient = try reading.stay(id)?.patient { patients.insert(try reading.survivor(of: patient)) }
      }
    }
    for commit in try reading.commitsToHandBack() where commit.time >= crisis.began {
      for subject in commit.subjects { try add(subject) }
    }
    for occupant in try Presences(reading).people(at: now) { try add(occupant.occupant.stay.id) }
    for subject in try saidThere() { try add(subject) }
    for row in rows {
      let known =
        row.kind == .identities
        ? try reading.patients(withIdentifier: row.number) : try self.stays(called: row.number)
      for subject in known { try add(subject) }
    }
    func inOrder(_ ids: Set<String>) -> [String] { ids.sorted { $0.precedesInBytes($1) } }
    return (inOrder(patients), inOrder(stays))
  }

  /// What the main system's feed spoke of since it is back, for the first time or again.
  private func saidThere() throws -> Set<String> {
    guard let returned = crisis.returned else { return [] }
    let lines = try reading.db.prepared(
      """
      SELECT commits.line FROM saidThere JOIN commits ON commits.id = saidThere.line
      WHERE saidThere.at BETWEEN ? AND ? AND commits.counts < ?
      """
    ).all(
      .integer(Int(returned.instant.milliseconds)), .integer(Int(crisis.ended?.instant.milliseconds ?? .max)),
      .integer(Counting.beyond.rawValue)
    ) { $0.blob(0) }
    return Set(try lines.flatMap { try StoredCommits.read($0).facts.map(\.subject) })
  }

  /// Those of that number, else those that were made here and that the main system calls so.
  private func stays(called number: String) throws -> [String] {
    let own = try reading.stays(withNumber: number)
    return own.isEmpty ? try ReentryRows.stays(enteredAs: number, reading.db) : own
  }

  // MARK: Three states

  private struct Person {
    var id: String
    var number: String?
    /// Every number of it that holds.
    var numbers: [String]
    var states: ReturnStates
  }

  private func person(_ id: String) throws -> Person {
    let members = try [id] + reading.absorbed(by: id)
    var states = ReturnStates()
    var numbers: [String] = []
    for member in members {
      states = states.completed(
        by: try traced(member, as: Patient.self) { (patient: Patient) in ReturnField.values(patient) })
      for number in try reading.patient(member)?.identifiers ?? [] where !number.withdrawn {
        if !numbers.contains(number.value) { numbers.append(number.value) }
      }
    }
    for number in numbers {
      guard let row = try self.row(.identities, number) else { continue }
      states.there = try there(row, beside: states)
      break
    }
    let ipp = try reading.patient(id)?.ipp(of: reading.structure?.ippAuthority)
    return Person(id: id, number: ipp ?? numbers.first, numbers: numbers, states: states)
  }

  private func states(of stay: Stay) throws -> (ReturnStates, Recovered?) {
    var states = try traced(stay.id, as: Stay.self) { [now] (stay: Stay) in ReturnField.values(stay, at: now) }
    let row = try self.row(of: stay)
    if let row { states.there = try there(row, beside: states) }
    for id in try reading.stays(continuedAs: stay.id) {
      // What was said under the name that it had here, whatever its number was.
      let said = try traced(id, as: Stay.self) { [now] (stay: Stay) in
        var own = stay
        own.continuedAs = nil
        return ReturnField.values(own, at: now)
      }
      states = states.completed(by: said)
    }
    return (states, row)
  }

  private func traced<State: Folded>(
    _ id: String, as _: State.Type, _ values: (State) -> [ReturnField: String]
  ) throws -> ReturnStates {
    // What is said again changes no state.
    let known = try reading.db.prepared(
      """
      SELECT subjects.id, states.revision, (SELECT max(commitID) FROM facts WHERE subject = subjects.id)
      FROM subjects LEFT JOIN states ON states.subject = subjects.id WHERE subjects.name = ?
      """
    ).first(.text(id)) { (subject: $0.integer(0), revisions: [$0.integer(1), $0.integer(2)]) }
    guard let known else { return ReturnStates() }
    // What is yet to come changes without a word.
    let minute = State.self == Stay.self ? Int(now.milliseconds / 60_000) : 0
    return try reading.returning.states(of: id, revisions: known.revisions + [minute], crisis) {
      let facts = try Refolding(reading.db).facts(of: known.subject, again: true)
      return ReturnStates.traced(facts, of: id, crisis, as: State.self, values)
    }
  }

  /// The row of a number in the list that counts.
  private func row(_ kind: RecoveredFile.Kind, _ number: String) throws -> Recovered? {
    guard lists.contains(where: { $0.kind == kind }) else { return nil }
    guard let row = try States.one(Recovered.subject(kind, number), reading.db) as? Recovered,
      lists.contains(where: { $0.id.sameBytes(as: row.reading) })
    else { return nil }
    return row
  }

  /// The row of its number, else of what the main system calls it, where no stay has that number itself.
  private func row(of stay: Stay) throws -> Recovered? {
    if let row = try stay.number.flatMap({ try self.row(.stays, $0) }) { return row }
    guard !Name.isGivenOutside(stay.id), lists.contains(where: { $0.kind == .stays }),
      let number = try reading.reentry(stay.id)?.number, try reading.stays(withNumber: number).isEmpty
    else { return nil }
    return try self.row(.stays, number)
  }

  /// Of a row that says what is held here, nothing more is read: most rows of a list do.
  private func there(_ row: Recovered, beside states: ReturnStates) throws -> ReturnState {
    let values = row.values(on: clock)
    let isSame = values.allSatisfy { field, text in
      states.here.values[field].map { field.isSame($0.text, text) } ?? true
    }
    guard isSame, states.there.isEmpty, let first = states.here.first else {
      return try merged(states.there, there(row))
    }
    var state = ReturnState()
    state.note(values, after: first)
    return state
  }

  private func there(_ row: Recovered) throws -> ReturnState {
    var state = Recovered(id: row.id)
    var traced = ReturnState()
    for said in try reading.history(of: row.id) {
      state.fold(said.heard)
      traced.note(state.values(on: clock), after: said)
    }
    return traced
  }

  /// Of what its feed says and what its list says, the later.
  private func merged(_ feed: ReturnState, _ list: ReturnState) -> ReturnState {
    func last(_ state: ReturnState) -> HybridTime? { state.values.values.map(\.said.heard.time).max() }
    guard let one = last(feed), let other = last(list) else { return feed.completed(by: list) }
    return one < other ? feed.corrected(by: list) : list.corrected(by: feed)
  }

  /// The list's end, which says who is not on it.
  private func ended(_ kind: RecoveredFile.Kind) throws -> Said? {
    try lists.first { $0.kind == kind }.flatMap { try reading.history(of: $0.id).last }
  }

  // MARK: One number and two people, one person and two numbers

  private func owner(of stay: Stay, _ states: ReturnStates, _ row: Recovered) throws -> Difference? {
    guard let ipp = row.ipp, let patient = stay.patient, let number = stay.number,
      let said = try reading.history(of: stay.id).first, let told = try reading.history(of: row.id).last
    else { return nil }
    let person = try self.person(reading.survivor(of: patient))
    guard !person.numbers.contains(where: { $0.sameBytes(as: ipp) }) else { return nil }
    if let other = try self.row(.identities, ipp), let same = try there(other).person,
      same == person.states.here.person
    {
      return nil
    }
    return Difference.owner(
      stay.id, number: number, here: .init(text: person.number ?? "–", said: said),
      there: .init(text: ipp, said: told))
  }

  private func twice(_ people: [Person]) throws -> [Difference] {
    let meanwhile = people.filter { !$0.states.here.isEmpty && !Name.isGivenOutside($0.id) }
    var found: [Difference] = []
    func add(_ person: Person, _ number: String, _ other: String, _ state: ReturnState) {
      let fields = ReturnField.person
      found.append(
        Difference(
          .twice, subject: person.id, number: number, before: Difference.whole(person.states.before, fields),
          here: Difference.whole(person.states.here, fields), there: Difference.whole(state, fields), other: other))
    }
    let byPerson = Dictionary(grouping: meanwhile.filter { $0.states.here.person != nil }) {
      $0.states.here.person ?? []
    }
    for other in people where Name.isGivenOutside(other.id) {
      let state = other.states.there.isEmpty ? other.states.here : other.states.there
      for person in state.person.flatMap({ byPerson[$0] }) ?? [] { add(person, other.number ?? "–", other.id, state) }
    }
    guard !byPerson.isEmpty, let ended = try ended(.identities) else { return found }
    for row in rows where row.kind == .identities {
      var read = ReturnState()
      read.note(row.values(on: clock), after: ended)
      guard let key = read.person, byPerson[key] != nil,
        try reading.patients(withIdentifier: row.number).isEmpty
      else { continue }
      let state = try there(row)
      for person in state.person.flatMap({ byPerson[$0] }) ?? [] { add(person, row.number, row.id, state) }
    }
    return found
  }
}
