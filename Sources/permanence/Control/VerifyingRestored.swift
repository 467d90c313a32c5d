import Foundation
import Hospital
import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle
import Web

/// A station that was restored a moment ago: takes in what the vault has beside the snapshot, and verifies all of it.
struct VerifyingRestored: Sendable {
  let restoring: Restoring
  let candidate: VaultReading.Candidate?
  /// Snapshots and enrolments that do not count.
  let passed: [VaultReading.Passed]
  /// A person said that what is missing is lost.
  let acceptMissing: Bool
  /// Gives the station its numbers, once the lines that say which are there.
  let takeNumbers: @Sendable (Register) async throws -> Void

  struct Outcome: Sendable {
    /// What something signed says was there, and is not here.
    var missing: [String]
    /// What lies there beside it and could not be used.
    var unused: [String]
    /// All that the vault names is here, and agrees with the screens.
    var isVerified: Bool
    var failure: String?
  }

  func verify(
    _ register: Register,
    progress: @escaping @Sendable (_ percent: Int, _ missing: [String], _ unused: [String]) -> Void
  ) async throws -> Outcome {
    let verified = try await restoring.verify(register, candidate) { at in
      // Reading the segments is little beside the lines.
      let share = at.of == 0 ? 100 : at.done * 100 / at.of
      progress(
        at.stage == .segments ? share / 20 : 5 + share * 95 / 100, named(at.left.missing),
        named(passed + at.left.unused))
    }
    if candidate == nil { try await takeNumbers(register) }
    let isVerified = verified.failure == nil && (verified.left.missing.isEmpty || acceptMissing)
    if isVerified { try register.noteVerified() }
    return Outcome(
      missing: named(verified.left.missing), unused: named(passed + verified.left.unused), isVerified: isVerified,
      failure: verified.failure)
  }

  private func named(_ passed: [VaultReading.Passed]) -> [String] { passed.map { "\($0.path): \($0.reason)" } }
}

/// The same behind the pages of a serving station.
struct VerifyingService: Service {
  let verifying: VerifyingRestored
  let register: Register
  let shown: Restoration
  let logger: Logger
  /// Told once it is over.
  let ended: @Sendable (Register, VerifyingRestored.Outcome) -> Void

  func run() async throws {
    let task = Task.detached(executorPreference: BackgroundExecutor.shared) {
      // Nobody waits at a terminal who could ask again, and people admit meanwhile.
      let outcome = try await BackOff.trying { error in
        let reason = Sentence(error).text
        shown.stop(reason)
        logger.error("the history could not be verified, and is tried again: \(reason)")
      } _: {
        try await verifying.verify(register) { shown.show(percent: $0, missing: $1, unused: $2) }
      }
      shown.end(missing: outcome.missing, unused: outcome.unused, failure: outcome.failure)
      ended(register, outcome)
      if let failure = outcome.failure { logger.error("the history does not agree with what was restored: \(failure)") }
    }
    await withTaskCancellationOrGracefulShutdownHandler {
      // It ends otherwise only where it is cut short.
      try? await task.value
    } onCancelOrGracefulShutdown: {
      task.cancel()
    }
    try? await gracefulShutdown()
  }
}
