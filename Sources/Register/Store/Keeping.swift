import GRDB
import Hospital
import Ledger

/// Keeps and folds lines of one chain, said elsewhere and verified, in the transaction that runs.
struct Keeping {
  private let desk: WriterDesk
  private let db: Database
  private let chain: String
  private let number: Int
  /// The highest sequence of the chain that is here.
  private var newest: Int
  /// The last subject that anybody spoke of before.
  private let lastSubject: Int
  private var applying: Applying
  private var first: Commit?
  private var last: Commit?
  private var row = 0
  /// Patients whom people registered.
  private var registered: Set<String> = []
  /// Patients of whom a feed speaks.
  private var heard: Set<String> = []
  private var recounts = Recounts()

  init(_ desk: WriterDesk, _ db: Database, chain: String) throws {
    self.desk = desk
    self.db = db
    self.chain = chain
    number = try StoredCommits(db).chain(chain)
    newest = try StoredCommits(db).newest(of: number)
    lastSubject = try Subjects.last(db)
    applying = Applying(db, desk.subjects)
  }

  var changed: Set<String> { applying.told }
  /// Stations of which one of these lines says a mark that holds.
  var marked: Set<String> { recounts.marked }

  /// Gives whether it is new here.
  mutating func keep(_ commit: Commit, _ parts: [SubjectPart]? = nil) throws -> Bool {
    let commits = StoredCommits(db)
    if commit.sequence <= newest, try commits.holds(commit, chain: number) { return false }
    newest = max(newest, commit.sequence)
    if StationName.station(ofChain: chain) == chain {
      row = try desk.keep(commit, chain: number, parts: parts, &applying, db)
    } else {
      let counts = desk.marks.counts(commit)
      row = try commits.insert(commit, chain: number, counts ? .counts : .beyond, isAskedFor: false)
      if counts { try ReadRows.take(commit, row: row, desk.subjects, db) }
    }
    try Witnesses.note(commit, chain: number, line: row, db)
    try desk.note(commit, &recounts, db)
    desk.noteNumbers(commit)
    desk.clock.observe(commit.time, wall: desk.environment.now())
    registered.formUnion(commit.registered)
    if commit.source != nil { heard.formUnion(commit.spokenOf) }
    if first == nil { first = commit }
    last = commit
    return true
  }

  /// What leans on all of them being there.
  mutating func finish() throws {
    guard let first, let last else { return }
    try desk.move(chain, number, from: first, to: last, db)
    try desk.recount(recounts, &applying, at: row, db)
    try desk.take(applying, at: row, db)
    var met = applying.changed
    var told = desk.subjects.takeRenamed().union(registered)
    // What others said to have read of this chain may have been of the other branch: of its lines beside these.
    if try Tips(db).forked().contains(number) {
      let names = try subjects(from: first.sequence, through: last.sequence)
      met.formUnion(names)
      told.formUnion(names.filter { $0.hasPrefix("patient/") })
    }
    try Contradictions(db).note(met, desk.subjects, at: row, new: (lastSubject, number))
    let run = Persons.Run(
      chain: number, first: first.sequence, last: last.sequence, lastSubject: lastSubject, heard: heard)
    try Persons(db).note(told, desk.subjects, at: row, in: run)
  }

  private func subjects(from first: Int, through last: Int) throws -> [String] {
    var subjects: [String] = []
    try db.prepared("SELECT line FROM commits WHERE chain = ? AND sequence BETWEEN ? AND ?")
      .each(.integer(number), .integer(first), .integer(last)) { row in
        subjects += try StoredCommits.read(row.blob(0)).facts.map(\.subject)
        return true
      }
    return subjects
  }
}

