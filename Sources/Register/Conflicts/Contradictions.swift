import GRDB
import Hospital
import Ledger

/// Where stations that did not know of each other said of one subject what cannot both be.
struct Contradictions {
  private let db: Database
  private let witnesses: Witnesses

  init(_ db: Database) throws {
    self.db = db
    witnesses = try Witnesses(db)
  }

  /// What each side says of a subject, by the way in which it is contradicted; none where nothing is.
  func all(_ subject: Int, _ name: String) throws -> [(kind: Conflict.Kind, sides: [[Said]])] {
    let history = try Refolding(db).said(of: subject)
    return try Contradiction.kinds(of: name).map { kind in
      (kind, try sides(of: Contradiction.parties(history, kind, of: name, hadSeen: hadSeen)))
    }.filter { $0.sides.count > 1 }
  }

  /// These facts, those together that know of each other.
  func sides(of parties: [Said]) throws -> [[Said]] { try Contradiction.sides(parties, hadSeen: hadSeen) }

  private func hadSeen(_ later: Said, _ earlier: Said) throws -> Bool {
    try witnesses.hadSeen(later.place, earlier.place)
  }

  /// Notes those of these subjects of which lines that were kept just now, the last as row `commit`, contradict others.
  /// - Parameter new: subjects with a number above `last` were first spoken of by those lines, which are of one chain.
  func note(
    _ names: Set<String>, _ subjects: Subjects, at commit: Int, new: (last: Int, chain: Int)? = nil
  ) throws {
    let isOfOne = new.flatMap { witnesses.forked.contains($0.chain) ? nil : $0.last } ?? .max
    for name in names where !Contradiction.kinds(of: name).isEmpty {
      let subject = try subjects.id(name, db)
      if subject > isOfOne { continue }
      if try isOfSeveralChains(subject), try !all(subject, name).isEmpty {
        try Suspects.note(.contradicted, .integer(subject), at: commit, db)
      }
    }
  }

  /// The same of all subjects, once: their numbers.
  func all() throws -> [Int] {
    guard try witnesses.anyBlind() else { return [] }
    var found: [Int] = []
    // In the order in which they were first spoken of: so are their lines.
    try db.prepared(
      """
      SELECT id, name FROM subjects NOT INDEXED
      WHERE name > 'patient/' AND name < 'patient0' OR name > 'stay/' AND name < 'stay0'
      OR name > 'emergency/' AND name < 'emergency0' OR name > 'announcement/' AND name < 'announcement0'
      """
    ).each { row in
      try Task.checkCancellation()
      let subject = row.integer(0)
      if try isOfSeveralChains(subject), try !all(subject, row.text(1)).isEmpty { found.append(subject) }
      return true
    }
    return found
  }

  /// What one station alone said of, whose chain has one branch, contradicts nothing.
  private func isOfSeveralChains(_ subject: Int) throws -> Bool {
    var first: Int?
    var isOfSeveral = false
    try db.prepared(
      "SELECT commits.chain FROM facts CROSS JOIN commits ON commits.id = facts.commitID WHERE facts.subject = ?"
    ).each(.integer(subject)) { row in
      let chain = row.integer(0)
      isOfSeveral = chain != first ?? chain || witnesses.forked.contains(chain)
      first = chain
      return !isOfSeveral
    }
    return isOfSeveral
  }
}
