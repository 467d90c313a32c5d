import Hospital
import Hummingbird
import Interop
import Ledger
import Register

/// New patients, through the same command and the same refusals as on pages.
extension FHIRServer {
  private static let bodyBytesMax = 262_144

  func body(_ request: Request) async throws -> JSON {
    let body = try await request.body.collect(upTo: Self.bodyBytesMax)
    guard let json = try? JSON(parsing: Array(body.readableBytesView)) else {
      throw Problem(.badRequest, "problem.json")
    }
    return json
  }

  func create(_ request: Request, _ context: PageContext) async throws -> Response {
    let source = try source(context)
    guard source.type == "Patient" else { throw Problem(.methodNotAllowed, "fhir.no-create") }
    let (session, context) = try app.caller(.create, source.type, request, context)
    let body = try await body(request)
    let sent = try patient(body, session)
    // A condition is a search, and what answers to it is read.
    if request.headers[.ifNoneExist] != nil {
      _ = try app.caller(.search, source.type, request, context)
      _ = try app.caller(.read, source.type, request, context)
    }
    let condition = try request.headers[.ifNoneExist].map(Self.condition)
    if let condition, let known = try only(condition, session) { return try answer(known, request, context) }
    if sent.ins != nil || condition?.isOfINS ?? false { throw Problem(.unprocessableContent, "fhir.ins") }
    if let place = sent.untaken { throw Problem(.unprocessableContent, "fhir.untaken", ["place": place]) }
    let command = RegisterPatient(traits: sent.traits, protected: sent.isRestricted, numbers: sent.numbers)
    let asked = Secret.digest("\(body)")
    // One condition is one patient, whoever sends it, however often and at whichever moment.
    var key = condition.map { Name.subject("fhir-create", $0.urlencoded, "") } ?? app.environment.newID()
    if let condition, let kept = try app.register.read({ try $0.kept(command: key) }),
      kept.station != app.register.station, try !isSaid(command, by: kept.facts)
    {
      // Somebody else, made elsewhere: as if nobody had been, and whoever is sent so again is one patient too.
      key = Name.subject("fhir-create", condition.urlencoded, Hex.text(of: asked))
    }
    if !Fields(request.query.pairs).all("anyway").contains("yes") {
      let twins = try app.register.read { reading in
        // Whoever was made under this condition is no twin: they are the answer.
        try reading.hasKept(command: key)
          ? [] : reading.twins(of: Patient(unsaved: sent.traits), limit: 5, now: app.environment.now())
      }
      if !twins.isEmpty {
        let told = try reading(session) { reading in
          try twins.map(\.patient).filter { try reading.mayTell($0) }
        }
        return duplicates(told.map(\.id), context)
      }
    }
    do {
      let receipt = try await app.register.submit(
        Submission(command, key: key, author: session.account, asked: Array(asked.prefix(8))))
      let id = receipt.subject("patient")?.afterSlash ?? ""
      // Another station kept them, and what was sent there lies beside their line there alone.
      if receipt.station != app.register.station, try !isSaid(command, by: receipt.facts) {
        throw Refusal("command-used")
      }
      guard let made = try reading(session, { try PatientSource().resource(id, $0) }) else { throw Problem.notFound }
      return receipt.isRepeated ? try answer(made, request, context) : created(made, isNew: true, request)
    } catch let refusal as Refusal where ["command-used", "number-known"].contains(refusal.code) {
      // Somebody else's was first.
      if let condition, let known = try only(condition, session) { return try answer(known, request, context) }
      throw refusal
    }
  }

  private func isSaid(_ command: RegisterPatient, by facts: [Fact]) throws -> Bool {
    let structure = try app.register.read { try $0.structure }
    return facts.contains { command.isSaid(by: $0, at: app.environment.now(), in: structure) }
  }

  private func created(_ resource: FHIRResource, isNew: Bool, _ request: Request) -> Response {
    var response = app.answer(resource, request, status: isNew ? .created : .ok)
    if request.headers[.prefer]?.contains("return=minimal") ?? false {
      response.body = ResponseBody()
      response.headers[.contentType] = nil
    }
    let base = app.fhirBase(request)
    response.headers[.location] = "\(base)/\(resource.path)/_history/\(resource.version?.id ?? "")"
    return response
  }

  private func answer(_ known: FHIRResource, _ request: Request, _ context: PageContext) throws -> Response {
    // Found by what was asked, as a search finds; a search would not tell of everybody.
    if request.headers[.readReason]?.trimmed.isEmpty ?? true,
      let session = context.session, try !reading(session, { try $0.mayTell(known) })
    {
      throw Problem(.forbidden, "problem.reason-needed")
    }
    try open(known, request, context)
    return created(known, isNew: false, request)
  }

  private func patient(_ json: JSON, _ session: Session) throws -> PatientReading {
    do {
      return try reading(session) { try PatientReading(json, at: $0.now, $0.zone) }
    } catch let fault as PatientReading.Fault {
      throw Problem(.badRequest, "fhir.element", ["place": fault.place])
    }
  }

  /// What a header asks: `identifier=…`, or an address that ends so.
  private static func condition(_ header: String) throws -> Fields {
    let query = header.firstIndex(of: "?").map { String(header[header.index(after: $0)...]) } ?? header
    guard let fields = Fields(urlencoded: query.utf8), !fields.pairs.isEmpty else {
      throw FHIRSearch.Fault.value("If-None-Exist")
    }
    return fields
  }

