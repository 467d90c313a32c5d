import Hummingbird
import Interop
import Ledger
import NIOCore

/// A feed of what changed, as server-sent events: references alone, never what they say.
extension FHIRServer {
  func changes(_ request: Request, _ context: PageContext) throws -> Response {
    guard let caller = app.caller(request) else { throw Problem(.unauthorized, "fhir.token-needed") }
    let types = Self.told.filter { told in caller.scopes.contains { $0.allows(.read, told.type) } }
    guard !types.isEmpty else { throw Problem(.forbidden, "fhir.scope", ["scope": "system/Patient.r"]) }
    let isWelcome: @Sendable () -> Bool = { app.caller(request) != nil }
    let frames = app.pages.listen(after: request.lastEventID, while: isWelcome)
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(asyncSequence: frames.map { ByteBuffer(bytes: Self.frame($0, types)) }))
  }

  private static let told: [(subject: String, type: String)] = [
    ("appointment/", "Appointment"), ("bed/", "Location"), ("patient/", "Patient"), ("stay/", "Encounter"),
  ]

  /// The event of the pages with references in place of subjects; what is no resource here is left out, and an event of
  /// nothing else keeps its number alone.
  static func frame(_ frame: [UInt8], _ types: [(subject: String, type: String)]) -> [UInt8] {
    let lines = String(decoding: frame, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Array(
      lines.map { line -> String in
        guard line.hasPrefix("data: ") else { return String(line) }
        let references = line.dropFirst(6).split(separator: " ").compactMap { name in
          types.first { name.hasPrefix($0.subject) }.map { "\($0.type)/\(name.dropFirst($0.subject.count))" }
        }
        return "data: \(references.joined(separator: " "))"
      }.joined(separator: "\n").utf8)
  }
}
