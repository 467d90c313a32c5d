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