  /// The one patient of whom the condition holds, whatever marks they bear; nil where there is none.
  /// - Throws: `Problem` 412 where there are several.
  private func only(_ condition: Fields, _ session: Session) throws -> FHIRResource? {
    let source = PatientSource()
    var search = try FHIRSearch(condition.pairs, known: Set(PatientCriteria.parameters.map(\.name)), includes: [])
    // It is answered whatever marks somebody bears: where they live, and how they are reached, would be found by asking.
    guard !search.parameters.isEmpty,
      !search.parameters.contains(where: { PatientCriteria.unindexed.contains($0.name) })
    else { throw FHIRSearch.Fault.value("If-None-Exist") }
    var found: [FHIRResource] = []
    while true {
      let page = try reading(session) { reading in
        try source.page(search, PatientCriteria(search, reading.zone), reading) { _ in true }
      }
      found += page.found
      if found.count > 1 { throw Problem(.preconditionFailed, "fhir.several") }
      guard let next = page.next else { return found.first }
      search.after = next
    }
  }

  private func duplicates(_ ids: [String], _ context: PageContext) -> Response {
    app.fhir(
      OperationOutcome.json(
        code: "duplicate", app.texts("fhir.twins", context.language), details: "likely-twins",
        diagnostics: ids.map { "Patient/\($0.afterSlash)" }.joined(separator: " ")),
      status: .conflict)
  }
}

extension Fields {
  /// The condition asks for an INS, to which nobody answers whom a program makes.
  fileprivate var isOfINS: Bool {
    all("identifier").contains { value in
      value.split(separator: ",").contains {
        INS.owns(authority: FHIRSystem.authority(ofURI: String($0.prefix { $0 != "|" })))
      }
    }
  }
}

// MARK: $match

extension FHIRServer {
  private static let matchesUsual = 5
  private static let matchesMax = 50

  /// Who is likely the person described, with how likely and how certain: a number of theirs alone is certain.
  func match(_ request: Request, _ context: PageContext) async throws -> Response {
    guard try source(context).type == "Patient" else { throw Problem(.notFound) }
    let (session, context) = try app.caller(.search, "Patient", request, context)
    let body = try await body(request)
    let parameters = body["parameter"]?.array ?? []
    func parameter(_ name: String) -> JSON? { parameters.first { $0["name"]?.string == name } }
    guard body["resourceType"]?.string == "Parameters", let resource = parameter("resource")?["resource"] else {
      throw Problem(.badRequest, "fhir.element", ["place": "Parameters.parameter"])
    }
    let sent = try patient(resource, session)
    let isCertainAlone = parameter("onlyCertainMatches")?["valueBoolean"]?.bool ?? false
    let count = min(max(parameter("count")?["valueInteger"]?.integer ?? Self.matchesUsual, 0), Self.matchesMax)
    let found = try reading(session) { try matches(sent, $0) }
    let certain = found.filter { $0.grade == "certain" }
    let told = isCertainAlone ? (certain.count == 1 ? certain : []) : Array(found.prefix(count))
    for one in told { record(one.resource, session, context.address) }
    let entries = told.map { one in
      var entry = FHIRBundle.Entry(path: one.resource.path, resource: one.resource.make(), mode: "match")
      entry.grade = one.grade
      entry.scoreThousandths = one.thousandths
      return entry
    }
    return app.answer(
      FHIRBundle.bytes(
        type: "searchset", base: app.fhirBase(request), total: told.count, links: [], entries), WebApp.fhirType, .ok)
  }

  private struct Match {
    var resource: FHIRResource
    var grade: String
    var thousandths: Int
  }

  private func matches(_ sent: PatientReading, _ reading: FHIRReading) throws -> [Match] {
    var found: [Match] = []
    func add(_ id: String, _ grade: String, _ thousandths: Int) throws {
      let id = try reading.reading.survivor(of: id).afterSlash
      guard !found.contains(where: { $0.resource.id == id }), let resource = try PatientSource().resource(id, reading),
        try reading.mayTell(resource)
      else { return }
      found.append(Match(resource: resource, grade: grade, thousandths: thousandths))
    }
    for number in sent.numbers {
      for id in try reading.reading.patients(withIdentifier: number.value, authority: number.authority) {
        try add(id, "certain", 1000)
      }
    }
    if let ins = sent.ins {
      for id in try reading.reading.patients(withINS: ins.matricule) {
        guard let known = try reading.reading.patient(id), QualifiedINS(of: known)?.ins == ins else { continue }
        try add(id, "certain", 1000)
      }
    }
    // Who has neither name nor birth date is like everybody.
    guard sent.traits.birthName != nil || sent.traits.usedName != nil || sent.traits.birthDate != nil else {
      return found
    }
    let twins = try reading.reading.twins(of: Patient(unsaved: sent.traits), limit: Self.matchesMax, now: reading.now)
    for twin in twins {
      try add(
        twin.patient.id, twin.probability >= Linkage.threshold ? "probable" : "possible",
        min(Int(twin.probability * 1000), 999))
    }
    return found
  }
}
