import GRDB
import Ledger

/// Commits by the hour at which they were written: what somebody here said may have to be handed back, or is told by the
/// account of it alone, and what a feed says once the main system is back is compared with it. The name of each table.
enum SaidHere: String, CaseIterable {
  /// By somebody here, of a patient or a stay.
  case here = "saidHere"
  /// By somebody here, of anything else but the way back.
  case beside = "saidBeside"
  /// By a feed, of a patient or a stay.
  case there = "saidThere"

  static let models = allCases.map {
    Schema.Model(
      table: $0.rawValue, columns: "at INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (at, line)",
      isWithoutRowID: true)
  }

  /// nil for one that is in no table. Who read what is on a chain of its own, and goes nowhere.
  init?(_ commit: Commit) {
    guard StationName.station(ofChain: commit.station).sameBytes(as: commit.station) else { return nil }
    let isOfPatients = commit.facts.contains(where: \.isOfPatients)
    guard commit.source == nil else {
      guard isOfPatients else { return nil }
      self = .there
      return
    }
    guard isOfPatients || commit.facts.contains(where: { !$0.isOfHandback }) else { return nil }
    self = isOfPatients ? .here : .beside
  }

  /// Whether it counts or not, which a mark may change.
  static func keep(_ commit: Commit, row: Int, _ db: Database) throws {
    try SaidHere(commit)?.keep(at: commit.time.instant, row: row, db)
  }

  func keep(at instant: Instant, row: Int, _ db: Database) throws {
    try db.prepared(insert).run(.integer(Int(instant.milliseconds)), .integer(row))
  }

  /// Whole, since it is run for every commit of a rebuild.
  private var insert: String {
    switch self {
    case .here: "INSERT OR IGNORE INTO saidHere(at, line) VALUES (?, ?)"
    case .beside: "INSERT OR IGNORE INTO saidBeside(at, line) VALUES (?, ?)"
    case .there: "INSERT OR IGNORE INTO saidThere(at, line) VALUES (?, ?)"
    }
  }
}

extension Fact {
  public var isOfPatients: Bool { subject.hasPrefix("stay/") || subject.hasPrefix("patient/") }

  /// Of what became of what goes back.
  public var isOfHandback: Bool { subject.hasPrefix("exchange/") || subject.hasPrefix("reentry/") }

  /// It links a file to what the main system calls it, which is none of that system's business.
  public var isLink: Bool { kind == "patient.merged" && data["handedBack"]?.bool == true }
}
