import Foundation
import Ledger
import Register
import Replication
import Synchronization
import Testing

/// Two stations; the first has sealed a snapshot, and a run of lines after it.
struct SealedVault {
  let run: Simulation
  let sealer: SimulatedStation
  let last: SegmentName

  init() async throws {
    run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
    sealer = run.stations[0]
    _ = try await run.sealing(at: sealer).sealEnrolments()
    _ = try await run.sealing(at: sealer).sealLines()
    _ = try await run.sealing(at: sealer).sealSnapshot()
    last = try await Self.sealOneMore(run, at: sealer)
  }

  /// A line more at this station, which seals it.
  @discardableResult
  static func sealOneMore(_ run: Simulation, at station: SimulatedStation) async throws -> SegmentName {
    try await run.admit(at: station)
    return try #require(
      try await run.sealing(at: station).sealLines().compactMap { SegmentName(path: $0.path) }
        .first { $0.chain == station.register.station })
  }

  func file(_ path: String) -> URL { URL(filePath: "\(run.copies.vault.address)/\(path)") }

  /// Writes noise over every copy that reaches as far as the last run.
  func encrypt() async throws -> Set<String> {
    let copies = try await run.copies.vault.list("segments/").filter {
      SegmentName(path: $0.name).map { $0.chain == last.chain && $0.last == last.last } ?? false
    }
    for copy in copies { try Data(repeating: 0xA5, count: copy.bytes).write(to: file(copy.path)) }
    return Set(copies.map(\.path))
  }

  /// Makes a station of the vault, as a machine reaches it.
  /// - Returns: the station, what was passed over to open it, and what is left once all was read.
  func restored(
    from vault: (any VaultTarget)? = nil
  ) async throws -> (station: SimulatedStation, passed: [VaultReading.Passed], left: Restoring.Left) {
    let (restoring, world, disk) = try run.machine(from: vault)
    let found = try await restoring.look()
    let (candidate, notWhole) = try await restoring.open(found, station: "secours")
    let station = try SimulatedStation(world: world, disk: disk)
    let left = try await restoring.verify(station.register, candidate) { _ in }.left
    return (station, found.passed + notWhole, left)
  }
}

/// The same vault where some objects cannot be read; it remembers what it was asked for.
final class FaultyVault: VaultTarget {
  private let vault: FolderTarget
  private let fault: @Sendable (_ path: String, _ isWhole: Bool) -> VaultFault?
  private let asked = Mutex<(read: Set<String>, offered: Set<String>, looks: Int)>(([], [], 0))

  init(
    _ vault: FolderTarget, fault: @escaping @Sendable (_ path: String, _ isWhole: Bool) -> VaultFault? = { _, _ in nil }
  ) {
    (self.vault, self.fault) = (vault, fault)
  }

  /// Paths of objects of which more than the beginning was asked for.
  var read: Set<String> { asked.withLock { $0.read } }
  /// How often it was asked for an object, or the beginning of one.
  var looks: Int { asked.withLock { $0.looks } }
  /// Paths that something was to be kept under.
  var offered: Set<String> { asked.withLock { $0.offered } }

  var address: String { vault.address }
  func check() async throws(VaultFault) { try await vault.check() }
  func put(_ file: String, as path: String, until: Instant) async throws(VaultFault) -> KeptObject {
    asked.withLock { _ = $0.offered.insert(path) }
    if let fault = self.fault(path, true) { throw fault }
    return try await vault.put(file, as: path, until: until)
  }
  func lock(_ path: String, version: String?, until: Instant) async throws(VaultFault) {}
  func list(_ prefix: String) async throws(VaultFault) -> [VaultObject] { try await vault.list(prefix) }
  func gone(of objects: [SealedObject]) async throws(VaultFault) -> [SealedObject] {
    try await vault.gone(of: objects)
  }
  func get(_ object: VaultObject, first bytes: Int?, to file: String) async throws(VaultFault) {
    asked.withLock {
      $0.looks += 1
      if bytes == nil { $0.read.insert(object.path) }
    }
    if let fault = self.fault(object.path, bytes == nil) { throw fault }
    try await vault.get(object, first: bytes, to: file)
  }
}

/// Says so many times that something is to fail.
final class Failing: Sendable {
  private let left = Mutex(0)

  func begin(times: Int) { left.withLock { $0 = times } }

  func isNext() -> Bool {
    left.withLock { left -> Bool in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }
}

/// The same vault as a bucket shows it: versions under one path, the newest first.
struct VersionedVault: VaultTarget {
  let vault: FolderTarget

  var address: String { vault.address }
  func check() async throws(VaultFault) { try await vault.check() }
  func put(_ file: String, as path: String, until: Instant) async throws(VaultFault) -> KeptObject {
    try await vault.put(file, as: path, until: until)
  }
  func lock(_ path: String, version: String?, until: Instant) async throws(VaultFault) {}
  func list(_ prefix: String) async throws(VaultFault) -> [VaultObject] {
    try await vault.list(prefix).map { object in
      let version = object.path == object.name ? "1" : String(object.path.dropFirst(object.name.count + 1))
      return VaultObject(path: object.name, version: version, bytes: object.bytes)
    }.sorted { ($1.path, $1.version ?? "") < ($0.path, $0.version ?? "") }
  }
  func gone(of objects: [SealedObject]) async throws(VaultFault) -> [SealedObject] { [] }
  func get(_ object: VaultObject, first bytes: Int?, to file: String) async throws(VaultFault) {
    var object = object
    if let version = object.version, version != "1" { object.path += "~\(version)" }
    try await vault.get(object, first: bytes, to: file)
  }
}
