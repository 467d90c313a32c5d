import Hospital
import Ledger
import Register
import Synchronization

/// What the banner of every page says of this station.
struct Situation: Sendable, Equatable {
  /// Under which pages are told that it changed.
  static let name = "situation"

  var mode = ModeState(mode: .standby, scope: "hospital", since: nil, by: nil, reason: nil)
  /// Name of whoever declared it.
  var modeBy: String?
  var hospital = ""
  /// Made for practice.
  var fictive = false
  var timeZone = Structure.usualTimeZone
  var station = ""
  var conflicts = 0
  /// The hospital's root key still lies on this machine, not yet on paper.
  var holdsRootKey = false
  /// Of the other stations.
  var others = OtherStandings()
  /// Of the paper that this station makes; nil where it makes none.
  var paper: PackRecord.Age?
  /// When the newest sealed copy was made; nil where nothing is sealed.
  var sealedAt: Instant?
  /// The last copy that was restored as a trial.
  var proof: Vault.Proof?
  /// The last trial failed.
  var proofFailed = false
  /// Of a restored station whose history is still verified: how much of it was read again.
  var unverifiedPercent: Int?
  /// That does not go on for now.
  var isVerifyingStopped = false
  /// That history does not agree with what was restored.
  var isOtherwise = false
  /// Feeds that are longer silent than they ever are at this hour.
  var silentFeeds: [String] = []
  /// Feeds that speak and of which nothing is taken, with how many messages were refused: `GAM|CH (12)`.
  var refusedFeeds: [String] = []
  /// Kinds of numbers of which less than 30 % is left, with the percentage: 0 where there is none to give.
  var numbersLow: [String: Int] = [:]
  /// Restored as a drill: it gives no numbers.
  var isDrill = false
  /// Since when nothing, or no whole copy, can be sealed to one of its vaults.
  var unsealedSince: Instant?
  /// Since when what lies in a vault is not locked for longer.
  var unrenewedSince: Instant?
  /// This station's last line is later than its clock says.
  var isClockInDoubt = false
  /// Reads of patients' files that are not in their chain yet.
  var readsPending = 0

  /// Without what comes and goes with every page that is opened.
  fileprivate var lasting: Situation {
    var lasting = self
    lasting.readsPending = 0
    return lasting
  }
}

/// Reads the situation at most once a second, however many pages are asked for; at once after `changed()`.
final class SituationCache: Sendable {
  private struct State {
    var kept = Situation()
    var readAt: Instant?
    var isReading = false
  }

  private let state = Mutex(State())
  private let environment: Outside
  private let changes: @Sendable () -> Void
  private let read: @Sendable () throws -> Situation

  /// - Parameter changes: called when what was read differs from what was read before.
  init(
    environment: Outside, changes: @escaping @Sendable () -> Void,
    read: @escaping @Sendable () throws -> Situation
  ) {
    self.environment = environment
    self.changes = changes
    self.read = read
  }

  /// The next page reads it again.
  func changed() { state.withLock { $0.readAt = nil } }

  /// What was read last, without reading: safe inside `Register.read`, which must not be entered twice.
  var last: Situation { state.withLock { $0.kept } }

  /// What was read last where it cannot be read now: a banner must not take its page along.
  func now() -> Situation {
    let instant = environment.now()
    let (kept, mustRead) = state.withLock { state in
      let isOld = state.readAt.map { instant >= $0.adding(seconds: 1) || instant < $0 } ?? true
      let mustRead = isOld && (!state.isReading || state.readAt == nil)
      if mustRead {
        state.isReading = true
        state.readAt = instant
      }
      return (state.kept, mustRead)
    }
    guard mustRead else { return kept }
    let fresh = try? read()
    let (held, isOther) = state.withLock { state in
      state.isReading = false
      guard let fresh else { return (state.kept, false) }
      let isOther = fresh.lasting != state.kept.lasting
      state.kept = fresh
      return (fresh, isOther)
    }
    if isOther { changes() }
    return held
  }
}
