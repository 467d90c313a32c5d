import Feeds
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A main system in this process: it hears one message after the other, and says of each what it is told to say.
final class MainSystem: Sendable {
  enum Answer: Sendable {
    case taken
    /// Taken, and it says what it calls them: by the number that came, then by one of its own, both of that authority.
    case numbered(String, of: String = "&1.2.250.1.999.1&ISO")
    /// Taken, with these segments beside.
    case saying(String)
    /// It cannot write now: AR, 207.
    case busy
    /// The connection ends.
    case cut
  }

  /// Of a message by its trigger and given name: `A28 LOUISE`.
  private let answer: @Sendable (String) async throws -> Answer
  private let log = Mutex<(heard: [String], taken: [String], segments: [String])>(([], [], []))

  init(_ answer: @escaping @Sendable (String) async throws -> Answer) { self.answer = answer }

  /// In their order.
  var heard: [String] { log.withLock(\.heard) }
  var taken: [String] { log.withLock(\.taken) }
  /// Those of that name in what it heard.
  func segments(_ name: String) -> [String] { log.withLock(\.segments).filter { $0.hasPrefix("\(name)|") } }

  /// Listens for as long as `body` runs.
  func listening(_ body: @Sendable (MLLPAddress) async throws -> Void) async throws {
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let port = try #require(server.channel.localAddress?.port)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await server.executeThenClose { clients in
          for try await client in clients { try? await self.serve(client) }
        }
      }
      defer { group.cancelAll() }
      try await body(MLLPAddress(host: "127.0.0.1", port: port))
    }
  }

  private func serve(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
    try await client.executeThenClose { inbound, outbound in
      var received: [UInt8] = []
      for try await part in inbound {
        received += part.readableBytesView
        guard received.suffix(2) == [0x1C, 0x0D] else { continue }
        guard let text = try await answered(String(decoding: received.dropFirst().dropLast(2), as: UTF8.self)) else {
          return
        }
        received = []
        try await outbound.write(ByteBuffer(bytes: [0x0B] + Array(text.utf8) + [0x1C, 0x0D]))
      }
    }
  }

  /// nil where the connection ends.
  private func answered(_ message: String) async throws -> String? {
    let segments = message.split(separator: "\r").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
    }
    let header = try #require(segments.first)
    let person = try #require(segments.first { $0[0] == "PID" })
    let control = header[9]
    let what = "\(header[8].split(separator: "^")[1]) \(person[5].split(separator: "^")[1])"
    log.withLock { log in
      log.heard.append(what)
      log.segments += message.split(separator: "\r").map { String($0) }
    }
    let said: Answer
    do { said = try await answer(what) } catch {
      Issue.record(error)
      return nil
    }
    let head = "MSH|^~\\&|GAM|CH|PERMANENCE|CH|20251202010000||ACK|A\(control)|P|2.5^FRA^2.11\r"
    switch said {
    case .cut: return nil
    case .busy: return head + "MSA|AR|\(control)\rERR|||207^Internal error^HL70357|E||||Base pleine\r"
    case .taken:
      log.withLock { $0.taken.append(what) }
      return head + "MSA|AA|\(control)\r"
    case .saying(let segments):
      log.withLock { $0.taken.append(what) }
      return head + "MSA|AA|\(control)\r\(segments)\r"
    case .numbered(let own, let authority):
      log.withLock { $0.taken.append(what) }
      let numbers = [String(person[3].prefix { $0 != "^" }), own].map { "\($0)^^^\(authority)^PI" }
      return head + "MSA|AA|\(control)\rPID|1||\(numbers.joined(separator: "~"))\r"
    }
  }
}
