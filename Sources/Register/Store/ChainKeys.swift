import GRDB
import Ledger
import Synchronization

/// Keys of this hospital's chains, each proved once by the certificates of its chain's first line.
final class ChainKeys: Sendable {
  /// Fingerprint of the hospital's root key.
  let root: String
  private let proved = Mutex<[String: PublicKey]>([:])

  init(root: String) { self.root = root }

  /// nil where neither the store nor `first` has a first line that makes somebody a station of this hospital.
  func key(of chain: String, opening first: Commit?, _ db: Database) throws -> PublicKey? {
    if let key = proved.withLock({ $0[chain] }) { return key }
    guard let opening = try StoredCommits(db).firstOrNil(of: chain) ?? first,
      let enrolment = try? Enrolment(checking: opening), enrolment.rootFingerprint == root
    else { return nil }
    let key = enrolment.publicKey
    proved.withLock { $0[chain] = key }
    return key
  }

  /// Why a first line makes nobody a station of this hospital; nil where it does.
  func refusal(of first: Commit) -> String? {
    do throws(EnrolmentFailure) {
      let enrolment = try Enrolment(checking: first)
      return enrolment.rootFingerprint == root ? nil : "its root is another hospital's"
    } catch { return error.rawValue }
  }
}
