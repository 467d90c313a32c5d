/// How far the roads that people walk are, in stays and identities.
public struct ReentryCounts: Sendable, Equatable {
  /// Left to enter; those parked among them.
  public var toEnter = 0
  public var parked = 0
  public var entered = 0
  public var exported = 0
  /// Of what was entered or exported.
  public var confirmed = 0
  public var unconfirmed: Int { entered + exported - confirmed }

  public init() {}

  public init(_ queue: ReentryQueue) {
    toEnter = queue.open.count
    parked = queue.open.count { $0.state?.parked != nil }
    exported = queue.screens.count { $0.state.entered.contains { $0.road == .csv } }
    entered = queue.screens.count - exported
    confirmed = queue.screens.count { $0.confirmedAt != nil }
  }

  static func += (all: inout ReentryCounts, more: ReentryCounts) {
    all.toEnter += more.toEnter
    all.parked += more.parked
    all.entered += more.entered
    all.exported += more.exported
    all.confirmed += more.confirmed
  }
}
