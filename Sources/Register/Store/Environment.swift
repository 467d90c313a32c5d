import Ledger

/// What comes from outside: passed in once, so that a test names what it uses.
public struct Environment: Sendable {
  public var now: @Sendable () -> Instant
  /// A fresh random UUID, lower case.
  public var newID: @Sendable () -> String
  public var randomBytes: @Sendable (Int) -> [UInt8]

  public init(
    now: @escaping @Sendable () -> Instant, newID: @escaping @Sendable () -> String,
    randomBytes: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.now = now
    self.newID = newID
    self.randomBytes = randomBytes
  }
}
