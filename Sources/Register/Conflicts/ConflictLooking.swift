import GRDB
import Hospital
import Ledger

/// Looks at each suspect, and remembers at which subjects it looked.
final class ConflictLooking {
  private let reading: Reading
  private var db: Database { reading.db }
  /// Subject and the revision that was seen; 0 for one without a state.
  private(set) var looked: [Int: Int] = [:]
  /// Subjects that nobody had spoken of.
  private(set) var unheard: Set<String> = []

  private let contradictions: Contradictions
  private let persons: Persons

  init(_ reading: Reading) throws {
    self.reading = reading
    contradictions = try Contradictions(reading.db)
    persons = try Persons(reading.db)
  }

  /// Decided ones included, in the same order on every station.
  func all() throws -> [Conflict] {
    let suspected = try db.prepared("SELECT kind, key FROM suspects ORDER BY kind, key").all {
      ($0.text(0), $0.text(1))
    }.flatMap { kind, key in try Suspects(rawValue: kind).map { try conflicts($0, key) } ?? [] }
    let clashing = try (onceOfNumbers(suspected) + ForkedChains(db).conflicts()).map(withDecisions)
    // Decisions that did not see each other clash, though nothing else may any more.
    let decided = try db.prepared("SELECT key FROM suspects WHERE kind = ?").all(.text(Suspects.decided.rawValue)) {
      $0.integer(0)
    }.compactMap { try States.name($0, db) }
    let known = Set(clashing.map { ExactText($0.id) })
    let all = try clashing + decided.filter { !known.contains(ExactText($0)) }.compactMap(revisited)
    let kinds = Conflict.Kind.allCases
    return all.sorted { one, other in
      let (first, second) = (kinds.firstIndex(of: one.kind) ?? 0, kinds.firstIndex(of: other.kind) ?? 0)
      return first == second ? one.id.precedesInBytes(other.id) : first < second
    }
  }

  /// Files that bear one number as well are asked about once.
  private func onceOfNumbers(_ conflicts: [Conflict]) -> [Conflict] {
    let numbered = conflicts.filter { [.identifier, .ins].contains($0.kind) }.map { Set($0.subjects) }
    return conflicts.filter { one in one.kind != .person || !numbered.contains { $0.isSuperset(of: one.subjects) } }
  }

  /// A conflict as those who decided it had it before them.
  func revisited(_ id: String) throws -> Conflict? {
    let decisions = try reading.history(of: id)
    let said = decisions.compactMap { ConflictDecision($0.heard.fact) }
    guard let last = said.last else { return nil }
    for subject in last.subjects { _ = try state(subject) }
    let common = said.dropFirst().reduce(Set(last.saw)) { $0.intersection($1.saw) }
    var conflict: Conflict
    switch last.kind {
    case .stay, .traits, .orientation, .triage, .announced:
      guard let subject = last.subjects.first else { return nil }
      let saw = Set(said.flatMap(\.saw))
      let sides = try contradictions.sides(of: reading.history(of: subject).filter { saw.contains($0.place) })
      conflict = contradiction(last.kind, subject, sides)
    case .fork: return nil
    default:
      let ids = last.subjects.filter { last.kind != .claimed || !$0.hasPrefix("stay/") }
      let beside = last.subjects.filter { !ids.contains($0) }
      conflict = try self.conflict(last.kind, last.key, ids, beside: beside)
    }
    guard conflict.sides.count > 1 else { return nil }
    conflict.facts = conflict.facts.filter(common.contains)
    conflict.decisions = decisions
    conflict.isPast = true
    return conflict
  }

  private func withDecisions(_ conflict: Conflict) throws -> Conflict {
    var conflict = conflict
    conflict.decisions = try reading.history(of: conflict.id)
    return conflict
  }

  private func contradicted(_ subject: Int) throws -> [Conflict] {
    guard let name = try States.name(subject, db), try state(name) != nil else { return [] }
    return try contradictions.all(subject, name).compactMap { kind, sides in
      var conflict = contradiction(kind, name, sides)
      // Whoever was announced is not here twice once one of the stays was taken back.
      if kind == .announced {
        conflict.sides = try conflict.sides.filter { try stay($0.subject)?.status != .cancelled }
      }
      return conflict.sides.count > 1 ? conflict : nil
    }
  }

  private func contradiction(_ kind: Conflict.Kind, _ subject: String, _ sides: [[Said]]) -> Conflict {
    Conflict(
      kind, subjects: [subject],
      sides: sides.map { said in
        let stay = kind == .announced ? said.last?.heard.fact.data["stay"]?.string : nil
        return Conflict.Side(subject: stay ?? subject, said: said)
      })
  }

