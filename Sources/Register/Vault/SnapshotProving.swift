import GRDB
import Ledger

/// A snapshot verified line by line and folded again, in its own file, which nobody serves.
public struct SnapshotProof: Sendable {
  /// After folding again; nil where the file contradicts itself, of which nothing else is looked at.
  public var snapshot: Snapshot?
  /// Where the file contradicts itself, by SQLite's words or `LedgerCheck`'s: they name tables and rows, never a value.
  public var contradiction: String?
  public var verification = VerificationReport()
  /// Where the read models that it was sealed with are not what its lines say.
  public var isFoldedOtherwise = false
  /// It was sealed by an earlier version of the folds, with which nothing compares: whoever makes a station of it has the
  /// read models made again from the lines.
  public var isOfEarlierFolds = false

  /// Why it is not what it says, in one sentence; nil where it is.
  public var failure: String? {
    if let contradiction { return "its file contradicts itself: \(contradiction)" }
    if let first = verification.failures.first {
      return "\(verification.failures.count) lines do not hold; the first: \(first)"
    }
    return isFoldedOtherwise ? "its screens are not what its lines say" : nil
  }
}

extension Register {
  /// Looks whether the file agrees with itself, verifies every line, makes the read models again from them, and
  /// compares.
  /// - Parameters:
  ///   - root: fingerprint of the hospital's root key.
  ///   - progress: hears how many steps of how many are done: each line is one to verify and one to fold.
  public static func prove(
    snapshot path: String, root: String, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(RegisterFault) -> SnapshotProof {
    try prove(snapshot: path, root: root, batchRows: Rebuild.batchRows, progress)
  }

  package static func prove(
    snapshot path: String, root: String, batchRows: Int, _ progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(RegisterFault) -> SnapshotProof {
    do {
      try SnapshotSchema.check(path)
      let pool = try Opening.pool(path, writing: true)
      defer { try? pool.close() }
      // Nothing of it has to last.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
      let total = try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM commits") ?? 0 } * 2
      progress(0, total)
      // Lines are verified in the order of an index and folded in that of their table: one that lies would let in what
      // nobody verified.
      if let contradiction = try pool.writeWithoutTransaction(FileCheck.contradiction) {
        return SnapshotProof(contradiction: contradiction)
      }
      let isOfEarlierFolds = try Rebuild.isNeeded(pool)
      let sealed = isOfEarlierFolds ? nil : try pool.write { try Screens($0, SearchSums(index: $0)) }
      let verification = try verify(pool, root: root) { done, _ in progress(done, total) }
      // What does not hold is not folded either.
      if !verification.failures.isEmpty {
        let snapshot = try pool.read { try Snapshot(path: path, $0) }
        return SnapshotProof(snapshot: snapshot, verification: verification)
      }
      do {
        // A counter that was never made again from nothing would agree with itself.
        try Rebuild(pool, station: "", root: root, batchRows: batchRows, isProof: true).run { done, of in
          progress(of + done, total)
        }
      } catch let found as LedgerCheck.Contradiction {
        return SnapshotProof(contradiction: found.text, verification: verification)
      }
      return try pool.read { db in
        let folded = try Screens(db, SearchSums(states: db))
        return SnapshotProof(
          snapshot: try Snapshot(path: path, db), verification: verification,
          isFoldedOtherwise: sealed.map { $0 != folded } ?? false, isOfEarlierFolds: isOfEarlierFolds)
      }
    } catch { throw RegisterFault(error) }
  }
}

private struct Screens: Equatable {
  let counts: [String: Int]
  let sums: ModelSums
  let search: SearchSums

  init(_ db: Database, _ search: SearchSums) throws {
    (counts, sums, self.search) = (try Snapshot.counts(db), try ModelSums(db), search)
  }
}
