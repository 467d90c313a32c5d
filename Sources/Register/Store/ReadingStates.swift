import Hospital
import Ledger

/// Subjects by their ids.
extension Reading {
  public func patient(_ id: String) throws -> Patient? { try States.one(id, db) as? Patient }

  public func stay(_ id: String) throws -> Stay? { try States.one(id, db) as? Stay }

  /// A bed of the structure or one made since.
  public func bed(_ id: String) throws -> Bed? {
    let said = try States.one(id, db) as? Bed
    return try structures.map(db).map { $0.bed(id, said: said) } ?? said
  }

  public func account(_ id: String) throws -> Account? { try States.one(id, db) as? Account }

  /// In the order of their ids, closed ones included.
  public func accounts() throws -> [Account] { try States.all("account", db).compactMap { $0 as? Account } }

  /// nil before anybody declared one.
  public var structure: Structure? {
    get throws { try structures.map(db)?.structure }
  }

  /// The mode that holds on this station.
  public var mode: ModeState {
    get throws { try mode(on: station) }
  }

  /// The mode that holds on a station.
  public func mode(on station: String) throws -> ModeState {
    .holding(
      hospital: try States.one("mode/hospital", db) as? ModeDeclaration,
      station: try States.one("mode/\(station)", db) as? ModeDeclaration)
  }

  /// Whether this station has kept something under that idempotency key, or any, where the key is one of words.
  public func hasKept(command key: String) throws -> Bool { try kept(command: key) != nil }

  /// What was kept so, by this station first.
  public func kept(command key: String) throws -> Commit? {
    let commits = StoredCommits(db)
    guard let chain = try commits.chain(named: station) else { return nil }
    return try commits.said(key, on: chain, orElsewhere: Name.isOfWords(key))?.commit
  }

  /// What was said of a subject, in the one order of facts, each with its place in the ledger.
  public func history(of subject: String) throws -> [Said] {
    guard
      let id = try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(subject), body: { $0.integer(0) })
    else { return [] }
    return try Refolding(db).said(of: id)
  }
}
