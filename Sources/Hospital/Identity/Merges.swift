import Ledger

/// Identities that absorbed one another.
public enum Merges {
  /// Where following the merges from `id` ends: before the first that closes a ring.
  public static func survivor(of id: String, patient: (String) throws -> Patient?) rethrows -> String {
    var passed = [id]
    while let into = try patient(passed[passed.count - 1])?.mergedInto {
      if let ring = passed.first(where: { $0.sameBytes(as: into) }) { return ring }
      passed.append(into)
    }
    return passed[passed.count - 1]
  }
}
