import GRDB
import Ledger

/// Whether the ledger's own tables say of each line what the line says. Lines are verified chain by chain and folded
/// row by row: whoever made a file may have put one where nobody verifies it, out of what counts, or out of the history
/// of those it speaks of.
struct LedgerCheck: Sendable {
  /// What the tables say otherwise.
  struct Contradiction: Error {
    var text: String

    init(_ text: String) { self.text = text }
  }

  /// Names by number.
  private let chains: [Int: String]
  private let marks: Marks

  /// - Parameter root: fingerprint of the hospital's root key.
  init(_ db: Database, root: String) throws {
    let rows = try db.prepared("SELECT id, name FROM chains").all { ($0.integer(0), $0.text(1)) }
    chains = Dictionary(rows) { first, _ in first }
    marks = try Marks(reading: db, root: root)
  }

  static let columns = "chain, sequence, hash, command, warnings IS NULL, counts"

  /// - Parameters:
  ///   - row: of `commits`, as its columns say it.
  ///   - columns: `columns`, from that one on.
  func require(_ commit: Commit, row: Int, _ columns: SQLRow, from first: Int32, _ db: Database) throws {
    let command = columns.text(first + 3)
    guard chains[columns.integer(first)]?.sameBytes(as: commit.station) ?? false,
      columns.integer(first + 1) == commit.sequence, columns.blob(first + 2) == commit.hash.bytes,
      command.sameBytes(as: commit.command) || command.isEmpty && commit.source == nil, columns.integer(first + 4) == 1
    else { throw Contradiction("row \(row) of commits is not the line that it holds") }
    guard try isRight(Counting(rawValue: columns.integer(first + 5)), commit, row, db) else {
      throw Contradiction("row \(row) of commits counts otherwise than its line")
    }
  }

  private func isRight(_ counting: Counting?, _ commit: Commit, _ row: Int, _ db: Database) throws -> Bool {
    // Nobody honest says a message without its key. It is compared with no other one, and whoever says it hinders no
    // proof.
    if commit.source != nil, commit.command.isEmpty, counting == .counts || counting == .another { return true }
    switch counting {
    case .counts:
      guard commit.source != nil else { return true }
      let isAlone =
        try db.prepared("SELECT 1 FROM commits WHERE command = ? AND counts = 1 AND id <> ? LIMIT 1")
        .first(.text(commit.command), .integer(row)) { _ in true } == nil
      return try isAlone || StoredCommits(db).all(saying: commit).count { $0.counting == .counts } == 1
    case .another:
      return try StoredCommits(db).first(saying: commit)?.commit.precedes(commit) ?? false
    case .beyond: return marks.isRevoked(StationName.station(ofChain: commit.station))
    case nil: return false
    }
  }

  // MARK: Facts

  /// The sum of what the index of facts must have for a line: of hashes, as `ModelSums` has them.
  static func indexed(_ commit: Commit, row: Int) -> UInt64 {
    guard StationName.station(ofChain: commit.station).sameBytes(as: commit.station) else { return 0 }
    var sum: UInt64 = 0
    for (place, fact) in commit.facts.enumerated() {
      var hasher = Hasher()
      for value in [SQLValue.text(fact.subject), .integer(row), .integer(place)] { value.hash(into: &hasher) }
      sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
    }
    return sum
  }

  /// - Parameter sum: of all lines.
  static func requireIndex(_ sum: UInt64, _ db: Database) throws {
    var held: UInt64 = 0
    try db.prepared(
      """
      SELECT subjects.name, facts.commitID, facts.place FROM facts CROSS JOIN subjects ON subjects.id = facts.subject
      """
    ).each { row in
      try Task.checkCancellation()
      var hasher = Hasher()
      row.hash(into: &hasher)
      held &+= UInt64(bitPattern: Int64(hasher.finalize()))
      return true
    }
    guard held == sum else { throw Contradiction("the index of facts is not that of its lines") }
  }
}
