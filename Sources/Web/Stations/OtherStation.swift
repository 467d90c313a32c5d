import Ledger

/// Another station of the hospital, as this one knows it: neither revoked nor gone on under another name.
public struct OtherStation: Sendable, Equatable {
  /// Whole.
  public var name: String
  public var isConnected: Bool
  /// By this station's wall clock; nil where it never answered.
  public var lastHeard: Instant?
  /// Lines that it lacks, and that this station lacks, as far as it said what it holds.
  public var behind: Int
  public var ahead: Int
  /// When the oldest line that it lacks was said.
  public var lacksSince: Instant?
  /// It holds all that was said here.
  public var holdsAllSaidHere: Bool
  /// Of its program.
  public var version: String?
  /// Its wall clock less this station's, in milliseconds.
  public var clockDifference: Int64?

  public init(
    name: String, isConnected: Bool, lastHeard: Instant?, behind: Int, ahead: Int, lacksSince: Instant?,
    holdsAllSaidHere: Bool, version: String?, clockDifference: Int64?
  ) {
    self.name = name
    self.isConnected = isConnected
    self.lastHeard = lastHeard
    self.behind = behind
    self.ahead = ahead
    self.lacksSince = lacksSince
    self.holdsAllSaidHere = holdsAllSaidHere
    self.version = version
    self.clockDifference = clockDifference
  }

  enum Standing: Sendable, Equatable {
    case upToDate
    /// It answers, and takes nothing of what was said since.
    case late(Instant)
    /// Since when; nil where it never answered.
    case silent(Instant?)
  }

  /// One that is connected is asked once a minute.
  private static let connectedSeconds = 90
  private static let cutSeconds = 30
  /// Longer than a line takes to any station that works.
  private static let lateSeconds = 60

  func standing(at now: Instant) -> Standing {
    let seconds = isConnected ? Self.connectedSeconds : Self.cutSeconds
    // One that was heard by a clock that ran ahead may have been cut since.
    guard let lastHeard, lastHeard > now.adding(seconds: -seconds), !lastHeard.isAhead(of: now) else {
      return .silent(lastHeard)
    }
    if let lacksSince, lacksSince < now.adding(seconds: -Self.lateSeconds) { return .late(lacksSince) }
    return .upToDate
  }
}

/// How other stations stand, for the banner.
struct OtherStandings: Sendable, Equatable {
  struct Named: Sendable, Equatable {
    var name: String
    var since: Instant?
  }

  var count = 0
  var upToDate = 0
  var late: [Named] = []
  var silent: [Named] = []

  init() {}

  init(_ others: [OtherStation], at now: Instant) {
    count = others.count
    for other in others {
      switch other.standing(at: now) {
      case .upToDate: upToDate += 1
      case .late(let since): late.append(Named(name: other.name, since: since))
      case .silent(let since): silent.append(Named(name: other.name, since: since))
      }
    }
  }

  /// More are counted and not named: the banner is one line.
  private static let namedMax = 3

  /// `autres postes : 4 à jour, 1 muet (bloc-2, il y a 7 min)`, as HTML; `clock.js` keeps the minutes true.
  func html(_ wording: Wording) -> String {
    if count == 0 { return escaped(wording("banner.alone")) }
    var parts: [String] = []
    if upToDate > 0 { parts.append(escaped(wording("banner.up-to-date", ["count": String(upToDate)]))) }
    if !late.isEmpty { parts.append(part("banner.late", late, wording)) }
    if !silent.isEmpty { parts.append(part(silent.count == 1 ? "banner.mute" : "banner.mutes", silent, wording)) }
    return escaped(wording(count == 1 ? "banner.other" : "banner.others")) + " " + parts.joined(separator: ", ")
  }

  private func part(_ key: String, _ stations: [Named], _ wording: Wording) -> String {
    let names = stations.prefix(Self.namedMax).map { station in
      let name = escaped(StationName.shown(station.name))
      guard let since = station.since else { return "\(name), \(escaped(wording("station.never")))" }
      // Nobody knows since when.
      if since.isAhead(of: wording.now) { return name }
      return "\(name), <time datetime=\"\(since.text)\" data-ago>\(escaped(wording.ago(since)))</time>"
    }
    let more = stations.count > Self.namedMax ? " · …" : ""
    return "\(escaped(wording(key, ["count": String(stations.count)]))) (\(names.joined(separator: " · "))\(more))"
  }
}

extension OtherStation {
  static let fields = [
    Field("station"), Field("standing", .choice(["up-to-date", "late", "silent"])),
    Field("lastHeard", .maybe(.instant)), Field("behind", .integer(min: 0), "Lines that it lacks"),
    Field("ahead", .integer(min: 0), "Lines that this station lacks"),
    Field("lacksSince", .maybe(.instant), "When the oldest line that it lacks was said"),
    Field("holdsAllSaidHere", .flag), Field("version", .maybe(.text())),
    Field("clockDifferenceMilliseconds", .maybe(.integer()), "Its clock less this station's"),
  ]

  func model(_ wording: Wording) -> [String: any Sendable] {
    let (key, means) =
      switch standing(at: wording.now) {
      case .upToDate: ("station.up-to-date", "fine")
      case .late: ("station.late", "waiting")
      case .silent: ("station.silent", "alert")
      }
    return [
      "name": StationName.shown(name), "standing": wording(key), "means": means,
      "sign": means == "fine" ? "✓" : "!",
      "heard": lastHeard.map(wording.when) ?? escaped(wording("station.never")), "behind": grouped(behind),
      "ahead": grouped(ahead), "holds": wording(holdsAllSaidHere ? "station.holds" : "station.holds-not"),
      "version": version ?? "–", "clock": clockDifference.map(clock) ?? "–",
    ]
    .adding("since", lacksSince.map(wording.when))
  }

  /// `+2 s`.
  private func clock(_ milliseconds: Int64) -> String {
    (milliseconds < 0 ? "−" : "+") + grouped(Int((milliseconds.magnitude + 500) / 1000)) + " s"
  }

  func json(at now: Instant) -> JSON {
    let word =
      switch standing(at: now) {
      case .upToDate: "up-to-date"
      case .late: "late"
      case .silent: "silent"
      }
    return [
      "station": .string(name), "standing": .string(word), "lastHeard": lastHeard.map { .string($0.text) } ?? .null,
      "behind": .integer(behind), "ahead": .integer(ahead),
      "lacksSince": lacksSince.map { .string($0.text) } ?? .null, "holdsAllSaidHere": .bool(holdsAllSaidHere),
      "version": version.map { .string($0) } ?? .null,
      "clockDifferenceMilliseconds": clockDifference.map { .integer(Int($0)) } ?? .null,
    ]
  }
}
