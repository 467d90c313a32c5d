import NIOCore
import NIOPosix

/// A label or wristband printer that listens on a socket (port 9100, "raw"): what is written is printed, and nothing
/// is ever answered. Hosts come from the site's own list, never from a form.
public struct ThermalPrinter: Sendable, Equatable, Codable {
  /// As people call it.
  public var name: String
  /// A fixed address: there may be no DNS tonight.
  public var host: String
  public var port: Int

  public init(name: String, host: String, port: Int = 9100) {
    self.name = name
    self.host = host
    self.port = port
  }

  /// Returns once the printer's machine has taken every byte.
  public func send(_ zpl: String, timeoutSeconds: Int = 4) async throws(PrinterFailure) {
    let limit = TimeAmount.seconds(Int64(timeoutSeconds))
    let channel: any Channel
    guard (1...65_535).contains(port) else { throw .unreachable(printer: name) }
    do {
      channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(limit)
        .connect(host: host, port: port).get()
    } catch is ChannelError {
      throw .silent(printer: name)
    } catch {
      throw .unreachable(printer: name)
    }
    // A printer out of paper takes the connection and then reads nothing: the deadline closes it.
    let deadline = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    defer { deadline.cancel() }
    do {
      try await channel.writeAndFlush(channel.allocator.buffer(string: zpl)).get()
      try await channel.close().get()
    } catch {
      throw .silent(printer: name)
    }
  }
}

public enum PrinterFailure: Error, Sendable, Equatable {
  /// Nobody there: off, unplugged, or another address.
  case unreachable(printer: String)
  /// There, but it did not take the label in time: out of paper, head open, paused.
  case silent(printer: String)

  /// Key of the sentence in both languages.
  public var code: String {
    switch self {
    case .unreachable: "print.unreachable"
    case .silent: "print.silent"
    }
  }
}
