import Ledger

/// What was last declared for the hospital (`mode/hospital`) or on one station (`mode/<station>`).
public struct ModeDeclaration: Sendable, Equatable {
  public let id: String
  /// nil before the first declaration, and once it was ended.
  public var mode: Mode?
  public var reason: String?
  public var since: Instant?
  /// Account id.
  public var by: String?
  /// When it was written, which says whether another came later.
  public var time: HybridTime?

  public init(id: String) { self.id = id }
}

extension ModeState {
  /// Before anybody declared anything the main system is in charge.
  public static let unsaid = ModeState(mode: .standby, scope: "hospital", since: nil, by: nil, reason: nil)

  /// The mode that holds on a station: its own declaration until that was ended, or until the hospital declared later.
  public static func holding(hospital: ModeDeclaration?, station: ModeDeclaration?) -> ModeState {
    if let station, let mode = station.mode, let said = station.time {
      let overruled = hospital?.time.map { $0 > said } ?? false
      if !overruled { return ModeState(mode, "station", station) }
    }
    if let hospital, let mode = hospital.mode { return ModeState(mode, "hospital", hospital) }
    return .unsaid
  }

  private init(_ mode: Mode, _ scope: String, _ declaration: ModeDeclaration) {
    self.init(
      mode: mode, scope: scope, since: declaration.since, by: declaration.by, reason: declaration.reason)
  }
}

extension ModeDeclaration: Folded {
  public mutating func fold(_ heard: Heard) {
    switch heard.fact.kind {
    case "mode.declared":
      guard let mode = heard.fact.data["mode"]?.string.flatMap({ Mode(rawValue: $0) }) else { return }
      say(mode, heard)
    case "mode.ended": say(nil, heard)
    default: break
    }
  }

  private mutating func say(_ mode: Mode?, _ heard: Heard) {
    self.mode = mode
    reason = heard.fact.data["reason"]?.string
    since = heard.fact.at
    by = heard.author
    time = heard.time
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("mode", mode?.rawValue)
    writer.put("reason", reason)
    writer.put("since", since)
    writer.put("by", by)
    writer.put("time", time?.text)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    mode = object["mode"]?.string.flatMap { Mode(rawValue: $0) }
    reason = object["reason"]?.string
    since = object["since"]?.storedInstant
    by = object["by"]?.string
    time = object["time"]?.string.flatMap { HybridTime($0) }
  }
}
