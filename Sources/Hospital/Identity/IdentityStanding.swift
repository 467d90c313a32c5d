import Ledger

extension Patient {
  /// The status to show and to act on. A message's VALI with an INS is *qualifiée* (table 0445 has no QUAL); a doubtful
  /// or fictive identity is never more than provisional (RNIV); nothing said is provisional.
  public var identityStatus: IdentityStatus {
    guard let statusSaid, !isDoubtful, !isFictive else { return .provisional }
    switch statusSaid {
    case .provisional, .retrieved: return statusSaid
    case .validated, .qualified: return ins?.isWellFormed == true ? .qualified : .validated
    }
  }

  public var isDoubtful: Bool { bears("DOUT") }
  public var isFictive: Bool { bears("FICT") }
  /// Another file bears the same traits, and is another person.
  public var isHomonym: Bool { bears("HOMA") || bears("HOMD") }

  private func bears(_ attribute: String) -> Bool {
    attributes.contains { $0.sameBytes(as: attribute) }
  }

  /// The number that people call the IPP: this hospital's, else the first that a feed calls one, else any.
  public func ipp(of authority: String?) -> String? {
    var best: (rank: Int, value: String)?
    for identifier in identifiers where !identifier.withdrawn {
      let rank: Int
      switch identifier.type {
      case "PI": rank = authority.map { identifier.authority.sameBytes(as: $0) } == true ? 0 : 1
      case "MR", "MRN": rank = 2
      case "NH", "INS-C", "INS": continue
      default: rank = 3
      }
      if rank < best?.rank ?? 4 { best = (rank, identifier.value) }
    }
    return best?.value
  }
}

/// An INS that may be printed or sent: nothing else makes one, so that a number that is not qualified cannot be.
public struct QualifiedINS: Sendable, Equatable {
  public let ins: INS

  /// nil unless the identity is *qualifiée*.
  public init?(of patient: Patient) {
    guard patient.identityStatus == .qualified, let ins = patient.ins else { return nil }
    self.ins = ins
  }
}
