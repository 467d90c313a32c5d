import AsyncHTTPClient
import Ledger
import NIOCore
import NIOSSL
import Synchronization

/// The way to a host that is not known yet: TLS whose certificate is taken as it comes and proved afterwards, by the
/// code. All questions must see the same one.
public final class HTTPJoinLink: JoinLink {
  private static let answerBytesMax = 65_536
  private static let limit = TimeAmount.seconds(30)

  private let client: HTTPClient
  private let url: String
  private let shown: ShownCertificate

  public init(to address: PeerAddress) {
    url = "https://\(address.text)/join"
    shown = ShownCertificate()
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: PeerCredentials.joinClientTLS, redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.http1_1ConnectionDebugInitializer = { [shown] in shown.keep($0) }
    client = HTTPClient(configuration: configuration)
  }

  public func begin() async throws -> (hostCertificate: [UInt8], salt: [UInt8]) {
    let body = try await answer(to: HTTPClientRequest(url: url))
    guard let salt = (try? JSON(parsing: body))?["salt"]?.string.flatMap({ Base64.bytes(url: $0.utf8) }),
      let certificate = shown.certificate
    else { throw JoinRefusal.malformed }
    return (certificate, salt)
  }

  public func ask(_ question: [UInt8]) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.body = .bytes(ByteBuffer(bytes: question))
    return try await answer(to: request)
  }

  public func close() async { try? await client.shutdown() }

  private func answer(to request: HTTPClientRequest) async throws -> [UInt8] {
    let response = try await client.execute(request, timeout: Self.limit)
    let body = try await response.body.collect(upTo: Self.answerBytesMax)
    let bytes = Array(body.readableBytesView)
    guard response.status == .ok else {
      let refusal = (try? JSON(parsing: bytes))?["refusal"]?.string.flatMap(JoinRefusal.init(rawValue:))
      throw refusal ?? .malformed
    }
    return bytes
  }
}

/// The one certificate that a host shows.
private final class ShownCertificate: Sendable {
  private let first = Mutex<[UInt8]?>(nil)

  var certificate: [UInt8]? { first.withLock { $0 } }

  /// Closes the connection, and fails, where another was shown before.
  func keep(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
      guard let der = try certificate?.toDERBytes() else { throw JoinRefusal.proof }
      let isSame = self.first.withLock { first in
        if first == nil { first = der }
        return first == der
      }
      guard isSame else { throw JoinRefusal.proof }
    }.flatMapError { error in
      channel.close().flatMapThrowing { throw error }
    }
  }
}
