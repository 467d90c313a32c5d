import GRDB
import Hospital

/// Patients that may answer to a search, as their subjects' numbers, by which pages go on. What is found is looked at
/// again: an index knows less than a state.
extension Reading {
  /// Those with these ids, `patient/<uuid>` or of any other type.
  public func numbers(of subjects: [String]) throws -> [Int] {
    try subjects.compactMap { subject in
      try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(subject)) { $0.integer(0) }
    }
  }

  /// Born in a span of `yyyymmdd`, with 0 for what is not known.
  public func patientNumbers(born dates: ClosedRange<Int>) throws -> [Int] {
    let recent = try searchMemory.recent(db)
    let merged = try db.prepared("SELECT patient FROM searchDates WHERE date >= ? AND date <= ?")
      .all(.integer(dates.lowerBound), .integer(dates.upperBound)) { $0.integer(0) }
    return merged.filter { !recent.holds($0) } + recent.born(dates).map(\.patient)
  }

  /// With a surname, or a part of one, that begins so; folded.
  public func patientNumbers(named prefix: String) throws -> [Int] {
    let recent = try searchMemory.recent(db)
    let merged = try db.prepared("SELECT DISTINCT patient FROM searchNames WHERE word >= ? AND word < ?")
      .all(.text(prefix), .text(prefix + "\u{10FFFF}")) { $0.integer(0) }
    return merged.filter { !recent.holds($0) } + Set(recent.named(beginning: prefix).map(\.patient))
  }

  /// The next subjects of a type (`patient`), in the order in which they were first heard of.
  public func numbers(ofType type: String, after number: Int, limit: Int) throws -> [Int] {
    try db.prepared(
      """
      SELECT states.subject FROM states JOIN subjects ON subjects.id = states.subject
      WHERE states.subject > ? AND +subjects.name > ? AND +subjects.name < ? ORDER BY states.subject LIMIT ?
      """
    ).all(.integer(number), .text("\(type)/"), .text("\(type)0"), .integer(limit)) { $0.integer(0) }
  }
}
