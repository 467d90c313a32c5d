import Feeds
import Foundation
import Hospital
import Interop
import Ledger
import Register
import Seeded
import Synchronization
import Testing

/// A station in a temporary folder that goes with it, at work in December 2025.
final class ImportStation: Sendable {
  let register: Register
  private let path: String
  let environment: Environment

  init() throws {
    let state = Mutex((now: Instant(milliseconds: 1_764_547_200_000), random: Seeded(seed: 1)))
    let bytes: @Sendable (Int) -> [UInt8] = { count in
      state.withLock { state in (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &state.random) } }
    }
    environment = Environment(
      now: {
        state.withLock { state in
          state.now.milliseconds += 5
          return state.now
        }
      },
      newID: { Name.uuid7(at: .init(milliseconds: 0), random: bytes(10)) ?? "" }, randomBytes: bytes)
    path = FileManager.default.temporaryDirectory.appending(path: "import-\(UUID().uuidString)").path
    try Register.create(folder: path, station: "urg-1", structure: .ward, environment: environment)
    register = try Register(folder: path, access: .writing, environment: environment)
  }

  /// The same station once its read models were made again; the other one is of no more use.
  init(rebuilding other: ImportStation) throws {
    try other.register.close()
    path = FileManager.default.temporaryDirectory.appending(path: "import-\(UUID().uuidString)").path
    environment = other.environment
    try FileManager.default.copyItem(atPath: other.path, toPath: path)
    try Register.rebuild(folder: path)
    register = try Register(folder: path, access: .writing, environment: environment)
  }

  /// The same station put back to now, on another machine: what both say from here on is of two branches, and counts.
  init(copying other: ImportStation) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "import-\(UUID().uuidString)").path
    environment = other.environment
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: other.path) where name != "writer.lock" {
      try FileManager.default.copyItem(atPath: "\(other.path)/\(name)", toPath: "\(path)/\(name)")
    }
    register = try Register(folder: path, access: .writing, environment: environment)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What became of each message, and the warnings of what was not known before.
  func take(_ pieces: [MessageSplitter.Piece]) async throws -> (FeedCounts, [String: Int]) {
    var counts = FeedCounts()
    var codes: [String: Int] = [:]
    for received in try await #require(try Reception(register: register)).take(pieces) {
      counts.add(received.outcome)
      if case .failed(let fault) = received.outcome { throw fault }
      guard case .taken(let warnings, isRepeated: false) = received.outcome else { continue }
      for warning in warnings { codes[warning.code, default: 0] += 1 }
    }
    return (counts, codes)
  }
}

extension Structure {
  /// The one unit where the vendor's patients lie, one of their places, and no other.
  static let ward = Structure(
    name: "Hôpital d'essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
    sites: [
      Site(
        finess: "910000001", name: "Site",
        units: ["7700", "1050"].map { code in
          CareUnit(
            code: code, name: code, division: nil, responsibilities: ["medical", "lodging", "care"],
            specialty: "medicine", phone: nil,
            rooms: [Room(code: "ZGEN", beds: [Room.Place(code: "ZGEN", kind: .bed, isolation: false)])], discreet: false
          )
        })
    ],
    numbers: [
      .ipp: NumberFormat(prefix: "9", length: 6, check: "none", first: 100, last: 199),
      .nda: NumberFormat(prefix: "N", length: 6, check: "luhn", first: 1, last: 9999),
    ],
    ippAuthority: "1.2.250.1.999.1", ndaAuthority: "1.2.250.1.999.2", emergencyKeepsNumber: true, lateEntryHoursMax: 72)
}
