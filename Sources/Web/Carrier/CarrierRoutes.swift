import Foundation
import Hospital
import Hummingbird
import Ledger
import NIOCore
import Register

/// A carrier without a terminal: a file to take away on a USB key, and one to take in.
enum CarrierRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/carrier", "The form of carriers, and the stations that one can be written for",
      answer: .json(.object([Field("stations", .list(.text()))]))),
    .post(
      "/carrier/write", "A carrier: one sealed file that only stations of this hospital, and its papers, open",
      fields: [Field("station", "The whole name of a station: only what it is not known to have")],
      answer: .media("application/octet-stream")),
    .post(
      "/carrier/read", "Take in a carrier, each file whole or not at all",
      files: [Field("file", required: true, "The file, or each of its parts")],
      answer: .json(
        .object([
          Field("commits", .integer(min: 0)), Field("stations", .integer(min: 0)), Field("known", .integer(min: 0)),
          Field("aside", .integer(min: 0)), Field("lacking", .list(.text())),
          Field("refused", .list(.object([Field("file"), Field("code")]))),
        ]))),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/carrier") { request, context in
      try app.require(.stations, request, context)
      return try app.answerCarrier([], request, context)
    }
    router.post("/carrier/write") { request, context in
      let form = try await app.form(request, context)
      try app.require(.stations, request, context)
      return try await app.writeCarrier(for: form["station"])
    }
    router.post("/carrier/read") { request, context in
      try app.require(.stations, request, context)
      let carrying = try app.carriers()
      let (upload, files) = try await app.upload(
        request, context, to: "\(carrying.folder)/\(app.environment.newID())")
      defer { withExtendedLifetime(upload) {} }
      guard !files.isEmpty else { throw Problem(.badRequest, "problem.no-file") }
      let read = try await carrying.read(files).map(CarrierRow.init)
      if app.wantsJSON(request) { return app.json(CarrierRow.json(read)) }
      return try app.answerCarrier(read, request, context)
    }
  }
}

/// What came of one file that was sent.
struct CarrierRow: Sendable {
  let name: String
  let outcome: Carrying.Outcome

  init(_ path: String, _ outcome: Carrying.Outcome) {
    name = path.afterLastSlash
    self.outcome = outcome
  }

  func model(_ wording: Wording) -> [String: any Sendable] {
    switch outcome {
    case .refused(let code):
      ["name": name, "means": "alert", "mark": "!", "said": wording("carrier.refused.\(code)")]
    case .taken(let commits, let known, let aside, let lacking, _, let sealer, let at):
      [
        "name": name, "means": !lacking.isEmpty ? "alert" : aside > 0 ? "unsure" : "fine",
        "mark": !lacking.isEmpty ? "!" : aside > 0 ? "?" : "✓",
        "said": commits + aside == 0
          ? wording("carrier.repeated", ["known": grouped(known)])
          : wording("carrier.taken", ["commits": grouped(commits)]),
        "from": wording("carrier.from", ["station": StationName.shown(sealer), "time": wording.time(at)]),
      ].adding("aside", aside > 0 ? wording("carrier.aside", ["count": grouped(aside)]) : nil)
        .adding(
          "lacking",
          lacking.isEmpty
            ? nil
            : wording("carrier.lacking", ["stations": lacking.map(StationName.shown).sorted().joined(separator: ", ")]))
    }
  }

  static func json(_ rows: [CarrierRow]) -> JSON {
    var (commits, known, aside) = (0, 0, 0)
    var (stations, lacking) = (Set<String>(), Set<String>())
    var refused: [JSON] = []
    for row in rows {
      switch row.outcome {
      case .taken(let some, let old, let kept, let lacked, let names, _, _):
        (commits, known, aside) = (commits + some, known + old, aside + kept)
        stations.formUnion(names)
        lacking.formUnion(lacked)
      case .refused(let code): refused.append(["file": .string(row.name), "code": .string(code)])
      }
    }
    return [
      "commits": .integer(commits), "stations": .integer(stations.count), "known": .integer(known),
      "aside": .integer(aside), "lacking": .array(lacking.sorted().map { .string($0) }), "refused": .array(refused),
    ]
  }
}

extension WebApp {
  /// - Throws: `Problem` 503 where nothing above this floor carries.
  fileprivate func carriers() throws -> Carrying {
    guard let carrying else { throw Problem(.serviceUnavailable) }
    return carrying
  }

  /// Whole names of the other stations.
  private func others() throws -> [String] {
    Set(try register.read { try $0.heads() }.keys.map(StationName.station(ofChain:))).subtracting([register.station])
      .sorted()
  }

  fileprivate func answerCarrier(
    _ rows: [CarrierRow], _ request: Request, _ context: PageContext
  ) throws -> Response {
    let stations = try others()
    if wantsJSON(request) { return json(["stations": .array(stations.map { .string($0) })]) }
    let wording = wording(context)
    let model: [String: any Sendable] = [
      "hidden": hidden(context), "rows": rows.map { $0.model(wording) }, "any": !rows.isEmpty,
      "stations": stations.map { ["name": $0, "shown": StationName.shown($0)] },
    ]
    return html(
      Page("carrier", title: wording("nav.carrier"), model: model, nav: .carrier), request, context)
  }

  fileprivate func writeCarrier(for station: String?) async throws -> Response {
    let carrying = try carriers()
    if let station { guard try others().contains(station) else { throw Problem.notFound } }
    let upload = try CarrierUpload(folder: "\(carrying.folder)/\(environment.newID())")
    let now = environment.now()
    let stamp = now.text.prefix(16).filter { $0.isNumber }
    let name = "permanence-\(shortStation(register.station))-\(stamp).carrier"
    let path = upload.path(name)
    try await carrying.write(path, station)
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/octet-stream", .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"\(name)\"",
      ],
      body: ResponseBody { writer in
        try await Self.send(path, to: &writer)
        try await writer.finish(nil)
        withExtendedLifetime(upload) {}
      })
  }

  private static let pieceBytes = 256 << 10

  private static func send(_ path: String, to writer: inout any ResponseBodyWriter) async throws {
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? file.close() }
    while let bytes = try file.read(upToCount: pieceBytes), !bytes.isEmpty {
      try await writer.write(ByteBuffer(bytes: bytes))
    }
  }
}

extension String {
  fileprivate var afterLastSlash: String { split(separator: "/").last.map(String.init) ?? self }
}
