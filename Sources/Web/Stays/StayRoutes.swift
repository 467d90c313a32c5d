import Hospital
import Hummingbird
import Ledger
import Register

/// A stay's own page.
enum StayRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}", "A stay, its movements and its history", answer: .json(.any))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/stays/:id") { request, context in
      try app.require(.read, request, context)
      let id = "stay/\(try context.uuid())"
      let wording = app.wording(context)
      let found = try app.register.read { reading -> (StayFile, [HistoryEntry])? in
        guard var file = try StayFile(id, reading, wording) else { return nil }
        let said = try reading.history(of: id)
        let authors = said.map(\.heard.author) + file.stay.movements.map(\.author) + file.askedBy
        file.names = try reading.names(of: authors, wording)
        let entries = said.map { HistoryEntry($0.heard, wording, file.names) }
        return (file, entries.marking(cancelled: file.stay))
      }
      guard let (file, history) = found else { throw Problem.notFound }
      if let patient = file.patient { try app.openFile(patient, page: "stay", request, context) }
      if app.wantsJSON(request) { return app.json(StayDocument.json(file, history)) }
      let page = StayPage(file: file, history: history, warnings: app.warned(request, wording)) {
        app.allows($0, context)
      }
      return app.html(page.page, request, context)
    }
  }
}

extension [HistoryEntry] {
  /// Newest first, with the movements that were cancelled since marked.
  func marking(cancelled stay: Stay) -> [HistoryEntry] {
    let cancelled = Set(
      stay.movements.filter(\.cancelled).map(\.key) + stay.attendances.filter(\.cancelled).map(\.key))
    return reversed().map { entry in
      var entry = entry
      let isItself = entry.kind == "stay.movement-cancelled"
      entry.isCancelled = !isItself && entry.movement.map { cancelled.contains($0) } ?? false
      return entry
    }
  }
}
