import Hospital
import Ledger

extension Reading {
  public func linkProposal(_ id: String) throws -> LinkProposal? { try States.one(id, db) as? LinkProposal }

  /// Those that wait for a second person, the longest waiting first.
  public func linkProposals() throws -> [LinkProposal] {
    try States.all("link", db).compactMap { $0 as? LinkProposal }.filter { $0.status == .open }.sorted { one, other in
      guard let left = one.at, let right = other.at, left != right else { return one.id.precedesInBytes(other.id) }
      return left < right
    }
  }
}
