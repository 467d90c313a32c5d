import Ledger

/// Whose the files are. In standby the main system works, and what it names is its own: said here, it would be there only,
/// and the next message would undo it. In degraded mode, and on the way back, everything is edited here.
extension World {
  /// Refuses to change what the main system's feed speaks of, while that system works. Admitting, marks that protect
  /// somebody, what was asked at the bed and the states of beds are never held up by it.
  /// - Parameter subjects: `patient/<uuid>`, `stay/<uuid>`.
  func requireOwn(_ subjects: String...) throws(Refusal) {
    if subjects.contains(where: isOfMainSystem) { throw Refusal("main-system-owns") }
  }

  /// Whether the main system works and speaks of it.
  func isOfMainSystem(_ subject: String) -> Bool { mode.mode == .standby && Name.isGivenOutside(subject) }
}

/// Whoever protects somebody may always say so here. What the main system said of it is lifted there, while that works.
extension Patient {
  /// The main system said that their presence is told to nobody, and nobody here has since.
  public var isProtectedThere: Bool { protected && !protectedHere && Name.isGivenOutside(id) }

  /// The main system said a legal situation of that kind: it speaks of psychiatric care alone, and names each measure.
  public func isSaidThere(_ kind: String) -> Bool {
    guard Name.isGivenOutside(id), kind.sameBytes(as: SituationKind.psychiatric.rawValue),
      let care = situation(.psychiatric)
    else { return false }
    return care.id != nil || situationsSaid?.sender != nil
  }
}
