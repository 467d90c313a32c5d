import Feeds
import Interop
import Ledger
import Logging
import NIOCore
import NIOPosix
import Spoken
import Testing

/// A listener in this process, and senders that behave badly.
struct MLLPServerTests {
  @Test func anAnswer() async throws {
    try await serving { port, answering, _ in
      let answer = try await sent(Spoken.bytes(AnsweringTests.good), to: port, framed: true)
      #expect(answer.contains("MSA|AA|7"))
      #expect(answering.book.feeds(at: Self.now).first?.counts.accepted == 1)
    }
  }

  /// Begun and never ended.
  @Test func aStalledSenderIsClosed() async throws {
    try await serving(stall: .milliseconds(60)) { port, answering, _ in
      let nothing = try await sent([0x0B] + Spoken.bytes(AnsweringTests.good), to: port, framed: false)
      #expect(nothing == "")
      #expect(answering.book.closed(.stalled) == 1)
    }
  }

  /// Nothing sent, nothing owed: feeds are silent at night.
  @Test func aSilentSenderIsNot() async throws {
    try await serving(stall: .milliseconds(60)) { port, answering, _ in
      let silent = try await connected(port)
      try await silent.executeThenClose { inbound, outbound in
        let nothing = try await sent([0x0B], to: port, framed: false)
        #expect(nothing == "")
        try await outbound.write(ByteBuffer(bytes: [0x0B] + Spoken.bytes(AnsweringTests.good) + [0x1C, 0x0D]))
        var answers = inbound.makeAsyncIterator()
        let answer = try await answers.next()
        #expect(answer != nil)
      }
    }
  }

  @Test func moreThanAllowedAreClosed() async throws {
    try await serving(connectionsMax: 1) { port, answering, _ in
      let first = try await connected(port)
      try await first.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(bytes: [0x0B] + Spoken.bytes(AnsweringTests.good) + [0x1C, 0x0D]))
        var answers = inbound.makeAsyncIterator()
        let answer = try await answers.next()
        #expect(answer != nil)
        let nothing = try await sent([], to: port, framed: false)
        #expect(nothing == "")
        #expect(answering.book.closed(.tooMany) == 1)
      }
    }
  }

  /// A peer that vanished without a word is found out: as the accepted socket itself says, with `netinet/tcp.h`'s numbers.
  @Test func anAcceptedConnectionIsKeptAlive() async throws {
    try await serving { port, _, server in
      let client = try await connected(port)
      try await client.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(bytes: [0x0B] + Spoken.bytes(AnsweringTests.good) + [0x1C, 0x0D]))
        var answers = inbound.makeAsyncIterator()
        _ = try await answers.next()
        let accepted = try #require(server.connections.channels.first)
        #expect(accepted.remoteAddress?.port == client.channel.localAddress?.port)
        let options: [(ChannelOptions.Types.SocketOption, CInt)] = [
          (.init(level: .socket, name: .so_keepalive), 1), (.init(level: .tcp, name: .tcp_nodelay), 1),
          (.init(level: .tcp, name: .init(rawValue: 4)), 60), (.init(level: .tcp, name: .init(rawValue: 5)), 20),
          (.init(level: .tcp, name: .init(rawValue: 6)), 3),
        ]
        for (option, value) in options {
          let said = try await accepted.getOption(option).get()
          #expect(said == value, "\(option)")
        }
      }
    }
  }

  private static let now = Instant(milliseconds: 1_764_547_200_000)

  private func serving(
    connectionsMax: Int = 100, stall: TimeAmount = .seconds(60),
    _ body: @Sendable @escaping (_ port: Int, Answering, MLLPServer) async throws -> Void
  ) async throws {
    let station = try ImportStation()
    let answering = Answering(
      try #require(try Reception(register: station.register)),
      FeedSettings(refusal: \.code, warning: \.code, tellsWarnings: false, now: { Self.now }))
    let (ports, said) = AsyncStream.makeStream(of: Int.self)
    let server = try MLLPServer(
      answering,
      .init(host: "127.0.0.1", port: 0, tls: nil, connectionsMax: connectionsMax, stall: stall),
      logger: Logger(label: "test")
    ) { said.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await server.run() }
      for await port in ports {
        try await body(port, answering, server)
        break
      }
      group.cancelAll()
    }
  }

  private func connected(_ port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port) {
      channel in
      channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
    }
  }

  /// What comes back: the first answer, or nothing once the other side has closed.
  private func sent(_ bytes: [UInt8], to port: Int, framed: Bool) async throws -> String {
    try await connected(port).executeThenClose { inbound, outbound in
      if !bytes.isEmpty {
        try await outbound.write(ByteBuffer(bytes: framed ? [0x0B] + bytes + [0x1C, 0x0D] : bytes))
      }
      for try await part in inbound { return String(buffer: part) }
      return ""
    }
  }
}
