import Hospital
import Hummingbird
import Ledger
import Register

/// Who needs a bed, and for whoever gives them the best three of each, one key to take one.
enum BedRequestRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/bed-requests", "Who waits for a bed, and the best beds for one of them",
      query: [Field("request", .uuid, "The one to look at; the one that waits longest where it is absent")],
      answer: .json(
        .object([
          Field("requests", .list(.object(BedRequestPage.fields)), required: true),
          Field("proposals", .list(.any), required: true, "Beds for the one looked at, best first, with their reasons"),
          Field("leaving", .list(.any), required: true, "Who is expected to leave within a day"),
          Field("keptForNobody", .list(.uuid), required: true, "Beds kept for a request that asks for them no more"),
        ]))),
    .post(
      "/bed-requests/{id}/accept", "Keeps a bed for whoever was asked for",
      fields: [Field("bed", .uuid, required: true)]),
    .post("/bed-requests/{id}/reopen", "Gives the bed back; the request waits again"),
    .post("/bed-requests/{id}/fulfil", "They are in the bed that was kept: moved or admitted there"),
    .post("/bed-requests/{id}/withdraw", "No bed is needed any more", fields: [Field("reason")]),
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/bed-requests") { request, context in
      let session = try app.require(.requestBed, request, context)
      let page = try BedRequestPage(app, request.query["request"], session, context)
      if app.wantsJSON(request) { return app.json(page.json) }
      return app.html(page.page(Filling(hidden: app.hidden(context)), app, request, context), request, context)
    }
    add("accept", router, app) { id, form in AcceptBedRequest(request: id, bed: form.subject("bed") ?? "") }
    add("reopen", router, app) { id, _ in ReopenBedRequest(request: id) }
    add("fulfil", router, app) { id, _ in FulfilBedRequest(request: id) }
    add("withdraw", router, app) { id, form in WithdrawBedRequest(request: id, reason: form["reason"]) }
  }

  /// After an act the next one that waits comes by itself.
  private static func add(
    _ act: String, _ router: Router<PageContext>, _ app: WebApp,
    command: @escaping @Sendable (String, Form) -> any Command
  ) {
    router.post("/bed-requests/:id/\(act)") { request, context in
      let form = try await app.form(request, context)
      let session = try app.require(.requestBed, request, context)
      let uuid = try context.uuid()
      return try await app.answer(form, request, context) {
        command("request/\(uuid)", form)
      } next: { receipt in
        receipt.telling("/bed-requests")
      } again: { filling in
        try BedRequestPage(app, uuid, session, context).page(filling, app, request, context)
      }
    }
  }
}
