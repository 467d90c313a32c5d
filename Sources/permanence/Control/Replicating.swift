import Hospital
import Hummingbird
import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle

/// What a serving station does with others: gives its lines, pulls theirs, and takes new ones in.
struct Replicating: Sendable {
  let register: Register
  let inviting: Inviting
  let pulling: [Pulling]
  let listeners: [any Service]
  /// Where a new station asks to join.
  let joinPort: Int

  static let version = "1"

  /// - Parameter port: for the lines; a new station asks to join at the next one.
  init(register: Register, host: String, port: Int, peers: [String], logger: Logger) throws {
    self.register = register
    let identity = try register.identity()
    let credentials = try PeerCredentials(enrolment: identity.enrolment, key: identity.key)
    let store: any LineStore = register
    inviting = Inviting(
      hostCertificate: identity.enrolment.certificates[0], now: Environment.live.now,
      random: Environment.live.randomBytes
    ) { people, key in
      let enrolment = try register.enrol(station: people, key: key, environment: .live)
      guard let name = enrolment.station else { throw Sentence("The certificate names no station.") }
      _ = try await register.submit(
        Submission(CedeNumbers(to: name), key: Environment.live.newID(), author: "system"))
      return enrolment
    }
    let server = PeerServer(
      store: store, credentials: credentials, version: Self.version, environment: .live, logger: logger,
      isRefused: { _ in false })
    let lines = try server.application(host: host, port: port) {
      Terminal.print("listening for stations on \(host):\($0)")
    }
    joinPort = port == 0 ? 0 : port + 1
    let joining = try JoinServer(inviting: inviting, credentials: credentials, logger: logger)
      .application(host: host, port: joinPort) { Terminal.print("listening for new stations on \(host):\($0)") }
    listeners = [
      Listening(name: "other stations", service: lines, logger: logger),
      Listening(name: "new stations", service: joining, logger: logger),
    ]
    let claims = PullClaims()
    pulling = Set((try register.peers() + peers).compactMap(PeerAddress.init)).sorted { $0.text < $1.text }.map {
      peer in
      Pulling(address: peer.text, store: store, claims: claims, environment: .live, logger: logger) {
        HTTPPeerLink(to: peer, credentials: credentials, isRefused: { _ in false })
      }
    }
  }

  var services: [any Service] { listeners + pulling }
}

/// A listener without which the station goes on: a port that is taken must not close admissions.
private struct Listening: Service {
  let name: String
  let service: any Service
  let logger: Logger

  func run() async throws {
    do { try await service.run() } catch {
      if Task.isCancelled { return }
      logger.error("nobody listens for \(name): \(error)")
      try await gracefulShutdown()
    }
  }
}

extension PeerEnvironment {
  static let live = PeerEnvironment(
    now: Environment.live.now, sleep: { try await Task.sleep(for: $0) }, fraction: { Double.random(in: 0..<1) })
}
