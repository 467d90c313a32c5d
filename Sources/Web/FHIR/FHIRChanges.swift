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
          ByteBuffer(bytes: Self.frame(frame, types) { (try? told($0, types, session)) ?? [] })
        }))
  }

  /// Of subjects that changed and of those that tell something else because they did, the ones that are resources of
  /// these types of which a program may hear.
  private func told(
    _ changed: [String], _ types: [(subject: String, type: String)], _ session: Session
  ) throws -> [String] {
    try reading(session) { reading in
      var met: Set<String> = []
      let beds = types.contains { $0.type == "Location" } ? try reading.beds(of: changed) : []
      return try (changed + changed.flatMap { try reading.toldWith($0) } + beds).filter { subject in
        types.contains { subject.hasPrefix($0.subject) } && met.insert(subject).inserted
          && ((try? reading.mayHear(of: subject)) ?? false)
      }
    }
  }

  private static let told: [(subject: String, type: String)] = [
    ("appointment/", "Appointment"), ("bed/", "Location"), ("patient/", "Patient"), ("request/", "ServiceRequest"),
    ("stay/", "Encounter"), ("stay/", "EpisodeOfCare"), ("transfer/", "ServiceRequest"),
  ]

  /// The event of the pages with references in place of subjects; what is no resource here is left out, and an event of
  /// nothing else keeps its number alone.
  private static func frame(
    _ frame: [UInt8], _ types: [(subject: String, type: String)], told: ([String]) -> [String]
  ) -> [UInt8] {
    let lines = String(decoding: frame, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Array(
      lines.map { line -> String in
        guard line.hasPrefix("data: ") else { return String(line) }
        let references = told(line.dropFirst(6).split(separator: " ").map(String.init)).flatMap { name in
          types.filter { name.hasPrefix($0.subject) }.map { "\($0.type)/\(name.dropFirst($0.subject.count))" }
        }
        return "data: \(references.joined(separator: " "))"
      }.joined(separator: "\n").utf8)
  }
}

extension FHIRReading {
  /// What tells of a file beside itself: whoever absorbed it, and all that is about either. With a stay, whoever it is
  /// of: where they are says whether they are told of.
  fileprivate func toldWith(_ subject: String) throws -> [String] {
    if subject.hasPrefix("stay/") {
      return try reading.stay(subject).flatMap { try owner(of: $0)?.id }.map { [$0] } ?? []
    }
    guard subject.hasPrefix("patient/") else { return [] }
    let stays = try reading.stays(ofPatient: subject)
    return try [reading.survivor(of: subject)] + stays
      + stays.flatMap { try ServiceRequestSource().subjects(ofStay: $0, reading) }
      + reading.bedRequests(ofPatient: subject) + reading.appointments(ofPatient: subject).map(\.id)
  }

  /// The beds of units where somebody came, went or moved: which of them fills or empties is no line about it.
  fileprivate func beds(of changed: [String]) throws -> [String] {
    try changed.filter { $0.hasPrefix("unit:") }
      .flatMap { try reading.unit(String($0.dropFirst(5)), at: now)?.places.map(\.bed.id) ?? [] }
  }

  /// Whether a program may hear that something of this subject changed: whose presence is told to nobody is not told
  /// of by their stays either.
  fileprivate func mayHear(of subject: String) throws -> Bool {
    switch subject.prefix(while: { $0 != "/" }) {
    case "patient":
      guard let patient = try reading.patient(subject) else { return true }
      return try mayTell(patient)
    case "stay":
      guard let stay = try reading.stay(subject) else { return true }
      return try mayTell(try owner(of: stay), at: stay.place)
    case "appointment":
      guard let appointment = try reading.appointment(subject) else { return true }
      return try mayTell(try appointment.patient.flatMap { try person($0) }, at: Place(unit: appointment.unit))
    case "request", "transfer":
      guard let request = try serviceRequest(subject) else { return false }
      return try mayTell(request)
    default: return true
    }
  }
}
