import Hospital
import Hummingbird
import Ledger
import Register

/// Counts for programs: who lies where at any hour, and how full the hospital was.
enum CensusRoutes: Routes {
  static let daysMax = 31

  static let operations: [Operation] = [
    .get(
      "/census", "Who lies where, now or at any hour of the past", query: [Field("at", .text(max: 40))],
      answer: .json(
        .object([
          Field("at", .instant, required: true), Field("beds", .integer(min: 0), required: true),
          Field("occupied", .integer(min: 0), required: true), Field("units", .list(.any), required: true),
          Field("conflicts", .integer(min: 0), required: true),
        ]))),
    .get(
      "/occupancy", "How full the hospital was", query: [Field("days", .integer(min: 1, max: daysMax))],
      answer: .json(
        .object([Field("stepSeconds", .integer(min: 1), required: true), Field("points", .list(.any), required: true)]))
    ),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/census") { request, context -> Response in
      let session = try app.require(.read, request, context)
      let now = app.environment.now()
      let at: Instant
      do throws(Refusal) { at = try TypedTime(app.hours, now: now).read(request.query["at"]) ?? now } catch {
        throw Problem(.badRequest, "refusal.\(error.code)", error.arguments)
      }
      let (census, conflicts, authority) = try app.register.read {
        (try $0.census(at: at), try $0.conflictsCount(), try $0.structure?.ippAuthority)
      }
      return app.json([
        "at": .string(app.hours.iso(at)), "beds": .integer(census.beds), "occupied": .integer(census.occupied),
        "units": .array(census.units.map { $0.census(session, ippAuthority: authority) }),
        "conflicts": .integer(conflicts),
      ])
    }
    router.get("/occupancy") { request, context -> Response in
      try app.requireSession(request, context)
      let days = min(max(request.query["days"].flatMap { Int($0) } ?? 7, 1), daysMax)
      let stepSeconds = days > 7 ? 4 * 3600 : 3600
      let now = app.environment.now()
      let points = try app.register.read {
        try $0.occupancy(from: now.adding(seconds: -days * 86_400), to: now, stepSeconds: stepSeconds)
      }
      return app.json([
        "stepSeconds": .integer(stepSeconds),
        "points": .array(
          points.map {
            [
              "at": .string(app.hours.iso($0.at)), "occupied": .integer($0.occupied), "present": .integer($0.present),
            ]
          }),
      ])
    }
  }
}

extension BoardUnitRow {
  fileprivate func census(_ session: Session, ippAuthority: String?) -> JSON {
    let here = places.flatMap { place in place.occupants.map { ($0, place.bed.code) } } + unplaced.map { ($0, nil) }
    let shown = here.filter { session.mayName($0.0.patient, in: code) }
    return [
      "unit": .string(code), "beds": .integer(places.count), "occupied": .integer(occupied),
      "patients": .array(
        shown.map { occupant, bed in
          let patient = occupant.patient
          let name = [patient?.birthName ?? patient?.unknown?.label, patient?.birthGivenName].compactMap { $0 }
          return [
            "stay": .string(occupant.stay.id.afterSlash), "number": occupant.stay.number.json,
            "ipp": patient?.ipp(of: ippAuthority).json ?? .null,
            "name": name.isEmpty ? .null : .string(name.joined(separator: " ")), "bed": bed.json,
          ]
        }),
    ]
  }
}
