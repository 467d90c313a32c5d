import Foundation
import GRDBSQLite
import Hospital
import Ledger
import Register
import Replication
import Testing

/// A thief who holds a station's key and the vault's credentials seals snapshots that are well formed, well signed, and
/// not what they seem.
struct ThiefTests {
  private static let year2099 = Instant(milliseconds: 4_070_908_800_000)

  /// Two stations; the second one's key is stolen. It lacks the last line of the first, which has sealed all it has.
  private struct Theft {
    var run: Simulation
    var honest: SimulatedStation
    var stolen: SimulatedStation
    /// The honest snapshot.
    var path: String

    init(isRevoked: Bool = false) async throws {
      run = try await Simulation(seed: 1, stations: 2, hasEnemy: false)
      try await run.heal()
      (honest, stolen) = (run.stations[0], run.stations[1])
      for station in run.stations { station.world.advance(milliseconds: 3_600_000) }
      try await run.admit(at: honest)
      if isRevoked {
        try await honest.register.revoke(station: stolen.register.station, environment: honest.world.environment)
      }
      let sealing = run.sealing(at: honest)
      _ = try await sealing.sealEnrolments()
      _ = try await sealing.sealLines()
      path = try await sealing.sealSnapshot().path
    }

    /// Puts a snapshot there.
    /// - Parameters:
    ///   - named: the hour that its name says, where it is another one than it bears inside.
    ///   - other: another hospital's station, where the thief has one of those alone.
    ///   - lie: what is changed inside, before it is sealed.
    /// - Returns: its path.
    func forge(
      at instant: Instant, named: Instant? = nil, by other: SimulatedStation? = nil, certificates: [[UInt8]]? = nil,
      content: [UInt8]? = nil, sql: String? = nil, _ lie: (inout SealedManifest) -> Void = { _ in }
    ) async throws -> String {
      let thief = other ?? stolen
      let environment = thief.world.environment
      let (enrolment, key) = try thief.register.identity()
      let file = "\(run.copies.scratch)/forged"
      defer { for end in ["", ".sealed"] { try? FileManager.default.removeItem(atPath: file + end) } }
      let snapshot = try thief.register.snapshot(to: file)
      if let sql { try Self.change(file, sql) }
      var manifest = SealedManifest(
        kind: .snapshot, station: thief.register.station, publicKey: key.publicKey,
        certificates: certificates ?? enrolment.certificates, sealedAt: instant, counts: snapshot.counts,
        digest: snapshot.digest.digest)
      manifest.heads = snapshot.digest.heads.sorted { $0.key < $1.key }.flatMap { chain, heads in
        heads.map { SealedManifest.Head(chain: chain, sequence: $0.sequence, hash: $0.hash) }
      }
      lie(&manifest)
      let recovery = try #require(run.copies.paper.openingKey).recipient
      var writer = try SealedFileWriter(
        path: "\(file).sealed", sealing: Sealing(manifest, to: [recovery], key: key, random: environment.randomBytes))
      try writer.append(content ?? Array(Data(contentsOf: URL(filePath: file))))
      _ = try writer.finish()
      let name = SnapshotName(
        time: HybridTime(instant: named ?? instant, counter: 0), station: thief.register.station)
      return try await run.copies.vault.put("\(file).sealed", as: name.path, until: instant).path
    }

    private static func change(_ file: String, _ sql: String) throws {
      var store: OpaquePointer?
      defer { sqlite3_close(store) }
      try #require(sqlite3_open(file, &store) == SQLITE_OK)
      try #require(sqlite3_exec(store, sql, nil, nil, nil) == SQLITE_OK)
    }

    /// A minute after all that is honest.
    var now: Instant { honest.world.now.adding(seconds: 60) }
  }

  enum Forgery: CaseIterable {
    case ofADayToCome
    case ofARevokedStation
    case ofARevokedStationIn2099
    case ofAnotherHospital
    case withAnothersCertificates
    case ofAnotherKind

    var reason: String {
      switch self {
      case .ofADayToCome: "it says that it was sealed on 2099-01-01, a day to come"
      case .ofARevokedStation, .ofARevokedStationIn2099: "which is revoked"
      case .ofAnotherHospital: "sealed by another hospital"
      case .withAnothersCertificates: "\(SealFailure.signature)"
      case .ofAnotherKind: "it holds something else than its name says"
      }
    }
  }

