import Foundation
import Hospital
import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle

/// Seals to the vaults that this station knows and proves them, one thing at a time.
actor Vaulting {
  private let register: Register
  private let environment: Environment
  private var last: Task<Void, Never>?
  /// When each vault was last proved from here: the ledger's order may put that before a proof dated ahead.
  private(set) var tried: [String: Instant] = [:]
  /// When no snapshot could be sealed to a vault from here, where none was since.
  private(set) var failed: [String: Instant] = [:]

  init(_ register: Register, environment: Environment = .live) {
    (self.register, self.environment) = (register, environment)
    _ = ProgramFiles.held
  }

  struct Sealed: Sendable {
    var objects: [SealedObject] = []
    var renewed = 0
    /// What this station had put there and that is there no more; it is sealed again.
    var gone = VaultSealing.Gone()
    /// Why there is no snapshot.
    var snapshotFailure: (any Error)?
    /// Why what lies there is not locked for longer.
    var lockFailure: (any Error)?
    /// Why the program does not lie there whole.
    var programFailure: String?
  }

  /// All that the vault at this address lacks. What fails is kept until it succeeds.
  func seal(to address: String, snapshot: Bool, retentionDays: Int) async throws -> Sealed {
    do {
      let sealed = try await sealNow(to: address, snapshot: snapshot, retentionDays: retentionDays)
      if let failure = sealed.lockFailure { keep(failure, .locks, of: address) }
      var done: Set<SealingFailure.Kind> = snapshot && sealed.lockFailure == nil ? [.locks] : []
      if let failure = sealed.snapshotFailure {
        keep(failure, .snapshot, of: address)
      } else {
        done.formUnion(snapshot ? [.lines, .snapshot] : [.lines])
      }
      try? register.noteSealed(to: address, done)
      return sealed
    } catch {
      if !(error is CancellationError) { keep(error, .lines, of: address) }
      throw error
    }
  }

  private func keep(_ error: any Error, _ kind: SealingFailure.Kind, of address: String) {
    // Where not even that can be written, the disk says so elsewhere.
    try? register.noteSealingFailed(
      SealingFailure(
        target: address, kind: kind, since: environment.now(),
        reason: Sentence(error).text.trimmingCharacters(in: ["."])))
  }

  private func sealNow(to address: String, snapshot: Bool, retentionDays: Int) async throws -> Sealed {
    try await inTurn { [self] scratch in
      let target = try Self.target(address)
      try await target.check()
      let sealing = VaultSealing(
        register, to: target, scratch: scratch, environment: environment, retentionDays: retentionDays)
      var sealed = Sealed()
      if snapshot { sealed.gone = try await sealing.forgetWhatIsGone() }
      if let enrolments = try await sealing.sealEnrolments() { sealed.objects.append(enrolments) }
      if snapshot {
        let (objects, failure) = try await sealing.sealLinesAndSnapshot()
        sealed.objects += objects
        sealed.snapshotFailure = failure
        await note(failure, of: address)
        do {
          let renewed = try await sealing.renew()
          sealed.renewed = renewed.count
          sealed.objects += renewed.sealed
        } catch { sealed.lockFailure = error }
        do { try await sealing.keepProgram(ProgramFiles.held.get()) } catch {
          sealed.programFailure = Sentence(error).text
        }
      } else {
        sealed.objects += try await sealing.sealLines()
      }
      return sealed
    }
  }

  private func note(_ failure: (any Error)?, of address: String) {
    failed[address] = failure.map { _ in environment.now() }
  }

  /// Restores the newest snapshot into an empty place and compares.
  func prove(
    _ address: String, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> VaultProving.Proved {
    do {
      let proved = try await prove(in: address, progress)
      tried[address] = environment.now()
      return proved
    } catch {
      // A vault that does not answer is asked again soon; what this disk refuses is not tried each minute.
      if case VaultFault.failed = error { throw error }
      tried[address] = environment.now()
      throw error
    }
  }

  private func prove(
    in address: String, _ progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws -> VaultProving.Proved {
    try await inTurn(endsWithCaller: true) { [self] scratch in
      guard let key = try ProvingKey.read(folder: register.path) else {
        throw Sentence(
          "This station does not hold a proving key: prove on one that does, or make one here with permanence key proving, "
            + "then seal.")
      }
      let proving = VaultProving(
        register, of: try Self.target(address), scratch: scratch, environment: environment)
      return try await proving.prove(with: key, progress: progress)
    }
  }

  var proves: Bool { (try? ProvingKey.read(folder: register.path)) != nil }

  static func target(_ address: String) throws -> any VaultTarget {
    guard let parsed = VaultAddress(address) else {
      throw Sentence("\(address) is no vault: write a folder's path or s3://BUCKET.")
    }
    return try parsed.target(environment: ProcessInfo.processInfo.environment, now: Environment.live.now)
  }

  /// A vault's address as another process understands it.
  static func absolute(_ address: String) throws -> String {
    guard let parsed = VaultAddress(address) else {
      throw Sentence("\(address) is no vault: write a folder's path or s3://BUCKET.")
    }
    switch parsed {
    case .folder(let path): return URL(filePath: (path as NSString).expandingTildeInPath).path
    case .bucket(let name): return "s3://\(name)"
    }
  }

  /// Where files are while they are made.
  private static func work(_ register: Register) -> String { "\(register.path)/vault-work" }

  /// What a crash left there was never whole.
  nonisolated func clean() { try? FileManager.default.removeItem(atPath: Self.work(register)) }

  /// Whoever asks while something runs waits for its end.
  /// - Parameter endsWithCaller: it is ended too once the task that asked is cancelled; what is sealed is sealed whole.
  private func inTurn<Value: Sendable>(
    endsWithCaller: Bool = false, _ body: @escaping @Sendable (_ scratch: String) async throws -> Value
  ) async throws -> Value {
    let before = last
    let scratch = "\(Self.work(register))/\(environment.newID())"
    let task = Task(executorPreference: BackgroundExecutor.shared) {
      await before?.value
      if endsWithCaller { try Task.checkCancellation() }
      try FileManager.default.createDirectory(
        atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      defer { try? FileManager.default.removeItem(atPath: scratch) }
      do { return try await body(scratch) } catch {
        // A target that was cut off says that it does not answer.
        if endsWithCaller { try Task.checkCancellation() }
        throw error
      }
    }
    last = Task { _ = try? await task.value }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      if endsWithCaller { task.cancel() }
    }
  }
}

/// Seals as lines come and a snapshot every night, then proves it, for as long as the station serves.
struct VaultKeeping: Service {
  private static let everySeconds = 60

  let vaulting: Vaulting
  let register: Register
  let logger: Logger

  func run() async throws {
    vaulting.clean()
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        for address in (try? register.vaultTargets()) ?? [] { await keep(address) }
        try? await Task.sleep(for: .seconds(Self.everySeconds))
      }
    }
  }

  private func keep(_ address: String) async {
    do {
      let snapshot = try await isNight(address)
      let sealed = try await vaulting.seal(
        to: address, snapshot: snapshot, retentionDays: VaultSealing.retentionDays)
      if sealed.gone.count > 0 {
        logger.error(
          "\(sealed.gone.count) objects were gone from the vault \(address), and are sealed again: look at it")
      }
      if let failure = sealed.snapshotFailure {
        logger.error(
          "no snapshot was sealed to the vault \(address), and one is tried again in an hour: \(Sentence(failure).text)"
        )
      }
      if let failure = sealed.lockFailure {
        logger.error(
          "what lies in the vault \(address) was not locked for longer, as it is at each snapshot: \(Sentence(failure).text)"
        )
      }
      if let failure = sealed.programFailure {
        logger.error("the program was not put beside the copies in the vault \(address): \(failure)")
      }
      guard await vaulting.proves, try await isUnproved(address) else { return }
      let proved = try await vaulting.prove(address)
      for passed in proved.passed { logger.error("no station can be made of \(passed.path): \(passed.reason)") }
      if let failure = proved.failure { logger.error("the vault \(address) could not be restored: \(failure)") }
    } catch is CancellationError {
      // The station stops: a proof that was cut short says nothing.
    } catch { logger.error("the vault \(address) was not sealed: \(Sentence(error).text)") }
  }

  private func isUnproved(_ address: String) async throws -> Bool {
    let now = Environment.live.now()
    let vault = try register.read { try $0.vault() }
    return VaultNights.isUnproved(
      newest: try register.newestSealed(in: address, .snapshot, now: now),
      tried: [vault?.proof?.at, vault?.failure?.at, await vaulting.tried[address]].compactMap(\.self), now: now)
  }

  private func isNight(_ address: String) async throws -> Bool {
    let now = Environment.live.now()
    let structure = try register.read { try $0.structure }
    return VaultNights.isDue(
      newest: try register.newestSealed(in: address, .snapshot, now: now), failed: await vaulting.failed[address],
      now: now, LocalTime(of: structure))
  }
}
