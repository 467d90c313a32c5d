import GRDB
import Ledger

/// Which patients a number, a mother or a merge leads to. Ids are `patient/<uuid>`.
struct PatientQueries {
  let db: Database

  init(_ db: Database) { self.db = db }

  /// Of those that bear this number, withdrawn or not, whatever its authority when that is nil.
  func patients(withIdentifier value: String, authority: String?) throws -> [String] {
    try db.prepared(
      """
      SELECT DISTINCT subjects.name FROM identifiers JOIN subjects ON subjects.id = identifiers.patient
      WHERE value = ? AND (? IS NULL OR authority = ?) ORDER BY subjects.name
      """
    ).all(.text(value), .text(orNull: authority), .text(orNull: authority)) { $0.text(0) }
  }

  /// Of those with this matricule as their INS.
  func patients(withINS matricule: String) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM insNumbers JOIN subjects ON subjects.id = insNumbers.patient
      WHERE matricule = ? ORDER BY subjects.name
      """
    ).all(.text(matricule)) { $0.text(0) }
  }

  /// Of those nobody can name that are called so: `URG-1-003`.
  func patients(labelled label: String) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM labels JOIN subjects ON subjects.id = labels.patient
      WHERE label = ? ORDER BY subjects.name
      """
    ).all(.text(label)) { $0.text(0) }
  }

  func newborns(ofMother id: String) throws -> [String] {
    try db.prepared(
      """
      SELECT subjects.name FROM newborns JOIN subjects ON subjects.id = newborns.child
      WHERE newborns.mother = (SELECT id FROM subjects WHERE name = ?) ORDER BY subjects.id
      """
    ).all(.text(id)) { $0.text(0) }
  }

  /// Identities that this one absorbed, and that those absorbed, without `id`; a ring is followed once.
  func absorbed(by id: String) throws -> [String] {
    var found: [String] = []
    var waiting = [id]
    while let next = waiting.popLast() {
      let direct = try db.prepared(
        """
        SELECT subjects.name FROM merges JOIN subjects ON subjects.id = merges.absorbed
        WHERE merges.survivor = (SELECT id FROM subjects WHERE name = ?) ORDER BY subjects.name
        """
      ).all(.text(next)) { $0.text(0) }
      for name in direct where !name.sameBytes(as: id) && !found.contains(where: { $0.sameBytes(as: name) }) {
        found.append(name)
        waiting.append(name)
      }
    }
    return found
  }
}
