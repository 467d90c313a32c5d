import Ledger
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// Where other systems send HL7 v2 messages, over MLLP.
public struct MLLPServer: Service {
  public struct Options: Sendable {
    public var host: String
    /// 0 chooses one.
    public var port: Int
    /// Without it messages come in the clear.
    public var tls: TLSConfiguration?
    /// At once; more are closed as they come.
    public var connectionsMax: Int
    /// A block is there within this from its beginning, and an answer is read.
    public var stall: TimeAmount

    public init(
      host: String, port: Int, tls: TLSConfiguration?, connectionsMax: Int, stall: TimeAmount = .seconds(60)
    ) {
      self.host = host
      self.port = port
      self.tls = tls
      self.connectionsMax = connectionsMax
      self.stall = stall
    }
  }

  private typealias Client = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private let answering: Answering
  private let options: Options
  private let logger: Logger
  private let onListening: @Sendable (Int) -> Void
  package let connections = MLLPConnections()
  private let tls: NIOSSLContext?

  /// - Parameter onListening: called with the port it listens on.
  /// - Throws: `NIOSSLError` where the certificate or its key cannot be used.
  public init(
    _ answering: Answering, _ options: Options, logger: Logger, onListening: @escaping @Sendable (Int) -> Void
  ) throws {
    self.answering = answering
    self.options = options
    self.logger = logger
    self.onListening = onListening
    tls = try options.tls.map { try NIOSSLContext(configuration: $0) }
  }

  public func run() async throws {
    let server: NIOAsyncChannel<Client, Never>
    do { server = try await bind() } catch {
      throw CannotListen(address: "\(options.host):\(options.port)", reason: "\(error)")
    }
    onListening(server.channel.localAddress?.port ?? options.port)
    do { try await cancelWhenGracefulShutdown { try await serve(server) } } catch is CancellationError {
      // Told to stop: nobody else is stopped by that.
    } catch {
      // Admissions go on without it.
      logger.error("messages are heard no more, until the station is started again: \(error)")
      try await gracefulShutdown()
    }
  }

  private func serve(_ server: NIOAsyncChannel<Client, Never>) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await connections.watch(answering.book, stall: options.stall) }
      try await server.executeThenClose { clients in
        for try await client in clients {
          guard connections.count < options.connectionsMax else {
            answering.book.close(.tooMany)
            group.addTask { try? await client.executeThenClose { _, _ in } }
            continue
          }
          let turn = connections.open(client.channel)
          group.addTask {
            await MLLPConnection(client: client, answering: answering, connections: connections, turn: turn)
              .run(logger)
            connections.end(turn)
          }
        }
      }
    }
  }

  /// A peer that vanished is found out after about two minutes; a silent one may stay, as feeds are silent at night.
  private static let keepAlive: [(ChannelOptions.Types.SocketOption, Int)] = [
    (.init(level: .tcp, name: .tcp_nodelay), 1), (.init(level: .socket, name: .so_keepalive), 1),
    (.init(level: .tcp, name: .init(rawValue: TCPKeepAlive.idle)), 60),
    (.init(level: .tcp, name: .init(rawValue: TCPKeepAlive.interval)), 20),
    (.init(level: .tcp, name: .init(rawValue: TCPKeepAlive.count)), 3),
  ]

  private func bind() async throws -> NIOAsyncChannel<Client, Never> {
    var bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // Out of descriptors, it waits a moment instead of giving up.
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler()) }
      }
      // A sender may close its half as soon as it has sent; it is answered all the same.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
    for (option, value) in Self.keepAlive { bootstrap = bootstrap.childChannelOption(option, value: value) }
    return try await bootstrap.bind(host: options.host, port: options.port) { [tls] channel in
      channel.eventLoop.makeCompletedFuture {
        if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
        return try Client(
          wrappingChannelSynchronously: channel,
          configuration: .init(
            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2), isOutboundHalfClosureEnabled: false))
      }
    }
  }
}

/// The address is another's, or not this machine's.
public struct CannotListen: Error, CustomStringConvertible {
  let address: String
  let reason: String

  public var description: String {
    "messages cannot be heard on \(address) (\(reason)): choose another address or port for them"
  }
}

/// Linux's numbers, from `netinet/tcp.h`.
private enum TCPKeepAlive {
  static let idle: CInt = 4
  static let interval: CInt = 5
  static let count: CInt = 6
}
