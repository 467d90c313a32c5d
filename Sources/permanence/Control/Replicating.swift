import Hospital
import Hummingbird
import Ledger
import Logging
import Register
import Replication
import ServiceLifecycle
import Synchronization

/// What a serving station does with others: gives its lines, pulls theirs, and takes new ones in.
struct Replicating: Sendable {
  let register: Register
  let inviting: Inviting
  let neighbours: Neighbours
  let forks: ForkWatch
  let services: [any Service]
  /// Where a new station asks to join.
  let joinPort: Int
  private let reached: Reached

  /// Where others reach this station; none before it listens.
  var addresses: [PeerAddress] { reached.addresses }

  struct Options {
    /// To listen on.
    var host: String
    /// For the lines; a new station asks to join at the next one.
    var port: Int
    /// Where others reach this station, where that is not what it listens on.
    var reached: [PeerAddress]
  }

  init(register: Register, options: Options, logger: Logger) throws {
    let (host, port) = (options.host, options.port)
    self.register = register
    let identity = try register.identity()
    let credentials = try PeerCredentials(enrolment: identity.enrolment, key: identity.key)
    let isRefused: @Sendable (String) -> Bool = { register.isRevoked($0) }
    // Before anybody joins or is cut off: a carrier is opened with what was heard in time.
    _ = try CarrierKeys(register, random: Environment.live.randomBytes)
    inviting = Inviting(
      hostCertificate: identity.enrolment.certificates[0], now: Environment.live.now,
      random: Environment.live.randomBytes, isTaken: { people in try register.read { try $0.isCalled(people) } },
      enrol: { people, key in
        let enrolment = try register.enrol(station: people, key: key, environment: .live)
        guard let name = enrolment.station else { throw Sentence("The certificate names no station.") }
        do {
          _ = try await register.submit(
            Submission(CedeNumbers(to: name), key: Environment.live.newID(), author: "system"))
        } catch let refusal as Refusal where refusal.code == "numbers-used-up" { throw JoinRefusal.numbersUsedUp }
        return enrolment
      })
    let reached = Reached(options.reached)
    self.reached = reached
    let neighbours = Self.neighbours(register, credentials, reached, isRefused: isRefused, logger: logger)
    let marks = MarksTold(register)
    let server = PeerServer(
      store: register, credentials: credentials, version: Permanence.version, environment: .live, logger: logger,
      hear: { neighbours.hear($0, at: $1) },
      enrol: { try await register.enrolAnew($0, key: $1, environment: .live) }, isRefused: isRefused,
      mark: { marks.mark(against: $0) })
    let lines = try server.application(host: host, port: port) { port in
      Terminal.print("listening for stations on \(host):\(port)")
      await reached.listens(host: host, port: port, register, logger)
    }
    joinPort = port == 0 ? 0 : port + 1
    let joining = try JoinServer(inviting: inviting, credentials: credentials, logger: logger)
      .application(host: host, port: joinPort) { Terminal.print("listening for new stations on \(host):\($0)") }
    self.neighbours = neighbours
    forks = try ForkWatch(register, logger: logger) {
      HTTPPeerLink(to: $0, credentials: credentials, isRefused: isRefused)
    }
    let listening: [any Service] = [
      Listening(name: "other stations", service: lines, logger: logger),
      Listening(name: "new stations", service: joining, logger: logger),
    ]
    // What is practised in a drill is nothing that happened, and others may know this machine's address from before.
    services = (try register.isDrill() ? [] : listening) + [neighbours]
  }

