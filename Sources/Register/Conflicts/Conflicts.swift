import GRDB
import Hospital
import Ledger

extension Reading {
  /// What a person must settle, by kind, then by id: in one order on every station.
  public func conflicts() throws -> [Conflict] { try conflictCache.conflicts(self).filter { !$0.isSettled } }

  /// Levels that stations said apart of a visit to emergency, and nobody settled, by the visit's id.
  public func contestedTriages() throws -> [String: [String]] {
    var levels: [String: [String]] = [:]
    for conflict in try conflicts() where conflict.kind == .triage {
      levels[conflict.subjects[0]] = conflict.sides.flatMap(\.said).compactMap { $0.heard.fact.data["level"]?.string }
    }
    return levels
  }

  /// Of somebody announced: the stays that stations opened for them apart, where nobody settled which holds.
  public func conflict(ofAnnouncement id: String) throws -> Conflict? {
    try conflicts().first { $0.kind == .announced && $0.subjects == [id] }
  }

  /// Those, and lines of care that two stations declared differently: whoever declares those again settles them.
  public func conflictsCount() throws -> Int { try conflicts().count + careLines().count(where: \.isContradicted) }

  /// What clashes under this id, or what did once and was decided.
  public func conflict(_ id: String) throws -> Conflict? {
    let known = try conflictCache.conflicts(self).first { $0.id.sameBytes(as: id) }
    return try known ?? ConflictLooking(self).revisited(id)
  }

  /// Of a conflict between files, the two to be linked first: made by people who did not know of each other's, where there
  /// are such.
  public func filesToLink(_ conflict: Conflict) throws -> (one: String, other: String)? {
    guard [.identifier, .ins, .person].contains(conflict.kind), let one = conflict.subjects.first else { return nil }
    let (persons, registrations, others) = (try Persons(db), Registrations(db), conflict.subjects.dropFirst())
    let made = try registrations.of(one)
    let apart = try others.first { try persons.areBlind(made, registrations.of($0)) }
    return (apart ?? others.first).map { (one, $0) }
  }

  /// The last decision of each conflict that was ever decided, those that came here last first.
  public func decisions(limit: Int) throws -> [Said] {
    try db.prepared(
      """
      SELECT subjects.id FROM subjects JOIN facts ON facts.subject = subjects.id
      WHERE subjects.name > 'conflict/' AND subjects.name < 'conflict0'
      GROUP BY subjects.id ORDER BY MAX(facts.commitID) DESC LIMIT ?
      """
    ).all(.integer(limit)) { $0.integer(0) }.compactMap { try Refolding(db).said(of: $0).last }
  }
}
