import Hospital
import Hummingbird
import Ledger
import Register

/// A patient's own page.
enum PatientRoutes: Routes {
  static let operations: [Operation] = [
    .get("/patients/{id}", "A patient, their stays and their history", answer: .json(.any))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/patients/:id") { request, context in
      try app.require(.read, request, context)
      let id = "patient/\(try context.uuid())"
      let wording = app.wording(context)
      guard let patient = try app.register.read({ try $0.patient(id) }) else { throw Problem.notFound }
      try app.openFile(patient, page: "patient", request, context)
      let page = try app.register.read { reading -> PatientPage? in
        guard var file = try PatientFile(id, reading, wording) else { return nil }
        let said = try reading.history(of: id)
        let people = said.flatMap { [$0.heard.author, $0.heard.fact.data["checkedBy"]?.string].compactMap(\.self) }
        let askedBy = file.patient.askedBy + file.allergies.answers.map(\.said.author)
        file.names = try reading.names(of: people + askedBy, wording)
        return PatientPage(
          file: file, history: said.reversed().map { HistoryEntry($0.heard, wording, file.names) },
          newborns: try reading.newborns(ofMother: id).compactMap { try reading.patient($0) },
          absorbed: try reading.absorbed(by: id).compactMap { try reading.patient($0) },
          mode: try reading.mode.mode, warnings: app.warned(request, wording),
          hidden: app.hidden(context)
        ) { app.allows($0, context) }
      }
      guard let page else { throw Problem.notFound }
      if app.wantsJSON(request) { return app.json(PatientDocument.json(page.file, page.history)) }
      return app.html(page.page, request, context)
    }
  }
}
