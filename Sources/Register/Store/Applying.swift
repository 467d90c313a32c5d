import GRDB
import Hospital
import Ledger

/// Folds commits into the states of their subjects, and those into the read models. A fact that is newer than all
/// others of its subject extends the state; a late one refolds that subject, and no other.
struct Applying {
  let db: Database
  let subjects: Subjects
  /// What changed: subjects, and `unit:` and the code of units.
  private(set) var changed: Set<String> = []
  /// Files and stays that another one, which changed, joined or left: nothing was said of them, and they tell something
  /// else.
  private var joined: Set<String> = []
  /// All that whoever listens is told of.
  var told: Set<String> { changed.union(joined) }
  /// The structure or a unit of it changed.
  private(set) var structureChanged = false
  /// This station has other slices of numbers.
  private(set) var numbersChanged = false

  init(_ db: Database, _ subjects: Subjects) {
    self.db = db
    self.subjects = subjects
  }

  /// Takes in a commit that `commits` holds as row `id`.
  /// - Parameter parts: of the commit, where they were made before.
  mutating func take(_ commit: Commit, id: Int, _ parts: [SubjectPart]? = nil) throws {
    for part in parts ?? SubjectPart.all(of: commit) {
      var entry = try subjects.entry(part.subject, db)
      for place in part.places {
        try db.prepared("INSERT INTO facts(subject, commitID, place) VALUES (?, ?, ?)")
          .run(.integer(entry.id), .integer(id), .integer(place))
      }
      let old = entry.state
      if let alone = part.alone, entry.newest.isEmpty {
        (entry.state, entry.newest) = (alone.state, alone.newest)
        try keep(part.subject, entry, old: nil, at: id, alone)
        continue
      }
      let first = Position(commit, place: part.places[0]).bytes
      if entry.newest.isEmpty || entry.newest.lexicographicallyPrecedes(first) {
        extend(&entry, with: part, of: commit)
      } else {
        try Refolding(db).refold(part.subject, &entry)
      }
      try keep(part.subject, entry, old: old, at: id)
    }
  }

  /// Notes what a commit speaks of, which does not count: another one said it first, or it is behind a mark.
  mutating func index(_ commit: Commit, id: Int) throws {
    for part in SubjectPart.all(of: commit) {
      let subject = try subjects.id(part.subject, db)
      changed.insert(part.subject)
      for place in part.places {
        try db.prepared("INSERT INTO facts(subject, commitID, place) VALUES (?, ?, ?)")
          .run(.integer(subject), .integer(id), .integer(place))
      }
    }
  }

  /// Folds these subjects again, at row `commit` of `commits`: some of their facts count now, or no longer.
  mutating func refold(_ names: [String], at commit: Int) throws {
    for name in names {
      var entry = try subjects.entry(name, db)
      let old = entry.state
      try Refolding(db).refold(name, &entry)
      try keep(name, entry, old: old, at: commit)
      try HoursTaken(db).noteRemade(entry.id, at: commit)
      if name.hasPrefix("patient/") { subjects.renamed.insert(name) }
    }
  }

  private func extend(_ entry: inout SubjectEntry, with part: SubjectPart, of commit: Commit) {
    guard let folded = part.folded(onto: entry.state, of: commit) else { return }
    (entry.state, entry.newest) = folded
  }

  private mutating func keep(
    _ name: String, _ entry: SubjectEntry, old: (any Folded)?, at commit: Int, _ alone: FoldedAlone? = nil
  ) throws {
    if let state = entry.state {
      let sql =
        old == nil
        ? "INSERT INTO states(revision, newest, stored, subject) VALUES (?, ?, ?, ?)"
        : "UPDATE states SET revision = ?, newest = ?, stored = ? WHERE subject = ?"
      try db.prepared(sql)
        .run(.integer(commit), .blob(entry.newest), .blob(alone?.stored ?? state.stored.bytes), .integer(entry.id))
    } else if old != nil {
      try db.prepared("DELETE FROM states WHERE subject = ?").run(.integer(entry.id))
    }
    subjects.keep(name, entry)
    changed.insert(name)
    if name.hasPrefix("patient/") {
      let (before, after) = ((old as? Patient)?.mergedInto, (entry.state as? Patient)?.mergedInto)
      if before != after { joined.formUnion([before, after].compactMap(\.self)) }
    } else if name.hasPrefix("stay/") {
      let (before, after) = ((old as? Stay)?.continuedAs, (entry.state as? Stay)?.continuedAs)
      if before != after { joined.formUnion([before, after].compactMap(\.self)) }
    }
    var rows = RowUpdate(db: db, subjects: subjects, id: entry.id, commit: commit)
    rows.entry = alone?.entry
    try rows.update(name, old: old, new: entry.state)
    changed.formUnion(rows.units.map { "unit:\($0)" })
    // A page that shows a queue cannot know the names of those to come.
    if name.hasPrefix("request/") { changed.insert("requests") }
    if name.hasPrefix("transfer/") || name.hasPrefix("emergency/") { changed.insert("transfers") }
    if rows.structureChanged { structureChanged = true }
    if rows.numbersChanged { numbersChanged = true }
  }
}

/// What one commit says of one subject: the places of those facts, in order.
struct SubjectPart: Sendable {
  let subject: String
  var places: [Int]
  /// Where it was folded before it is kept.
  var alone: FoldedAlone?

  /// The state with it, and the position of its newest fact; nil where no fold knows the subject.
  func folded(onto state: (any Folded)?, of commit: Commit) -> (state: any Folded, newest: [UInt8])? {
    guard let type = FoldedKinds.type(of: subject), let last = places.last else { return nil }
    var state = state ?? type.init(id: subject)
    for place in places { state.fold(Heard(commit, place: place)) }
    return (state, Position(commit, place: last).bytes)
  }

  /// Of each subject of the commit, in the order in which it first speaks of them.
  static func all(of commit: Commit) -> [SubjectPart] {
    var parts: [SubjectPart] = []
    if commit.facts.count <= 8 {
      for (place, fact) in commit.facts.enumerated() {
        if let index = parts.firstIndex(where: { $0.subject.sameBytes(as: fact.subject) }) {
          parts[index].places.append(place)
        } else {
          parts.append(SubjectPart(subject: fact.subject, places: [place]))
        }
      }
      return parts
    }
    var indexes: [ExactText: Int] = [:]
    for (place, fact) in commit.facts.enumerated() {
      if let index = indexes[ExactText(fact.subject)] {
        parts[index].places.append(place)
      } else {
        indexes[ExactText(fact.subject)] = parts.count
        parts.append(SubjectPart(subject: fact.subject, places: [place]))
      }
    }
    return parts
  }
}

extension Heard {
  /// The fact at `place` of a commit.
  init(_ commit: Commit, place: Int) {
    let time = commit.end.map { min(commit.time, HybridTime(instant: $0, counter: 0)) } ?? commit.time
    self.init(
      fact: commit.facts[place], time: time, station: commit.station, author: commit.author,
      command: commit.command, source: commit.source)
  }
}
