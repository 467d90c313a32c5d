import FoundationEssentials
import Hospital
import Ledger
import Register

/// Makes a station of a vault and the paper: open on the newest snapshot that is whole, then verified behind it.
public struct Restoring: Sendable {
  private let target: any VaultTarget
  private let paper: RecoveryPaper
  private let reading: VaultReading
  private let folder: String
  private let work: String
  private let environment: Environment

  /// - Parameter folder: of the new station: empty or absent, or one where a restore was cut short.
  /// - Throws: `VaultFault.refused` where the paper has no root key.
  public init(
    from target: any VaultTarget, paper: RecoveryPaper, folder: String, environment: Environment
  ) throws(VaultFault) {
    guard let key = paper.openingKey, paper.rootKey != nil else {
      throw .refused("this paper bears no root key: put the lines A1 to A3 of the other paper into the same file")
    }
    (self.target, self.paper, self.folder, self.environment) = (target, paper, folder, environment)
    work = "\(folder)/restore-work"
    reading = VaultReading(
      target, keys: [key], root: paper.rootFingerprint, scratch: work, environment: environment)
  }

  /// What can be opened, the newest first, and what was passed over.
  public func candidates() async throws -> (candidates: [VaultReading.Candidate], passed: [VaultReading.Passed]) {
    try makeWork()
    let (lines, unread) = try await reading.enrolments()
    let revoked = Self.revoked(by: lines, root: paper.rootFingerprint)
    let (candidates, passed) = try await reading.snapshots(revoked: revoked)
    return (candidates, unread + passed)
  }

  /// Makes the station of the first candidate that is whole, or, where none is, an empty one that the segments fill.
  /// - Returns: which one, and those that were not whole.
  /// - Throws: before anything is made, where nothing in the vault opens with this paper.
  public func open(
    _ candidates: [VaultReading.Candidate], station people: String
  ) async throws -> (candidate: VaultReading.Candidate?, passed: [VaultReading.Passed]) {
    guard let root = paper.rootKey else { throw VaultFault.refused("this paper bears no root key") }
    var passed: [VaultReading.Passed] = []
    for candidate in candidates {
      let file = "\(work)/snapshot"
      do {
        try await reading.unseal(candidate, to: file)
        try Register.restore(
          snapshot: file, in: folder, station: people, root: root, hospital: paper.hospital,
          unverified: candidate.object.path, environment: environment)
        return (candidate, passed)
      } catch {
        try? FileManager.default.removeItem(atPath: file)
        if VaultReading.isOfTheWorld(error) { throw error }
        passed.append(VaultReading.Passed(candidate.object.path, error))
      }
    }
    guard try await holdsOurLines() else {
      throw VaultFault.refused(
        "nothing in \(target.address) opens with this paper: check the disk or the bucket, and which paper it is")
    }
    try Register.restore(
      snapshot: nil, in: folder, station: people, root: root, hospital: paper.hospital, unverified: "",
      environment: environment)
    return (nil, passed)
  }

  private func holdsOurLines() async throws -> Bool {
    for segment in try await reading.segments() {
      do {
        _ = try await reading.lines(in: segment.object)
        return true
      } catch { if VaultReading.isOfTheWorld(error) { throw error } }
    }
    return false
  }

  /// Where verification is.
  public struct Progress: Sendable, Equatable {
    public enum Stage: String, Sendable {
      /// Taking in the lines that came after the snapshot.
      case segments
      /// Verifying each line of the snapshot and folding it again.
      case lines
    }

    public var stage: Stage
    public var done: Int
    public var of: Int
    /// Of what the vault names, what nobody could read; known once the segments are taken in.
    public var missing: [VaultReading.Passed] = []
  }

  public struct Verified: Sendable {
    /// What the vault names and nobody could read, each with its reason.
    public var missing: [VaultReading.Passed]
    /// What the snapshot holds otherwise than its lines say; nil where they agree.
    public var failure: String?
  }

  /// Takes in what was sealed after the snapshot, then verifies the snapshot itself, line by line, in a file beside.
  public func verify(
    _ register: Register, _ candidate: VaultReading.Candidate?, progress: @Sendable (Progress) -> Void
  ) async throws -> Verified {
    try makeWork()
    defer { try? FileManager.default.removeItem(atPath: work) }
    let missing = try await takeSegments(register, progress)
    guard let candidate else {
      let report = try register.verifyLedger(root: paper.rootFingerprint) { done, of in
        progress(Progress(stage: .lines, done: done, of: of, missing: missing))
      }
      return Verified(missing: missing, failure: report.failures.first.map { "\($0)" })
    }
    var failure = try await reading.prove(candidate, in: "\(work)/proving") { done, of in
      progress(Progress(stage: .lines, done: done, of: of, missing: missing))
    }
    // The mark may have come with the segments alone.
    if register.isRevoked(candidate.manifest.station) {
      failure = failure ?? "\(candidate.manifest.station), which sealed it, is revoked: restore from another snapshot"
    }
    return Verified(missing: missing, failure: failure)
  }

  private func takeSegments(
    _ register: Register, _ progress: (Progress) -> Void
  ) async throws -> [VaultReading.Passed] {
    let segments = try await reading.segments()
    var passed: [String: VaultReading.Passed] = [:]
    for (done, segment) in segments.enumerated() {
      progress(Progress(stage: .segments, done: done, of: segments.count))
      if try register.holds(segment.name.chain, segment.name.head) { continue }
      do {
        let lines = try await reading.lines(in: segment.object)
        _ = try await register.takeIn(lines, from: "vault")
      } catch {
        if VaultReading.isOfTheWorld(error) { throw error }
        passed[segment.object.path] = VaultReading.Passed(segment.object.path, error)
      }
    }
    progress(Progress(stage: .segments, done: segments.count, of: segments.count))
    // A run that nobody could read may have come with another one that reaches as far; one that was read may stand on
    // lines that are nowhere. What never was one of ours is nothing that is missing.
    return try segments.compactMap { segment in
      if try register.holds(segment.name.chain, segment.name.head) { return nil }
      guard let passed = passed[segment.object.path] else {
        return VaultReading.Passed(segment.object.path, VaultFault.failed("lines before it are not in the vault"))
      }
      return passed.isDamaged ? passed : nil
    }
  }

  /// Where files are while they are read: nothing of an earlier restore that was cut short stays there in the clear.
  private func makeWork() throws {
    try? FileManager.default.removeItem(atPath: work)
    try FileManager.default.createDirectory(
      atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// With what SQLite leaves beside it.
  static func removeStore(_ file: String) {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + suffix) }
  }

  /// Stations that these lines revoke: each mark holds by its own signature, in whatever line it comes.
  static func revoked(by lines: [[UInt8]], root: String) -> Set<String> {
    var marks: [String: Revocation] = [:]
    for line in lines {
      for fact in (try? Commit(reading: line))?.facts ?? [] {
        guard let mark = Revocation(fact, root: root), marks[mark.station].map(mark.follows) ?? true else { continue }
        marks[mark.station] = mark
      }
    }
    return Set(marks.values.filter { $0.last != nil }.map(\.station))
  }
}
