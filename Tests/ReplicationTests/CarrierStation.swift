import Foundation
import Hospital
import Ledger
import Register
import Replication
import Seeded
import Synchronization

/// A station with a real store in a folder of its own.
final class CarrierStation: Sendable {
  let register: Register
  let folder: String
  private let dice: SharedDice

  /// The first station of a hospital.
  convenience init(seed: UInt64 = 1) throws {
    try self.init(seed: seed) { folder, environment in
      try Register.create(
        folder: folder, station: "urg-1", structure: .tiny, environment: environment)
    }
  }

  /// Another station of the same hospital, which has heard nothing yet.
  func joined(_ people: String, seed: UInt64) throws -> CarrierStation {
    try CarrierStation(seed: seed) { folder, environment in
      let key = try SigningKey(random: environment.randomBytes)
      let enrolment = try self.register.enrol(station: people, key: key.publicKey, environment: environment)
      try Register.join(folder: folder, key: key, enrolment: enrolment, environment: environment)
    }
  }

  private init(seed: UInt64, _ make: (String, Environment) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "carrier-\(UUID().uuidString)")
    folder = url.path
    dice = SharedDice(seed: seed &+ 1000)
    let environment = Environment.fixed(seed: seed)
    try make(folder, environment)
    register = try Register(folder: folder, access: .writing, environment: environment)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Sendable func random(_ count: Int) -> [UInt8] { dice.bytes(count) }

  /// So many lines.
  func say(_ count: Int, _ text: String = "essai") async throws {
    for number in 0..<count {
      _ = try await register.submit(.line("\(text) \(number)"))
    }
  }

  /// Everything that another one has, beside its lines too.
  func hear(_ other: CarrierStation) async throws {
    for (_, tips) in try other.register.tips().sorted(by: { $0.key < $1.key }) {
      for tip in tips {
        let lines = try other.register.lines(endingAt: tip.hash, after: 0, bytes: .max) ?? []
        _ = try await register.takeIn(lines, from: other.register.station)
      }
    }
    _ = try register.takeInBeside(other.register.beside(after: 0, bytes: .max).map(\.bytes))
  }

  var keys: CarrierKeys { get throws { try CarrierKeys(register, random: random) } }

  func write(
    _ path: String, for destination: String? = nil, part: Int? = nil
  ) async throws -> CarrierWriting.Written {
    try await CarrierWriting(register, now: { .night }, random: random)
      .write(to: path, for: destination, partBytes: part)
  }

  func read(_ path: String, paper: OpeningKey? = nil) async throws -> CarrierReading.Outcome {
    try await CarrierReading(register).read(path, paper: paper)
  }

  /// The code of why a file is refused; nil where it is taken.
  func refusal(_ path: String, paper: OpeningKey? = nil) async throws -> String? {
    do {
      _ = try await read(path, paper: paper)
      return nil
    } catch let refusal as CarrierRefusal { return refusal.code }
  }

  var heads: [String: Set<Tip>] { get throws { try register.tips().mapValues(Set.init) } }
}

extension Submission {
  /// One line, of which nothing follows.
  static func line(_ text: String) -> Submission {
    Submission(Said(text: text), key: UUID().uuidString, author: "system")
  }

  private struct Said: Command {
    var text: String

    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
      Decision(facts: [
        Fact(kind: "essay.said", subject: "essay/\(moment.newID())", at: moment.now, data: ["text": .string(text)])
      ])
    }
  }
}

extension Structure {
  /// A hospital of one bed: what travels is no matter of beds.
  static let tiny = Structure(
    name: "Hôpital d'essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
    sites: [
      Site(
        finess: "910000001", name: "Site",
        units: [
          CareUnit(
            code: "4EST", name: "4EST", division: nil, responsibilities: ["medical"], specialty: "medicine", phone: nil,
            rooms: [Room(code: "1", beds: [Room.Place(code: "A", kind: .bed, isolation: false)])], discreet: false)
        ])
    ],
    numbers: [
      .ipp: NumberFormat(prefix: "9", length: 6, check: "none", first: 100, last: 199),
      .nda: NumberFormat(prefix: "N", length: 6, check: "luhn", first: 1, last: 9999),
    ],
    ippAuthority: "1.2.250.1.999.1", ndaAuthority: "1.2.250.1.999.2", emergencyKeepsNumber: true,
    lateEntryHoursMax: 72)
}

extension Environment {
  /// A clock that stands still, and dice from one seed.
  static func fixed(seed: UInt64) -> Environment {
    let dice = SharedDice(seed: seed)
    return Environment(
      now: { .night }, newID: { Name.uuid7(at: .night, random: dice.bytes(10)) ?? "" },
      randomBytes: { dice.bytes($0) })
  }
}

private final class SharedDice: Sendable {
  private let dice: Mutex<Seeded>

  init(seed: UInt64) { dice = Mutex(Seeded(seed: seed)) }

  func bytes(_ count: Int) -> [UInt8] { dice.withLock { $0.bytes(count) } }
}
