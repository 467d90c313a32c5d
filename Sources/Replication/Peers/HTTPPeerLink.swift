import AsyncHTTPClient
import Ledger
import NIOCore
import NIOSSL
import Synchronization

/// A peer over the network: HTTP/1 under mutual TLS.
public final class HTTPPeerLink: PeerLink {
  /// The live channel says something every 15 seconds; nothing for this long is a dead connection.
  private static let silence = TimeAmount.seconds(40)
  private static let connecting = TimeAmount.seconds(5)

  private let client: HTTPClient
  private let base: String
  private let answering: Answering
  private let reached: @Sendable () -> [PeerAddress]
  private let hear: @Sendable (Fact) async -> Void

  /// - Parameters:
  ///   - station: who must answer; nil for whoever does.
  ///   - reached: where this station is, said with each question.
  ///   - isRefused: whether this station was revoked: nothing is taken from its connection.
  ///   - hear: told what a peer that refuses us says for it: the mark by which we were revoked. Nothing is checked yet.
  public init(
    to address: PeerAddress, expecting station: String? = nil, credentials: PeerCredentials,
    reached: @escaping @Sendable () -> [PeerAddress] = { [] }, isRefused: @escaping @Sendable (String) -> Bool,
    hear: @escaping @Sendable (Fact) async -> Void = { _ in }
  ) {
    base = "https://\(address.text)"
    answering = Answering(station, isRefused: isRefused)
    self.reached = reached
    self.hear = hear
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: credentials.clientTLS, redirectConfiguration: .disallow,
      timeout: HTTPClient.Configuration.Timeout(connect: Self.connecting, read: Self.silence))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    // The only place where this client lets its connections be judged; what it refuses is never used.
    configuration.http1_1ConnectionDebugInitializer = { [answering] in answering.judge($0) }
    client = HTTPClient(configuration: configuration)
  }

  public func heads() async throws -> PeerHeads {
    let response = try await answer(to: "/heads")
    let body = try await response.body.collect(upTo: HeadsText.bytesMax)
    guard let station = answering.station,
      let time = response.headers.first(name: "Permanence-Time").flatMap(Int64.init).map(Instant.init(milliseconds:)),
      time.hasText,
      let version = response.headers.first(name: "Permanence-Version")
    else { throw PeerFault.garbage("an answer without time or version") }
    return PeerHeads(
      station: station, version: String(version.prefix(64)), time: time,
      holds: PeerNews(
        tips: try HeadsText.heads(reading: Array(body.readableBytesView)),
        besideEnd: response.headers.first(name: "Permanence-Beside").flatMap { Int($0) } ?? 0))
  }

  public func commits(
    endingAt hash: LineHash, after: Int, _ take: @Sendable ([UInt8]) async throws -> Void
  ) async throws {
    let response: HTTPClientResponse
    do {
      response = try await answer(to: "/commits/\(hash.hex)?after=\(after)", accepting: LineCoding.name)
    } catch PeerFault.answer(status: 404) { throw PeerFault.lacks(hash) }
    let reading = try LineCoding.Reading(response.headers.first(name: "Content-Encoding"))
    for try await piece in response.body { try await reading.take(Array(piece.readableBytesView), take) }
  }

  public func beside(after: Int) async throws -> [(number: Int, bytes: [UInt8])] {
    let response = try await answer(to: "/beside?after=\(after)")
    let body = try await response.body.collect(upTo: BesideText.bytesMax * 2)
    return try BesideText.entries(reading: Array(body.readableBytesView), after: after)
  }

  public func live(_ hear: @Sendable (PeerNews) async throws -> Void) async throws {
    let response = try await answer(to: "/heads/live")
    var parsing = EventParsing()
    var news = PeerNews()
    for try await piece in response.body {
      for event in try parsing.events(in: Array(piece.readableBytesView)) {
        if event.name == "beside" { news.besideEnd = Int(String(decoding: event.data, as: UTF8.self)) ?? 0 }
        guard event.name == "heads" else { continue }
        news.tips = try HeadsText.heads(reading: event.data)
        try await hear(news)
      }
    }
  }

  /// Asks to be certified anew, under this key: this station's chain forked.
  public func enrolAnew(_ key: PublicKey) async throws -> Enrolment {
    let response = try await answer(to: "/enrolment", asking: EnrolmentText.question(key))
    let body = try await response.body.collect(upTo: EnrolmentText.bytesMax)
    return try EnrolmentText.enrolment(reading: Array(body.readableBytesView), for: key)
  }

  /// A peer that tells what comes to be takes five seconds to say goodbye.
  public func close() {
    Task { [client] in try? await client.shutdown() }
  }

  private func answer(
    to path: String, asking question: [UInt8]? = nil, accepting encoding: String = "identity"
  ) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(url: base + path)
    if let question {
      request.method = .POST
      request.body = .bytes(question)
    }
    request.headers.add(name: "Accept-Encoding", value: encoding)
    let reached = reached().map(\.text).joined(separator: ", ")
    if !reached.isEmpty { request.headers.add(name: PeerContext.addressField, value: reached) }
    let response = try await client.execute(request, deadline: .distantFuture)
    if response.status == .forbidden {
      let body = try await response.body.collect(upTo: MarkText.bytesMax)
      if let mark = MarkText.mark(reading: Array(body.readableBytesView)) { await hear(mark) }
    }
    guard response.status == .ok else { throw PeerFault.answer(status: response.status.code) }
    return response
  }
}

/// Who answers on a link's connections: one station, unrevoked.
private final class Answering: Sendable {
  private let isRefused: @Sendable (String) -> Bool
  private let known: Mutex<String?>

  init(_ station: String?, isRefused: @escaping @Sendable (String) -> Bool) {
    known = Mutex(station)
    self.isRefused = isRefused
  }

  var station: String? { known.withLock { $0 } }

  /// Closes the connection, and fails, unless whoever is at its other end may be listened to. Its chain to our root
  /// is verified by then.
  func judge(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
      guard let der = try certificate?.toDERBytes(), let station = StationCertificates.station(named: der) else {
        throw PeerFault.stranger("it is no station")
      }
      guard !self.isRefused(station) else { throw PeerFault.stranger("\(station) is revoked") }
      let first = self.known.withLock { known in
        known = known ?? station
        return known
      }
      guard first == station else { throw PeerFault.stranger("\(station) answers where \(first ?? "") should") }
    }.flatMapErrorThrowing { error in
      // Not awaited: a stranger may take its time to say goodbye.
      channel.close(promise: nil)
      throw error
    }
  }
}
