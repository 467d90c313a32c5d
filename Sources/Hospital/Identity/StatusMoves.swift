/// Which moves between RNIV statuses a person may make. What each needs is asked by `ChangeIdentityStatus`.
public enum StatusMoves {
  /// A retrieved identity with a document is qualified, not validated: its INS is known. A validated one without its
  /// document is provisional.
  public static func from(_ status: IdentityStatus) -> [IdentityStatus] {
    switch status {
    case .provisional: [.retrieved, .validated, .qualified]
    case .retrieved: [.provisional, .qualified]
    case .validated: [.provisional, .qualified]
    case .qualified: [.provisional, .retrieved, .validated]
    }
  }

  static func needsDocument(_ status: IdentityStatus) -> Bool { status == .validated || status == .qualified }
  static func needsINS(_ status: IdentityStatus) -> Bool { status == .retrieved || status == .qualified }
}
