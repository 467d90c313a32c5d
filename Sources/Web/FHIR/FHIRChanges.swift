import Hospital
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
    let session = Session(who: caller.account, csrf: "", began: caller.until, until: caller.until)
    let frames = app.pages.listen(after: request.lastEventID, while: isWelcome)
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(
        asyncSequence: frames.map { frame in
          ByteBuffer(bytes: Self.frame(frame, types) { (try? mayTell(String($0), session)) ?? false })
        }))
  }

  /// Whether a program may hear that something of this subject changed: whose presence is told to nobody is not told
  /// of by their stays either.
  private func mayTell(_ subject: String, _ session: Session) throws -> Bool {
    try reading(session) { reading in
      switch subject.prefix(while: { $0 != "/" }) {
      case "patient":
        guard let patient = try reading.reading.patient(subject) else { return true }
        return try reading.mayTell(patient)
      case "stay":
        guard let stay = try reading.reading.stay(subject) else { return true }
        return try reading.mayTell(try reading.owner(of: stay), at: stay.place)
      case "appointment":
        guard let appointment = try reading.reading.appointment(subject) else { return true }
        return try reading.mayTell(
          try appointment.patient.flatMap { try reading.person($0) }, at: Place(unit: appointment.unit))
      case "request", "transfer":
        guard let request = try reading.serviceRequest(subject) else { return false }
        return try reading.mayTell(request)
      default: return true
      }
    }
  }

  private static let told: [(subject: String, type: String)] = [
    ("appointment/", "Appointment"), ("bed/", "Location"), ("patient/", "Patient"), ("request/", "ServiceRequest"),
    ("stay/", "Encounter"), ("stay/", "EpisodeOfCare"), ("transfer/", "ServiceRequest"),
  ]

  /// The event of the pages with references in place of subjects; what is no resource here is left out, and an event of
  /// nothing else keeps its number alone.
  static func frame(
    _ frame: [UInt8], _ types: [(subject: String, type: String)], mayTell: (Substring) -> Bool
  ) -> [UInt8] {
    let lines = String(decoding: frame, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Array(
      lines.map { line -> String in
        guard line.hasPrefix("data: ") else { return String(line) }
        let references = line.dropFirst(6).split(separator: " ").flatMap { name in
          let own = types.filter { name.hasPrefix($0.subject) }
          return own.isEmpty || !mayTell(name)
            ? [] : own.map { "\($0.type)/\(name.dropFirst($0.subject.count))" }
        }
        return "data: \(references.joined(separator: " "))"
      }.joined(separator: "\n").utf8)
  }
}
