import Hospital
import Hummingbird
import Ledger
import Register

/// Who is here under an identity that nobody has confirmed by a document, for whoever goes round with a list; and of
/// whom INSi is to be asked, once it answers again.
enum ToConfirmRoutes: Routes {
  private static let toQueryMax = 500

  static let operations: [Operation] = [
    .get(
      "/identities/to-confirm", "Those who are here under a provisional identity, by unit",
      answer: .json(
        .object([
          Field(
            "patients",
            .list(
              .object([Field("patient", .uuid), Field("stay", .uuid), Field("unit"), Field("bed", .maybe(.text()))]))
          ),
          Field(
            "toQuery",
            .list(.object([Field("patient", .uuid), Field("ipp", .maybe(.text())), Field("status")]))),
        ]))),
    .get(
      "/identities/to-query.csv", "Of whom INSi is to be asked: made or used meanwhile, without a qualified INS",
      answer: .media("text/csv")),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/identities/to-confirm") { request, context in
      let session = try app.require(.read, request, context)
      let wording = app.wording(context)
      let (all, asked, names) = try app.register.read { reading in
        (
          try ToConfirm.rows(reading, at: wording.now), try ToQuery.rows(reading),
          try reading.names(of: [], wording)
        )
      }
      // Of a birth under secrecy nothing stands on a list that leaves its unit.
      let toQuery = asked.filter { !$0.patient.secret }
      let rows = all.filter { !$0.patient.secret || session.mayName($0.patient, in: $0.unit) }
      if app.wantsJSON(request) {
        return app.json(["patients": .array(rows.map(\.json)), "toQuery": .array(toQuery.map(\.json))])
      }
      let model: [String: any Sendable] = [
        "rows": rows.map { $0.model(names, wording) }, "none": rows.isEmpty, "any": !rows.isEmpty,
        "toQuery": toQuery.prefix(toQueryMax).map { $0.model(names, wording) }, "anyToQuery": !toQuery.isEmpty,
        "toQueryCount": grouped(toQuery.count), "mayExport": app.allows(.settle, context),
      ]
      return app.html(
        Page("to-confirm", title: wording("to-confirm.title"), model: model, nav: .home), request, context)
    }
    router.get("/identities/to-query.csv") { request, context in
      try app.require(.settle, request, context)
      let wording = app.wording(context)
      let rows = try app.register.read { try ToQuery.rows($0) }.filter { !$0.patient.isRestricted }
      return app.spreadsheet(
        Spreadsheet.text([ToQuery.heads(wording)] + rows.map { $0.cells(wording) }), "insi.csv")
    }
  }
}

/// One of them, and where they are.
struct ToConfirm {
  var patient: Patient
  var stay: String
  var unit: String
  var bed: String?

  static func rows(_ reading: Reading, at now: Instant) throws -> [ToConfirm] {
    var rows: [ToConfirm] = []
    for unit in try reading.census(at: now).units {
      func add(_ occupant: Occupant, _ bed: String?) {
        guard let patient = occupant.patient, patient.identityStatus == .provisional else { return }
        rows.append(ToConfirm(patient: patient, stay: occupant.stay.id, unit: unit.code, bed: bed))
      }
      for place in unit.places { for occupant in place.occupants { add(occupant, place.bed.code) } }
      for occupant in unit.unplaced { add(occupant, occupant.bed) }
    }
    return rows
  }

  /// Of a restricted file no name stands on a list.
  func model(_ names: Names, _ wording: Wording) -> [String: any Sendable] {
    let address = "/patients/\(pathSafe(patient.id.afterSlash))"
    let line = PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority)
    let restricted = "<a href=\"\(address)\">\(escaped(wording("glass.title")))</a>"
    return [
      "who": patient.isRestricted ? restricted : line.html(wording, link: address),
      "place": [names.unit(unit), bed].compactMap { $0 }.joined(separator: " · "), "confirm": "\(address)/status",
    ]
  }

  var json: JSON {
    [
      "patient": .string(patient.id.afterSlash), "stay": .string(stay.afterSlash), "unit": .string(unit),
      "bed": bed.json,
    ]
  }
}
