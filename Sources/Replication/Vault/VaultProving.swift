import FoundationEssentials
import Hospital
import Ledger
import Register

/// Restores the newest snapshot into an empty place, verifies and folds it again, recounts, and says so: a copy that
/// nobody has restored is none.
public struct VaultProving: Sendable {
  private let register: Register
  private let target: any VaultTarget
  private let scratch: String
  private let environment: Environment

  public init(_ register: Register, of target: any VaultTarget, scratch: String, environment: Environment) {
    (self.register, self.target, self.scratch, self.environment) = (register, target, scratch, environment)
  }

  public struct Proved: Sendable {
    public var path: String
    public var sealedAt: Instant
    /// `patients`, `stays`, `openStays`, `beds`, `commits`.
    public var counts: [String: Int]
    /// nil where it is what it says.
    public var failure: String?
  }

  /// - Parameter key: the proving key that this station holds.
  public func prove(
    with key: OpeningKey, progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws -> Proved {
    let root = try register.rootFingerprint()
    let reading = VaultReading(target, keys: [key], root: root, scratch: scratch, environment: environment)
    let revoked = Restoring.revoked(by: try register.linesOfStations(), root: root)
    let (candidates, passed) = try await reading.snapshots(revoked: revoked)
    let now = environment.now()
    guard let newest = candidates.first(where: { !$0.manifest.sealedAt.isAhead(of: now) }) ?? candidates.first else {
      let reason = passed.first.map { " (\($0.path): \($0.reason))" } ?? ""
      try await note(
        Proved(path: "", sealedAt: environment.now(), counts: [:], failure: "there is no snapshot to open\(reason)"))
      throw VaultFault.failed("there is no snapshot that this station can open\(reason): seal one, then prove it")
    }
    let file = "\(scratch)/proving-\(environment.newID())"
    defer { Restoring.removeStore(file) }
    var proved = Proved(path: newest.object.path, sealedAt: newest.manifest.sealedAt, counts: newest.manifest.counts)
    proved.failure = try await reading.prove(newest, in: file, progress: progress)
    try await note(proved)
    return proved
  }

  private func note(_ proved: Proved) async throws {
    let noted = NoteProof(
      path: proved.path, sealedAt: proved.sealedAt, counts: proved.counts, failure: proved.failure)
    _ = try await register.submit(Submission(noted, key: environment.newID(), author: "system"))
  }
}