  /// It is never offered, the reason is said, and the hospital opens as it was.
  @Test(arguments: Forgery.allCases) func whatIsPassedOver(forgery: Forgery) async throws {
    let theft = try await Theft(isRevoked: [.ofARevokedStation, .ofARevokedStationIn2099].contains(forgery))
    let forged =
      switch forgery {
      case .ofADayToCome, .ofARevokedStationIn2099: try await theft.forge(at: Self.year2099)
      case .ofARevokedStation: try await theft.forge(at: theft.now)
      case .ofAnotherHospital: try await theft.forge(at: theft.now, by: SimulatedStation.first(seed: 99))
      case .withAnothersCertificates:
        try await theft.forge(at: theft.now, certificates: theft.honest.register.identity().enrolment.certificates)
      case .ofAnotherKind: try await theft.forge(at: theft.now) { $0.kind = .carrier }
      }
    let found = try await theft.run.machine().restoring.look()
    #expect(found.candidates.map(\.object.path) == [theft.path])
    #expect(found.passed.map(\.path) == [forged])
    #expect(found.passed.allSatisfy { $0.reason.contains(forgery.reason) }, "\(found.passed)")
    #expect(try await theft.run.restore()?.digest() == theft.honest.digest())
  }

  /// What a snapshot is worth is the hour inside: an old state under a name to come stays old.
  @Test func aNameIsNoHour() async throws {
    let theft = try await Theft()
    let old = try await theft.forge(at: theft.honest.world.now.adding(seconds: -60), named: Self.year2099)
    let found = try await theft.run.machine().restoring.look()
    #expect(found.candidates.map(\.object.path) == [theft.path, old])
    #expect(found.passed.isEmpty)
    #expect(try await theft.run.restore()?.digest() == theft.honest.digest())
  }

  enum Nonsense: CaseIterable {
    case noStore
    case anotherSchema
    case aStationsOwnName
    case aKeyOfCarriers
  }

