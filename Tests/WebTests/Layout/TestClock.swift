import Ledger
import Register
import Synchronization

/// A clock that the test moves, identifiers and random bytes from a seed.
final class TestClock: Sendable {
  private let state = Mutex((now: Instant("2022-08-21T01:00:00.000Z")!, random: UInt64(42)))

  var now: Instant { state.withLock { $0.now } }

  func advance(seconds: Int) { state.withLock { $0.now = $0.now.adding(seconds: seconds) } }

  /// splitmix64.
  private func byte() -> UInt8 {
    state.withLock { state in
      state.random &+= 0x9E37_79B9_7F4A_7C15
      var z = state.random
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return UInt8(truncatingIfNeeded: z ^ (z >> 31))
    }
  }

  func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

  var environment: Environment {
    Environment(
      now: { self.now }, newID: { Name.uuid7(at: .init(milliseconds: 0), random: self.bytes(10))! },
      randomBytes: { self.bytes($0) })
  }
}
