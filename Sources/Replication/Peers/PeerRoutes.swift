import Hummingbird
import Ledger
import NIOCore
import ServiceLifecycle

/// What a station answers to others: what it holds, and nothing that changes it; but one whose chain forked is
/// certified anew where this one can.
struct PeerRoutes: Sendable {
  /// Read from the store and held in memory at a time, for each answer under way.
  static let piecesBytes = 256 << 10

  let store: any LineStore
  let version: String
  let environment: PeerEnvironment
  let isRefused: @Sendable (String) -> Bool
  let mark: @Sendable (String) -> Fact?
  let hear: @Sendable (String, [PeerAddress]) -> Void
  let enrol: @Sendable (String, PublicKey) async throws -> Enrolment

  func router() -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    router.add(middleware: Introducing(version: version, environment: environment))
    router.add(middleware: Recognising(isRefused: isRefused, mark: mark, hear: hear))
    router.get("heads") { _, _ in try heads() }
    router.get("heads/live") { _, context in live(to: context.station) }
    router.get("beside") { request, _ in try beside(request) }
    router.get("commits/:hash") { request, context in try commits(request, context) }
    router.post("enrolment") { request, context in try await enrolment(request, context) }
    return router
  }

  private func enrolment(_ request: Request, _ context: PeerContext) async throws -> Response {
    let question = try await request.body.collect(upTo: EnrolmentText.bytesMax)
    guard let key = EnrolmentText.key(reading: Array(question.readableBytesView)) else { throw HTTPError(.badRequest) }
    guard let enrolment = try? await enrol(context.station, key) else { throw HTTPError(.conflict) }
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: EnrolmentText.bytes(of: enrolment))))
  }

  private func heads() throws -> Response {
    Response(
      status: .ok,
      headers: [.contentType: "application/json", .permanenceBeside: String(try store.besideEnd())],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: HeadsText.bytes(of: try store.tips()))))
  }

  private func beside(_ request: Request) throws -> Response {
    let entries = try store.beside(after: try after(request), bytes: BesideText.bytesMax)
    return Self.lines(ResponseBody(byteBuffer: ByteBuffer(bytes: BesideText.bytes(of: entries))))
  }

  private func after(_ request: Request) throws -> Int {
    let asked = request.uri.queryParameters["after"].map(String.init) ?? "0"
    guard let after = Int(asked), after >= 0 else { throw HTTPError(.badRequest) }
    return after
  }

  private func commits(_ request: Request, _ context: PeerContext) throws -> Response {
    guard let hash = context.parameters.get("hash").flatMap(LineHash.init(hex:)) else { throw HTTPError(.badRequest) }
    let after = try after(request)
    guard let first = try store.lines(endingAt: hash, after: after, bytes: Self.piecesBytes) else {
      throw HTTPError(.notFound)
    }
    let station = context.station
    let piece = Self.piece(first)
    let isAll = first.last.map { LineHash(of: $0) == hash } ?? true
    if isAll, piece.count < LineCoding.fewBytes {
      return Self.lines(ResponseBody(byteBuffer: ByteBuffer(bytes: piece)))
    }
    if !LineCoding.isAccepted(request.headers) {
      return Self.lines(
        ResponseBody { writer in
          try await pieces(from: first, after, endingAt: hash, to: station) {
            try await writer.write(ByteBuffer(bytes: $0))
          }
          try await writer.finish(nil)
        })
    }
    return Self.lines(
      coding: LineCoding.name,
      ResponseBody { writer in
        let compression = try Compression(level: Compression.fast)
        var compressed: [UInt8] = []
        try await pieces(from: first, after, endingAt: hash, to: station) {
          try compression.take($0, into: &compressed)
          if !compressed.isEmpty { try await writer.write(ByteBuffer(bytes: compressed)) }
          compressed.removeAll(keepingCapacity: true)
        }
        try compression.take([], isLast: true, into: &compressed)
        try await writer.write(ByteBuffer(bytes: compressed))
        try await writer.finish(nil)
      })
  }

  /// Hands over what ends at this hash, while whoever asks may still be told.
  private func pieces(
    from first: [[UInt8]], _ after: Int, endingAt hash: LineHash, to station: String,
    _ write: ([UInt8]) async throws -> Void
  ) async throws {
    var lines = first
    var last = after
    while !lines.isEmpty, !isRefused(station) {
      try await write(Self.piece(lines))
      last += lines.count
      lines = try store.lines(endingAt: hash, after: last, bytes: Self.piecesBytes) ?? []
    }
  }

  private static func lines(coding: String? = nil, _ body: ResponseBody) -> Response {
    var headers: HTTPFields = [.contentType: PeerServer.linesType]
    headers[.contentEncoding] = coding
    return Response(status: .ok, headers: headers, body: body)
  }

  private static func piece(_ lines: [[UInt8]]) -> [UInt8] {
    var piece: [UInt8] = []
    piece.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
    for line in lines {
      piece += line
      piece.append(UInt8(ascii: "\n"))
    }
    return piece
  }

  private func live(to station: String) -> Response {
    let beats = LiveBeats(store: store, environment: environment)
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        // A station that stops waits for nobody who listens to it.
        for await beat in beats.stream().cancelOnGracefulShutdown() where !isRefused(station) {
          try await writer.write(ByteBuffer(bytes: try beats.frame(beat)))
        }
        try await writer.finish(nil)
      })
  }
}
