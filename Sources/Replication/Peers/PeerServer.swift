import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Ledger
import Logging
import NIOCore
import NIOSSL

/// The listener for other stations.
public struct PeerServer: Sendable {
  static let linesType = "application/x-permanence-lines"
  /// A connection on which nothing moves for so long is closed; live channels speak every 15 seconds.
  private static let idleSeconds: Int64 = 120

  let routes: PeerRoutes
  let credentials: PeerCredentials
  let logger: Logger

  /// - Parameters:
  ///   - version: of this program, for `station list` elsewhere.
  ///   - hear: told who asks, and where they say that they are reached; may be none.
  ///   - enrol: certifies a station, whose chain forked, anew under this key; throws where it does not.
  ///   - isRefused: whether this station was revoked; asked at each question.
  ///   - mark: the fact that revoked this station, for itself to hear; may be none.
  public init(
    store: any LineStore, credentials: PeerCredentials, version: String, environment: PeerEnvironment,
    logger: Logger, hear: @escaping @Sendable (String, [PeerAddress]) -> Void = { _, _ in },
    enrol: @escaping @Sendable (String, PublicKey) async throws -> Enrolment = { _, _ in throw PeerFault.cut },
    isRefused: @escaping @Sendable (String) -> Bool, mark: @escaping @Sendable (String) -> Fact? = { _ in nil }
  ) {
    routes = PeerRoutes(
      store: store, version: version, environment: environment, isRefused: isRefused, mark: mark, hear: hear,
      enrol: enrol)
    self.credentials = credentials
    self.logger = logger
  }

  /// A service to be run with the others.
  ///
  /// - Parameters:
  ///   - port: 0 chooses one.
  ///   - onRunning: called with the port it listens on.
  public func application(
    host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws -> some ApplicationProtocol {
    Application(
      router: routes.router(),
      server: try .tls(
        .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
        configuration: TLSChannelConfiguration(
          tlsConfiguration: credentials.serverTLS, customVerificationCallback: verify)),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) }, logger: logger)
  }

  private func verify(_ certificates: [NIOSSLCertificate], _ verdict: EventLoopPromise<NIOSSLVerificationResult>) {
    do throws(PeerFault) {
      _ = try credentials.station(showing: certificates)
      verdict.succeed(.certificateVerified)
    } catch {
      logger.notice("somebody who asked for lines was turned away: \(error)")
      verdict.succeed(.failed)
    }
  }
}
