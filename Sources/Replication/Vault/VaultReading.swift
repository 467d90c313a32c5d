import FoundationEssentials
import Ledger
import Register

/// Reads what lies in a vault and opens with a key. Whoever has a station's credentials may have put anything there:
/// it counts where it opens, is whole, and is signed by a station of this hospital that is not revoked.
public struct VaultReading: Sendable {
  /// Enough for a header, a chunk and the beginning of the next.
  static let beginningBytes = (1 << 20) + 65_536
  /// A snapshot that says it was sealed later than this was dated by a clock that ran ahead, or by a thief.
  static let aheadMaxSeconds = 86_400

  /// Of one segment: far above what a station writes.
  private static let linesBytesMax = 64 << 20
  /// Of the enrolments: those of thousands of stations.
  static let enrolmentBytesMax = 8 << 20

  let target: any VaultTarget
  private let keys: [OpeningKey]
  /// Fingerprint of the hospital's root key.
  let root: String
  let now: Instant
  private let scratch: String
  private let newID: @Sendable () -> String
  private let room: DiskRoom.Spare

  public init(
    _ target: any VaultTarget, keys: [OpeningKey], root: String, scratch: String, environment: Environment,
    room: @escaping DiskRoom.Spare = DiskRoom.toSpare
  ) {
    self.room = room
    (self.target, self.keys, self.root, self.scratch) = (target, keys, root, scratch)
    (now, newID) = (environment.now(), environment.newID)
  }

  public struct Candidate: Sendable {
    public var object: VaultObject
    public var manifest: SealedManifest

    /// What it says of itself must be what it holds.
    func difference(from proof: SnapshotProof) -> String? {
      guard let snapshot = proof.snapshot else { return nil }
      let heads = Set(manifest.heads.map { "\($0.chain) \($0.sequence) \($0.hash)" })
      let held = Set(
        snapshot.digest.heads.flatMap { chain, heads in heads.map { "\(chain) \($0.sequence) \($0.hash)" } })
      if heads != held { return "it does not hold the lines that it was sealed with" }
      if proof.isOfEarlierFolds { return nil }
      if manifest.counts != snapshot.counts { return "it does not count what it was sealed with" }
      return manifest.digest == snapshot.digest.digest ? nil : "its state is not the one that it was sealed with"
    }
  }

  /// What is there and does not count, each with its reason.
  public struct Passed: Sendable, Equatable {
    public var path: String
    public var reason: String
    /// When it says that it was sealed, where that is why it does not count.
    var toCome: Instant?

    init(_ path: String, _ error: any Error) {
      self.path = Self.shown(path)
      reason = Self.shown("\(error)")
      if case .toCome(let sealedAt, _) = error as? VaultFault { toCome = sealedAt }
    }

    /// Anybody may have named it: nothing of that moves a terminal's cursor.
    private static func shown(_ text: String) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
  }

  /// Writes a snapshot's content to a file that is not there yet; nothing is left of one that is not whole.
  /// - Parameter lasts: a power cut must not take it back.
  /// - Throws: `VaultFault.noRoom` where the disk cannot spare what it takes, sealed or not: it may be made to fill.
  public func unseal(_ candidate: Candidate, to file: String, lasts: Bool = true) async throws {
    var spare = (room(scratch) ?? .max) - candidate.object.bytes
    guard spare >= 0 else { throw VaultFault.noRoom }
    try await withFile(of: candidate.object) { sealed in
      do {
        let output = try DiskFile(creating: file, mode: 0o600)
        var reader = try SealedFileReader(path: sealed, keys: keys)
        while let content = try reader.next() {
          spare -= content.count
          guard spare >= 0 else { throw VaultFault.noRoom }
          try output.write(content)
        }
        guard try reader.finish() == candidate.manifest else { throw SealFailure.signature }
        if lasts { try output.sync() }
      } catch {
        try? FileManager.default.removeItem(atPath: file)
        throw error
      }
    }
  }

  /// Verifies every line of a snapshot and folds it again, in a file of its own.
  /// - Returns: why it is not what it says; nil where it is.
  /// - Throws: where no station can be made of it.
  func prove(
    _ candidate: Candidate, in file: String, progress: (_ done: Int, _ of: Int) -> Void
  ) async throws -> String? {
    try await unseal(candidate, to: file, lasts: false)
    let proof = try Register.prove(snapshot: file, root: root, progress: progress)
    return proof.failure ?? candidate.difference(from: proof)
  }

