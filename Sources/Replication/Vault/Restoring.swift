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

  /// - Parameters:
  ///   - folder: of the new station: empty or absent, or one where a restore was cut short.
  ///   - room: bytes that a folder's disk has to spare.
  /// - Throws: `VaultFault.refused` where the paper has no root key.
  public init(
    from target: any VaultTarget, paper: RecoveryPaper, folder: String, environment: Environment,
    room: @escaping DiskRoom.Spare = DiskRoom.toSpare
  ) throws(VaultFault) {
    guard let key = paper.openingKey, paper.rootKey != nil else {
      throw .refused("this paper bears no root key: put the lines A1 to A3 of the other paper into the same file")
    }
    (self.target, self.paper, self.folder, self.environment) = (target, paper, folder, environment)
    work = "\(folder)/restore-work"
    reading = VaultReading(
      target, keys: [key], root: paper.rootFingerprint, scratch: work, environment: environment, room: room)
  }

  /// What a vault was found to hold before anything is made of it.
  public struct Found: Sendable {
    /// What can be opened, the newest first.
    public var candidates: [VaultReading.Candidate]
    /// What was passed over.
    public let passed: [VaultReading.Passed]
    /// Stations of this hospital whose first line lies there.
    fileprivate let stations: Set<String>
  }

  /// Looks at what can be opened.
  /// - Parameter wanted: a snapshot that is asked for by its name, however many lie there.
  public func look(wanted: String? = nil) async throws -> Found {
    try makeWork()
    let (enrolments, unread) = try await reading.enrolments()
    let (candidates, passed) = try await reading.snapshots(
      revoked: enrolments.revoked, known: enrolments.sealers
    ) { object in wanted.map(object.isNamed) ?? false }
    return Found(candidates: candidates, passed: unread + passed, stations: enrolments.stations)
  }

  /// Makes the station of the first candidate that is whole, or, where none is, an empty one that the segments fill.
  /// - Returns: which one, and those that were not whole.
  /// - Throws: before anything is made, where the name is a station's that the vault knows, or nothing in it opens with
  ///   this paper.
  public func open(
    _ found: Found, station wanted: String?
  ) async throws -> (candidate: VaultReading.Candidate?, passed: [VaultReading.Passed]) {
    guard let root = paper.rootKey else { throw VaultFault.refused("this paper bears no root key") }
    let people = try await name(wanted, found)
    var passed: [VaultReading.Passed] = []
    var order = TryingOrder(found.candidates)
    while let candidate = order.next() {
      let file = "\(work)/snapshot"
      do {
        try await reading.unseal(candidate, to: file)
        try Register.restore(
          snapshot: file, in: folder, station: people, root: root, hospital: paper.hospital,
          unverified: candidate.object.place, environment: environment)
        return (candidate, passed)
      } catch {
        try? FileManager.default.removeItem(atPath: file)
        if VaultReading.isOfTheWorld(error) { throw error }
        order.failed(candidate)
        passed.append(VaultReading.Passed(candidate.object.place, error))
      }
    }
    try await requireOurLines(found)
    try Register.restore(
      snapshot: nil, in: folder, station: people, root: root, hospital: paper.hospital, unverified: "",
      environment: environment)
    return (nil, passed)
  }

  /// The name for people of the new station: the one that is wanted, else the first free one. Nobody ever writes under
  /// a lost station's name, nor labels unknown patients with it. Known are those whose first line lies there, those of
  /// whose lines a snapshot says that it holds them, and those that were restored from it.
  private func name(_ wanted: String?, _ found: Found) async throws -> String {
    let marks = try await target.list(ReserveMark.folder)
    var names = Set((found.candidates.flatMap(\.manifest.heads).map(\.chain) + found.stations).map(StationName.shown))
    if let root = paper.rootKey?.publicKey {
      names.formUnion(marks.compactMap { ReserveMark(path: $0.name, root: root) }.map { StationName.shown($0.station) })
    }
    let free = (1...).lazy.map { "secours-\($0)" }.first { !names.contains($0) } ?? ""
    guard let wanted else { return free }
    guard names.contains(wanted) else { return wanted }
    throw VaultFault.refused(
      "a station of this hospital is called \(wanted) or was, and a name is never given twice: choose another, such "
        + "as --station \(free)")
  }

  /// A clock further back than this is a machine's whose battery is empty.
  private static let behindMaxSeconds = 31 * 86_400

  /// - Throws: where there are none, or all of them were sealed long after what this machine's clock says.
  private func requireOurLines(_ found: Found) async throws {
    let now = environment.now()
    var toCome = found.passed.compactMap(\.toCome)
    var isOurs = false
    try await reading.eachSegment { manifest in
      isOurs = manifest.sealedAt <= now.adding(seconds: Self.behindMaxSeconds)
      if !isOurs { toCome.append(manifest.sealedAt) }
      return !isOurs
    }
    if isOurs { return }
    if let first = toCome.min() {
      throw VaultFault.refused(
        "this machine's clock says \(now.text.prefix(10)), and nothing in \(target.address) that opens with this paper "
          + "was sealed before \(first.text.prefix(10)): set the clock, then restore again")
    }
    throw VaultFault.refused(
      "nothing in \(target.address) opens with this paper: check the disk or the bucket, and which paper it is")
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
    /// Known once the segments are taken in.
    public var left = Left()
  }

  /// Runs of lines that lie in the vault and whose last line is not here, each with its reason.
  public struct Left: Sendable, Equatable {
    /// Something signed says that those lines were there.
    public var missing: [VaultReading.Passed] = []
    /// Nothing does: anybody may have put it there.
    public var unused: [VaultReading.Passed] = []
  }

  public struct Verified: Sendable {
    public var left: Left
    /// What the snapshot holds otherwise than its lines say; nil where they agree.
    public var failure: String?
  }

  /// Takes in what was sealed after the snapshot, then verifies the snapshot itself, line by line, in a file beside.
  public func verify(
    _ register: Register, _ candidate: VaultReading.Candidate?, progress: @Sendable (Progress) -> Void
  ) async throws -> Verified {
    try makeWork()
    defer { try? FileManager.default.removeItem(atPath: work) }
    let left = try await takeSegments(register, progress)
    guard let candidate else {
      let report = try register.verifyLedger(root: paper.rootFingerprint) { done, of in
        progress(Progress(stage: .lines, done: done, of: of, left: left))
      }
      return Verified(left: left, failure: report.failures.first.map { "\($0)" })
    }
    var failure: String?
    do {
      failure = try await reading.prove(candidate, in: "\(work)/proving") { done, of in
        progress(Progress(stage: .lines, done: done, of: of, left: left))
      }
    } catch  where !VaultReading.isOfTheWorld(error) {
      // Whoever stops the station says nothing of it either.
      try Task.checkCancellation()
      // It is the station's own already; a second one beside it says nothing of what it holds.
      if error as? VaultFault == .noRoom { throw error }
      failure = "\(error)"
    }
    // Nobody compared where it says that conflicts may be.
    if failure == nil { try register.noteSuspects() }
    // The mark may have come with the segments alone.
    if register.isRevoked(candidate.manifest.station) {
      failure = failure ?? "\(candidate.manifest.station), which sealed it, is revoked: restore from another snapshot"
    }
    return Verified(left: left, failure: failure)
  }

  /// A run whose last line is not here, why, and who signed that it holds it.
  private typealias Unheld = (segment: VaultReading.Segment, passed: VaultReading.Passed, sealer: String?)

  private func takeSegments(_ register: Register, _ progress: (Progress) -> Void) async throws -> Left {
    let (segments, strays) = try await reading.segments()
    var unheld: [Unheld] = []
    for (done, segment) in segments.enumerated() {
      progress(Progress(stage: .segments, done: done, of: segments.count))
      if try register.holds(segment.name.chain, segment.name.head) { continue }
      do {
        let run = try await reading.run(in: segment)
        // Whatever its name says: each line stands for itself.
        _ = try await register.takeIn(run.lines, from: "vault")
        let reason =
          run.isNamed(segment.name) ? "lines before it are not in the vault" : "it holds other lines than its name says"
        let passed = VaultReading.Passed(segment.object.path, VaultFault.refused(reason))
        unheld.append((segment, passed, run.isNamed(segment.name) ? run.manifest.station : nil))
      } catch {
        if VaultReading.isOfTheWorld(error) { throw error }
        let passed = VaultReading.Passed(segment.object.path, error)
        unheld.append((segment, passed, try await reading.sealer(of: segment)))
      }
    }
    progress(Progress(stage: .segments, done: segments.count, of: segments.count))
    // Those lines may have come with another run that reaches as far.
    unheld = try unheld.filter { try !register.holds($0.segment.name.chain, $0.segment.name.head) }
    let heads = Set(unheld.map(\.segment.head))
    let signed = try await signed(unheld, register)
    return Left(
      missing: unheld.filter { signed.contains($0.segment.head) }.map(\.passed)
        + (try gone(signed.subtracting(heads), register)),
      unused: unheld.filter { !signed.contains($0.segment.head) }.map(\.passed) + strays
        + (try await goneSnapshots(register)))
  }

  /// Of each station the newest that it said it put here, while its lock holds: nothing waits for one that is gone,
  /// and somebody took it away.
  private func goneSnapshots(_ register: Register) async throws -> [VaultReading.Passed] {
    let said = try register.read { try $0.vault()?.snapshots ?? [] }
    if said.isEmpty { return [] }
    let there = Set(try await target.list(SnapshotName.folder).map(\.path))
    // A disk is not always reached by the path that it was sealed to.
    let here = Set(said.filter { there.contains($0.path) }.map(\.target) + [target.address])
    let now = environment.now()
    return said.filter { snapshot in
      here.contains(snapshot.target) && !there.contains(snapshot.path) && !register.isRevoked(snapshot.station)
        && snapshot.lockedUntil.map { $0 > now } ?? true
    }.map { snapshot in
      VaultReading.Passed(
        snapshot.path, VaultFault.refused("\(snapshot.station) said that it sealed it here, and it is gone"))
    }
  }

  /// Where something signed names lines of a chain that are not here, and no run bears their name any more: whoever
  /// destroys what lies there may give it another name, or take it away.
  private func gone(_ signed: Set<CommitPlace>, _ register: Register) throws -> [VaultReading.Passed] {
    let gone = try signed.filter {
      try !register.holds($0.station, VerificationReport.Head(sequence: $0.sequence, hash: $0.hash))
    }
    return Dictionary(grouping: gone, by: \.station).sorted { $0.key.precedesInBytes($1.key) }.map { chain, lines in
      let named = Set(lines.map(\.sequence)).sorted().suffix(Self.namedMax).map(String.init).joined(separator: ", ")
      return VaultReading.Passed(
        "segments/\(chain)", VaultFault.refused("something signed says that line \(named) was there, and it is gone"))
    }
  }

  /// Lines of one chain that are named.
  private static let namedMax = 10

  /// Last lines of which something signed says that they were there: of these runs another line or the run itself, and
  /// all that another chain saw last or a snapshot holds. Anybody with a station's credentials can name a run as they
  /// like.
  private func signed(_ unheld: [Unheld], _ register: Register) async throws -> Set<CommitPlace> {
    var signed = try register.named(among: Set(unheld.map(\.segment.head))).union(try register.lastWitnessed())
    for run in unheld where run.sealer.map({ !register.isRevoked($0) }) ?? false { signed.insert(run.segment.head) }
    try await reading.eachSnapshot { manifest in
      if register.isRevoked(manifest.station) { return }
      for head in manifest.heads {
        signed.insert(CommitPlace(station: head.chain, sequence: head.sequence, hash: head.hash))
      }
    }
    return signed
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
}
