import Ledger

/// The vault as the stations speak of it (`vault/hospital`): to whom it is sealed, and what was sealed and proved last.
public struct Vault: Sendable, Equatable {
  public static let subject = "vault/hospital"
  /// As many as a sealed file names.
  public static let recipientsMax = 16

  public let id: String
  /// In the order said; of each station each key once.
  public var recipients: [Recipient] = []
  /// The newest of each station and target, in their order.
  public var snapshots: [Snapshot] = []
  /// The last that came out well.
  public var proof: Proof?
  /// The last that did not, where none came out well since and its cause is not known to be gone.
  public var failure: Failure?
  /// Stations that were revoked, as far as whoever reads this knows: nothing says it in the vault's own facts.
  public var revoked: Set<String> = []

  /// Whose key opens what is sealed.
  public struct Recipient: Sendable, Equatable {
    public enum Purpose: String, Sendable {
      /// On paper in a safe.
      case recovery
      /// With the one station that restores the vault every night to see whether it can be.
      case proving
    }

    public var purpose: Purpose
    /// X25519, base64url, 43 characters.
    public var publicKey: String
    /// Who declared it; the station that proves holds the private half.
    public var station: String

    public init(purpose: Purpose, publicKey: String, station: String) {
      (self.purpose, self.publicKey, self.station) = (purpose, publicKey, station)
    }
  }

  public struct Snapshot: Sendable, Equatable {
    public var station: String
    public var target: String
    public var path: String
    public var at: Instant
    /// nil where the target locks nothing.
    public var lockedUntil: Instant?
    /// `patients`, `stays`, `beds`, `commits`.
    public var counts: [String: Int]

    public init(
      station: String, target: String, path: String, at: Instant, lockedUntil: Instant?, counts: [String: Int]
    ) {
      (self.station, self.target, self.path) = (station, target, path)
      (self.at, self.lockedUntil, self.counts) = (at, lockedUntil, counts)
    }
  }

  /// A snapshot that was restored into an empty place, verified, folded again and recounted.
  public struct Proof: Sendable, Equatable {
    public var path: String
    /// When that snapshot was sealed.
    public var sealedAt: Instant
    public var at: Instant
    public var counts: [String: Int]

    public init(path: String, sealedAt: Instant, at: Instant, counts: [String: Int]) {
      (self.path, self.sealedAt, self.at, self.counts) = (path, sealedAt, at, counts)
    }
  }

  public struct Failure: Sendable, Equatable {
    /// Empty where there was no snapshot to try: none could be made, or opened.
    public var path: String
    public var at: Instant
    public var reason: String
    /// Who had none; nil where there was one. Once that station seals one, it has.
    public var station: String?

    public init(path: String, at: Instant, reason: String, station: String? = nil) {
      (self.path, self.at, self.reason, self.station) = (path, at, reason, station)
    }
  }

  public init(id: String) { self.id = id }

  /// To whom what comes next is sealed: as many as a sealed file names, each key once. The first keys of every station
  /// come before the second ones, and papers before others, so that a station that says too many crowds out its own
  /// alone. Keys that only a revoked station said count for nothing, unless no paper were left.
  public var sealedTo: [Recipient] {
    let held = recipients.filter { !revoked.contains($0.station) }
    let counted = held.contains { $0.purpose == .recovery } ? held : recipients
    var said: [String: Int] = [:]
    var rows: [[Recipient]] = []
    for purpose in [Recipient.Purpose.recovery, .proving] {
      for recipient in counted where recipient.purpose == purpose {
        let place = said[recipient.station, default: 0]
        said[recipient.station] = place + 1
        if place == rows.count { rows.append([]) }
        rows[place].append(recipient)
      }
    }
    var keys: Set<String> = []
    return Array(rows.joined().filter { keys.insert($0.publicKey).inserted }.prefix(Self.recipientsMax))
  }

  /// Whether what comes next would be sealed to this one too, once its station says it: whatever others say, one that
  /// says little has a place.
  public func takes(_ recipient: Recipient) -> Bool {
    guard recipients.filter({ $0.station == recipient.station }).count < Self.recipientsMax else { return false }
    var said = self
    said.recipients.append(recipient)
    return said.publicKeys.contains(recipient.publicKey)
  }

  /// Public keys of all that it is sealed to.
  public var publicKeys: [String] { sealedTo.map(\.publicKey) }

  /// What a clock that ran ahead dated is not the newest.
  public func newest(now: Instant) -> Snapshot? {
    snapshots.filter { !$0.at.isAhead(of: now) }.max { $0.at < $1.at }
  }

  /// What a clock that ran ahead dated proves nothing of tonight.
  public func proof(now: Instant) -> Proof? { proof.flatMap { $0.at.isAhead(of: now) ? nil : $0 } }
}

extension Vault: Folded {
  public mutating func fold(_ heard: Heard) {
    // Nothing was done after its line was written.
    let at = min(heard.fact.at, heard.time.instant)
    switch heard.fact.kind {
    case "vault.recipient-added": addRecipient(heard)
    case "vault.recipient-withdrawn":
      // Of its own alone: a stolen station must not take the papers from the others.
      guard let key = heard.fact.data["publicKey"]?.string else { return }
      recipients.removeAll { $0.publicKey.sameBytes(as: key) && $0.station.sameBytes(as: heard.station) }
    case "vault.snapshot-sealed": takeSnapshot(heard, at: at)
    case "vault.proved":
      guard let path = heard.fact.data["path"]?.string,
        let sealedAt = heard.fact.data["sealedAt"]?.string.flatMap({ Instant($0) })
      else { return }
      proof = Proof(path: path, sealedAt: sealedAt, at: at, counts: Self.counts(heard.fact.data["counts"]))
      failure = nil
    case "vault.proof-failed":
      guard let path = heard.fact.data["path"]?.string, let reason = heard.fact.data["reason"]?.string else { return }
      failure = Failure(path: path, at: at, reason: reason, station: path.isEmpty ? heard.station : nil)
    default: break
    }
  }

  private mutating func addRecipient(_ heard: Heard) {
    let data = heard.fact.data
    let own = recipients.filter { $0.station.sameBytes(as: heard.station) }
    guard let purpose = data["purpose"]?.string.flatMap({ Recipient.Purpose(rawValue: $0) }),
      let key = data["publicKey"]?.string, own.count < Self.recipientsMax,
      !own.contains(where: { $0.publicKey.sameBytes(as: key) })
    else { return }
    recipients.append(Recipient(purpose: purpose, publicKey: key, station: heard.station))
  }

  private mutating func takeSnapshot(_ heard: Heard, at: Instant) {
    let data = heard.fact.data
    guard let target = data["target"]?.string, let path = data["path"]?.string else { return }
    let sealed = Snapshot(
      station: heard.station, target: target, path: path, at: at,
      lockedUntil: data["lockedUntil"]?.string.flatMap { Instant($0) }, counts: Self.counts(data["counts"]))
    snapshots.removeAll { $0.station.sameBytes(as: sealed.station) && $0.target.sameBytes(as: target) }
    snapshots.append(sealed)
    if let station = failure?.station, station.sameBytes(as: sealed.station) { failure = nil }
    snapshots.sort {
      $0.station.sameBytes(as: $1.station)
        ? $0.target.precedesInBytes($1.target) : $0.station.precedesInBytes($1.station)
    }
  }

  private static func counts(_ json: JSON?) -> [String: Int] {
    (json?.object?.members ?? []).reduce(into: [:]) { counts, member in counts[member.key] = member.value.integer }
  }
}
