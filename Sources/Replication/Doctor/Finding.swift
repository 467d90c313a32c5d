import Hospital
import Ledger
import Register

/// One thing that is not as it should be on a station.
public struct Finding: Encodable, Sendable, Equatable {
  public enum Severity: String, Encodable, Sendable {
    /// Patients or the hospital may come to harm by it.
    case unsafe
    /// Better done.
    case advice
  }

  public var code: String
  public var severity: Severity
  /// What it is, and what to do.
  public var sentence: String

  public init(code: String, severity: Severity, sentence: String) {
    (self.code, self.severity, self.sentence) = (code, severity, sentence)
  }
}

extension Finding {
  /// Where most others agree that this clock is wrong, it is. Of two that differ nobody can tell.
  public static func clocks(_ heard: [HeardStation]) -> [Finding] {
    let limit = Int64(HybridClock.aheadMaxSeconds) * 1000
    let wrong = heard.filter { $0.clockDifference.magnitude > limit.magnitude }
    if wrong.isEmpty { return [] }
    let names = wrong.map { StationName.shown($0.station) }.joined(separator: ", ")
    if heard.count == 1 {
      return [
        Finding(
          code: "clock-either", severity: .unsafe,
          sentence: "The clocks of this machine and of \(names) differ by more than five minutes: look at both, and "
            + "set the one that is wrong.")
      ]
    }
    if wrong.count * 2 > heard.count {
      return [
        Finding(
          code: "clock-here", severity: .unsafe,
          sentence: "This machine's clock differs by more than five minutes from that of the other stations: set it.")
      ]
    }
    return [
      Finding(
        code: "clock-there", severity: .advice,
        sentence: "The clock differs by more than five minutes at: \(names). Set it there.")
    ]
  }

  private static let vaultStaleSeconds = 26 * 3600
  private static let proofStaleSeconds = 50 * 3600
  private static let othersSealedDays = 7

  /// - Parameters:
  ///   - station: this one.
  ///   - sealed: when each of its vaults was last sealed to.
  public static func vault(_ vault: Vault?, station: String, sealed: [Instant], now: Instant) -> [Finding] {
    func unsafe(_ code: String, _ sentence: String) -> Finding {
      Finding(code: code, severity: .unsafe, sentence: sentence)
    }
    guard let vault, vault.sealedTo.contains(where: { $0.purpose == .recovery }) else {
      return [
        unsafe(
          "no-recovery-key",
          "There is no recovery key, so nothing can be sealed: permanence key new --paper FILE, and lock the paper away."
        )
      ]
    }
    let counted = vault.publicKeys
    let left = vault.recipients.filter { $0.purpose == .recovery && !counted.contains($0.publicKey) }
    var found: [Finding] = []
    if !left.isEmpty {
      found.append(
        Finding(
          code: "paper-left-out", severity: .advice,
          sentence: "Nothing is sealed any more to \(left.count) papers that a revoked station, or one with too many, "
            + "made (permanence vault status). For each that lies in your safe: permanence key keep --paper FILE.")
      )
    }
    // What a station sealed that is not there any more says nothing of tonight.
    let others = vault.snapshots.filter {
      $0.station != station && $0.at > now.adding(seconds: -othersSealedDays * 86_400)
    }
    guard let newest = (sealed + others.map(\.at)).filter({ !$0.isAhead(of: now) }).max() else {
      return found + [
        unsafe("no-vault", "Nothing is sealed anywhere: permanence vault seal --to FOLDER or s3://BUCKET.")
      ]
    }
    if newest < now.adding(seconds: -vaultStaleSeconds) {
      found.append(
        unsafe(
          "vault-stale", "The newest sealed copy is more than a day old: look at permanence vault status and the log."))
    }
    if let failure = vault.failure {
      found.append(unsafe("proof-failed", "The last copy that was tried could not be restored: \(failure.reason)."))
    } else if vault.proof(now: now).map({ $0.at < now.adding(seconds: -proofStaleSeconds) }) ?? true {
      found.append(
        unsafe("no-proof", "No copy was restored as a trial in the last two days: permanence vault prove."))
    }
    return found
  }
}
