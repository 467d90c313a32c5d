import GRDB
import Hospital

/// Finding a patient by name, birth date or number.
enum SearchIndex {
  /// Makes the index's tables, empty.
  static func make(_ db: Database) throws {}

  /// Takes in what changed of a patient; `old` is nil for one never heard of.
  static func update(_ db: Database, patient old: Patient?, new: Patient) throws {}
}
