import Hospital
import Hummingbird
import Ledger
import Register

/// Who read which file, when, from where, and why where the glass was broken. Folded into nothing else.
enum AuditRoutes: Routes {
  static let rowsMax = 500

  static let operations: [Operation] = [
    .get(
      "/audit", "Who read which file; for auditors",
      query: [Field("patient", .text(), "IPP or UUID"), Field("account", .text(), "Login or UUID")],
      answer: .json(
        .object([
          Field(
            "reads",
            .list(
              .object([
                Field("at"), Field("account"), Field("name"), Field("patient", .maybe(.text())), Field("where"),
                Field("why", .maybe(.text())),
              ])))
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/audit") { request, context in
      try app.require(.audit, request, context)
      let query = request.query
      let (rows, problem) = try app.reads(query, context.language)
      if app.wantsJSON(request) { return app.json(["reads": .array(rows.map(\.json))]) }
      let model: [String: any Sendable] = [
        "patient": query["patient"] ?? "", "account": query["account"] ?? "", "rows": rows.map(\.model),
        "none": rows.isEmpty && problem == nil, "any": !rows.isEmpty, "pending": app.register.pendingReadsCount,
      ].adding("problem", problem.map { app.texts($0, context.language) })
      return app.html(
        Page("audit", title: app.texts("nav.audit", context.language), model: model, nav: .audit), request, context)
    }
  }
}

/// One reading of a file, as whoever audits sees it.
struct AuditRow {
  var read: PatientRead
  var who: String
  var patient: String
  var when: String
  var at: String

  var model: [String: any Sendable] {
    [
      "when": when, "who": who, "account": String(read.account.dropFirst(8)), "patient": patient,
      "where": read.where,
    ].adding("why", read.why).adding("patientID", read.patient.map { String($0.dropFirst(8)) })
  }

  var json: JSON {
    [
      "at": .string(at), "account": .string(read.account), "name": .string(who),
      "patient": read.patient.map { .string($0) } ?? .null,
      "where": .string(read.where), "why": read.why.map { .string($0) } ?? .null,
    ]
  }
}

extension WebApp {
  /// By patient (an IPP or an id) or by account (a login or an id); the newest reads of all where neither is asked.
  /// - Returns: the key of what is wrong with the question, beside no rows.
  fileprivate func reads(_ query: Fields, _ language: Language) throws -> ([AuditRow], String?) {
    let patient = query["patient"]?.trimmed ?? ""
    let account = query["account"]?.trimmed ?? ""
    let accounts = account.isUUID ? ["account/\(account)"] : try register.credentials(ofLogin: account).map(\.account)
    if !account.isEmpty, accounts.isEmpty { return ([], "audit.no-account") }
    return try register.read { reading in
      var found: [PatientRead] = []
      if !patient.isEmpty {
        let ids = patient.isUUID ? ["patient/\(patient)"] : try reading.patients(withIdentifier: patient)
        if ids.isEmpty { return ([], "audit.no-patient") }
        for id in ids { found += try reading.reads(ofPatient: id, limit: AuditRoutes.rowsMax) }
        if !account.isEmpty { found = found.filter { accounts.contains($0.account) } }
      } else if !account.isEmpty {
        for id in accounts { found += try reading.reads(byAccount: id, limit: AuditRoutes.rowsMax) }
      } else {
        found = try reading.newestReads(limit: AuditRoutes.rowsMax)
      }
      return (try found.sorted { $0.at > $1.at }.map { try row($0, reading, language) }, nil)
    }
  }

  private func row(_ read: PatientRead, _ reading: Reading, _ language: Language) throws -> AuditRow {
    let patient = try read.patient.flatMap { try reading.patient($0) }
    let named = [patient?.birthName, patient?.birthGivenName].compactMap(\.self).joined(separator: " ")
    return AuditRow(
      read: read, who: try name(ofAuthor: read.account, reading, language),
      patient: named.isEmpty ? texts(read.patient == nil ? "audit.nobody" : "audit.unnamed", language) : named,
      when: hours.dayAndTime(read.at, now: environment.now(), language), at: hours.iso(read.at))
  }
}
