import FoundationEssentials
import Hospital
import Ledger
import Register

/// Seals what this station holds into one vault: the lines as they come, the whole store now and then.
public struct VaultSealing: Sendable {
  /// Plain bytes of one segment: what a slow line carries in a minute, held in memory while it is sealed.
  static let segmentBytes = 16 << 20
  private static let readBytes = 1 << 20
  /// Of what was sealed: as many as a page of a bucket's list.
  static let pageObjects = 1000
  private static let renewedAtOnce = 8
  /// Where much is to be locked anew, lines do not wait for its end.
  private static let linesEverySeconds = 60

  /// What is put there stays locked for so long; what is still needed is locked anew at half of it.
  public static let retentionDays = 30

  private let register: Register
  private let target: any VaultTarget
  private let environment: Environment
  /// A folder for files while they are made, on the data folder's disk.
  private let scratch: String
  private let retentionSeconds: Int
  private let room: DiskRoom.Spare

  /// - Parameter room: bytes that the disk of `scratch` has to spare.
  public init(
    _ register: Register, to target: any VaultTarget, scratch: String, environment: Environment,
    retentionDays: Int = Self.retentionDays, room: @escaping DiskRoom.Spare = DiskRoom.toSpare
  ) {
    self.room = room
    (self.register, self.target, self.scratch, self.environment) = (register, target, scratch, environment)
    retentionSeconds = retentionDays * 86_400
  }

  /// The lines first and the whole store after them: where one cannot be read, made or put, the other lies in the vault.
  /// - Returns: what was written, and why there is no snapshot.
  /// - Throws: why lines are lacking beside the snapshot.
  public func sealLinesAndSnapshot() async throws -> (objects: [SealedObject], failure: (any Error)?) {
    var objects: [SealedObject] = []
    var lacking: (any Error)?
    do { objects = try await sealLines() } catch { lacking = error }
    do { objects.append(try await sealSnapshot()) } catch {
      if error as? VaultFault == .noRoom { try await noteNoRoom() }
      return (objects, lacking ?? error)
    }
    if let lacking { throw lacking }
    // What was said of it.
    objects += try await sealLines()
    return (objects, nil)
  }

  /// As a proof that failed, once until another one is made.
  private func noteNoRoom() async throws {
    let reason = "no snapshot could be made: \(VaultFault.noRoom)"
    if try register.read({ try $0.vault() })?.failure?.reason == reason { return }
    let noted = NoteProof(path: "", sealedAt: environment.now(), counts: [:], failure: reason)
    _ = try await register.submit(Submission(noted, key: environment.newID(), author: "system"))
  }

  /// What is not in the vault yet of every chain.
  /// - Returns: what was written, in order.
  public func sealLines() async throws -> [SealedObject] {
    let sealing = try begin()
    var written: [SealedObject] = []
    for (chain, tips) in try register.tips().sorted(by: { $0.key.precedesInBytes($1.key) }) {
      for tip in tips {
        var after = try start(of: tip, of: chain)
        while after < tip.sequence {
          let (lines, last) = try lines(endingAt: tip, after: after)
          let segment = SegmentName(chain: chain, first: after + 1, last: last.sequence, hash: last.hash)
          let manifest = sealing.manifest(.lines, at: environment.now(), ranges: [segment.range])
          var object = try await seal(manifest, sealing, as: segment.path) { writer in
            for line in lines { try writer.append(line + [UInt8(ascii: "\n")]) }
          }
          (object.chain, object.last) = (chain, last)
          try register.keep(object)
          written.append(object)
          after = last.sequence
        }
      }
    }
    return written
  }

  /// What this station had put there and is there no more.
  public struct Gone: Sendable {
    public static let namedMax = 1000

    public private(set) var count = 0
    /// The first of them.
    public private(set) var paths: [String] = []

    public init() {}

    mutating func add(_ object: SealedObject) {
      count += 1
      if paths.count < Self.namedMax { paths.append(object.path) }
    }
  }

  /// Looks at the vault itself: what this station put there and is there no more is sealed again. A disk may be another
  /// one than yesterday's, or somebody emptied it.
  public func forgetWhatIsGone() async throws -> Gone {
    var gone = Gone()
    var path = ""
    while true {
      let page = try register.sealedObjects(in: target.address, after: path, count: Self.pageObjects)
      guard let last = page.last else { return gone }
      for object in try await target.gone(of: page) {
        try register.forget(object)
        gone.add(object)
      }
      path = last.path
    }
  }

