import Hospital
import Ledger

extension Reading {
  public func round(_ id: String) throws -> Round? { try States.one(id, db) as? Round }

  /// The newest first.
  public func rounds() throws -> [Round] {
    try States.all("round", db).compactMap { $0 as? Round }.filter { $0.started != nil }.sorted { one, other in
      guard let left = one.started?.at, let right = other.started?.at, left != right else {
        return one.id.precedesInBytes(other.id)
      }
      return left > right
    }
  }
}
