import GRDB
import Hospital
import Ledger

/// States as the store has them.
enum States {
  /// The state of one subject; nil where nothing was said of it, or where no fold knows it.
  static func one(_ name: String, _ db: Database) throws -> (any Folded)? {
    try db.prepared(
      "SELECT stored FROM states WHERE subject = (SELECT id FROM subjects WHERE name = ?)"
    ).first(.text(name)) { try FoldedKinds.state(name, stored: $0.bytes(0)) } ?? nil
  }

  /// The states of several subjects, by one read; of whichever something was said.
  static func some(_ names: [String], _ db: Database) throws -> [ExactText: any Folded] {
    let found = try db.prepared(
      """
      SELECT subjects.name, states.stored FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name IN (SELECT value FROM json_each(?))
      """
    ).all(.list(names)) { row -> (ExactText, any Folded)? in
      let name = row.text(0)
      return try FoldedKinds.state(name, stored: row.bytes(1)).map { (ExactText(name), $0) }
    }
    return Dictionary(found.compactMap(\.self), uniquingKeysWith: { first, _ in first })
  }

  /// The states of every subject of a type, in the order of their names' bytes. For the few hundreds of beds, units
  /// and accounts; not for patients.
  static func all(_ prefix: String, _ db: Database) throws -> [any Folded] {
    try db.prepared(
      """
      SELECT subjects.name, states.stored FROM subjects JOIN states ON states.subject = subjects.id
      WHERE subjects.name > ? AND subjects.name < ? ORDER BY subjects.name
      """
    ).all(.text("\(prefix)/"), .text("\(prefix)0")) { try FoldedKinds.state($0.text(0), stored: $0.bytes(1)) }
      .compactMap(\.self)
  }

  /// The name of a subject by its number.
  static func name(_ id: Int, _ db: Database) throws -> String? {
    try db.prepared("SELECT name FROM subjects WHERE id = ?").first(.integer(id)) { $0.text(0) }
  }
}