  /// The whole store, from which a hospital opens again at once.
  /// - Throws: `VaultFault.noRoom` where this machine's disk cannot spare what its copy takes, sealed or not.
  public func sealSnapshot() async throws -> SealedObject {
    guard (room(scratch) ?? .max) >= register.storeBytes else { throw VaultFault.noRoom }
    let sealing = try begin()
    let path = "\(scratch)/snapshot-\(environment.newID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let snapshot = try register.snapshot(to: path)
    let at = environment.now()
    var manifest = sealing.manifest(.snapshot, at: at)
    manifest.counts = snapshot.counts
    manifest.digest = snapshot.digest.digest
    manifest.heads = snapshot.digest.heads.sorted { $0.key.precedesInBytes($1.key) }.flatMap { chain, heads in
      heads.map { SealedManifest.Head(chain: chain, sequence: $0.sequence, hash: $0.hash) }
    }
    let name = SnapshotName(time: HybridTime(instant: at, counter: 0), station: register.station)
    var hash = ""
    let object = try await seal(manifest, sealing, as: name.path) { writer in
      let file = try DiskFile(reading: path)
      while true {
        let piece = try file.read(atMost: Self.readBytes)
        if piece.isEmpty { break }
        guard (room(scratch) ?? .max) > 0 else { throw VaultFault.noRoom }
        try writer.append(piece)
      }
    } sealed: {
      hash = $0
    }
    try register.keep(object)
    let noted = NoteSnapshot(
      target: target.address, path: object.path, at: at, hash: hash, lockedUntil: object.lockedUntil,
      counts: snapshot.counts, digest: snapshot.digest.digest, heads: snapshot.digest.heads)
    _ = try await register.submit(Submission(noted, key: environment.newID(), author: "system"))
    return object
  }

  /// The lines that enrol and revoke, apart: who restores reads them first. Nothing where they are there already.
  public func sealEnrolments() async throws -> SealedObject? {
    let root = try register.rootFingerprint()
    // Nothing else: whoever may say lines about stations could make more of them than anybody reads.
    let lines = try register.linesOfStations().filter { line in
      guard let commit = try? Commit(reading: line) else { return false }
      return commit.sequence == 1 || commit.facts.contains { Revocation($0, root: root) != nil }
    }
    let text = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    let last = VerificationReport.Head(sequence: lines.count, hash: LineHash(of: text))
    let known = try register.sealedObjects(in: target.address, .enrolments)
    if known.contains(where: { $0.last == last }) { return nil }
    let sealing = try begin()
    let at = environment.now()
    let time = SnapshotName(time: HybridTime(instant: at, counter: 0), station: register.station)
    let path = "enrolments/\(time.path.dropFirst(SnapshotName.folder.count))"
    var object = try await seal(sealing.manifest(.enrolments, at: at), sealing, as: path) { try $0.append(text) }
    object.last = last
    try register.keep(object)
    return object
  }

  /// The program and the libraries that it needs, as they are: whoever restores has an empty machine.
  /// - Parameter files: the program first.
  public func keepProgram(_ files: [ProgramFile]) async throws {
    guard let program = files.first else { return }
    let folder = "program/\(Hex.text(of: try FileHash(of: program.path).sha256).prefix(16))"
    let known = Set(try register.sealedObjects(in: target.address, .program).map(\.path))
    let script = ProgramFile(name: "permanence.sh", path: "\(scratch)/permanence.sh")
    try? FileManager.default.removeItem(atPath: script.path)
    try DiskFile(creating: script.path, mode: 0o600).write(Array(Self.programScript.utf8))
    for file in files + [script] {
      let path = "\(folder)/\(file.name)"
      if known.contains(path) { continue }
      let kept = try await target.put(file.path, as: path, until: until)
      try register.keep(
        SealedObject(
          target: target.address, path: path, version: kept.version, kind: .program, at: environment.now(),
          bytes: 0, lockedUntil: kept.lockedUntil))
    }
  }

  /// Libraries of libraries are found by this alone.
  private static let programScript = """
    #!/bin/sh
    # Copy this folder onto the machine, then: sh permanence.sh restore --from VAULT --key PAPER
    here=$(cd "$(dirname "$0")" && pwd)
    chmod +x "$here/permanence"
    LD_LIBRARY_PATH="$here" exec "$here/permanence" "$@"

    """

