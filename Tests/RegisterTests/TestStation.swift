import Foundation
import Hospital
import Ledger
import Register
import Seeded
import Synchronization

/// A folder that goes with the test that made it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "register-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A clock that moves a second at each look, and dice from one seed.
final class TestEnvironment: Sendable {
  private let state: Mutex<(now: Instant, dice: Seeded)>

  init(seed: UInt64 = 1) { state = Mutex((.night, Seeded(seed: seed))) }

  var environment: Environment {
    Environment(
      now: {
        self.state.withLock { state in
          state.now = state.now.adding(seconds: 1)
          return state.now
        }
      },
      newID: { Name.uuid7(at: .night, random: self.bytes(10)) ?? "" },
      randomBytes: { self.bytes($0) })
  }

  /// Somebody sets the clock.
  func advance(seconds: Int) { state.withLock { $0.now = $0.now.adding(seconds: seconds) } }

  private func bytes(_ count: Int) -> [UInt8] { state.withLock { $0.dice.bytes(count) } }
}

extension Instant {
  /// Sunday 21 August 2022, 01:00 UTC.
  static let night = Instant(milliseconds: 1_661_043_600_000)

  static func hours(_ hours: Int, minutes: Int = 0) -> Instant { night.adding(seconds: hours * 3600 + minutes * 60) }
}

extension Structure {
  /// Two wards of two rooms, two beds each.
  static let small = Structure(
    name: "Hôpital d'essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
    sites: [
      Site(
        finess: "910000001", name: "Site",
        units: ["4EST", "CHIR"].map { code in
          CareUnit(
            code: code, name: code, division: nil, responsibilities: ["medical", "lodging", "care"],
            specialty: "medicine", phone: nil,
            rooms: ["1", "2"].map { room in
              Room(
                code: room, beds: ["A", "B"].map { Room.Place(code: $0, kind: .bed, isolation: false) })
            }, discreet: false)
        })
    ],
    numbers: [
      .ipp: NumberFormat(prefix: "9", length: 6, check: "none", first: 100, last: 199),
      .nda: NumberFormat(prefix: "N", length: 6, check: "luhn", first: 1, last: 9999),
    ],
    ippAuthority: "1.2.250.1.999.1", ndaAuthority: "1.2.250.1.999.2", emergencyKeepsNumber: true,
    lateEntryHoursMax: 72)
}

/// A station in a temporary folder, opened for writing.
struct TestStation {
  let folder: TemporaryFolder
  let environment: TestEnvironment
  let register: Register

  init(seed: UInt64 = 1, structure: Structure = .small, searchPace: SearchPace = .usual) throws {
    folder = try TemporaryFolder()
    environment = TestEnvironment(seed: seed)
    try Register.create(
      folder: folder.path, station: "urg-1", structure: structure, environment: environment.environment)
    register = try Register(
      folder: folder.path, access: .writing, environment: environment.environment, searchPace: searchPace)
  }

  init(_ folder: TemporaryFolder, _ environment: TestEnvironment) throws {
    self.folder = folder
    self.environment = environment
    register = try Register(folder: folder.path, access: .writing, environment: environment.environment)
  }

  /// Begins where a crash of another one would leave it.
  init(after station: TestStation, rebuilding: Bool = false, searchPace: SearchPace = .usual) throws {
    folder = try Self.copy(of: station.folder)
    environment = station.environment
    if rebuilding { try Register.rebuild(folder: folder.path) }
    register = try Register(
      folder: folder.path, access: .writing, environment: environment.environment, searchPace: searchPace)
  }

  @discardableResult
  func say(_ facts: Fact..., key: String = UUID().uuidString, source: Source? = nil) async throws -> Receipt {
    try await register.submit(Submission(Say(facts), key: key, author: "system", source: source))
  }
}

/// Says what it was given.
struct Say: Command {
  var facts: [Fact]

  init(_ facts: [Fact]) { self.facts = facts }

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
}

/// Says no.
struct Refuse: Command {
  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { throw Refusal("cannot-be-written") }
}

/// Registers a patient under the next number of this station.
struct Number: Command {
  var kind = NumberKind.ipp
  /// Takes the number, then refuses.
  var refuses = false

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard let number = world.nextNumber(kind) else { throw Refusal("cannot-be-written") }
    if refuses { throw Refusal("cannot-be-written") }
    let authority = world.structure?.ippAuthority ?? ""
    return Decision(facts: [
      .registered("patient/\(moment.newID())", "MARTIN", identifier: number, authority: authority)
    ])
  }
}

extension Fact {
  static func registered(
    _ patient: String, _ name: String, identifier: String? = nil, authority: String = "1.2.250.1.999.1",
    at: Instant = .night
  ) -> Fact {
    var data: JSON = ["birthName": .string(name)]
    if let identifier {
      data = [
        "birthName": .string(name),
        "identifiers": [["value": .string(identifier), "authority": .string(authority), "type": "PI"]],
      ]
    }
    return Fact(kind: "patient.registered", subject: patient, at: at, data: data)
  }

  /// A stay's movement; `bed` as `unit|room|bed`.
  static func stay(
    _ kind: String, _ stay: String, patient: String? = nil, key: String, bed: String? = nil, number: String? = nil,
    at: Instant = .night
  ) -> Fact {
    var movement = JSONObject([("key", .string(key)), ("id", .string(key))])
    for (name, code) in zip(["unit", "room", "bed"], (bed ?? "").split(separator: "|")) {
      movement.append(name, .string(String(code)))
    }
    var data = JSONObject([("movement", .object(movement))])
    data["patient"] = patient.map { .string($0) }
    data["number"] = number.map { .string($0) }
    return Fact(kind: "stay.\(kind)", subject: stay, at: at, data: .object(data))
  }

  static func bed(_ kind: String, _ bed: String, _ data: JSON = [:], at: Instant = .night) -> Fact {
    Fact(kind: "bed.\(kind)", subject: bed, at: at, data: data)
  }
}

extension TestStation {
  /// What a crash at this moment would leave: the files as they are, without the process.
  static func copy(of folder: TemporaryFolder) throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "writer.lock" {
      try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(copy.path)/\(name)")
    }
    return copy
  }
}
