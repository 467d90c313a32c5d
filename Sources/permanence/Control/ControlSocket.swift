import Feeds
import Foundation
import Ledger
import Logging
import NIOCore
import NIOPosix
import Register
import ServiceLifecycle

/// The local socket of a serving station: one line of JSON in, `{"arguments": [..]}`; lines out, `{"done", "of"}` while
/// it works and at last `{"json", "text", "yes"}` or `{"error"}`. The data folder is its owner's alone
/// (0700), and so is the socket (0600).
enum ControlProtocol {
  static let lineBytesMax = 1 << 20

  /// A socket's address holds 107 bytes; a folder's path may be longer, so it is reached through an open descriptor.
  static func withPath<Value>(_ folder: String, _ body: (String) async throws -> Value) async throws -> Value {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RegisterFault.noStation(folder: folder) }
    defer { close(descriptor) }
    return try await body("/proc/self/fd/\(descriptor)/control")
  }

  static func answer(_ answer: Answer) -> JSON {
    ["json": .string(answer.json), "text": .string(answer.text), "yes": .bool(answer.isYes)]
  }
}

struct ControlServer: Service {
  /// How long the last answer may take to be written once the station stops.
  private static let lastWord = Duration.seconds(1)
  /// And how long whoever asked for what a stop ends waits for it.
  private static let endingMax = Duration.seconds(20)

  let folder: String
  let register: Register
  let replicating: Replicating
  let handbacks: HandbackDesk
  let logger: Logger

  func run() async throws {
    let server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    do {
      server = try await ControlProtocol.withPath(folder) { path in
        unlink(path)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture {
              try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
          }
        chmod(path, 0o600)
        return server
      }
    } catch {
      logger.error("no local socket, so other commands cannot write while this station serves: \(error)")
      try await gracefulShutdown()
      return
    }
    try await cancelWhenGracefulShutdown {
      try await withThrowingDiscardingTaskGroup { group in
        try await server.executeThenClose { clients in
          for try await client in clients { group.addTask { await serve(client) } }
        }
      }
    }
    unlink("\(folder)/control")
  }

  private func serve(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
    do {
      try await client.executeThenClose { inbound, outbound in
        var line: [UInt8] = []
        for try await part in inbound {
          line += part.readableBytesView
          guard line.count <= ControlProtocol.lineBytesMax else { return }
          if line.last == UInt8(ascii: "\n") { break }
        }
        let (lines, send) = AsyncStream.makeStream(of: JSON.self)
        let asked = line
        let isEnded = (try? Self.command(in: asked)) is any EndedCommand
        let answering = Task {
          send.yield(await answer(to: asked) { send.yield(["done": .integer($0), "of": .integer($1)]) })
          send.finish()
        }
        // A stop must not keep its answer from whoever asked for what it ends.
        let writing = Task {
          for await line in lines { try await outbound.write(ByteBuffer(bytes: line.bytes + [UInt8(ascii: "\n")])) }
        }
        try await withTaskCancellationHandler {
          try await writing.value
        } onCancel: {
          if isEnded { answering.cancel() } else { send.finish() }
          // Whoever reads nothing, or asked for what waits behind another's, keeps no station from its end.
          Task {
            if isEnded { await answering.value }
            try? await Task.sleep(for: Self.lastWord)
            writing.cancel()
          }
          Task {
            try? await Task.sleep(for: Self.endingMax)
            writing.cancel()
          }
        }
      }
    } catch { logger.info("a local client went away: \(error)") }
  }

  private static func command(in line: [UInt8]) throws -> any WritingCommand {
    let asked = try JSON(parsing: line)["arguments"]?.array?.compactMap(\.string) ?? []
    guard let command = try Permanence.parseAsRoot(asked) as? any WritingCommand else {
      throw Sentence("This station only takes commands that write: run the others without it.")
    }
    return command
  }

  private func answer(to line: [UInt8], progress: @escaping @Sendable (Int, Int) -> Void) async -> JSON {
    do {
      let command = try Self.command(in: line)
      if let serving = command as? any ServingCommand {
        return ControlProtocol.answer(try await serving.answer(from: replicating))
      }
      if let handing = command as? any HandingCommand {
        return ControlProtocol.answer(try await handing.answer(from: handbacks, register, progress: progress))
      }
      return ControlProtocol.answer(try await command.write(to: register, progress: progress))
    } catch is CancellationError {
      let stopped = "The station stopped before this was done, and nothing is said of it: start it, then ask again."
      return ["error": .string(stopped)]
    } catch { return ["error": .string(Sentence(error).text)] }
  }
}

struct ControlClient {
  let folder: String

  func ask(_ arguments: [String], progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    do {
      channel = try await ControlProtocol.withPath(folder) { path in
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .connect(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture {
              try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
          }
      }
    } catch { throw RegisterFault.locked(folder: folder) }
    return try await channel.executeThenClose { inbound, outbound in
      let asked: JSON = ["arguments": .array(arguments.map { .string($0) })]
      try await outbound.write(ByteBuffer(bytes: asked.bytes + [UInt8(ascii: "\n")]))
      var pending: [UInt8] = []
      for try await part in inbound {
        pending += part.readableBytesView
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
          let line = try JSON(parsing: pending[..<end])
          pending.removeSubrange(...end)
          if let done = line["done"]?.integer, let total = line["of"]?.integer { progress(done, total) }
          if let answer = try answer(line) { return answer }
        }
      }
      throw Sentence("The serving station broke off: look at its log, then try again; nothing is done twice.")
    }
  }

  private func answer(_ line: JSON) throws -> Answer? {
    if let error = line["error"]?.string { throw Sentence(error) }
    guard let json = line["json"]?.string, let text = line["text"]?.string else { return nil }
    return Answer(json: json, text: text, isYes: line["yes"]?.bool ?? true)
  }
}
