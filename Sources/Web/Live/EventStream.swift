import Hummingbird
import NIOCore

extension Response {
  /// Server-sent events (HTML Living Standard 9.2): the connection stays open until the stream ends.
  static func events(_ frames: AsyncStream<[UInt8]>) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/event-stream; charset=utf-8",
        .cacheControl: "no-store",
      ],
      body: ResponseBody(asyncSequence: frames.map { ByteBuffer(bytes: $0) }))
  }
}

extension Request {
  /// What this browser heard last: its own word when it comes back, else the page's when it first connects.
  var lastEventID: String? {
    headers[.init("Last-Event-ID")!] ?? uri.queryParameters["after"].map(String.init)
  }
}
