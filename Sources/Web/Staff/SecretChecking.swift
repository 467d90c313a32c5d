import NIOPosix
import Register
import Synchronization

/// Verifies secrets on two threads of its own: scrypt takes 60 ms and 32 MiB, and pages must not wait for it.
final class SecretChecking: Sendable {
  /// Beyond it, come back later: a flood of attempts must not queue for minutes.
  private static let waitingMax = 64

  private let pool: NIOThreadPool
  private let waiting = Mutex(0)

  init() {
    pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
  }

  /// The first credential whose secret it is. Where there is none to compare with, takes as long.
  /// - Throws: `Problem` 429 when too many wait.
  func first(of credentials: [Credential], matching secret: String) async throws -> Credential? {
    try await run {
      guard !credentials.isEmpty else {
        _ = ScryptVerifier.nobody.matches(secret)
        return nil
      }
      return credentials.first { $0.verifier.matches(secret) }
    }
  }

  func verifier(of secret: String, salt: [UInt8]) async throws -> ScryptVerifier {
    try await run { try ScryptVerifier(of: secret, salt: salt) }
  }

  private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let hasRoom = waiting.withLock { waiting in
      guard waiting < SecretChecking.waitingMax else { return false }
      waiting += 1
      return true
    }
    guard hasRoom else { throw Problem(.tooManyRequests, retryAfterSeconds: 5) }
    defer { waiting.withLock { $0 -= 1 } }
    return try await pool.runIfActive(work)
  }
}
