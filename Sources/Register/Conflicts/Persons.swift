import GRDB
import Hospital
import Ledger

/// Two files of what may be one person, made by people on two stations of which neither had the other's before it.
struct Persons {
  private let db: Database
  private let witnesses: Witnesses

  init(_ db: Database) throws {
    self.db = db
    witnesses = try Witnesses(db)
  }

  /// Whether people registered two patients, as these facts say, each without knowing of the other.
  func areBlind(_ ones: [FactPlace], _ others: [FactPlace]) throws -> Bool {
    try ones.contains { one in
      try others.contains { try !witnesses.hadSeen(one, $0) && !witnesses.hadSeen($0, one) }
    }
  }

  /// Lines that were kept just now.
  struct Run {
    var chain: Int
    var first: Int
    var last: Int
    /// Subjects with a higher number were first spoken of by them.
    var lastSubject: Int
  }

  /// Notes those of these patients of whom another file may be, made by somebody who did not know of theirs. The commit
  /// is the row of the last line that was kept.
  /// - Parameter run: where they stand; nil for a line of this station.
  func note(_ patients: Set<String>, _ subjects: Subjects, at commit: Int, in run: Run? = nil) throws {
    guard try witnesses.anyBlind() else { return }
    let registrations = Registrations(db)
    let lastSubject = run?.lastSubject ?? .max
    // Of whom its lines speak first nobody has another file, where they knew of all who were registered elsewhere.
    let looksAtNew = try run.map { try isAnyUnseen(by: $0, subjects.registrations) } ?? true
    for name in patients {
      guard let entry = try subjects.known(name, db), entry.id <= lastSubject || looksAtNew,
        let patient = entry.state as? Patient, let key = NamesakeKey(SearchEntry(patient))
      else { continue }
      // A feed made most of those whom it renames.
      if entry.id <= lastSubject, try registrations.of(entry.id).isEmpty { continue }
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

  /// Whether other chains have registrations that not all of these lines had before them.
  private func isAnyUnseen(by run: Run, _ ends: Registrations.Ends) throws -> Bool {
    if !witnesses.forked.isEmpty { return true }
    let others = try db.prepared("SELECT id, name FROM chains WHERE id <> ? AND name NOT LIKE 'reads-%'")
      .all(.integer(run.chain)) { (id: $0.integer(0), name: $0.text(1)) }
    return try others.contains { other in
      let seen = try witnesses.leastSeen(of: other, by: run.chain, from: run.first, through: run.last)
      return try ends.isAny(of: other.id, after: seen, db)
    }
  }

  /// The same of all patients, once.
  func noteAll() throws {
    guard try witnesses.anyBlind() else { return }
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
    for (key, patients) in found {
      if patients.count <= NamesakeKey.bearersMax {
        let registrations = try patients.map { try Registrations(db).of($0) }
        let isAny = try registrations.indices.contains { one in
          try registrations[..<one].contains { try areBlind(registrations[one], $0) }
        }
        guard isAny else { continue }
      }
      try db.prepared("INSERT OR IGNORE INTO suspects(kind, key) VALUES (?, ?)")
        .run(.text(Suspects.person.rawValue), .text(key.text))
    }
  }
}
