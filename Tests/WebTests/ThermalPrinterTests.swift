import NIOCore
import NIOPosix
import Synchronization
import Testing
import Web

@Suite struct ThermalPrinterTests {
  @Test func everyByteArrives() async throws {
    let heard = Heard()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in channel.pipeline.addHandler(Listener(heard)) }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(server.localAddress?.port)
    try await ThermalPrinter(name: "test", host: "127.0.0.1", port: port).send("^XA^FDé^FS^XZ", timeoutSeconds: 120)
    for _ in 0..<4000 where heard.text != "^XA^FDé^FS^XZ" { try await Task.sleep(for: .milliseconds(5)) }
    #expect(heard.text == "^XA^FDé^FS^XZ")
    try await server.close()
  }

  @Test func anAbsentPrinterIsNamed() async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(server.localAddress?.port)
    try await server.close()
    await #expect(throws: PrinterFailure.unreachable(printer: "Admissions")) {
      try await ThermalPrinter(name: "Admissions", host: "127.0.0.1", port: port).send("^XA^XZ")
    }
  }
}

private final class Heard: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
  func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}

private final class Listener: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  private let heard: Heard
  init(_ heard: Heard) { self.heard = heard }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    heard.add(Array(unwrapInboundIn(data).readableBytesView))
  }
}