  /// Nobody knows yet that this key is stolen: its snapshot is the newest, and no station is made of it.
  @Test(arguments: Nonsense.allCases) func whatIsNoSnapshotKeepsNobodyOut(nonsense: Nonsense) async throws {
    let theft = try await Theft()
    let forged =
      switch nonsense {
      case .noStore: try await theft.forge(at: theft.now, content: Array("not a store".utf8))
      case .anotherSchema:
        try await theft.forge(
          at: theft.now, sql: "CREATE TRIGGER t AFTER INSERT ON commits BEGIN DELETE FROM states; END")
      case .aStationsOwnName:
        try await theft.forge(at: theft.now, sql: "INSERT INTO meta(key, value) VALUES ('station', 'mal-1-00000000')")
      case .aKeyOfCarriers:
        try await theft.forge(at: theft.now, sql: "INSERT INTO beside(name, entry) VALUES ('carrier-key/0', '{}')")
      }
    let machine = try theft.run.machine()
    let found = try await machine.restoring.look()
    #expect(found.candidates.map(\.object.path) == [forged, theft.path])
    let (candidate, passed) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate?.object.path == theft.path)
    #expect(passed.map(\.path) == [forged])
    let station = try SimulatedStation(world: machine.world, disk: machine.disk)
    #expect(try await machine.restoring.verify(station.register, candidate) { _ in }.failure == nil)
    #expect(try station.digest() == theft.honest.digest())
  }

  /// However many a stolen key signs, one of them is tried before what others sealed.
  @Test func manyOfOneStationKeepNobodyOut() async throws {
    let theft = try await Theft()
    var forged: [String] = []
    for second in 1...4 {
      forged.append(
        try await theft.forge(at: theft.now.adding(seconds: -second), content: Array("not a store".utf8)))
    }
    let machine = try theft.run.machine()
    let found = try await machine.restoring.look()
    #expect(found.candidates.map(\.object.path) == forged + [theft.path])
    let (candidate, passed) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate?.object.path == theft.path)
    #expect(passed.map(\.path) == [forged[0]])
  }

  /// Copies of a true beginning are tried after the one that they were copied from, and hide no other.
  @Test func copiesOfABeginningHideNothing() async throws {
    let theft = try await Theft()
    theft.honest.world.advance(milliseconds: 60_000)
    let newest = try await theft.run.sealing(at: theft.honest).sealSnapshot().path
    let file = URL(filePath: "\(theft.run.copies.vault.address)/\(newest)")
    let copy = try Data(contentsOf: file) + Data(count: 9)
    try FileManager.default.removeItem(at: file)
    for number in 2...4 { try copy.write(to: URL(filePath: "\(file.path)~\(number)")) }
    let machine = try theft.run.machine()
    let found = try await machine.restoring.look()
    #expect(found.candidates.map(\.object.path) == (2...4).map { "\(newest)~\($0)" } + [theft.path])
    let (candidate, passed) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate?.object.path == theft.path)
    #expect(passed.map(\.path) == ["\(newest)~2"])
  }

  enum Filling: CaseIterable { case sealed, unsealed }

  /// A snapshot that is made to fill a disk, as it lies there or once it is unsealed, is passed over by its name.
  @Test(arguments: Filling.allCases) func whatFillsADiskKeepsNobodyOut(filling: Filling) async throws {
    let theft = try await Theft()
    let forged = try await theft.forge(
      at: theft.now, content: filling == .unsealed ? [UInt8](repeating: 0, count: 9 << 20) : nil)
    if filling == .sealed {
      let file = try FileHandle(forWritingTo: URL(filePath: "\(theft.run.copies.vault.address)/\(forged)"))
      try file.truncate(atOffset: 9 << 20)
      try file.close()
    }
    let vault = FaultyVault(theft.run.copies.vault)
    let machine = try theft.run.machine(from: vault, room: 8 << 20)
    let found = try await machine.restoring.look()
    #expect(found.candidates.map(\.object.path) == [forged, theft.path])
    let (candidate, passed) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate?.object.path == theft.path)
    #expect(passed.map(\.path) == [forged])
    #expect(passed.map(\.reason) == ["\(VaultFault.noRoom)"])
    // What is too large already is not even copied.
    #expect(vault.read.contains(forged) == (filling == .unsealed))
  }

  /// In a bucket, under the name of the honest snapshot and with its beginning: which of them is meant is remembered.
  @Test func aVersionIsToldFromAnother() async throws {
    let theft = try await Theft()
    let honest = "\(theft.run.copies.vault.address)/\(theft.path)"
    try (Data(contentsOf: URL(filePath: honest)) + Data(count: 100)).write(to: URL(filePath: "\(honest)~2"))
    let vault = VersionedVault(vault: theft.run.copies.vault)
    let machine = try theft.run.machine(from: vault)
    let found = try await machine.restoring.look()
    #expect(found.candidates.map(\.object.version) == ["2", "1"])
    let (candidate, passed) = try await machine.restoring.open(found, station: "secours")
    #expect(candidate?.object.version == "1")
    #expect(passed.map(\.path) == ["\(theft.path)?versionId=2"])
    let station = try SimulatedStation(world: machine.world, disk: machine.disk)
    #expect(try station.register.unverified() == "\(theft.path)?versionId=1")
    #expect(found.candidates.map { $0.object.isNamed("\(theft.path)?versionId=1") } == [false, true])
    #expect(found.candidates.allSatisfy { $0.object.isNamed(theft.path) })
  }

  enum Lie: CaseIterable {
    case screens
    case heads
    case counts
    case digest
    case line
    case index
    case counting

    var failure: String {
      switch self {
      case .screens: "its screens are not what its lines say"
      case .heads: "it does not hold the lines that it was sealed with"
      case .counts: "it does not count what it was sealed with"
      case .digest: "its state is not the one that it was sealed with"
      case .line: "lines do not hold"
      case .index: "a subject is missing from the index of facts"
      case .counting: "counts otherwise than its line"
      }
    }
  }

  /// Nor that this one lies: it opens, for nobody may wait, and stays unverified, with the reason, once it was read
  /// line by line.
  @Test(arguments: Lie.allCases) func whatLiesIsFoundOutBehindThePages(lie: Lie) async throws {
    let theft = try await Theft()
    let head = try #require(try theft.honest.register.tips()[theft.honest.register.station]?.first)
    let forged =
      switch lie {
      case .screens:
        try await theft.forge(at: theft.now, sql: "INSERT OR REPLACE INTO counters(name, value) VALUES ('stays', 7)")
      case .heads:
        try await theft.forge(at: theft.now) {
          $0.heads = [.init(chain: theft.honest.register.station, sequence: head.sequence, hash: head.hash)]
        }
      case .counts: try await theft.forge(at: theft.now) { $0.counts["patients"] = 612_408 }
      case .digest: try await theft.forge(at: theft.now) { $0.digest = String(repeating: "0", count: 64) }
      case .line:
        try await theft.forge(
          at: theft.now,
          sql: #"UPDATE commits SET line = replace(line, '"duty"', '"chef"') WHERE instr(line, '"duty"') > 0"#)
      case .index:
        try await theft.forge(
          at: theft.now, sql: "UPDATE subjects SET name = 'account/nobody' WHERE name = '\(Simulation.duty)'")
      case .counting:
        try await theft.forge(
          at: theft.now, sql: "UPDATE commits SET counts = 2 WHERE id = (SELECT max(id) FROM commits)")
      }
    let machine = try theft.run.machine()
    let (candidate, _) = try await machine.restoring.open(
      machine.restoring.look(), station: "secours")
    #expect(candidate?.object.path == forged)
    let station = try SimulatedStation(world: machine.world, disk: machine.disk)
    let verified = try await machine.restoring.verify(station.register, candidate) { _ in }
    #expect(verified.failure?.contains(lie.failure) == true, "\(verified)")
    #expect(try station.register.unverified() == forged)
  }
}
