import GRDB
import Hospital
import Ledger

/// Two files of what may be one person, of which neither station had the other's before it: people made both, or a
/// person one and a feed the other.
struct Persons {
  private let db: Database
  private let witnesses: Witnesses

  init(_ db: Database) throws {
    self.db = db
    witnesses = try Witnesses(db)
  }

  /// Whether these two were made without knowing of each other, and at least one of them by a person.
  func areBlind(_ one: Registration, _ other: Registration) throws -> Bool {
    switch (one.byPeople.isEmpty, other.byPeople.isEmpty) {
    case (false, false):
      return try one.byPeople.contains { fact in try other.byPeople.contains { try areBlind(fact, $0) } }
    case (false, true): return try isBlind(one.byPeople, ofFeed: other.byFeeds)
    case (true, false): return try isBlind(other.byPeople, ofFeed: one.byFeeds)
    case (true, true): return false
    }
  }

  /// Whoever had the file before them once, as one station or another first heard of it, knew.
  private func isBlind(_ registered: [FactPlace], ofFeed heard: [FactPlace]) throws -> Bool {
    let first = try firstHeard(heard)
    return try !first.isEmpty && registered.contains { fact in try first.allSatisfy { try areBlind(fact, $0) } }
  }

  /// Those that had none of the others before them: each message says again who the patient is, and makes nobody.
  private func firstHeard(_ heard: [FactPlace]) throws -> [FactPlace] {
    var first: [FactPlace] = []
    for one in heard.sorted(by: { $0.sequence < $1.sequence }) {
      let isAgain = try first.contains { try $0.station.sameBytes(as: one.station) && witnesses.hadSeen(one, $0) }
      if !isAgain { first.append(one) }
    }
    let ofEach = first
    return try ofEach.filter { one in try !ofEach.contains { try $0 != one && witnesses.hadSeen(one, $0) } }
  }

  private func areBlind(_ one: FactPlace, _ other: FactPlace) throws -> Bool {
    try !witnesses.hadSeen(one, other) && !witnesses.hadSeen(other, one)
  }

  /// Lines that were kept just now.
  struct Run {
    var chain: Int
    var first: Int
    var last: Int
    /// Subjects with a higher number were first spoken of by them.
    var lastSubject: Int
    /// Patients of whom a feed speaks in them.
    var heard: Set<String>
  }

  /// Notes those of these patients of whom another file may be, made by somebody who did not know of theirs. The commit
  /// is the row of the last line that was kept.
  /// - Parameters:
  ///   - patients: whom people registered, and who are found by other names or another date than before.
  ///   - run: where they stand, in which a feed may have spoken of others; nil for a line of this station.
  func note(_ patients: Set<String>, _ subjects: Subjects, at commit: Int, in run: Run? = nil) throws {
    guard try witnesses.anyBlind() else { return }
    var looked = patients
    if let run {
      let isOfNew = try Subjects.last(db) > run.lastSubject
      // Where lines are here that had these before them, these may be the first to speak of somebody who is known.
      let cameLate = try !run.heard.isEmpty && isLate(run)
      if try (isOfNew || cameLate) && isAnyUnseen(by: run, subjects.registrations) {
        if isOfNew { looked.formUnion(try firstSpokenOf(in: run)) }
        if cameLate { looked.formUnion(run.heard) }
      } else if try isOfNew && !patients.isEmpty && !isAnyUnseen(by: run, subjects.spokenOf) {
        // Nobody has another file who did not know of theirs, nor they of it.
        looked.subtract(try firstSpokenOf(in: run))
      }
    }
    let registrations = Registrations(db)
    for name in looked {
      guard let entry = try subjects.known(name, db), let patient = entry.state as? Patient,
        let key = NamesakeKey(SearchEntry(patient))
      else { continue }
      let others = try subjects.namesakes.bearers(of: key, db).filter { $0 != entry.id }
      if others.isEmpty { continue }
      let own = try registrations.of(entry.id)
      // Of too many, those that are asked about need not be these: whoever asks looks.
      if try others.count >= NamesakeKey.bearersMax
        || others.contains(where: { try areBlind(own, registrations.of($0)) })
      {
        try Suspects.note(.person, .text(key.text), at: commit, db)
      }
    }
  }

  private func firstSpokenOf(in run: Run) throws -> [String] {
    // By their numbers: the index of names would be read through all patients for each run.
    try db.prepared("SELECT name FROM subjects NOT INDEXED WHERE id > ? AND name > 'patient/' AND name < 'patient0'")
      .all(.integer(run.lastSubject)) { $0.text(0) }
  }

  /// Whether lines of other chains, which are here already, had any of these before them.
  private func isLate(_ run: Run) throws -> Bool {
    if !witnesses.forked.isEmpty { return true }
    let chains = try stations()
    guard let own = chains.first(where: { $0.id == run.chain }) else { return false }
    return try chains.contains { try $0.id != own.id && witnesses.lastSeen(of: own.name, by: $0.id) >= run.first }
  }

  private func stations() throws -> [(id: Int, name: String)] {
    try db.prepared("SELECT id, name FROM chains WHERE name NOT LIKE 'reads-%'")
      .all { (id: $0.integer(0), name: $0.text(1)) }
  }

  /// Whether other chains have lines of this kind that not all of these lines had before them, nor they all of these.
  private func isAnyUnseen(by run: Run, _ ends: Registrations.Ends) throws -> Bool {
    if !witnesses.forked.isEmpty { return true }
    let chains = try stations()
    guard let own = chains.first(where: { $0.id == run.chain }) else { return true }
    return try chains.contains { other in
      if other.id == own.id { return false }
      let seen = try witnesses.leastSeen(of: other, by: own.id, from: run.first, through: run.last)
      guard try ends.isAny(of: other.id, after: seen, db), let first = try ends.first(of: other.id, after: seen, db)
      else { return false }
      return try !witnesses.haveAllSeen(run.last, of: own, by: other.id, from: first)
    }
  }

  /// The same of all patients whom the search index has merged, once: their keys.
  func all() throws -> [String] {
    guard try witnesses.anyBlind() else { return [] }
    var day = 0
    var born: [NamesakeKey: [Int]] = [:]
    var found: [(key: NamesakeKey, patients: [Int])] = []
    func endDay() {
      for (key, patients) in born where patients.count > 1 { found.append((key, patients)) }
      born.removeAll(keepingCapacity: true)
    }
    try db.prepared("SELECT date, patient, names FROM searchDates WHERE date > 0 ORDER BY date").each { row in
      if row.integer(0) != day { endDay() }
      day = row.integer(0)
      if let key = NamesakeKey(SearchEntry(date: day, names: row.text(2))) {
        born[key, default: []].append(row.integer(1))
      }
      return true
    }
    endDay()
    return try found.filter { _, patients in
      if patients.count > NamesakeKey.bearersMax { return true }
      let registrations = try patients.map { try Registrations(db).of($0) }
      return try registrations.indices.contains { one in
        try registrations[..<one].contains { try areBlind(registrations[one], $0) }
      }
    }.map(\.key.text)
  }
}
