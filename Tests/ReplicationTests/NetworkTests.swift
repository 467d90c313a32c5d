import AsyncHTTPClient
import Hummingbird
import Ledger
import Logging
import NIOCore
import NIOSSL
import Replication
import Synchronization
import Testing

/// Over TLS on this machine: the real server, the real client.
@Suite(.timeLimit(.minutes(2)))
struct NetworkTests {
  let authority: Authority
  let one: Speaker
  let two: Speaker

  init() throws {
    authority = try Authority.seeded(1)
    one = try Speaker("urg-1", seed: 2, under: authority, saying: 3000)
    two = try Speaker("lits-2", seed: 3, under: authority)
  }

  static let time = Instant(milliseconds: 1_661_043_600_123)

  /// `body` with the port on which `speaker` serves `store`.
  func serving(
    _ store: any LineStore, as speaker: Speaker,
    hear: @escaping @Sendable (String, [PeerAddress]) -> Void = { _, _ in },
    isRefused: @escaping @Sendable (String) -> Bool = { _ in false },
    mark: @escaping @Sendable (String) -> Fact? = { _ in nil }, _ body: (Int) async throws -> Void
  ) async throws {
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let server = PeerServer(
      store: store, credentials: try PeerCredentials(enrolment: speaker.enrolment, key: speaker.key), version: "1.2.3",
      environment: .quick(now: { Self.time }), logger: .quiet, hear: hear, isRefused: isRefused, mark: mark)
    let application = try server.application(host: "127.0.0.1", port: 0) { port in running.yield(port) }
    try await withThrowingTaskGroup { group in
      group.addTask { try await application.run() }
      var found = ports.makeAsyncIterator()
      let port = try await found.next().orThrow()
      defer { group.cancelAll() }
      try await body(port)
    }
  }

  func link(
    _ port: Int, as speaker: Speaker, isRefused: @escaping @Sendable (String) -> Bool = { _ in false },
    hear: @escaping @Sendable (Fact) async -> Void = { _ in }
  ) throws -> HTTPPeerLink {
    HTTPPeerLink(
      to: PeerAddress(host: "127.0.0.1", port: port),
      credentials: try PeerCredentials(enrolment: speaker.enrolment, key: speaker.key),
      isRefused: isRefused, hear: hear)
  }

  func store(_ station: String, _ lines: [[UInt8]]...) -> MemoryStore {
    let store = MemoryStore(station, root: authority)
    for lines in lines { store.keep(lines) }
    return store
  }

  @Test func thousandsOfLinesThenOneMore() async throws {
    let peer = store(one.station, one.lines, two.lines)
    let mine = store(two.station, two.lines)
    try await serving(peer, as: one) { port in
      let credentials = try PeerCredentials(enrolment: two.enrolment, key: two.key)
      let pulling = Pulling(
        address: "127.0.0.1:\(port)", store: mine, claims: PullClaims(), limits: .patient,
        environment: .quick(now: { Self.time }), logger: .quiet
      ) { HTTPPeerLink(to: PeerAddress(host: "127.0.0.1", port: port), credentials: credentials) { _ in false } }
      var later = one
      let more = try later.say(1)
      peer.keepBeside(Array("one".utf8))
      let isSaid = Mutex(false)
      // Only the live channel can tell of the last ones: the pulse never beats.
      try await until(pulling) {
        if mine.count == 3001, mine.besides.count == 1, !isSaid.withLock({ $0 }) {
          isSaid.withLock { $0 = true }
          peer.keep(more)
          peer.keepBeside(Array("two".utf8))
        }
        return mine.count == 3002 && mine.besides.count == 2
      }
      #expect(try mine.tips().mapValues(Set.init) == peer.tips().mapValues(Set.init))
      #expect(mine.aside == [])
      #expect(pulling.state.station == one.station)
      #expect(pulling.state.version == "1.2.3")
      #expect(pulling.state.clockDifference == 0)
    }
  }

