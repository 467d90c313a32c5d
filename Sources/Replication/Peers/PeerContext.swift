import Hummingbird
import Ledger
import NIOCore
import NIOSSL

/// A question of a peer, and who asks it.
struct PeerContext: RequestContext {
  /// Of a question: where its station is reached.
  static let addressField = "Permanence-Address"

  var coreContext: CoreRequestContextStorage
  /// Empty before `Recognising`.
  var station = ""
  fileprivate let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}

/// Who asks is read from the connection at each question, since a station may be revoked while it is connected, and
/// since a resumed TLS session is not verified anew. Who was revoked is told so, whatever they ask: they must not go on
/// telling people that something is kept.
struct Recognising: RouterMiddleware {
  let isRefused: @Sendable (String) -> Bool
  let mark: @Sendable (String) -> Fact?
  /// Told who asks, and where they say that they are reached.
  let hear: @Sendable (String, [PeerAddress]) -> Void

  func handle(
    _ request: Request, context: PeerContext, next: (Request, PeerContext) async throws -> Response
  ) async throws -> Response {
    guard let certificate = try await context.channel.nioSSL_peerCertificate().get(),
      let station = StationCertificates.station(named: try certificate.toDERBytes())
    else { throw HTTPError(.forbidden) }
    guard !isRefused(station) else {
      let mark = mark(station).map(MarkText.bytes) ?? []
      return Response(
        status: .forbidden, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: mark)))
    }
    var context = context
    context.station = station
    if let text = request.headers[.permanenceAddress] { hear(station, PeerAddress.list(reading: text)) }
    return try await next(request, context)
  }
}

/// Says this station's wall clock and version with every answer.
struct Introducing: RouterMiddleware {
  let version: String
  let environment: PeerEnvironment

  func handle(
    _ request: Request, context: PeerContext, next: (Request, PeerContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.permanenceTime] = String(environment.now().milliseconds)
    response.headers[.permanenceVersion] = version
    return response
  }
}

extension HTTPFields.Element.Name {
  /// UTC milliseconds.
  static let permanenceTime = HTTPFields.Element.Name("Permanence-Time")!
  static let permanenceAddress = HTTPFields.Element.Name(PeerContext.addressField)!
  /// The number of the newest entry beside the lines.
  static let permanenceBeside = HTTPFields.Element.Name("Permanence-Beside")!
  static let permanenceVersion = HTTPFields.Element.Name("Permanence-Version")!
}
