import Hospital
import Interop
import NIOCore
import NIOPosix
import NIOSSL
import Register
import Synchronization

/// Where messages are sent to.
public struct MLLPAddress: Sendable, Equatable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `10.0.3.7:2575`, `[::1]:2575`, `gam.hopital.fr:2575`.
  public init?(_ text: String) {
    guard let written = HostAndPort(text), let port = written.port else { return nil }
    self.init(host: written.host, port: port)
  }

  public var description: String { HostAndPort.text(host, port) }
}

/// Why nothing is known of what became of a message.
public enum MLLPFault: Error, Sendable, Equatable {
  /// Nobody listens there, or the name is unknown.
  case unreachable(String)
  /// The connection ended, or the time for an answer did, or what came is no answer.
  case unanswered
  /// The other side cannot write now, and says so.
  case busy(AnswerReading)
}

/// Sends messages to another system, one at a time: the next one goes once the last was answered.
struct MLLPClient: Sendable {
  var address: MLLPAddress
  /// Without it messages go in the clear.
  var tls: TLSConfiguration?
  /// For a connection, and for each answer.
  var answerSeconds: Int64 = 30

  private typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// Opens a connection for as long as `body` runs, on that connection's event loop.
  func connected<Value: Sendable>(_ body: (inout Conversation) async throws -> Value) async throws -> Value {
    let channel: Channel
    do {
      channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connectTimeout(.seconds(answerSeconds))
        .channelOption(.socketOption(.tcp_nodelay), value: 1)
        .connect(host: address.host, port: address.port) { [tls, address] channel in
          channel.eventLoop.makeCompletedFuture {
            if let tls {
              let context = try NIOSSLContext(configuration: tls)
              // A name is checked against the certificate; an address has none.
              let isName = (try? SocketAddress(ipAddress: address.host, port: 0)) == nil
              try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: isName ? address.host : nil))
            }
            return try Channel(wrappingChannelSynchronously: channel)
          }
        }
    } catch { throw MLLPFault.unreachable("\(error)") }
    // The clock closes the connection, which ends whatever waits for it: a peer may vanish without a word. One for all
    // messages: setting it for each would wake the loop three times where once is enough.
    let asked = Asked()
    let clock = channel.channel.eventLoop.scheduleRepeatedTask(
      initialDelay: .milliseconds(answerSeconds * 100), delay: .milliseconds(answerSeconds * 100)
    ) { [channel = channel.channel, answerSeconds] _ in
      if asked.isOlder(than: .seconds(answerSeconds)) { channel.close(promise: nil) }
    }
    defer { clock.cancel() }
    return try await withTaskExecutorPreference(LoopExecutor(channel.channel.eventLoop)) {
      try await channel.executeThenClose { inbound, outbound in
        var conversation = Conversation(inbound: inbound.makeAsyncIterator(), outbound: outbound, asked: asked)
        return try await body(&conversation)
      }
    }
  }

  /// When a message went whose answer is awaited.
  fileprivate final class Asked: Sendable {
    private let at = Mutex<NIODeadline?>(nil)

    func begin() { at.withLock { $0 = .now() } }
    func end() { at.withLock { $0 = nil } }

    func isOlder(than limit: TimeAmount) -> Bool { at.withLock { $0.map { .now() - $0 > limit } ?? false } }
  }

  /// One connection in use.
  struct Conversation {
    fileprivate var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    fileprivate let asked: Asked
    private var blocks = MLLPBlocks()
    private var waiting: [[UInt8]] = []

    fileprivate init(
      inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
      outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, asked: Asked
    ) {
      (self.inbound, self.outbound, self.asked) = (inbound, outbound, asked)
    }

    /// Sends a message and waits for what is said of it. Answers to other messages are passed over: one that came too
    /// late, or is not ours.
    /// - Throws: `MLLPFault`; the connection is then of no more use.
    mutating func ask(_ message: [UInt8], control: String) async throws -> AnswerReading {
      asked.begin()
      defer { asked.end() }
      do {
        try await outbound.write(ByteBuffer(bytes: [0x0B] + message + [0x1C, 0x0D]))
        while true {
          while !waiting.isEmpty {
            guard let answer = AnswerReading(waiting.removeFirst()) else { throw MLLPFault.unanswered }
            if answer.control == control { return answer }
          }
          guard let part = try await inbound.next() else { throw MLLPFault.unanswered }
          var found: [MLLPBlocks.Block] = []
          blocks.feed(part.readableBytesView) { found.append($0) }
          guard !blocks.isEndless, blocks.noiseBytes < Self.noiseMax else { throw MLLPFault.unanswered }
          waiting += found.compactMap { if case .whole(let bytes) = $0 { bytes } else { nil } }
        }
      } catch let fault as MLLPFault { throw fault } catch is CancellationError { throw CancellationError() } catch {
        throw MLLPFault.unanswered
      }
    }

    /// Of bytes outside blocks: whoever says so much speaks something else.
    private static let noiseMax = 1 << 16
  }
}
