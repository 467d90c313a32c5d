import Hospital
import Ledger

/// Two things that were said and cannot both be: kept both, until a person decides.
public struct Conflict: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Two patients in one bed, nobody having declared that it is shared.
    case bed
    /// Two identities with one number of one authority.
    case identifier
    /// Two identities with one INS.
    case ins
    /// Two stays with one number.
    case number
    /// Merges that close a ring: none of them is followed.
    case ring
    /// A stay that two patients claim.
    case claimed
    /// One movement id in two visits.
    case movement
  }

  public var kind: Kind
  /// The bed's id, the number, the movement's id; nil where the subjects say it all.
  public var key: String?
  /// Whom it concerns, in the order of their ids.
  public var subjects: [String]
  /// The newest fact of each subject: whoever decides saw these and all before them.
  public var facts: [FactPlace]
}

extension Reading {
  /// What a person must settle, by kind, then by key.
  public func conflicts() throws -> [Conflict] {
    try conflictCache.conflicts(self)
  }

  public func conflictsCount() throws -> Int { try conflicts().count }
}
