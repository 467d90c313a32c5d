import Crypto
import GRDB
import Ledger

/// The proof that two stations hold the same hospital, and what of the ledger they have.
public struct DigestReport: Sendable, Equatable {
  /// SHA-256, 64 hex digits.
  public var digest: String
  /// Version of the folds: digests compare only within one.
  public var folds: Int
  /// Lines of every chain.
  public var commits: Int
  public var heads: [String: [VerificationReport.Head]]
}

extension Reading {
  /// Over the subjects of care in the order of their bytes: the lengths of name and state as 64-bit big-endian
  /// numbers, then name and state.
  public func digest() throws -> DigestReport {
    var hash = SHA256()
    func add(_ bytes: UnsafeBufferPointer<UInt8>) { hash.update(bufferPointer: UnsafeRawBufferPointer(bytes)) }
    for prefix in FoldedKinds.digested {
      try db.prepared(
        """
        SELECT subjects.name, states.stored FROM subjects JOIN states ON states.subject = subjects.id
        WHERE subjects.name > ? AND subjects.name < ? ORDER BY subjects.name
        """
      ).each(.text("\(prefix)/"), .text("\(prefix)0")) { row in
        let (name, state) = (row.bytes(0), row.bytes(1))
        for length in [name.count, state.count] {
          withUnsafeBytes(of: UInt64(length).bigEndian) { hash.update(bufferPointer: $0) }
        }
        add(name)
        add(state)
        return true
      }
    }
    return DigestReport(
      digest: Hex.text(of: hash.finalize()), folds: Schema.folds, commits: try counts().commits, heads: try heads())
  }
}
