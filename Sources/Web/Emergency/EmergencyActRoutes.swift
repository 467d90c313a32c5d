import Hospital
import Hummingbird
import Ledger

/// What nurses and physicians say of a visit: triage, what comes next, how ill they are, how they came.
enum EmergencyActRoutes: Routes {
  static let operations: [Operation] = [
    .get("/emergency/{id}/triage", "The form of a triage"),
    .post(
      "/emergency/{id}/triage", "Says how urgent it is, or says it again",
      fields: [Field("level", required: true, "Of the site's scale"), Field("pressure", "128/74")]
        + signs.map { Field($0.rawValue) }
        + [Field("reason"), Field("confirmed", .flag, "What is unlikely was looked at again"), .at]),
    .get("/emergency/{id}/note", "The form of what comes next"),
    .post(
      "/emergency/{id}/note", "Says who has them in hand, what comes next, what is awaited; \(kept)",
      fields: [
        Field("doctor"), Field("nextStep"),
        Field("awaited", .list(.choice(EmergencyWait.allCases.map(\.rawValue)))),
      ]),
    .get("/emergency/{id}/assess", "The form of the physician's assessment"),
    .post(
      "/emergency/{id}/assess", "Says how ill they are (CCMU), and the codes of the visit's summary; \(kept)",
      fields: [
        Field("ccmu", .choice(CCMU.allCases.map(\.rawValue))), Field("diagnosis", "ICD-10"),
        Field("diagnoses", "ICD-10, apart by spaces"), Field("acts", "CCAM, apart by spaces"),
        Field("gemsa", .choice(gemsa)),
      ]),
    .get("/emergency/{id}/arrival", "The form of how they came"),
    .post("/emergency/{id}/arrival", "Says how they came, or completes it; \(kept)", fields: ArrivalFields.fields),
  ]

  private static let kept = "what is absent stays as it is, what is empty is erased"
  private static let gemsa = ["1", "2", "3", "4", "5", "6"]
  /// Those of the form; the pressure is one field.
  private static let signs = VitalSign.allCases.filter { $0 != .systolic && $0 != .diastolic }

  private static func triage(_ settings: EmergencySettings) -> EmergencyAct {
    var act = EmergencyAct("triage", .triage) { file, make, _ in
      let level = make.field(
        "level",
        .radios(
          file.settings.levels.map { level in
            let minutes = make.wording("triage.minutes", ["minutes": String(level.minutes)])
            return FormField.Choice(level.level, "\(level.level) · \(minutes)", key: String(level.level.suffix(1)))
          }), proposed: nil, required: true, wide: true)
      var fields = [measured(.heartRate, make), make.field("pressure", .number)]
      fields += [.saturation, .temperature, .respiratoryRate, .pain].map { measured($0, make) }
      fields[0].hasFocus = make.filling.errors.isEmpty
      var rest = [measured(.glasgow, make), measured(.glucose, make), make.field("reason"), make.field("at")]
      if make.filling.errors["confirmed"] != nil { rest.insert(make.field("confirmed", .check, focus: true), at: 0) }
      return [
        FormSection(make.wording("triage.section"), fields + [level] + rest)
      ]
    } command: { stay, form, wording throws(Refusal) in
      var vitals = VitalSigns()
      for sign in signs { if let typed = form[sign.rawValue] { vitals[sign] = try sign.read(typed) } }
      if let typed = form["pressure"] { try vitals.readPressure(typed) }
      return TriagePatient(
        stay: stay, level: form["level"] ?? "", vitals: vitals, reason: form["reason"], at: try wording.hour(form),
        isConfirmed: form.isSet("confirmed"), settings: settings)
    }
    act.renamed = ["systolic": "pressure", "diastolic": "pressure"]
    return act
  }

  private static func measured(_ sign: VitalSign, _ make: FieldMaker) -> FormField {
    make.field(sign.rawValue, .number)
  }

  private static let note = EmergencyAct("note", .triage, remembering: true) { file, make in
    let kinds = EmergencyWait.allCases.map {
      FormField.Choice($0.rawValue, make.wording.word("awaited-result", $0.rawValue))
    }
    var awaited = make.field("awaited", .checks(kinds), wide: true)
    if make.filling.typed == nil { awaited.values = Set(file.visit.awaited) }
    var doctor = make.field("doctor", proposed: file.visit.doctor ?? file.file.outline.attending, focus: true)
    doctor.known = file.visit.doctor ?? ""
    return [doctor, make.field("nextStep", proposed: file.visit.nextStep), awaited]
  } command: { stay, form, _ in
    NoteCare(
      stay: stay, doctor: form.said("doctor"), nextStep: form.said("nextStep"), awaited: form.saidList("awaited"))
  }

  private static let assess = EmergencyAct("assess", .assess, remembering: true) { file, make in
    let visit = file.visit
    return [
      make.choice(
        "ccmu", "ccmu", CCMU.allCases.map(\.rawValue), proposed: visit.ccmu, empty: visit.ccmu != nil, radios: true),
      make.field("diagnosis", proposed: visit.diagnosis, focus: visit.ccmu != nil),
      make.field("diagnoses", proposed: visit.diagnoses.joined(separator: " ")),
      make.field("acts", proposed: visit.acts.joined(separator: " ")),
      make.choice("gemsa", "gemsa", gemsa, proposed: visit.gemsa, empty: true),
    ]
  } command: { stay, form, _ in
    func list(_ name: String) -> [String]? {
      form.said(name).map { $0.split { $0 == " " || $0 == "," }.map(String.init) }
    }
    return AssessPatient(
      stay: stay, ccmu: form.said("ccmu"), diagnosis: form.said("diagnosis"), diagnoses: list("diagnoses"),
      acts: list("acts"), gemsa: form.said("gemsa"))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    triage(app.emergencySettings).add(to: router, app)
    note.add(to: router, app)
    assess.add(to: router, app)
    arrival(app.emergencySettings).add(to: router, app)
  }

  private static func arrival(_ settings: EmergencySettings) -> EmergencyAct {
    EmergencyAct("arrival", .admit, remembering: true) { file, make in
      ArrivalFields(make, file.settings).fields(file.visit, focus: true)
    } command: { stay, form, _ in
      ArrivalFields.command(stay: stay, announcement: form.subject("announcement"), settings) { form.said($0) }
    }
  }
}
