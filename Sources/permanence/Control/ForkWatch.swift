import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle
import Synchronization

/// Looks whether this station's chain has forked, or was dated by a clock that ran ahead: then it is certified anew, by another station or by itself, and this
/// service ends, and with it the others, so that the station goes on under its new name.
final class ForkWatch: Service {
  private static let look = Duration.seconds(1)
  private static let again = Duration.seconds(10)
  private static let answer = Duration.seconds(10)

  struct Renewal: Sendable {
    var key: SigningKey
    var enrolment: Enrolment
  }

  private let register: Register
  /// Of the next name: asked for again, it is the same one.
  private let key: SigningKey
  private let logger: Logger
  private let connect: @Sendable (PeerAddress) -> HTTPPeerLink
  private let found = Mutex<Renewal?>(nil)

  init(_ register: Register, logger: Logger, connect: @escaping @Sendable (PeerAddress) -> HTTPPeerLink) throws {
    key = try SigningKey(random: Environment.live.randomBytes)
    self.register = register
    self.logger = logger
    self.connect = connect
  }

  /// With what the station goes on; nil where it stopped for another reason.
  var renewal: Renewal? { found.withLock { $0 } }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        if self.isNeeded, !self.register.isRevoked(self.register.station) {
          if let renewal = await self.enrol() { return self.found.withLock { $0 = renewal } }
          try? await Task.sleep(for: Self.again)
        }
        try? await Task.sleep(for: Self.look)
      }
    }
  }

  /// A store that cannot be read now is asked again.
  private var isNeeded: Bool {
    (try? register.isForked() || register.isAhead(now: Environment.live.now())) ?? false
  }

  /// By another station where one can: a clone of this machine has the same enrolling key, and the same numbers.
  private func enrol() async -> Renewal? {
    do {
      for address in try register.neighbours().flatMap(\.addresses) {
        let link = connect(address)
        let enrolment = try? await PeerEnvironment.live.within(Self.answer) { [key] in
          try await link.enrolAnew(key.publicKey)
        }
        link.close()
        if let enrolment { return Renewal(key: key, enrolment: enrolment) }
      }
      let enrolment = try await register.enrolAnew(register.station, key: key.publicKey, environment: .live)
      return Renewal(key: key, enrolment: enrolment)
    } catch {
      logger.warning(
        "this station's chain forked or its clock ran ahead, and nobody certifies it anew: \(Sentence(error).text)")
      return nil
    }
  }
}
