import Ledger

/// Who is in charge of admissions: the main system, Permanence, or the way back.
public enum Mode: String, Sendable, CaseIterable {
  case standby = "veille"
  case degraded = "degrade"
  case handback = "reprise"
}

/// The mode that holds on a station: the hospital's, unless the station declared its own since.
public struct ModeState: Sendable, Equatable {
  public var mode: Mode
  /// `hospital` or `station`.
  public var scope: String
  public var since: Instant?
  /// Account id.
  public var by: String?
  public var reason: String?

  public init(mode: Mode, scope: String, since: Instant?, by: String?, reason: String?) {
    self.mode = mode
    self.scope = scope
    self.since = since
    self.by = by
    self.reason = reason
  }
}