  private func conflicts(_ kind: Suspects, _ key: String) throws -> [Conflict] {
    let parts = key.split(separator: Suspects.separator, omittingEmptySubsequences: false).map(String.init)
    switch kind {
    case .contradicted: return try Int(key).map(contradicted) ?? []
    case .person: return try NamesakeKey(key).map(namesakes) ?? []
    case .bed: return parts.count == 2 ? try beds(unit: parts[0], code: parts[1]) : []
    case .number: return try numbers(key)
    default: return try single(kind, key, parts).map { [$0] } ?? []
    }
  }

  private func single(_ kind: Suspects, _ key: String, _ parts: [String]) throws -> Conflict? {
    switch kind {
    case .identifier: try parts.count == 2 ? identifier(authority: parts[0], value: parts[1]) : nil
    case .ins: try identities(.ins, key, PatientQueries(db).patients(withINS: key))
    case .label: try identities(.label, key, PatientQueries(db).patients(labelled: key))
    case .ring: try Int(key).flatMap(ring)
    case .claimed: try Int(key).flatMap(claimed)
    case .movement: try movement(key)
    case .bed, .number, .contradicted, .person, .decided: nil
    }
  }

  // MARK: Identities

  private func identifier(authority: String, value: String) throws -> Conflict? {
    let bearers = try PatientQueries(db).patients(withIdentifier: value, authority: authority).filter { id in
      try patient(id)?.identifiers.contains {
        !$0.withdrawn && $0.value.sameBytes(as: value) && $0.authority.sameBytes(as: authority)
      } ?? false
    }
    return try identities(.identifier, value, bearers)
  }

  /// A conflict if these are more than one person.
  private func identities(_ kind: Conflict.Kind, _ key: String, _ ids: [String]) throws -> Conflict? {
    let persons = Set(try ids.map { ExactText(try survivor(of: $0)) })
    return persons.count > 1 ? try conflict(kind, key, ids) : nil
  }

  /// Files that are alike by these, by sex, each made by somebody who did not know of another's.
  private func namesakes(_ key: NamesakeKey) throws -> [Conflict] {
    var files: [(patient: Patient, made: Registration)] = []
    for name in try reading.bearers(of: key) where files.count < NamesakeKey.bearersMax {
      guard var patient = try self.patient(name), NamesakeKey(SearchEntry(patient)) == key else { continue }
      patient.mother = try patient.mother.map(survivor)
      files.append((patient, try Registrations(db).of(name)))
    }
    var found: [Sex: [String]] = [:]
    for file in files {
      let isBlind = try files.contains { other in
        try file.patient.isNamesake(of: other.patient) && persons.areBlind(file.made, other.made)
      }
      if isBlind, let sex = file.patient.sex { found[sex, default: []].append(file.patient.id) }
    }
    return try found.values.map { try conflict(.person, nil, $0) }
  }

  private func ring(_ subject: Int) throws -> Conflict? {
    guard let start = try States.name(subject, db) else { return nil }
    var passed = [start]
    while let into = try patient(passed[passed.count - 1])?.mergedInto {
      // A ring further on is found from its own members.
      if into.sameBytes(as: start) {
        let isFirst = passed.allSatisfy { !$0.precedesInBytes(start) }
        return isFirst ? try conflict(.ring, nil, passed) : nil
      }
      if passed.contains(where: { $0.sameBytes(as: into) }) { return nil }
      passed.append(into)
    }
    return nil
  }

  // MARK: Stays

  /// One for each authority of which several stays bear it.
  private func numbers(_ number: String) throws -> [Conflict] {
    let bearers = try db.prepared(
      "SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay WHERE number = ? ORDER BY subjects.name"
    ).all(.text(number)) { $0.text(0) }
    let stays = try bearers.compactMap(stay).filter {
      $0.number?.sameBytes(as: number) ?? false && $0.continuedAs == nil
    }
    let byAuthority = Dictionary(grouping: stays) { ExactText($0.numberAuthority ?? "") }
    return try byAuthority.values.filter { $0.count > 1 }.map { try conflict(.number, number, $0.map(\.id)) }
  }

  private func claimed(_ subject: Int) throws -> Conflict? {
    guard let name = try States.name(subject, db), let stay = try stay(name), let patient = stay.patient else {
      return nil
    }
    let claimants = [patient] + stay.otherPatients
    let persons = Set(try claimants.map { ExactText(try survivor(of: $0)) })
    return persons.count > 1 ? try conflict(.claimed, nil, claimants, beside: [stay.id]) : nil
  }

  private func movement(_ key: String) throws -> Conflict? {
    let stays = try db.prepared(
      "SELECT subjects.name FROM movementKeys JOIN subjects ON subjects.id = movementKeys.stay WHERE key = ?"
    ).all(.text(key)) { $0.text(0) }
    for stay in stays { _ = try self.stay(stay) }
    return stays.count > 1 ? try conflict(.movement, key, stays) : nil
  }