  /// What fails now and may not later: it says nothing of what was sealed.
  static func isOfTheWorld(_ error: any Error) -> Bool {
    switch error {
    case is FileFault, SealFailure.file, VaultFault.file, VaultFault.failed: true
    case let fault as RegisterFault:
      // Any other file is refused with that, and passed over.
      if case .store = fault { false } else { true }
    default: false
    }
  }

  /// A run of lines that lies there.
  struct Segment: Sendable {
    var name: SegmentName
    var object: VaultObject

    var head: CommitPlace { CommitPlace(station: name.chain, sequence: name.last, hash: name.hash) }
  }

  /// Each of them, in the order of chains and sequences, and what lies among them under no name of a run.
  func segments() async throws -> (named: [Segment], strays: [Passed]) {
    var named: [Segment] = []
    var strays: [Passed] = []
    for object in try await target.list("segments/") {
      if let name = SegmentName(path: object.name) {
        named.append(Segment(name: name, object: object))
      } else {
        strays.append(Passed(object.path, VaultFault.refused("its name is not that of a run of lines")))
      }
    }
    named.sort { ($0.name.chain, $0.name.first, $0.name.last) < ($1.name.chain, $1.name.first, $1.name.last) }
    return (named, strays.sorted { $0.path.precedesInBytes($1.path) })
  }

  /// What a file of lines held, once it is known to be whole.
  struct Run: Sendable {
    var manifest: SealedManifest
    /// Without their newlines.
    var lines: [[UInt8]]

    /// Whether these are the lines that a segment's name says.
    func isNamed(_ name: SegmentName) -> Bool {
      manifest.ranges == [name.range] && lines.last.map { LineHash(of: $0) } == name.hash
    }
  }

  /// The lines of a segment. Whoever sealed it, and at whatever hour, they are verified like any others, so a revoked
  /// sealer's count as well as they hold.
  func run(in segment: Segment) async throws -> Run { try await run(in: segment.object, .lines) }

  /// Who signed that a segment holds the lines that its name says; nil where its beginning does not say so.
  func sealer(of segment: Segment) async throws -> String? {
    do {
      let manifest = try await beginning(of: segment.object)
      try check(manifest, .lines, [])
      return manifest.ranges == [segment.name.range] ? manifest.station : nil
    } catch {
      if Self.isOfTheWorld(error) { throw error }
      return nil
    }
  }

  func run(in object: VaultObject, _ kind: SealedManifest.Kind) async throws -> Run {
    let most = kind == .enrolments ? Self.enrolmentBytesMax : Self.linesBytesMax
    guard object.bytes <= most else {
      throw VaultFault.refused("it is larger than what a station seals of lines")
    }
    return try await withFile(of: object) { file in
      var reader = try SealedFileReader(path: file, keys: keys)
      var splitting = LineSplitting()
      var lines: [[UInt8]] = []
      var bytes = 0
      while let content = try reader.next() {
        bytes += content.count
        guard bytes < most else { throw SealFailure.malformed("it is too long") }
        lines += try splitting.split(content)
      }
      let manifest = try reader.finish()
      try check(manifest, kind, [])
      return Run(manifest: manifest, lines: lines)
    }
  }

  func beginning(of object: VaultObject) async throws -> SealedManifest {
    try await withFile(of: object, first: Self.beginningBytes) { try SealedFileReader.manifest(path: $0, keys: keys) }
  }

  private func withFile<Value>(
    of object: VaultObject, first bytes: Int? = nil, _ body: (String) throws -> Value
  ) async throws -> Value {
    let file = "\(scratch)/\(newID()).sealed"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try await target.get(object, first: bytes, to: file)
    return try body(file)
  }

  static func fault(ofRevoked station: String) -> VaultFault {
    .refused("sealed by \(station), which is revoked")
  }

  func check(_ manifest: SealedManifest, _ kind: SealedManifest.Kind, _ revoked: Set<String>) throws {
    guard manifest.kind == kind else { throw SealFailure.malformed("it holds something else than its name says") }
    let sealer = try StationCertificates(checking: manifest.certificates)
    guard sealer.rootFingerprint == root else { throw VaultFault.refused("sealed by another hospital") }
    guard sealer.publicKey == manifest.publicKey, sealer.station == manifest.station else {
      throw SealFailure.signature
    }
    guard !revoked.contains(manifest.station) else {
      throw Self.fault(ofRevoked: manifest.station)
    }
    // Lines stand for themselves, at whatever hour they were sealed; of snapshots the newest is believed.
    guard kind != .snapshot || manifest.sealedAt <= now.adding(seconds: Self.aheadMaxSeconds) else {
      throw VaultFault.toCome(manifest.sealedAt, now: now)
    }
  }
}
