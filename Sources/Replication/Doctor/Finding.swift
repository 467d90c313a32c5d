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

  /// People tell stations apart by what screens and labels show of their names.
  /// - Parameter living: whole names of those that go on, this one too.
  public static func names(_ living: [String]) -> [Finding] {
    let shared = Dictionary(grouping: living, by: StationName.shown).filter { $0.value.count > 1 }
    return shared.sorted { $0.key < $1.key }.map { shown, stations in
      Finding(
        code: "name-shared", severity: .advice,
        sentence: "\(stations.count) stations are called \(shown) (\(stations.sorted().joined(separator: ", "))), and "
          + "screens do not tell them apart. Keep one; on each other machine, permanence station join under another "
          + "name, into an empty folder; then, once all that it said is here, permanence station revoke with its "
          + "whole name.")
    }
  }

  private static let alonePatienceSeconds = 300

  /// What was said here and is nowhere else.
  /// - Parameter since: when the oldest line of this station was said that no other one holds; nil where all are held.
  public static func held(lackedSince since: Instant?, now: Instant, shown: (Instant) -> String) -> [Finding] {
    guard let since, since < now.adding(seconds: -alonePatienceSeconds) else { return [] }
    return [
      Finding(
        code: "held-nowhere", severity: .unsafe,
        sentence: "No other station holds what was said here since \(shown(since)). See that one runs and reaches this "
          + "machine (permanence station list; serve --peers-host says where this one listens), or carry it on a USB "
          + "key: permanence carrier write.")
    ]
  }

  /// This station's own last line is dated later than now: whatever is reckoned from this clock would be false.
  /// - Parameters:
  ///   - now: by this machine's clock.
  ///   - lastLine: as the line says it.
  public static func clockInDoubt(now: String, lastLine: String) -> Finding {
    Finding(
      code: "clock-here", severity: .unsafe,
      sentence: "This machine's clock says \(now), and the last line that this station wrote is dated \(lastLine): set "
        + "the clock. Where it is right and ran ahead before, let this station reach one that enrols, and it goes on "
        + "under a new name by itself. Until then nothing is said here of what is silent, old or stale.")
  }

  /// Numbers without which nobody can be admitted.
  public static func numbers(_ numbers: [NumberKind: NumbersLeft], isDrill: Bool) -> [Finding] {
    if isDrill {
      return [
        Finding(
          code: "drill", severity: .advice,
          sentence: "This station was restored as a drill: it has no numbers, so nobody can be admitted, and it seals "
            + "nowhere. To work, restore again without --drill, into an empty folder.")
      ]
    }
    let low = numbers.filter(\.value.isLow).sorted { $0.key.rawValue < $1.key.rawValue }
    func named(_ rows: some Sequence<(key: NumberKind, value: NumbersLeft)>) -> String {
      rows.map { $0.key.rawValue.uppercased() }.joined(separator: " and ")
    }
    let gone = low.filter { $0.value.left == 0 }
    let others = low.filter { $0.value.left > 0 }
    var found: [Finding] = []
    if !gone.isEmpty {
      // What a paper keeps is for one restored station.
      let restored =
        gone.contains { $0.value.granted == 0 }
        ? " Where its paper's are used up, restore from another paper, into an empty folder." : ""
      found.append(
        Finding(
          code: "no-numbers", severity: .unsafe,
          sentence: "This station has no \(named(gone)) numbers to give, so nobody can be admitted here. Admit at "
            + "another station, or give it serials that neither the main system nor another station gives: permanence "
            + "numbers grant.\(restored)"))
    }
    if !others.isEmpty {
      found.append(
        Finding(
          code: "numbers-low", severity: .advice,
          sentence:
            "Few \(named(others)) numbers are left here: permanence numbers show, then permanence numbers grant."
        ))
    }
    return found
  }

  private static let vaultStaleSeconds = 26 * 3600
  private static let proofStaleSeconds = 50 * 3600
  private static let othersSealedDays = 7

  /// What keeps this station from sealing, or from locking what it sealed.
  public static func sealing(_ failures: [SealingFailure], shown: (Instant) -> String) -> [Finding] {
    failures.map { failure in
      func cannot(_ what: String) -> Finding {
        Finding(
          code: "vault-failing", severity: .unsafe,
          sentence: "\(what) to \(failure.target) since \(shown(failure.since)): \(failure.reason). Bring that vault "
            + "back, or another one: permanence vault seal --to FOLDER or s3://BUCKET.")
      }
      switch failure.kind {
      case .lines: return cannot("Nothing can be sealed")
      case .snapshot: return cannot("Lines are sealed, but no copy of the whole store,")
      case .locks:
        return Finding(
          code: "vault-unrenewed", severity: .unsafe,
          sentence:
            "Copies are sealed to \(failure.target), but since \(shown(failure.since)) none is locked for longer, "
            + "so that each can be erased once its lock ends: \(failure.reason). Let this station's credentials prolong "
            + "retentions (s3:PutObjectRetention), then permanence vault seal --to \(failure.target).")
      }
    }
  }

  /// - Parameters:
  ///   - station: this one.
  ///   - sealed: when each of its vaults was last sealed to.
  ///   - isClockInDoubt: then no age is reckoned.
  public static func vault(
    _ vault: Vault?, station: String, sealed: [Instant], now: Instant, isClockInDoubt: Bool = false
  ) -> [Finding] {
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
    if isClockInDoubt {
      return found + (vault.failure.map { [proofFailed($0)] } ?? [])
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
      found.append(proofFailed(failure))
    } else if vault.proof(now: now).map({ $0.at < now.adding(seconds: -proofStaleSeconds) }) ?? true {
      found.append(
        unsafe(
          "no-proof",
          "No copy was restored as a trial in the last two days: permanence vault prove, on a station that holds a "
            + "proving key. Where that station is lost, make this one such: permanence key proving, then vault seal."))
    }
    return found
  }

  private static func proofFailed(_ failure: Vault.Failure) -> Finding {
    Finding(
      code: "proof-failed", severity: .unsafe,
      sentence: "The last copy that was tried could not be restored: \(failure.reason).")
  }
}
