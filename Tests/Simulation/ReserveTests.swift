import Foundation
import Hospital
import Ledger
import Register
import Replication
import Testing

/// The numbers that a paper keeps are given once, wherever a restore is cut short.
struct ReserveTests {
  /// A vault whose paper keeps numbers.
  private static func sealed() async throws -> SealedVault {
    let sealed = try await SealedVault()
    try await sealed.run.submit(CedeNumbers(to: name(sealed)), sealed.sealer)
    try await SealedVault.sealOneMore(sealed.run, at: sealed.sealer)
    return sealed
  }

  private static func name(_ sealed: SealedVault) throws -> String {
    RecoveryPaper.name(of: try #require(sealed.run.copies.paper.openingKey).recipient)
  }

  private static func numbers(_ sealed: SealedVault, in vault: (any VaultTarget)? = nil) -> ReserveNumbers {
    ReserveNumbers(
      of: sealed.run.copies.paper, in: vault ?? sealed.run.copies.vault, folder: sealed.run.copies.scratch,
      environment: sealed.sealer.world.environment)
  }

  private static func hasNumbers(_ register: Register) throws -> Bool {
    try register.read { try $0.slices(ofStation: register.station) }.contains { $0.kind == .ipp }
  }

  /// Where the vault takes no mark, that is said while no number is given yet.
  @Test func theMarkComesFirst() async throws {
    let sealed = try await Self.sealed()
    let station = try await sealed.restored().station
    let register = station.register
    let vault = FaultyVault(sealed.run.copies.vault) { _, _ in .failed("no room") }
    var had: [Bool?] = []
    try await Self.numbers(sealed, in: vault).take(register) { _ in had.append(try? Self.hasNumbers(register)) }
    #expect(had == [false])
    #expect(try Self.hasNumbers(register))
    withExtendedLifetime(station) {}
  }

  /// A station that the vault knows by its lines, by a snapshot or by the mark of a restore gives its name to nobody.
  @Test func noNameIsTakenTwice() async throws {
    let sealed = try await Self.sealed()
    func refused(_ people: String) async throws -> Bool {
      let (restoring, _, disk) = try sealed.run.machine()
      defer { withExtendedLifetime(disk) {} }
      do { _ = try await restoring.open(restoring.look(), station: people) } catch VaultFault.refused(
        let reason)
      {
        return reason.contains("never given twice") && reason.contains("--station secours-1")
      }
      return false
    }
    let name = StationName.shown(sealed.sealer.register.station)
    #expect(try await refused(name))
    #expect(try await !refused("portable-1"))
    let station = try await sealed.restored().station
    #expect(try await !refused("secours"))
    try await Self.numbers(sealed).take(station.register) { _ in }
    #expect(try await refused("secours"))
    // Of a snapshot that a thief destroyed, the enrolments say as much.
    for folder in ["snapshots", "reserve"] {
      try FileManager.default.removeItem(atPath: "\(sealed.run.copies.vault.address)/\(folder)")
    }
    #expect(try await refused(name))
  }

  /// A restore that was cut short after its mark takes the numbers; another one from the same paper does not.
  @Test func aMarkIsForOneStation() async throws {
    let sealed = try await Self.sealed()
    let (one, other) = (try await sealed.restored().station, try await sealed.restored().station)
    let root = try #require(sealed.run.copies.paper.rootKey)
    let mark = ReserveMark(paper: try Self.name(sealed), station: one.register.station)
    let file = "\(sealed.run.copies.scratch)/mark"
    try Data("-".utf8).write(to: URL(filePath: file))
    let vault = sealed.run.copies.vault
    _ = try await vault.put(file, as: mark.path(signedBy: root), until: sealed.sealer.world.now)
    var said: [String] = []
    try await Self.numbers(sealed).take(one.register) { said.append($0) }
    #expect(try Self.hasNumbers(one.register))
    #expect(said == [])
    try await Self.numbers(sealed).take(other.register) { said.append($0) }
    #expect(try !Self.hasNumbers(other.register))
    #expect(said.count == 1)
    // Its own mark is not put again.
    #expect(try await vault.list("reserve/").count == 1)
  }
}
