import Feeds
import Foundation
import Hospital
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOSSL
import Register
import ServiceLifecycle
import Web

/// A serving station: the parts, put together.
struct Station {
  struct TLS {
    var certificate: String
    var key: String
  }

  private let register: Register
  private let services: ServiceGroup

  init(
    register: Register, options: ServingOptions, replicating: Replicating, feeding: Feeding,
    handbacks: HandbackDesk, partners: PartnerFeed, beside: [any Service],
    restoration: Restoration, logger: Logger
  ) throws {
    self.register = register
    let (host, port, tls) = (options.host, options.port, options.tls)
    let web = try WebApp(
      register: register, environment: .live,
      print: Station.settings("print", register.path, usual: .usual, PrintSettings.init(yaml:)),
      reentry: Station.settings("reentry", register.path, usual: .usual, ReentryForm.init(yaml:)),
      emergencySettings: Station.settings("emergency", register.path, usual: .usual, EmergencySettings.init(yaml:)),
      otherStations: { try OtherStation.all(register, replicating.neighbours.pulling.map(\.state)) },
      carrying: Carrying(register, data: register.path), feeds: feeding.answering, handbacks: handbacks,
      partners: partners, isSecure: tls != nil,
      restoration: restoration)
    let scheme = tls == nil ? "http" : "https"
    let server = Application(
      router: web.router(), server: try Station.server(tls),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
      onServerRunning: { channel in
        Terminal.print("listening on \(scheme)://\(host.bracketed):\(channel.localAddress?.port ?? port)")
      }, logger: logger)
    let live = LiveUpdates(boards: [web.board, web.emergency], pages: web.pages, logger: logger) { register.changes() }
    let control = ControlServer(
      folder: register.path, register: register, replicating: replicating, handbacks: handbacks, logger: logger)
    services = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: ([server, live, StaffChanges(web), control] as [any Service] + replicating.services + beside)
          .map { .init(service: $0) } + [
            .init(service: replicating.forks, successTerminationBehavior: .gracefullyShutdownGroup)
          ], gracefulShutdownSignals: [.sigterm, .sigint],
        logger: logger))
  }

  /// Until a signal says to stop; what was read last is then written too.
  func run() async throws {
    // A stop while something was still under way is a stop like any other.
    do { try await services.run() } catch is CancellationError {} catch {
      try? register.close()
      throw error
    }
    try register.close()
  }

  /// A connection on which nothing comes for so long, between requests or within one, is closed.
  private static let idleSeconds: Int64 = 120

  private static func server(_ tls: TLS?) throws -> HTTPServerBuilder {
    let http1 = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(idleSeconds)))
    guard let tls else { return http1 }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem)))
    configuration.minimumTLSVersion = .tlsv12
    return try .tls(http1, tlsConfiguration: configuration)
  }

  /// `NAME.yaml` in the data folder, where the site has one.
  static func settings<Settings>(
    _ name: String, _ folder: String, usual: Settings, _ read: (String) throws -> Settings
  ) throws -> Settings {
    let path = "\(folder)/\(name).yaml"
    guard let yaml = try? String(contentsOfFile: path, encoding: .utf8) else { return usual }
    do { return try read(yaml) } catch {
      throw Sentence("\(path) cannot be read (\(error)): mend it, or remove it to use the usual settings.")
    }
  }
}

extension String {
  /// An address as a URL has it.
  var bracketed: String { contains(":") ? "[\(self)]" : self }
}
