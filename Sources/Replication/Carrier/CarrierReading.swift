import Ledger
import Register

/// Takes in what a carrier holds.
public struct CarrierReading: Sendable {
  /// What came of one file.
  public struct Outcome: Sendable, Equatable {
    /// Lines that were new here and are kept and folded now.
    public var commits: Int
    /// Lines that were here already.
    public var known: Int
    /// Lines kept aside, each with its reason.
    public var aside: Int
    /// Stations of which the sealer had lines that are neither in the file nor here: it was written for a station that
    /// has them, and this is another one, or has lost them.
    public var lacking: Set<String> = []
    /// Whose lines it holds, by name.
    public var stations: [String]
    /// The station that sealed it, and when.
    public var sealer: String
    public var sealedAt: Instant

    /// Nothing in it is new: it was read before, or its lines came by another way.
    public var isRepeated: Bool { commits == 0 && aside == 0 }
  }

  /// Given to the register at a time.
  private static let batchBytes = 1 << 20

  private let register: Register

  public init(_ register: Register) {
    self.register = register
  }

  /// Reads the file twice, and takes it in whole or not at all: first whether all of it is there and signed by a
  /// station of this hospital, then its lines, which are treated like any others. The same file again changes nothing.
  /// - Parameters:
  ///   - path: of the file, or of any one of its parts.
  ///   - paper: opens what was sealed for a carrier key that went with its stations.
  ///   - progress: lines read, of how many, the second time.
  /// - Throws: `CarrierRefusal`, or `RegisterFault`.
  public func read(
    _ path: String, paper: OpeningKey? = nil, progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws -> Outcome {
    let keys = try CarrierKeys(register).opening + (paper.map { [$0] } ?? [])
    let (manifest, id) = try await blocking { try check(path, keys) }
    var reader = try CarrierRefusal.of { try SealedFileReader(path: path, keys: keys) }
    let all = manifest.ranges.reduce(0) { $0 + $1.last - $1.first + 1 }
    var outcome = Outcome(
      commits: 0, known: 0, aside: 0,
      stations: Set(manifest.ranges.map { StationName.station(ofChain: $0.chain) }).sorted(),
      sealer: manifest.station, sealedAt: manifest.sealedAt)
    var splitting = LineSplitting()
    var batch: [[UInt8]] = []
    var bytes = 0
    var done = 0
    while let content = try CarrierRefusal.of({ try reader.next() }) {
      guard reader.id == id else { throw CarrierRefusal.exchanged }
      for line in try CarrierRefusal.of({ try splitting.split(content) }) {
        batch.append(line)
        bytes += line.count
      }
      guard bytes >= Self.batchBytes else { continue }
      try await take(batch, manifest, &outcome)
      done += batch.count
      progress(done, all)
      (batch, bytes) = ([], 0)
    }
    _ = try CarrierRefusal.of { try reader.finish() }
    try await take(batch, manifest, &outcome)
    progress(all, all)
    outcome.lacking = try lacking(manifest)
    return outcome
  }

  private func lacking(_ manifest: SealedManifest) throws -> Set<String> {
    // What came from its beginning on and is not here lies aside, with its reason.
    let whole = Set(manifest.ranges.filter { $0.first == 1 }.map(\.chain))
    let lacking = try manifest.heads.filter { head in
      try !whole.contains(head.chain)
        && !register.holds(head.chain, VerificationReport.Head(sequence: head.sequence, hash: head.hash))
    }
    return Set(lacking.map { StationName.station(ofChain: $0.chain) })
  }

  private func take(_ lines: [[UInt8]], _ manifest: SealedManifest, _ outcome: inout Outcome) async throws {
    guard !lines.isEmpty else { return }
    let taken = try await register.takeIn(lines, from: LineAside.carrierPrefix + manifest.station)
    outcome.commits += taken.accepted
    outcome.known += taken.known
    outcome.aside += taken.aside + taken.surplus
  }

  /// What the file says of itself and its id, once all of it was read and nothing is wrong with it.
  private func check(_ path: String, _ keys: [OpeningKey]) throws -> (SealedManifest, String?) {
    let (manifest, id) = try CarrierRefusal.of {
      var reader = try SealedFileReader(path: path, keys: keys)
      var splitting = LineSplitting()
      while let content = try reader.next() { _ = try splitting.split(content) }
      let manifest = try reader.finish()
      guard !splitting.isInsideLine else { throw SealFailure.malformed("its last line has no end") }
      return (manifest, reader.id)
    }
    guard manifest.kind == .carrier else { throw CarrierRefusal.anotherKind(manifest.kind) }
    let root = try register.identity().enrolment.rootFingerprint
    guard let sealer = try? StationCertificates(checking: manifest.certificates),
      sealer.publicKey == manifest.publicKey, sealer.station.sameBytes(as: manifest.station)
    else { throw CarrierRefusal.noStation(manifest.station) }
    guard sealer.rootFingerprint.sameBytes(as: root) else { throw CarrierRefusal.anotherHospital }
    return (manifest, id)
  }
}

/// Why a carrier is not taken in. Nothing of it counts then.
public enum CarrierRefusal: Error, Sendable, Equatable {
  case seal(SealFailure)
  /// Not lines for a station, but a part of the vault.
  case anotherKind(SealedManifest.Kind)
  /// Who sealed it shows no certificates of a station.
  case noStation(String)
  case anotherHospital
  /// The file is not the one that was checked a moment ago.
  case exchanged

  /// For programs.
  public var code: String {
    switch self {
    case .seal(.foreign), .anotherHospital: "foreign"
    case .seal(.truncated): "truncated"
    case .seal(.missingPart): "missing-part"
    case .seal(.altered), .seal(.alteredHeader), .seal(.extended), .exchanged: "altered"
    case .seal(.notSealed): "not-sealed"
    case .seal(.version): "version"
    case .seal(.signature), .noStation: "unsigned"
    case .seal(.malformed), .seal(.cannotSeal), .anotherKind: "malformed"
    case .seal(.file): "unreadable"
    }
  }

  /// What goes wrong in `body`, as a refusal.
  static func of<Value: ~Copyable>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let failure as SealFailure {
      throw CarrierRefusal.seal(failure)
    } catch let fault as PeerFault {
      throw CarrierRefusal.seal(.malformed("\(fault)"))
    }
  }
}

extension CarrierRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .seal(.foreign):
      "sealed for another hospital, or by a station that has never heard of this one; "
        + "after a restore give the paper, with --key"
    case .seal(let failure): "\(failure)"
    case .anotherKind(let kind): "this is no carrier, but \(kind.rawValue) of the vault: restore reads that"
    case .noStation(let name): "whoever sealed it as \(name) is no station: do not use it"
    case .anotherHospital: "a station of another hospital sealed it: take one of this hospital's"
    case .exchanged: "the file was exchanged while it was read: read it again"
    }
  }
}
