import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPCompression
import NIOHTTPTypesHTTP1

/// HTTP/1 whose lines are compressed as they are streamed, for whoever accepts it. The live channel is not, nor are a few
/// lines: they must leave at once, and compressing them would take longer than sending them.
struct CompressedChannel: ServerChildChannel, HTTPChannelHandler {
  typealias Value = HTTP1Channel.Value

  /// Lines that are said at a desk, not a backlog.
  private static let fewBytes = 8192

  private let base: HTTP1Channel

  init(_ base: HTTP1Channel) {
    self.base = base
  }

  var responder: Responder { base.responder }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      // The compressor speaks NIO's HTTP types, which end where Hummingbird's begin.
      let codec = try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self)
      let compressor = HTTPResponseCompressor { head, isPossible in
        let length = head.headers.first(name: "content-length").flatMap(Int.init)
        return isPossible && length ?? .max > Self.fewBytes
          && head.headers.first(name: "content-type") == PeerServer.linesType ? .compressIfPossible : .doNotCompress
      }
      try pipeline.addHandler(compressor, position: .before(codec.handler))
      return value
    }
  }

  func handle(value: Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
