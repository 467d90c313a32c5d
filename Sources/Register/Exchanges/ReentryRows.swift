import GRDB
import Hospital
import Ledger

/// What went back by hand or in a file: a row for each stay or person that was begun, and one for each commit of it.
enum ReentryRows {
  static let models = [
    Schema.Model(
      table: "reentries", columns: "subject INTEGER PRIMARY KEY, item TEXT NOT NULL, number TEXT",
      indexes: ["CREATE INDEX reentriesByNumber ON reentries(number)"]),
    Schema.Model(
      table: "reentryCommits", columns: "hash BLOB NOT NULL, subject INTEGER NOT NULL, PRIMARY KEY (hash, subject)",
      isWithoutRowID: true, indexes: ["CREATE INDEX reentryCommitsBySubject ON reentryCommits(subject)"]),
  ]

  static func update(_ rows: RowUpdate, _ reentry: Reentry?) throws {
    for table in ["reentries", "reentryCommits"] {
      try rows.db.prepared("DELETE FROM \(table) WHERE subject = ?").run(.integer(rows.id))
    }
    guard let reentry, let item = reentry.item else { return }
    try rows.db.prepared("INSERT INTO reentries(subject, item, number) VALUES (?, ?, ?)")
      .run(.integer(rows.id), .text(item), reentry.number.map { .text($0) } ?? .null)
    for entered in reentry.entered {
      try rows.db.prepared("INSERT OR IGNORE INTO reentryCommits(hash, subject) VALUES (?, ?)")
        .run(.blob(entered.commit.hash.bytes), .integer(rows.id))
    }
  }

  /// Stays to which the main system gave this number when they were entered there, or answered for them.
  static func stays(enteredAs number: String, _ db: Database) throws -> [String] {
    try db.prepared("SELECT item FROM reentries WHERE number = ?").all(.text(number)) { $0.text(0) }
      .filter { $0.hasPrefix("stay/") }
  }
}

extension Register {
  /// Another number once something was said of what is typed in or carried in a file, here or elsewhere.
  public var reentriesHeard: Int { listeners.reentriesCount }
}

extension Reading {
  public func reentry(_ item: String) throws -> Reentry? {
    try States.one(Reentry.subject(of: item), db) as? Reentry
  }

  /// What is known of the screens on which a commit may be: a person's own part is on one of their stays', or on the
  /// file's that lives on.
  public func screens(of commit: CommitToHandBack) throws -> [Reentry] {
    let own = try commit.items.filter { $0.hasPrefix("patient/") }.flatMap { patient in
      let person = try survivor(of: patient)
      return try [person] + stays(ofPatient: person)
    }
    return try Set(commit.items + own).sorted().compactMap(reentry)
  }

  /// Every item that was ever claimed, parked or entered.
  public func reentries() throws -> [Reentry] { try States.all("reentry", db).compactMap { $0 as? Reentry } }

  /// Items of which each commit, by its hash, was entered.
  func entered() throws -> [[UInt8]: Set<String>] {
    try db.prepared(
      """
      SELECT reentryCommits.hash, reentries.item
      FROM reentryCommits JOIN reentries ON reentries.subject = reentryCommits.subject
      """
    ).all { ($0.blob(0), $0.text(1)) }.reduce(into: [:]) { $0[$1.0, default: []].insert($1.1) }
  }

  /// Items of which one commit, by its hash, was entered.
  func entered(_ hash: SQLValue) throws -> Set<String> {
    Set(
      try db.prepared(
        """
        SELECT reentries.item FROM reentryCommits JOIN reentries ON reentries.subject = reentryCommits.subject
        WHERE reentryCommits.hash = ?
        """
      ).all(hash) { $0.text(0) })
  }

  /// The last that the main system's feed said of a subject, as its station kept it.
  public func lastHeard(of subject: String) throws -> Instant? {
    try history(of: subject).filter(\.heard.isOfMainSystem).map(\.heard.time.instant).max()
  }
}
