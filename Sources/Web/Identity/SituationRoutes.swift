import Hospital
import Hummingbird
import Ledger

/// What everybody who meets the patient must know: legal situation, presence not to be told, secrecy.
enum SituationRoutes: Routes {
  static let operations: [Operation] = [
    .get("/patients/{id}/situation", "The form of a legal situation"),
    .post(
      "/patients/{id}/situation", "Says a legal situation; one of each kind holds at a time",
      fields: [
        Field("kind", .choice(kinds), required: true), Field("code", "SL SDT SDTU SPI SDRE, or the measure"),
        Field("since", "When it began; now by default"), Field("note", "Accompanied by, escort, contact"),
      ]),
    .get("/patients/{id}/situation-ended", "The form that ends a legal situation", query: [Field("kind")]),
    .post(
      "/patients/{id}/situation-ended", "Ends a legal situation",
      fields: [Field("kind", .choice(kinds), required: true)]),
    .get("/patients/{id}/protect", "The form of non-divulgation"),
    .post(
      "/patients/{id}/protect", "Presence is not to be told, or may be told again",
      fields: [Field("protected", .flag), Field("reason")]),
    .get("/patients/{id}/secret", "The form of a birth under secrecy"),
    .post(
      "/patients/{id}/secret", "The maternity alone finds this file, or everybody does again",
      fields: [Field("secret", .flag)]),
  ]

  static let kinds = SituationKind.allCases.map(\.rawValue)

  private static let situation = PatientAct("situation", .protect) { file, make in
    var code = make.field("code")
    code.suggestions = PsychiatricCare.allCases.map(\.rawValue)
    return [
      make.choice("kind", "situation", kinds, required: true, radios: true), code, make.field("since"),
      make.field("note", wide: true),
    ]
  } command: { patient, form, wording throws(Refusal) in
    let situation = LegalSituation(
      kind: form["kind"] ?? "", code: form["code"]?.uppercasedIfCode, since: try wording.hour(form, "since"),
      note: form["note"])
    return SetSituation(patient: patient, situation: situation)
  }

  private static let ended = PatientAct("situation-ended", .protect) { file, make in
    [make.choice("kind", "situation", file.person.situations.map(\.kind), required: true, radios: true)]
  } command: { patient, form, _ in
    EndSituation(patient: patient, kind: form["kind"] ?? "")
  }

  private static let yesNo = ["yes", "no"]

  private static let protect: PatientAct = {
    var act = PatientAct("protect", .protect) { file, make in
      [
        make.choice("protected", "protect", yesNo, proposed: file.patient.protected ? "no" : "yes", radios: true),
        make.field("reason", wide: true),
      ]
    } command: { patient, form, _ in
      ProtectPresence(patient: patient, protected: form.isSet("protected"), reason: form["reason"])
    }
    act.after = { patient, _, app, context in app.goOnWith(patient, context) }
    return act
  }()

  private static let secret: PatientAct = {
    var act = PatientAct("secret", .protect) { file, make in
      [make.choice("secret", "secret", yesNo, proposed: file.patient.secret ? "no" : "yes", radios: true)]
    } command: { patient, form, _ in
      SetSecret(patient: patient, secret: form.isSet("secret"))
    }
    act.after = { patient, _, app, context in app.goOnWith(patient, context) }
    return act
  }()

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    situation.add(to: router, app)
    ended.add(to: router, app)
    protect.add(to: router, app)
    secret.add(to: router, app)
  }
}

extension String {
  /// `sdre` is SDRE; the measure of a protected adult stays as it was written.
  fileprivate var uppercasedIfCode: String {
    PsychiatricCare(rawValue: uppercased()) == nil ? self : uppercased()
  }
}
