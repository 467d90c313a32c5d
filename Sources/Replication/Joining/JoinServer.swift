import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Ledger
import Logging
import NIOCore

/// The listener where a new station asks to join. It knows nobody, so it answers one question and holds nothing else,
/// and refuses that one too unless an invitation is open.
public struct JoinServer: Sendable {
  static let questionBytesMax = 4096
  /// Anybody may connect: whoever asks nothing for so long is let go.
  private static let idleSeconds: Int64 = 30

  let inviting: Inviting
  let credentials: PeerCredentials
  let logger: Logger

  /// - Parameter credentials: whose first certificate `inviting` was given.
  public init(inviting: Inviting, credentials: PeerCredentials, logger: Logger) {
    self.inviting = inviting
    self.credentials = credentials
    self.logger = logger
  }

  /// - Parameters:
  ///   - port: 0 chooses one.
  ///   - onRunning: called with the port it listens on.
  public func application(
    host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws -> some ApplicationProtocol {
    let router = Router()
    router.get("join") { _, _ in
      await answer { (["salt": .string(Base64.url(try await inviting.salt()))] as JSON).bytes }
    }
    router.post("join") { request, _ in
      let question = try await request.body.collect(upTo: Self.questionBytesMax)
      return await answer { try await inviting.answer(Array(question.readableBytesView)) }
    }
    return Application(
      router: router,
      server: try .tls(
        .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
        tlsConfiguration: credentials.joinServerTLS),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) }, logger: logger)
  }

  private func answer(_ bytes: @Sendable () async throws -> [UInt8]) async -> Response {
    do { return Self.response(.ok, try await bytes()) } catch let refusal as JoinRefusal {
      logger.notice("somebody who asked to join was turned away: \(refusal)")
      return Self.response(.forbidden, (["refusal": .string(refusal.rawValue)] as JSON).bytes)
    } catch {
      logger.error("a station that was invited could not join: \(error)")
      return Response(status: .internalServerError)
    }
  }

  private static func response(_ status: HTTPResponse.Status, _ bytes: [UInt8]) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