  private static func neighbours(
    _ register: Register, _ credentials: PeerCredentials, _ reached: Reached,
    isRefused: @escaping @Sendable (String) -> Bool, logger: Logger
  ) -> Neighbours {
    let claims = PullClaims()
    let shares = PullShares { DiskRoom.free(folder: register.path) }
    let known: @Sendable () throws -> [Neighbour] = { try register.neighbours() }
    let changes: @Sendable () -> AsyncStream<Void> = { register.stationChanges() }
    return Neighbours(environment: .live, known: known, changes: changes, isRefused: isRefused) { neighbour in
      let turn = Mutex(0)
      return Pulling(
        address: neighbour.addresses[0].text, station: neighbour.station, store: register, claims: claims,
        shares: shares, environment: .live, logger: logger, onHeard: { try? register.note($0) }
      ) {
        let next = turn.withLock { turn in
          defer { turn += 1 }
          return turn % neighbour.addresses.count
        }
        return HTTPPeerLink(
          to: neighbour.addresses[next], expecting: neighbour.station, credentials: credentials,
          reached: { reached.addresses }, isRefused: isRefused,
          hear: { _ = try? await register.hear(mark: $0, environment: .live) })
      }
    }
  }
}

/// What revoked stations are told, however often they ask: each mark is read once a minute.
private final class MarksTold: Sendable {
  private static let seconds = 60

  private let register: Register
  private let known = Mutex<[String: (mark: Fact?, until: Instant)]>([:])

  init(_ register: Register) { self.register = register }

  func mark(against station: String) -> Fact? {
    let now = Environment.live.now()
    if let told = known.withLock({ $0[station] }), now < told.until { return told.mark }
    let mark = try? register.mark(against: station)
    known.withLock { $0[station] = (mark, now.adding(seconds: Self.seconds)) }
    return mark
  }
}

/// Where this station is reached, once it listens.
private final class Reached: Sendable {
  private let known: Mutex<[PeerAddress]>

  init(_ given: [PeerAddress]) { known = Mutex(given) }

  var addresses: [PeerAddress] { known.withLock { $0 } }

  /// Says so in the ledger, where that says otherwise.
  func listens(host: String, port: Int, _ register: Register, _ logger: Logger) async {
    let addresses = known.withLock { known in
      if known.isEmpty { known = ReachedAt.addresses(host: host, port: port) }
      return known.map(\.text)
    }
    do {
      if try register.read({ try $0.station(register.station)?.addresses }) == addresses { return }
      let fact = KnownStation.reached(register.station, at: addresses, now: Environment.live.now())
      _ = try await register.submit(
        Submission(Saying(facts: [fact]), key: Environment.live.newID(), author: "system"))
    } catch { logger.notice("where this station is reached could not be kept: \(Sentence(error).text)") }
  }
}

extension Register {
  /// Whom to pull from: configured addresses, and stations that said where they are.
  func neighbours() throws -> [Neighbour] {
    // Whoever is asked by a drill would ask it too.
    if try isDrill() { return [] }
    let configured = try peers().compactMap(PeerAddress.init).map { Neighbour(station: nil, addresses: [$0]) }
    let known = try read { try $0.stations() }.filter { $0.name != station && !$0.isRevoked }
    return configured
      + known.map { Neighbour(station: $0.name, addresses: $0.addresses.compactMap(PeerAddress.init)) }
      .filter { !$0.addresses.isEmpty }
  }

  /// An element when something was said about a station.
  fileprivate func stationChanges() -> AsyncStream<Void> {
    let changes = changes()
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let listening = Task {
      for await changed in changes where changed.contains(where: { $0.hasPrefix("station/") }) { continuation.yield() }
      continuation.finish()
    }
    continuation.onTermination = { _ in listening.cancel() }
    return stream
  }

  /// Keeps what a peer said of itself, for whoever asks while nobody serves.
  fileprivate func note(_ state: PeerState) throws {
    guard let station = state.station, let at = state.lastHeard else { return }
    try note(
      HeardStation(
        station: station, address: state.address, at: at, version: state.version ?? "",
        clockDifference: state.clockDifference ?? 0, heads: HeadsText.bytes(of: state.heads)))
  }
}

extension PeerEnvironment {
  static let live = PeerEnvironment(
    now: Environment.live.now, sleep: { try await Task.sleep(for: $0) }, fraction: { Double.random(in: 0..<1) })
}
