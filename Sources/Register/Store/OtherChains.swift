import GRDB
import Hospital
import Ledger

/// Where a line that came from elsewhere belongs.
enum LinePlace {
  case stands
  /// On a line that lies aside, which this one may vouch for.
  case standsOn(Commit)
  case refused(String)
}

/// What the writer must know of the chains of others.
extension WriterDesk {
  func place(_ commit: Commit, _ db: Database) throws -> LinePlace {
    if commit.sequence == 1 { return .stands }
    let commits = StoredCommits(db)
    let before = commit.sequence - 1
    if let parent = try commits.line(commit.previous, at: before, chain: commits.chain(commit.station)) {
      return commit.time > parent.time ? .stands : .refused("\(LineFailure.time)")
    }
    if let aside = try LinesAside(db).line(commit.previous), aside.sequence == before,
      aside.station.sameBytes(as: commit.station)
    {
      return commit.time > aside.time ? .standsOn(aside) : .refused("\(LineFailure.time)")
    }
    return .refused("the line before it is not here")
  }

  /// Those of these lines, which follow one another, that would be one branch more than a chain may have: none where a
  /// mark names one of them, lest what counts hang on what came first.
  func surplus(of run: ArraySlice<Commit>, _ db: Database) throws -> ArraySlice<Commit> {
    guard let chain = run.first?.station, let number = try StoredCommits(db).chain(named: chain),
      try Tips(db).isFull(number)
    else { return [] }
    let new = try run.drop { try StoredCommits(db).holds($0, chain: number) }
    guard let first = new.first, try !Tips(db).holds(first.previous, of: number) else { return [] }
    let awaited = marks.awaited(of: chain)
    if new.contains(where: { awaited.contains(Marks.Head(sequence: $0.sequence, hash: $0.hash)) }) { return [] }
    // What lies aside for another reason, this may vouch for.
    let reason = try LinesAside(db).reason(first.previous)
    return reason == nil || reason == LineAside.surplus ? new : []
  }

  /// Lines from `first` to `last` were added to a chain.
  func move(_ name: String, _ number: Int, from first: Commit, to last: Commit, _ db: Database) throws {
    guard let own = own(name) else {
      try Tips(db).move(number, from: first, to: last)
      unsaid.removeAll { $0.station == name && $0.hash == first.previous }
      unsaid.append(CommitPlace(station: name, sequence: last.sequence, hash: last.hash))
      return
    }
    if own.head == first.previous {
      // A machine put back to an older state, which has said nothing since, goes on where it was.
      setOwn(name, after: last)
      if forked.contains(number) { try Tips(db).move(number, from: first, to: last) }
    } else {
      // Both branches answered somebody, and both count.
      try Tips(db).fork(number, (own.sequence, own.head), from: first, to: last)
      forked.insert(number)
    }
  }

  /// What others' facts changed of what the writer holds.
  func take(_ applying: Applying, at row: Int, _ db: Database) throws {
    if applying.structureChanged {
      try StructureCache.changed(at: row, db)
      map = try Structure(reading: db).map(StructureMap.init)
    }
    if applying.numbersChanged { try numbers.load(db) }
  }
}

extension StoredCommits {
  func firstOrNil(of chain: String) throws -> Commit? {
    try db.prepared("SELECT line FROM commits WHERE chain = (SELECT id FROM chains WHERE name = ?) AND sequence = 1")
      .first(.text(chain)) { $0.blob(0) }.map(StoredCommits.read)
  }
}
