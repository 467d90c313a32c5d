import Hospital
import Hummingbird
import Ledger
import Register

/// À trancher: everything that was said differently twice, both sides shown, nothing erased. What settles each lies on
/// the pages of its two sides.
enum ConflictRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/conflicts", "What was said differently twice, both sides kept",
      answer: .json(
        .object([
          Field(
            "conflicts",
            .list(
              .object([
                Field("kind", .choice(Conflict.Kind.allCases.map(\.rawValue))), Field("key", .maybe(.text())),
                Field("subjects", .list(.text())),
              ])))
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/conflicts") { request, context in
      try app.require(.read, request, context)
      let wording = app.wording(context)
      if app.wantsJSON(request) {
        let conflicts = try app.register.read { try $0.conflicts() }
        return app.json(["conflicts": .array(conflicts.map(\.json))])
      }
      let shown = try app.register.read { reading in
        try reading.conflicts().map { try ShownConflict($0, reading, wording) }
      }
      let model: [String: any Sendable] = ["conflicts": shown.map(\.model), "none": shown.isEmpty]
      return app.html(
        Page(
          "conflicts", title: wording("nav.conflicts"), model: model, nav: .conflicts, live: [Situation.name]),
        request, context)
    }
  }
}

extension Conflict {
  fileprivate var json: JSON {
    [
      "kind": .string(kind.rawValue), "key": key.map { .string($0) } ?? .null,
      "subjects": .array(subjects.map { .string($0) }),
    ]
  }
}

/// One conflict as a person reads it.
private struct ShownConflict {
  struct Side {
    /// HTML.
    var what: String
    var detail: String
    var said: String
  }

  let kind: String
  let help: String
  let key: String?
  let sides: [Side]

  init(_ conflict: Conflict, _ reading: Reading, _ wording: Wording) throws {
    kind = wording("conflict.\(conflict.kind.rawValue)")
    help = wording("conflict.\(conflict.kind.rawValue).help")
    // A bed's id says nothing to anybody: its two sides name the place.
    key = conflict.kind == .bed ? nil : conflict.key
    let names = try reading.names(of: [], wording)
    sides = try conflict.subjects.map { try ShownConflict.side($0, reading, names, wording) }
  }

  private static func side(_ subject: String, _ reading: Reading, _ names: Names, _ wording: Wording) throws -> Side {
    let said = try reading.history(of: subject).last.map { said in
      let who = try reading.names(of: [said.heard.author], wording).account(said.heard.author)
      let station = names.station(said.heard.station)
      return "\(wording.time(said.heard.fact.at)) · \(said.heard.source?.sender ?? who) · \(station)"
    }
    var side = Side(what: escaped(subject), detail: "", said: said ?? "")
    if let patient = try reading.patient(subject) {
      side.what = html(patient, names, wording)
    } else if let stay = try reading.stay(subject) {
      let line = StayLine(stay, names, wording)
      side.what = "<a href=\"/stays/\(pathSafe(subject.afterSlash))\">\(escaped(line.option))</a>"
      if let patient = try stay.patient.flatMap({ try reading.patient($0) }) {
        side.detail = html(patient, names, wording)
      }
    }
    return side
  }

  /// Of a restricted file no name stands on a list.
  private static func html(_ patient: Patient, _ names: Names, _ wording: Wording) -> String {
    let address = "/patients/\(pathSafe(patient.id.afterSlash))"
    guard !patient.isRestricted else {
      return "<a href=\"\(address)\">\(escaped(wording("glass.title")))</a>"
    }
    return PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority).html(wording, link: address)
  }

  var model: [String: any Sendable] {
    [
      "kind": kind, "help": help,
      "sides": sides.map { ["what": $0.what, "detail": $0.detail, "said": $0.said] },
    ].adding("key", key)
  }
}
