import Ledger

/// Files of which people said that they are one person's. Merging copies nothing: what was said of each stays there, and
/// decisions ask for all of it.
extension World {
  /// Where following the merges from this identity ends: before the first that closes a ring.
  public func survivor(of patient: String) -> String {
    var passed = [patient]
    while let into = self.patient(passed[passed.count - 1])?.mergedInto {
      if let ring = passed.first(where: { $0.sameBytes(as: into) }) { return ring }
      passed.append(into)
    }
    return passed[passed.count - 1]
  }

  /// Whose stay it is, under the identity that counts.
  func person(of stay: Stay) -> Patient? { stay.patient.flatMap { patient(survivor(of: $0)) } }

  /// One identity, or two that were merged.
  public func isOnePerson(_ one: String, _ other: String) -> Bool {
    one.sameBytes(as: other) || survivor(of: one).sameBytes(as: survivor(of: other))
  }
}
