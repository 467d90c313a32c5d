import Hospital
import Ledger

extension Reading {
  public func linkProposal(_ id: String) throws -> LinkProposal? { try States.one(id, db) as? LinkProposal }

  /// Those that wait for a second person, the longest waiting first. Of two files that became one otherwise nothing is
  /// left to confirm: the same was proposed the other way round.
  public func linkProposals() throws -> [LinkProposal] {
    let open = try States.all("link", db).compactMap { $0 as? LinkProposal }.filter { proposal in
      guard proposal.status == .open else { return false }
      return try !survivor(of: proposal.absorbed).sameBytes(as: survivor(of: proposal.into))
    }
    return open.sorted { one, other in
      guard let left = one.at, let right = other.at, left != right else { return one.id.precedesInBytes(other.id) }
      return left < right
    }
  }
}