  // MARK: Beds

  /// One for each room of the unit in which more lie in the bed of this code than may.
  private func beds(unit: String, code: String) throws -> [Conflict] {
    let rows = try db.prepared(
      """
      SELECT subjects.name, room FROM presences JOIN subjects ON subjects.id = presences.stay
      WHERE bed = ? AND unit = ? AND untilAt = ? ORDER BY subjects.name
      """
    ).all(.text(code), .text(unit), .integer(StayRows.open)) { (stay: $0.text(0), room: $0.textOrNil(1)) }
    let rooms = Dictionary(grouping: rows.filter { $0.room != nil }) { ExactText($0.room ?? "") }
    let roomless = rows.filter { $0.room == nil }
    // Who says no room may be in any of them.
    let groups = rooms.isEmpty ? [(nil, roomless)] : rooms.map { (Optional($0.key.text), $0.value + roomless) }
    return try groups.filter { $0.1.count > 1 }.compactMap { room, group -> Conflict? in
      let stays = try group.compactMap { try stay($0.stay) }
      guard try isOneTooMany(stays, unit: unit, room: room, code: code) else { return nil }
      return try conflict(.bed, bedID(unit: unit, room: room, code: code), stays.map(\.id))
    }
  }

  /// By the rule that commands keep; of a feed's newborn, who names the mother alone, the mother is company.
  private func isOneTooMany(_ stays: [Stay], unit: String, room: String?, code: String) throws -> Bool {
    // A feed's pseudo-places (a whole unit's `TRAN`) hold many.
    guard let id = try bedID(unit: unit, room: room, code: code), let bed = try placed(id) else { return false }
    var persons: [ExactText: Stay] = [:]
    for stay in stays { persons[ExactText(try survivor(of: stay.patient ?? stay.id))] = stay }
    let lying = try persons.map { person, stay in
      guard stay.motherStay == nil, let mother = try patient(person.text)?.mother else { return stay }
      var stay = stay
      let bearer = ExactText(try survivor(of: mother))
      stay.motherStay = persons[bearer]?.id ?? bearer.text
      return stay
    }
    return !Occupancy.clashing(lying, doubled: bed.doubled).isEmpty
  }

  /// A bed that the structure or a fact makes.
  private func placed(_ id: String) throws -> Bed? {
    let said = try bed(id)
    return try reading.structures.map(db)?.bed(id, said: said) ?? said
  }

  private func bedID(unit: String, room: String?, code: String) throws -> String? {
    guard let map = try reading.structures.map(db) else { return nil }
    if let room { return Bed.id(finess: map.structure.finess, unit: unit, room: room, code: code) }
    let known = map.structure.unit(unit)?.rooms.first { $0.beds.contains { $0.code.sameBytes(as: code) } }
    return Bed.id(finess: map.structure.finess, unit: unit, room: known?.code, code: code)
  }

  // MARK: What was looked at

  private func patient(_ id: String) throws -> Patient? { try state(id) as? Patient }
  private func stay(_ id: String) throws -> Stay? { try state(id) as? Stay }
  private func bed(_ id: String) throws -> Bed? { try state(id) as? Bed }

  private func survivor(of id: String) throws -> String { try Merges.survivor(of: id, patient: patient) }

  private func state(_ name: String) throws -> (any Folded)? {
    let found = try db.prepared(
      """
      SELECT subjects.id, states.revision FROM subjects LEFT JOIN states ON states.subject = subjects.id
      WHERE subjects.name = ?
      """
    ).first(.text(name)) { (id: $0.integer(0), revision: $0.integer(1)) }
    guard let found else {
      unheard.insert(name)
      return nil
    }
    looked[found.id] = found.revision
    return found.revision == 0 ? nil : try reading.states.state(found.id, revision: found.revision, db)
  }

  /// - Parameters:
  ///   - ids: of the sides.
  ///   - beside: what else it concerns.
  private func conflict(
    _ kind: Conflict.Kind, _ key: String?, _ ids: [String], beside: [String] = []
  ) throws -> Conflict {
    func bearing(_ subject: String) throws -> [Said] {
      Stake.bearing(try reading.history(of: subject), on: kind, key: key, subject: subject)
    }
    let sides = try inOrder(ids).map { Conflict.Side(subject: $0, said: try bearing($0)) }
    // A bed may hold two on purpose.
    let others = try (beside + (kind == .bed ? [key].compactMap(\.self) : [])).flatMap(bearing)
    return Conflict(kind, key: key, subjects: inOrder(ids + beside), sides: sides, beside: others)
  }

  private func inOrder(_ ids: [String]) -> [String] { ids.sorted { $0.precedesInBytes($1) } }
}
