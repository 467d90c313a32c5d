import Hospital
import Hummingbird

/// A stay that was handed back is linked to the main system's; here it is parted from it.
enum PartRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/part", "The form that parts a stay from the main system's"),
    .post("/stays/{id}/part", "Says that the main system's stay is another one"),
  ]

  private static let part = StayAct("part", .settle) { _, _ in
    []
  } command: { stay, _, _ throws(Refusal) in
    PartHandedBack(stay: stay)
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { part.add(to: router, app) }
}
