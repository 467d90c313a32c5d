import Foundation
import Hospital
import Ledger
import Register
import Replication

/// What lies elsewhere than at a station: USB keys, and a vault with its paper.
struct SimulatedCopies {
  let recipient: AddVaultRecipient
  let paper: RecoveryPaper
  let vault: FolderTarget
  /// Acknowledged lines that lie in the vault.
  var lines: Set<SimulatedLine> = []
  /// Carriers that were written, what is in them as far as that is known, and whether the paper opens them.
  var carriers: [(path: String, lines: Set<SimulatedLine>, isForPaper: Bool)] = []
  let disk: SimulatedDisk

  func hold(_ line: SimulatedLine) -> Bool {
    lines.contains(line) || carriers.contains { $0.lines.contains(line) }
  }

  var scratch: String { "\(disk.path)/scratch" }

  init(of first: SimulatedStation, _ dice: inout Dice) throws {
    disk = try SimulatedDisk()
    vault = FolderTarget(path: "\(disk.path)/vault")
    guard let recovery = OpeningKey(seed: dice.bytes(OpeningKey.seedBytes)),
      let paper = RecoveryPaper(
        hospital: Structure.simulated.name, rootFingerprint: try first.register.rootFingerprint(),
        root: try first.register.rootKey()?.seed, recovery: recovery.seed)
    else { throw PaperFailure.noRecoveryKey }
    self.paper = paper
    recipient = AddVaultRecipient(.recovery, publicKey: recovery.recipient.text)
    for folder in [vault.address, scratch] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
  }
}

extension Simulation {
  /// Somebody takes lines from one station to another in a pocket.
  func carry(from station: SimulatedStation, to other: SimulatedStation) async throws {
    let environment = station.world.environment
    let path = "\(copies.disk.path)/\(copies.carriers.count).carrier"
    let destination = dice.once(in: 2) ? other.register.station : nil
    // It may not have heard yet of the paper.
    let isForPaper = try station.register.read { try $0.vault()?.sealedTo.isEmpty } == false
    _ = try await CarrierWriting(station.register, now: environment.now, random: environment.randomBytes)
      .write(to: path, for: destination)
    // For one station it holds less, or all the same.
    let lines: Set<SimulatedLine> = destination == nil ? try acknowledged.filter { try station.holds($0) } : []
    copies.carriers.append((path, lines, isForPaper))
    if dice.once(in: 4) { return }
    try await on(other, "read") { _ = try await read(path, at: other) }
  }

  /// - Returns: whether the key that it was sealed for is known here.
  private func read(_ path: String, at station: SimulatedStation, paper: OpeningKey? = nil) async throws -> Bool {
    do { _ = try await CarrierReading(station.register).read(path, paper: paper) } catch let refusal as CarrierRefusal {
      guard refusal.code == "foreign" else { throw refusal }
      return false
    }
    return true
  }

  /// A station puts what it has into the vault.
  func seal(at station: SimulatedStation) async throws {
    // It may not have heard yet for whom.
    guard try station.register.read({ try $0.vault() }) != nil else { return }
    let sealing = sealing(at: station)
    _ = try await sealing.sealEnrolments()
    _ = try await sealing.sealLines()
    copies.lines.formUnion(try acknowledged.filter { try station.holds($0) })
  }

  /// - Parameters:
  ///   - vault: as this station reaches it.
  ///   - room: bytes that its disk has to spare.
  func sealing(
    at station: SimulatedStation, to vault: (any VaultTarget)? = nil, room: @escaping DiskRoom.Spare = { _ in nil }
  ) -> VaultSealing {
    VaultSealing(
      station.register, to: vault ?? copies.vault, scratch: copies.scratch, environment: station.world.environment,
      room: room)
  }

  /// A station is made of the vault and the paper alone, and is one of the hospital from then on.
  @discardableResult
  func restore() async throws -> SimulatedStation? {
    let (lines, snapshots) = try await (copies.vault.list("segments/"), copies.vault.list("snapshots/"))
    if lines.isEmpty && snapshots.isEmpty { return nil }
    let (restoring, world, disk) = try machine()
    let (candidate, _) = try await restoring.open(
      restoring.look(), station: "secours-\(stations.count)")
    let station = try SimulatedStation(world: world, disk: disk)
    let verified = try await restoring.verify(station.register, candidate) { _ in }
    note("restore \(station.register.station) \(verified.left.missing.count) missing")
    if let failure = verified.failure { throw VaultFault.failed(failure) }
    add(station)
    return station
  }

  /// An empty one, with the vault and the paper, whose clock nobody moved.
  /// - Parameters:
  ///   - vault: as this machine reaches it.
  ///   - now: what its clock says, where that is not the hour.
  ///   - room: bytes that its disk has to spare.
  func machine(
    from vault: (any VaultTarget)? = nil, at now: Instant? = nil, room: Int? = nil
  ) throws -> (restoring: Restoring, world: SimulatedWorld, disk: SimulatedDisk) {
    let world = SimulatedWorld(seed: dice.next(), now: now ?? hour)
    let disk = try SimulatedDisk()
    let restoring = try Restoring(
      from: vault ?? copies.vault, paper: copies.paper, folder: disk.path, environment: world.environment
    ) { _ in room }
    return (restoring, world, disk)
  }

  /// Reads every carrier, and the vault into a station of its own: what lay there alone is with the others again.
  func readCopies(at station: SimulatedStation) async throws {
    for (path, lines, isForPaper) in copies.carriers {
      if try await read(path, at: station, paper: isForPaper ? copies.paper.openingKey : nil) { continue }
      if isForPaper { throw CarrierRefusal.seal(.foreign(recipients: [])) }
      // Whoever sealed it made a key for it, before there was a paper, and nobody ever heard of that.
      lost.formUnion(try lines.filter { line in try !stations.contains { try $0.holds(line) } })
    }
    try await restore()
  }
}
