import Foundation
import Hospital
import Ledger
import Logging
import Register
import Replication
import Seeded
import Synchronization

/// Everything that a run does comes from one of these.
typealias Dice = Seeded

extension Seeded {
  /// True once in so many times.
  mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }
}

/// A clock that the run moves, and dice: all that a station hears of the world beside its lines.
final class SimulatedWorld: Sendable {
  private let state: Mutex<(now: Instant, dice: Dice)>

  /// - Parameter now: Sunday 21 August 2022, 01:00 UTC.
  init(seed: UInt64, now: Instant = Instant(milliseconds: 1_661_043_600_000)) {
    state = Mutex((now, Dice(seed: seed)))
  }

  var now: Instant { state.withLock { $0.now } }

  func advance(milliseconds: Int64) {
    state.withLock { $0.now = Instant(milliseconds: $0.now.milliseconds + milliseconds) }
  }

  var environment: Environment {
    Environment(
      now: { self.now },
      newID: { self.state.withLock { Name.uuid7(at: $0.now, random: $0.dice.bytes(10)) ?? "" } },
      randomBytes: { count in self.state.withLock { $0.dice.bytes(count) } })
  }
}

/// The real store of one station, on a disk in memory, under a clock of its own.
final class SimulatedStation {
  let world: SimulatedWorld
  private(set) var disk: SimulatedDisk
  private(set) var register: Register
  /// An older state of the machine, to which somebody may put it back.
  var snapshot: SimulatedDisk?
  /// What it said some time ago that it holds.
  var said: Heads?

  init(world: SimulatedWorld, disk: SimulatedDisk) throws {
    self.world = world
    self.disk = disk
    register = try Register(folder: disk.path, access: .writing, environment: world.environment)
  }

  /// The hospital's first station.
  static func first(seed: UInt64) throws -> SimulatedStation {
    let (world, disk) = (SimulatedWorld(seed: seed), try SimulatedDisk())
    try Register.create(
      folder: disk.path, station: "urg-1", structure: .simulated, environment: world.environment)
    return try SimulatedStation(world: world, disk: disk)
  }

  /// Another station of the same hospital, which has heard nothing yet.
  func joined(_ people: String, seed: UInt64) throws -> SimulatedStation {
    let (world, disk) = (SimulatedWorld(seed: seed), try SimulatedDisk())
    let key = try SigningKey(random: world.environment.randomBytes)
    let enrolment = try register.enrol(station: people, key: key.publicKey, environment: self.world.environment)
    try Register.join(folder: disk.path, key: key, enrolment: enrolment, environment: world.environment)
    return try SimulatedStation(world: world, disk: disk)
  }

  /// Makes another one a station that enrols and revokes.
  func lendAuthority(to other: SimulatedStation) throws {
    try FileManager.default.copyItem(atPath: "\(disk.path)/authority", toPath: "\(other.disk.path)/authority")
  }

  /// Goes on from this disk: its own after a crash, an older one after somebody put the machine back.
  func begin(from disk: SimulatedDisk) throws {
    register = try Register(folder: disk.path, access: .writing, environment: world.environment)
    self.disk = disk
  }

  /// The same machine twice.
  func clone(seed: UInt64) throws -> SimulatedStation {
    try SimulatedStation(world: SimulatedWorld(seed: seed), disk: disk.copy())
  }

  func holds(_ line: SimulatedLine) throws -> Bool { try register.holds(line.chain, line.place) }

  /// Every line that it has, by chain; where one forked, its branches one after the other.
  func lines() throws -> [String: [[UInt8]]] {
    try register.tips().mapValues { tips in
      try tips.flatMap { try register.lines(endingAt: $0.hash, after: 0, bytes: .max) ?? [] }
    }
  }

  /// Takes what another one has, by the code that takes it over the network.
  /// - Returns: why some of it is not taken now; nil where it is.
  @discardableResult
  func pull(over link: SimulatedLink, shares: PullShares = PullShares()) async throws -> String? {
    // Nothing takes long in here: what waits for that waits until it is cancelled.
    let environment = PeerEnvironment(
      now: { [world] in world.now }, sleep: { _ in try await Task.sleep(for: .seconds(86_400)) }, fraction: { 0 })
    return try await Pulling(
      address: link.station, store: register, claims: PullClaims(), shares: shares, environment: environment,
      logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }, connect: { link }
    ).pullOnce()
  }
}

/// A line that somebody was told is kept.
struct SimulatedLine: Hashable {
  var chain: String
  var place: VerificationReport.Head
}

extension Structure {
  /// One ward with three beds: enough to quarrel about.
  static let simulated = Structure(
    name: "Hôpital simulé", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
    sites: [
      Site(
        finess: "910000001", name: "Site",
        units: [
          CareUnit(
            code: "MED", name: "Médecine", division: nil, responsibilities: ["medical", "lodging", "care"],
            specialty: "medicine", phone: nil,
            rooms: [
              Room(code: "1", beds: ["A", "B", "C"].map { Room.Place(code: $0, kind: .bed, isolation: false) })
            ], discreet: false)
        ])
    ],
    numbers: [
      .ipp: NumberFormat(prefix: "8", length: 9, check: "none", first: 1, last: 99_999),
      .nda: NumberFormat(prefix: "9", length: 9, check: "none", first: 1, last: 99_999),
    ], ippAuthority: "1.2.250.1.999.1", ndaAuthority: "1.2.250.1.999.2", emergencyKeepsNumber: true,
    lateEntryHoursMax: 72)

  static let simulatedBeds = ["A", "B", "C"].map { simulated.bedID(unit: "MED", room: "1", code: $0) }
}
