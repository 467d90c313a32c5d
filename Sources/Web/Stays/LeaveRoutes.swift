import Hospital
import Hummingbird

/// Away with the bed kept, and back.
enum LeaveRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/leave", "The form of a leave"),
    .post(
      "/stays/{id}/leave", "Leaves for a while; the bed is kept",
      fields: [
        Field("kind", .choice(kinds)), Field("to", "Where to"), Field("until", "When they are expected back"), .at,
      ]),
    .get("/stays/{id}/return", "The form of a return"),
    .post("/stays/{id}/return", "Comes back from leave", fields: [.at]),
  ]

  private static let kinds = ["permission", "round-trip"]

  private static let leave = StayAct("leave", .move) { _, make in
    [
      make.choice("kind", "leave-kind", kinds, proposed: "permission", radios: true), make.field("to", focus: true),
      make.field("until"), make.field("at"),
    ]
  } command: { stay, form, wording throws(Refusal) in
    Leave(
      stay: stay, kind: form["kind"] ?? "permission", to: form["to"], until: try wording.hourToCome(form, "until"),
      at: try wording.hour(form))
  }

  private static let comeBack = StayAct("return", .move) { _, make in
    [make.field("at", focus: true)]
  } command: { stay, form, wording throws(Refusal) in
    Return(stay: stay, at: try wording.hour(form))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    leave.add(to: router, app)
    comeBack.add(to: router, app)
  }
}
