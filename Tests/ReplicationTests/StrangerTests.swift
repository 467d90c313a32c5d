import AsyncHTTPClient
import Hummingbird
import HummingbirdTLS
import Ledger
import Logging
import NIOCore
import NIOSSL
import Replication
import Synchronization
import Testing

/// Who is let in, and who is listened to, over real TLS.
@Suite(.timeLimit(.minutes(2)))
struct StrangerTests {
  let network: NetworkTests
  let foreign: Speaker
  let peer: MemoryStore

  init() throws {
    network = try NetworkTests()
    foreign = try Speaker("lits-2", seed: 7, under: Authority.seeded(6))
    peer = network.store(network.one.station, network.two.lines)
  }

  @Test func aStationIsLetIn() async throws {
    try await network.serving(peer, as: network.one) { port in
      let link = try network.link(port, as: network.two)
      let heads = try await link.heads()
      #expect(
        heads
          == PeerHeads(
            station: network.one.station, version: "1.2.3", time: NetworkTests.time,
            holds: PeerNews(tips: [network.two.station: [network.two.tip]])))
      link.close()
    }
  }

  @Test func whoeverShowsNoCertificateIsNotLetIn() async throws {
    var tls = try PeerCredentials(enrolment: network.two.enrolment, key: network.two.key).clientTLS
    tls.certificateChain = []
    tls.privateKey = nil
    let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
    try await network.serving(peer, as: network.one) { port in
      await #expect(throws: (any Error).self) {
        try await client.execute(HTTPClientRequest(url: "https://127.0.0.1:\(port)/heads"), timeout: .seconds(60))
      }
    }
    try await client.shutdown()
  }

  /// The client of another hospital trusts this server for once, so that it is the server which must refuse.
  @Test func anotherHospitalIsNotLetIn() async throws {
    var tls = try PeerCredentials(enrolment: foreign.enrolment, key: foreign.key).clientTLS
    tls.certificateVerification = .none
    let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
    try await network.serving(peer, as: network.one) { port in
      await #expect(throws: (any Error).self) {
        try await client.execute(HTTPClientRequest(url: "https://127.0.0.1:\(port)/heads"), timeout: .seconds(60))
      }
    }
    try await client.shutdown()
  }

  /// The server of another hospital lets everyone in, so that it is the client which must refuse.
  @Test func anotherHospitalIsNotListenedTo() async throws {
    var tls = try PeerCredentials(enrolment: foreign.enrolment, key: foreign.key).serverTLS
    tls.certificateVerification = .none
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let asked = Mutex(0)
    let router = Router()
    router.get("heads") { _, _ in
      asked.withLock { $0 += 1 }
      return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "{}")))
    }
    let application = Application(
      router: router, server: try .tls(tlsConfiguration: tls),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in running.yield(channel.localAddress?.port ?? 0) }, logger: .quiet)
    try await withThrowingTaskGroup { group in
      group.addTask { try await application.run() }
      defer { group.cancelAll() }
      var found = ports.makeAsyncIterator()
      let link = try network.link(try await found.next().orThrow(), as: network.two)
      await #expect(throws: (any Error).self) { try await link.heads() }
      link.close()
    }
    #expect(asked.withLock { $0 } == 0)
  }

  /// Whatever it asks, it is told that it was revoked, and nothing else.
  @Test func aRevokedStationIsNotLetIn() async throws {
    let two = network.two.station
    let isRefused: @Sendable (String) -> Bool = { $0 == two }
    let said = try network.authority.revoke(station: two, last: [:], at: NetworkTests.time)
    let mark: @Sendable (String) -> Fact? = { $0 == two ? said : nil }
    try await network.serving(peer, as: network.one, isRefused: isRefused, mark: mark) { port in
      let heard = Mutex<[Fact]>([])
      let link = try network.link(port, as: network.two, hear: { fact in heard.withLock { $0.append(fact) } })
      await #expect(throws: PeerFault.answer(status: 403)) { try await link.heads() }
      await #expect(throws: PeerFault.answer(status: 403)) { _ = try await link.beside(after: 0) }
      await #expect(throws: PeerFault.answer(status: 403)) {
        try await link.commits(endingAt: network.one.tip.hash, after: 0) { _ in }
      }
      link.close()
      #expect(heard.withLock { $0 } == [said, said, said])
    }
  }

  @Test func aStationRevokedWhileConnectedIsAnsweredNoMore() async throws {
    let isRevoked = Mutex(false)
    let isRefused: @Sendable (String) -> Bool = { _ in isRevoked.withLock { $0 } }
    try await network.serving(peer, as: network.one, isRefused: isRefused) { port in
      let link = try network.link(port, as: network.two)
      _ = try await link.heads()
      isRevoked.withLock { $0 = true }
      await #expect(throws: PeerFault.answer(status: 403)) { try await link.heads() }
      link.close()
    }
  }

  @Test func aRevokedStationIsNotListenedTo() async throws {
    try await network.serving(peer, as: network.one) { port in
      let link = try network.link(port, as: network.two, isRefused: { $0 == network.one.station })
      await #expect(throws: PeerFault.stranger("\(network.one.station) is revoked")) { try await link.heads() }
      link.close()
    }
  }

  /// What each side shows is judged by its chain alone.
  @Test func whatMakesAStation() throws {
    let mine = network.two.enrolment.certificates
    let theirs = foreign.enrolment.certificates
    let credentials = try PeerCredentials(enrolment: network.one.enrolment, key: network.one.key)
    func verdict(_ ders: [[UInt8]]) throws -> String {
      try credentials.station(showing: ders.map { try NIOSSLCertificate(bytes: $0, format: .der) })
    }
    #expect(try verdict(mine) == network.two.station)
    for chain in [
      [], [mine[0]], [mine[0], mine[1]], theirs, [theirs[0], mine[1], mine[2]], [mine[1], mine[2], mine[2]],
      [mine[0], mine[1], theirs[2]], mine + [mine[2]],
    ] {
      #expect(throws: PeerFault.self) { try verdict(chain) }
    }
  }
}