  @Test func whoAsksSaysWhereItIs() async throws {
    let heard = Mutex<[String: [PeerAddress]]>([:])
    let hear: @Sendable (String, [PeerAddress]) -> Void = { station, addresses in
      heard.withLock { $0[station] = addresses }
    }
    try await serving(store(one.station, one.lines), as: one, hear: hear) { port in
      let credentials = try PeerCredentials(enrolment: two.enrolment, key: two.key)
      let reached = ["10.0.3.7:8443", "[fd00::7]:8443"].compactMap { PeerAddress($0) }
      let link = HTTPPeerLink(
        to: PeerAddress(host: "127.0.0.1", port: port), expecting: one.station, credentials: credentials,
        reached: { reached }, isRefused: { _ in false })
      _ = try await link.heads()
      link.close()
      #expect(heard.withLock { $0 } == [two.station: reached])
      // Whoever answers there must be whom the ledger says.
      let other = HTTPPeerLink(
        to: PeerAddress(host: "127.0.0.1", port: port), expecting: "lits-9-00000000", credentials: credentials,
        isRefused: { _ in false })
      await #expect(throws: (any Error).self) { try await other.heads() }
      other.close()
    }
  }

  @Test func linesAreCompressedOnTheWay() async throws {
    let peer = store(one.station, one.lines)
    let tls = try PeerCredentials(enrolment: two.enrolment, key: two.key).clientTLS
    let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
    try await serving(peer, as: one) { port in
      var request = HTTPClientRequest(url: "https://127.0.0.1:\(port)/commits/\(one.tip.hash.hex)?after=1000")
      let plain = try await client.execute(request, timeout: .seconds(60)).body.collect(upTo: 1 << 24)
      let lines = plain.readableBytesView.split(separator: 10).map(Array.init)
      #expect(lines == Array(one.lines.dropFirst(1000)))
      request.headers.add(name: "Accept-Encoding", value: "gzip, zstd;q=0.5")
      let response = try await client.execute(request, timeout: .seconds(60))
      #expect(response.headers["Content-Encoding"] == ["zstd"])
      let compressed = try await response.body.collect(upTo: 1 << 24)
      #expect(compressed.readableBytes < plain.readableBytes * 2 / 3)
    }
    try await client.shutdown()
  }

  @Test func whatTheNetworkSaysIsReadByPeople() async throws {
    // Nobody listens there.
    let nobody = try link(1, as: two)
    let heads = await Result { try await nobody.heads() }
    nobody.close()
    guard case .failure(let error) = heads else {
      Issue.record("port 1 answers")
      return
    }
    #expect(NetworkFault.text(of: error) == "Connection refused")
    #expect(NetworkFault.text(of: HTTPClientError.connectTimeout) == "nothing answered in time")
    #expect(NetworkFault.text(of: PeerFault.cut) == "it stopped before the end")
  }

  @Test func answersNothingElse() async throws {
    let peer = store(one.station, one.lines)
    let tls = try PeerCredentials(enrolment: two.enrolment, key: two.key).clientTLS
    let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
    let nowhere = String(repeating: "ab", count: 32)
    try await serving(peer, as: one) { port in
      for (method, path, status) in [
        ("GET", "/commits/\(nowhere)?after=0", 404), ("GET", "/commits/\(nowhere)", 404),
        ("GET", "/commits/x", 400), ("GET", "/commits/\(one.tip.hash.hex)?after=-1", 400),
        ("GET", "/commits/\(one.tip.hash.hex)?after=x", 400), ("GET", "/", 404), ("POST", "/heads", 404),
        ("PUT", "/commits/\(one.tip.hash.hex)", 404), ("GET", "/commits/\(one.tip.hash.hex)?after=3000", 200),
      ] {
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method)
        let response = try await client.execute(request, timeout: .seconds(60))
        #expect(response.status.code == UInt(status), "\(method) \(path)")
        _ = try await response.body.collect(upTo: 1 << 16)
      }
    }
    try await client.shutdown()
  }
}
