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
    reading = VaultReading(
      target, keys: [key], root: paper.rootFingerprint, scratch: folder, environment: environment)
  }

  /// What can be opened, the newest first, and what was passed over.
  public func candidates() async throws -> (candidates: [VaultReading.Candidate], passed: [VaultReading.Passed]) {
    try makeFolder()
    let revoked = Self.revoked(by: try await reading.enrolments(), root: paper.rootFingerprint)
    return try await reading.snapshots(revoked: revoked)
  }

  /// Makes the station of the first candidate that is whole, or, where none is, an empty one that the segments fill.
  /// - Returns: which one, and those that were not whole.
  public func open(
    _ candidates: [VaultReading.Candidate], station people: String
  ) async throws -> (candidate: VaultReading.Candidate?, passed: [VaultReading.Passed]) {
    guard let root = paper.rootKey else { throw VaultFault.refused("this paper bears no root key") }
    try makeFolder()
    var passed: [VaultReading.Passed] = []
    for candidate in candidates {
      let file = "\(folder)/restoring.sqlite"
      try? FileManager.default.removeItem(atPath: file)
      do {
        try await reading.unseal(candidate, to: file)
        try Register.restore(
          snapshot: file, in: folder, station: people, root: root, hospital: paper.hospital,
          unverified: candidate.object.path, environment: environment)
        return (candidate, passed)
      } catch  where Self.isOfThisMachine(error) {
        try? FileManager.default.removeItem(atPath: file)
        throw error
      } catch {
        try? FileManager.default.removeItem(atPath: file)
        passed.append(VaultReading.Passed(candidate.object.path, error))
      }
    }
    try Register.restore(
      snapshot: nil, in: folder, station: people, root: root, hospital: paper.hospital, unverified: "",
      environment: environment)
    return (nil, passed)
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
    let missing = try await takeSegments(register, progress)
    guard let candidate else {
      let report = try register.verifyLedger(root: paper.rootFingerprint) { done, of in
        progress(Progress(stage: .lines, done: done, of: of))
      }
      return Verified(missing: missing, failure: report.failures.first.map { "\($0)" })
    }
    let file = "\(folder)/proving.sqlite"
    defer { Self.removeStore(file) }
    Self.removeStore(file)
    try await reading.unseal(candidate, to: file)
    let proof = try Register.prove(snapshot: file, root: paper.rootFingerprint) { done, of in
      progress(Progress(stage: .lines, done: done, of: of))
    }
    return Verified(missing: missing, failure: proof.failure ?? candidate.difference(from: proof.snapshot))
  }

  private func takeSegments(
    _ register: Register, _ progress: (Progress) -> Void
  ) async throws -> [VaultReading.Passed] {
    let segments = try await reading.segments()
    var missing: [VaultReading.Passed] = []
    for (done, segment) in segments.enumerated() {
      progress(Progress(stage: .segments, done: done, of: segments.count))
      let last = VerificationReport.Head(sequence: segment.name.last, hash: segment.name.hash)
      if try register.holds(segment.name.chain, last) { continue }
      do {
        let lines = try await reading.lines(in: segment.object)
        _ = try await register.takeIn(lines, from: "vault")
      } catch { missing.append(VaultReading.Passed(segment.object.path, error)) }
    }
    progress(Progress(stage: .segments, done: segments.count, of: segments.count))
    // A run that nobody could read may have come with another one that reaches as far; one that was read may stand on
    // lines that are nowhere.
    return try segments.compactMap { segment in
      let last = VerificationReport.Head(sequence: segment.name.last, hash: segment.name.hash)
      if try register.holds(segment.name.chain, last) { return nil }
      return missing.first { $0.path == segment.object.path }
        ?? VaultReading.Passed(segment.object.path, VaultFault.failed("lines before it are not in the vault"))
    }
  }

  /// Another candidate would not help: the folder is taken, its keys cannot be used, its disk is full.
  private static func isOfThisMachine(_ error: any Error) -> Bool {
    let fault =
      switch error {
      case let fault as FileFault: fault
      case SealFailure.file(let fault), VaultFault.file(let fault): fault
      default: nil as FileFault?
      }
    if let fault { return fault.isOfAFullDisk }
    switch error as? RegisterFault {
    case .stationThere, .locked, .diskFull, .key: return true
    default: return false
    }
  }

  private func makeFolder() throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
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