extension WriterDesk {
  /// Keeps a line and folds it where it counts: not behind a mark, nor where another said the same message first.
  /// Gives its row.
  func keep(
    _ commit: Commit, chain: Int, beside: [UInt8] = [], parts: [SubjectPart]? = nil, _ applying: inout Applying,
    _ db: Database
  ) throws -> Int {
    let commits = StoredCommits(db)
    var commit = commit
    commit.end = marks.ends[commit.station]
    // People send a form again to the station that has it; what a feed or a program sends may come to several.
    let isAskedFor = chain == chainNumber || commit.source != nil || Name.isOfWords(commit.command)
    guard marks.counts(commit) else {
      let row = try commits.insert(commit, chain: chain, .beyond, isAskedFor: isAskedFor, beside: beside)
      try SaidHere.keep(commit, row: row, db)
      try applying.index(commit, id: row)
      return row
    }
    let said = try commits.first(saying: commit)
    let counts = said.map { commit.precedes($0.commit) } ?? true
    let row = try commits.insert(
      commit, chain: chain, counts ? .counts : .another, isAskedFor: isAskedFor, beside: beside)
    try SaidHere.keep(commit, row: row, db)
    if let said { try UnderstoodApart.Rows((row, commit), said)?.keep(db) }
    guard counts else {
      try applying.index(commit, id: row)
      return row
    }
    if let said { try commits.count(said.row, .another) }
    // A clock that was found ahead changes what was heard.
    try applying.take(commit, id: row, commit.end == nil ? parts : nil)
    try HeardMessage(commit, row: row)?.keep(db)
    if let said { try applying.refold(SubjectPart.all(of: said.commit).map(\.subject), at: row) }
    return row
  }
}

extension StoredCommits {
  /// The highest sequence of a chain that is here, 0 where nothing is.
  func newest(of chain: Int) throws -> Int {
    try db.prepared("SELECT max(sequence) FROM commits WHERE chain = ?").first(.integer(chain)) { $0.integer(0) } ?? 0
  }

  func holds(_ commit: Commit, chain: Int) throws -> Bool {
    try db.prepared("SELECT 1 FROM commits WHERE chain = ? AND sequence = ? AND hash = ?")
      .first(.integer(chain), .integer(commit.sequence), .blob(commit.hash.bytes)) { _ in true } ?? false
  }

  /// The line of this place, if it is here.
  func line(_ hash: LineHash, at sequence: Int, chain: Int) throws -> Commit? {
    try db.prepared("SELECT line FROM commits WHERE chain = ? AND sequence = ? AND hash = ?")
      .first(.integer(chain), .integer(sequence), .blob(hash.bytes)) { $0.blob(0) }.map(StoredCommits.read)
  }

  /// The commit that counts for the same received message. What a person said is their station's alone: another
  /// station that uses its key again takes nothing away from it.
  func first(saying commit: Commit) throws -> (row: Int, commit: Commit)? {
    guard commit.source != nil else { return nil }
    return try all(saying: commit).first { $0.counting == .counts }.map { ($0.row, $0.commit) }
  }

  /// Every commit of the same received message, but those behind a mark.
  func all(saying commit: Commit) throws -> [(row: Int, commit: Commit, counting: Counting)] {
    guard let source = commit.source, !commit.command.isEmpty else { return [] }
    let rows = try db.prepared("SELECT id, line, counts FROM commits WHERE command = ? AND counts < ?")
      .all(.text(commit.command), .integer(Counting.beyond.rawValue)) { ($0.integer(0), $0.blob(1), $0.integer(2)) }
    return try rows.compactMap { row, line, counts in
      let other = try StoredCommits.read(line)
      guard let said = other.source, said.sender.sameBytes(as: source.sender),
        said.control.sameBytes(as: source.control)
      else { return nil }
      return (row, other, Counting(rawValue: counts) ?? .another)
    }
  }
}

extension Commit {
  /// Which of two commits of one message counts: the first in (time, station, sequence, hash).
  func precedes(_ other: Commit) -> Bool {
    if time != other.time { return time < other.time }
    if !station.sameBytes(as: other.station) { return station.precedesInBytes(other.station) }
    return (sequence, hash) < (other.sequence, other.hash)
  }
}
