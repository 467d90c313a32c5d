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

  init(_ reading: Reading) { self.reading = reading }

  func all() throws -> [Conflict] {
    try db.prepared("SELECT kind, key FROM suspects ORDER BY kind, key").all { ($0.text(0), $0.text(1)) }
      .compactMap { kind, key in try Suspects(rawValue: kind).flatMap { try conflict($0, key) } }
  }

  private func conflict(_ kind: Suspects, _ key: String) throws -> Conflict? {
    let parts = key.split(separator: Suspects.separator, omittingEmptySubsequences: false).map(String.init)
    switch kind {
    case .bed: return parts.count == 2 ? try bed(unit: parts[0], code: parts[1]) : nil
    case .identifier: return parts.count == 2 ? try identifier(authority: parts[0], value: parts[1]) : nil
    case .ins: return try identities(.ins, key, try PatientQueries(db).patients(withINS: key))
    case .number: return try number(key)
    case .ring: return try Int(key).flatMap(ring)
    case .claimed: return try Int(key).flatMap(claimed)
    case .movement: return try movement(key)
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
    let persons = Set(try ids.map { SubjectName(try survivor(of: $0)) })
    return persons.count > 1 ? try conflict(kind, key, ids) : nil
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

  private func number(_ number: String) throws -> Conflict? {
    let bearers = try db.prepared(
      "SELECT subjects.name FROM stays JOIN subjects ON subjects.id = stays.stay WHERE number = ? ORDER BY subjects.name"
    ).all(.text(number)) { $0.text(0) }
    let stays = try bearers.compactMap(stay).filter { $0.number?.sameBytes(as: number) ?? false }
    let byAuthority = Dictionary(grouping: stays) { SubjectName($0.numberAuthority ?? "") }
    guard let doubled = byAuthority.values.first(where: { $0.count > 1 }) else { return nil }
    return try conflict(.number, number, doubled.map(\.id))
  }

  private func claimed(_ subject: Int) throws -> Conflict? {
    guard let name = try States.name(subject, db), let stay = try stay(name), let patient = stay.patient else {
      return nil
    }
    let claimants = [patient] + stay.otherPatients
    let persons = Set(try claimants.map { SubjectName(try survivor(of: $0)) })
    return persons.count > 1 ? try conflict(.claimed, nil, [stay.id] + claimants) : nil
  }

  private func movement(_ key: String) throws -> Conflict? {
    let stays = try db.prepared(
      "SELECT subjects.name FROM movementKeys JOIN subjects ON subjects.id = movementKeys.stay WHERE key = ?"
    ).all(.text(key)) { $0.text(0) }
    for stay in stays { _ = try self.stay(stay) }
    return stays.count > 1 ? try conflict(.movement, key, stays) : nil
  }

  // MARK: Beds

  private func bed(unit: String, code: String) throws -> Conflict? {
    let rows = try db.prepared(
      "SELECT stay, room FROM presences WHERE bed = ? AND unit = ? AND untilAt = ? ORDER BY stay"
    ).all(.text(code), .text(unit), .integer(StayRows.open)) { (stay: $0.integer(0), room: $0.textOrNil(1)) }
    let rooms = Dictionary(grouping: rows.filter { $0.room != nil }) { SubjectName($0.room ?? "") }
    let roomless = rows.filter { $0.room == nil }
    // Who says no room may be in any of them.
    let groups = rooms.isEmpty ? [(nil, roomless)] : rooms.map { (Optional($0.key.text), $0.value + roomless) }
    for (room, group) in groups where group.count > 1 {
      let stays = try group.compactMap { try States.name($0.stay, db) }.compactMap(stay)
      if try isOneTooMany(stays, unit: unit, room: room, code: code) {
        return try conflict(.bed, try bedID(unit: unit, room: room, code: code), stays.map(\.id))
      }
    }
    return nil
  }

  /// By the rule that commands keep; of a feed's newborn, who names the mother alone, the mother is company.
  private func isOneTooMany(_ stays: [Stay], unit: String, room: String?, code: String) throws -> Bool {
    // A feed's pseudo-places (a whole unit's `TRAN`) hold many.
    guard let id = try bedID(unit: unit, room: room, code: code), let bed = try placed(id) else { return false }
    var persons: [SubjectName: Stay] = [:]
    for stay in stays { persons[SubjectName(try survivor(of: stay.patient ?? stay.id))] = stay }
    let lying = try persons.map { person, stay in
      guard stay.motherStay == nil, let mother = try patient(person.text)?.mother else { return stay }
      var stay = stay
      let bearer = SubjectName(try survivor(of: mother))
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

  private func conflict(_ kind: Conflict.Kind, _ key: String?, _ ids: [String]) throws -> Conflict {
    let subjects = ids.sorted { $0.precedesInBytes($1) }
    return Conflict(kind: kind, key: key, subjects: subjects, facts: try subjects.compactMap(newestFact))
  }

  /// `Position.bytes` end with sequence, hash and place.
  private func newestFact(_ name: String) throws -> FactPlace? {
    let newest = try db.prepared(
      "SELECT states.newest FROM states JOIN subjects ON subjects.id = states.subject WHERE subjects.name = ?"
    ).first(.text(name)) { $0.blob(0) }
    guard let newest, newest.count > 44, let hash = LineHash(bytes: Array(newest.suffix(36).prefix(32))) else {
      return nil
    }
    let sequence = newest.suffix(44).prefix(8).reduce(0) { $0 << 8 | Int($1) }
    let place = newest.suffix(4).reduce(0) { $0 << 8 | Int($1) }
    let station = try db.prepared(
      """
      SELECT chains.name FROM chains CROSS JOIN commits ON commits.chain = chains.id
      AND commits.sequence = ? AND commits.hash = ?
      """
    ).first(.integer(sequence), .blob(hash.bytes)) { $0.text(0) }
    return station.map { FactPlace(station: $0, sequence: sequence, hash: hash, place: place) }
  }
}
