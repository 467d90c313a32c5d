import Hospital
import Ledger

extension Reading {
  /// Every version that was drafted, the newest number first.
  public func notices() throws -> [Notice] {
    try States.all("notice", db).compactMap { $0 as? Notice }.filter { $0.content != nil }.numbered.sorted {
      one, other in
      one.number == other.number ? other.id.precedesInBytes(one.id) : one.number > other.number
    }
  }

  public func notice(_ id: String) throws -> Notice? { try States.one(id, db) as? Notice }
}
