import FoundationEssentials
import Hospital
import Ledger
import Register

/// Restores the newest snapshot that is whole into an empty place, verifies and folds it again, recounts, and says so: a
/// copy that nobody has restored is none.
public struct VaultProving: Sendable {
  private let register: Register
  private let target: any VaultTarget
  private let scratch: String
  private let environment: Environment
  private let room: DiskRoom.Spare

  /// - Parameter room: bytes that the disk of `scratch` has to spare.
  public init(
    _ register: Register, of target: any VaultTarget, scratch: String, environment: Environment,
    room: @escaping DiskRoom.Spare = DiskRoom.toSpare
  ) {
    self.room = room
    (self.register, self.target, self.scratch, self.environment) = (register, target, scratch, environment)
  }

  public struct Proved: Sendable {
    public var path: String
    public var sealedAt: Instant
    /// `patients`, `stays`, `openStays`, `beds`, `commits`.
    public var counts: [String: Int]
    /// nil where it is what it says.
    public var failure: String?
    /// Newer ones of which no station can be made.
    public var passed: [VaultReading.Passed] = []
  }

  /// - Parameter key: the proving key that this station holds.
  public func prove(
    with key: OpeningKey, progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws -> Proved {
    let root = try register.rootFingerprint()
    let reading = VaultReading(target, keys: [key], root: root, scratch: scratch, environment: environment, room: room)
    var enrolments = VaultReading.Enrolments()
    enrolments.take(try register.linesOfStations(), root: root)
    let known = Set(try register.read { try $0.stations() }.map(\.name))
    let (candidates, passed) = try await reading.snapshots(revoked: enrolments.revoked, known: known)
    let now = environment.now()
    let dated = candidates.filter { !$0.manifest.sealedAt.isAhead(of: now) }
    guard let newest = dated.first ?? candidates.first else {
      let reason = passed.first.map { " (\($0.path): \($0.reason))" } ?? ""
      try await note(
        Proved(path: "", sealedAt: environment.now(), counts: [:], failure: "there is no snapshot to open\(reason)"))
      throw VaultFault.failed("there is no snapshot that this station can open\(reason): seal one, then prove it")
    }
    var notWhole: [VaultReading.Passed] = []
    var order = TryingOrder(dated.isEmpty ? candidates : dated)
    while let candidate = order.next() {
      let file = "\(scratch)/proving-\(environment.newID())"
      defer { Restoring.removeStore(file) }
      let failure: String?
      do { failure = try await reading.prove(candidate, in: file, progress: progress) } catch {
        try Task.checkCancellation()
        // A target that does not answer is asked again soon; what this disk refuses is noted as tried.
        if case VaultFault.failed = error { throw error }
        guard VaultReading.isOfTheWorld(error) else {
          order.failed(candidate)
          notWhole.append(VaultReading.Passed(candidate.object.place, error))
          continue
        }
        failure = "\(error)"
      }
      return try await note(candidate, failure, notWhole)
    }
    return try await note(newest, notWhole.first?.reason, notWhole)
  }

  private func note(
    _ candidate: VaultReading.Candidate, _ failure: String?, _ passed: [VaultReading.Passed]
  ) async throws -> Proved {
    let proved = Proved(
      path: candidate.object.path, sealedAt: candidate.manifest.sealedAt, counts: candidate.manifest.counts,
      failure: failure, passed: passed)
    try await note(proved)
    return proved
  }

  private func note(_ proved: Proved) async throws {
    let noted = NoteProof(
      path: proved.path, sealedAt: proved.sealedAt, counts: proved.counts, failure: proved.failure)
    _ = try await register.submit(Submission(noted, key: environment.newID(), author: "system"))
  }
}
