import GRDB
import Hospital
import Ledger
import Synchronization

extension Structure {
  /// The whole map out of its declared parts; nil before anybody declared it.
  init?(reading db: Database) throws {
    let declared = try States.all("structure", db).compactMap { $0 as? DeclaredStructure }
    let units = try States.all("unit", db).compactMap { $0 as? DeclaredUnit }
    guard let first = declared.first(where: { $0.structure != nil }) else { return nil }
    self.init(first, units: units)
  }
}

/// The structure and what is looked up in it all day, made once for each change of it.
final class StructureMap: Sendable {
  let structure: Structure
  /// Beds of the structure before any fact about them, in its order. Each id is a hash, so they are made once.
  let inOrder: [Bed]
  /// The same by id.
  let beds: [String: Bed]

  init(_ structure: Structure) {
    self.structure = structure
    inOrder = structure.beds
    beds = Dictionary(inOrder.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A bed as its facts and the structure have it together.
  func bed(_ id: String, said: Bed?) -> Bed? {
    guard let placed = beds[id] else { return said }
    guard var said else { return placed }
    guard !said.extra else { return said }
    said.unit = placed.unit
    said.room = placed.room
    said.code = placed.code
    said.kind = placed.kind
    return said
  }
}

/// The newest structure map that somebody read, and of which commit it is.
final class StructureCache: Sendable {
  private let newest = Mutex<(version: Int, map: StructureMap?)>((-1, nil))

  func map(_ db: Database) throws -> StructureMap? {
    let version = try db.prepared("SELECT value FROM meta WHERE key = 'structure'").first { $0.integer(0) } ?? 0
    let known = newest.withLock { $0 }
    if known.version == version { return known.map }
    let map = try Structure(reading: db).map(StructureMap.init)
    newest.withLock { if $0.version < version { $0 = (version, map) } }
    return map
  }

  /// Says in the store that the structure changed with this commit.
  static func changed(at commit: Int, _ db: Database) throws {
    try db.prepared("INSERT OR REPLACE INTO meta(key, value) VALUES ('structure', ?)").run(.integer(commit))
  }
}