  /// Locks for longer what is still needed and has less than half of its time left: everything but old snapshots.
  /// One that a clock dated ahead is not the newest, nor known to be old. Lines that come meanwhile are sealed.
  /// - Returns: how many were locked, and what was sealed.
  public func renew() async throws -> (count: Int, sealed: [SealedObject]) {
    let now = environment.now()
    let newest = try register.newestSnapshot(in: target.address, now: now)
    let half = now.adding(seconds: retentionSeconds / 2)
    var (count, path, sealed) = (0, "", [SealedObject]())
    var sealedAt = now
    while true {
      let page = try register.sealedObjects(
        in: target.address, after: path, lockedBefore: half, count: Self.renewedAtOnce)
      guard let last = page.last else { return (count, sealed) }
      path = last.path
      let needed = page.filter { $0.kind != .snapshot || $0 == newest || $0.at.isAhead(of: now) }
      let until = until
      _ = try await sideBySide(needed) { try await target.lock($0.path, version: $0.version, until: until) }
      for var object in needed {
        object.lockedUntil = until
        try register.keep(object)
      }
      count += needed.count
      guard environment.now() >= sealedAt.adding(seconds: Self.linesEverySeconds) else { continue }
      sealed += try await sealLines()
      sealedAt = environment.now()
    }
  }

  private var until: Instant { environment.now().adding(seconds: retentionSeconds) }

  private func begin() throws -> SealingStation {
    let recipients = try register.read { try $0.vault()?.publicKeys ?? [] }.compactMap(RecipientKey.init(text:))
    guard !recipients.isEmpty else {
      throw VaultFault.refused(
        "there is no recovery key to seal to: make one first, with permanence key new --paper FILE, and lock it away")
    }
    let identity = try register.identity()
    return SealingStation(
      station: register.station, key: identity.key, certificates: identity.enrolment.certificates,
      recipients: recipients)
  }

  /// Makes the file, puts it into the vault and takes it away here.
  private func seal(
    _ manifest: SealedManifest, _ sealing: SealingStation, as path: String,
    _ body: (inout SealedFileWriter) throws -> Void, sealed: (String) -> Void = { _ in }
  ) async throws -> SealedObject {
    let file = "\(scratch)/\(environment.newID()).sealed"
    defer { try? FileManager.default.removeItem(atPath: file) }
    var writer = try SealedFileWriter(
      path: file,
      sealing: try Sealing(manifest, to: sealing.recipients, key: sealing.key, random: environment.randomBytes))
    do {
      try body(&writer)
      _ = try writer.finish()
    } catch {
      writer.discard()
      throw error
    }
    let whole = try FileHash(of: file)
    sealed(Hex.text(of: whole.sha256))
    let kept = try await target.put(file, as: path, until: until)
    return SealedObject(
      target: target.address, path: kept.path, version: kept.version,
      kind: manifest.kind == .snapshot ? .snapshot : manifest.kind == .enrolments ? .enrolments : .lines,
      at: manifest.sealedAt, bytes: whole.count, lockedUntil: kept.lockedUntil)
  }

  /// The last sequence of this branch that the vault has.
  private func start(of tip: VerificationReport.Head, of chain: String) throws -> Int {
    let ends = try register.sealedEnds(of: chain, in: target.address)
    for end in ends {
      if end == tip { return tip.sequence }
      guard end.sequence < tip.sequence,
        let next = try register.lines(endingAt: tip.hash, after: end.sequence, bytes: 1)?.first,
        let commit = try? Commit(reading: next), commit.previous == end.hash
      else { continue }
      return end.sequence
    }
    return 0
  }

  private func lines(
    endingAt tip: VerificationReport.Head, after: Int
  ) throws -> (lines: [[UInt8]], last: VerificationReport.Head) {
    guard let lines = try register.lines(endingAt: tip.hash, after: after, bytes: Self.segmentBytes),
      let last = lines.last
    else { throw VaultFault.failed("the lines of a chain cannot be read: run permanence ledger verify") }
    return (lines, VerificationReport.Head(sequence: after + lines.count, hash: LineHash(of: last)))
  }
}

/// One file of the program: the name by which it is called or looked for, and where its bytes are read.
public struct ProgramFile: Sendable {
  public var name: String
  public var path: String

  public init(name: String, path: String) { (self.name, self.path) = (name, path) }
}

/// Who seals, and to whom.
struct SealingStation {
  var station: String
  var key: SigningKey
  var certificates: [[UInt8]]
  var recipients: [RecipientKey]

  func manifest(
    _ kind: SealedManifest.Kind, at instant: Instant, ranges: [SealedManifest.Range] = []
  ) -> SealedManifest {
    SealedManifest(
      kind: kind, station: station, publicKey: key.publicKey, certificates: certificates, sealedAt: instant,
      ranges: ranges)
  }
}
