import Hospital
import Hummingbird
import Ledger

/// The trust in an identity: its status with what proves it, and the marks homonym, doubtful, fictive.
enum StatusRoutes: Routes {
  static let operations: [Operation] = [
    .get("/patients/{id}/status", "The form that changes the identity status"),
    .post(
      "/patients/{id}/status", "Changes the identity status, on the proof that the RNIV asks for",
      fields: [
        Field("status", .choice(IdentityStatus.allCases.map(\.rawValue)), required: true),
        Field("document", .choice(DocumentTrust.documents.map(\.code))),
        Field("validUntil", "Last day of the document"),
        Field("matricule", .text(max: 15), "INS, 15 characters"), Field("oid", "OID of its domain"),
      ]),
    .get("/patients/{id}/mark", "The form of the marks of an identity"),
    .post(
      "/patients/{id}/mark", "Sets or lifts a mark: homonym, doubtful, fictive",
      fields: [Field("attribute", .choice(MarkIdentity.attributes), required: true), Field("isSet", .flag)]),
  ]

  /// INS-NIR, INS-NIA, and those for practice.
  private static let domains = [
    "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11",
  ]

  private static let status = PatientAct("status", .qualifyIdentity) { file, make in
    let moves = StatusMoves.from(file.patient.identityStatus).map(\.rawValue)
    let documents = DocumentTrust.documents.map(\.code).filter { !$0.isEmpty }
    return [
      make.choice("status", "status", moves, required: true, radios: true),
      make.choice("document", "document", documents, proposed: file.patient.document?.kind, empty: true),
      make.field("validUntil", proposed: file.patient.document?.validUntil.flatMap(PartialDate.init)?.shown),
      make.field("matricule", .number, proposed: file.patient.ins?.matricule),
      make.choice("oid", "ins-domain", domains, proposed: file.patient.ins?.oid),
    ]
  } command: { patient, form, wording throws(Refusal) in
    guard let status = form["status"].flatMap(IdentityStatus.init) else {
      throw Refusal("status-missing", field: "status")
    }
    var document: IdentityDocument?
    if let kind = form["document"] {
      // A document runs out in years to come: its last day is read as dates are, whatever today is.
      let last = try form["validUntil"].map { text throws(Refusal) in
        try PartialDate.typed(text, today: CivilDate(daysSince1970: 30_000 + 365 * 40), field: "validUntil")
      }
      document = IdentityDocument(kind: kind, validUntil: last?.text)
    }
    let digits = form["matricule"].map { $0.filter { !$0.isWhitespace }.uppercased() }
    let ins = digits.map { INS(matricule: $0, oid: form["oid"] ?? domains[0]) }
    return ChangeIdentityStatus(patient: patient, status: status, document: document, ins: ins)
  }

  private static let mark = PatientAct("mark", .qualifyIdentity) { file, make in
    [
      make.choice("attribute", "attribute", MarkIdentity.attributes, required: true, radios: true),
      make.choice("isSet", "mark-set", ["yes", "no"], proposed: "yes", radios: true),
    ]
  } command: { patient, form, _ in
    MarkIdentity(patient: patient, attribute: form["attribute"] ?? "", isSet: form.isSet("isSet"))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    status.add(to: router, app)
    mark.add(to: router, app)
  }
}
