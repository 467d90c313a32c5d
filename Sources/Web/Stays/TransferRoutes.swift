import Hospital
import Hummingbird
import Ledger

/// Another unit, room or bed.
enum TransferRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/stays/{id}/transfer", "The form of a transfer, with the best beds of a unit", query: [Field("unit", "Its code")]
    ),
    .post(
      "/stays/{id}/transfer", "Moves to another unit, room or bed",
      fields: [
        Field("unit", "Code of the lodging unit; the bed's own where it is absent"), Field("bed", .uuid),
        Field("medicalUnit", "Code of the unit that answers, where it is another"), Field("attending"), .at,
      ]),
    .get("/stays/{id}/class", "The form that changes the kind of a stay"),
    .post(
      "/stays/{id}/class", "Changes the kind of a stay: a visit becomes an inpatient stay, or the other way round",
      fields: [
        Field("stayClass", .choice(StayCodes.classes), required: true), Field("unit"), Field("bed", .uuid),
        Field("attending"), .at,
      ]),
  ]

  private static let transfer = StayAct("transfer", .move) { file, make, app in
    let place = try PlaceFields(file, make, app)
    return [
      FormSection(
        make.wording("transfer.section"),
        [
          place.unit, place.bed, make.field("attending"),
          make.field("medicalUnit", .select(file.names.unitChoices(make.wording, empty: true))), make.field("at"),
        ], below: PlaceFields.showButton(make.wording))
    ]
  } command: { stay, form, wording throws(Refusal) in
    Transfer(
      stay: stay, unit: form["unit"], bed: form.subject("bed"), medicalUnit: form["medicalUnit"],
      attending: form["attending"], at: try wording.hour(form))
  }

  private static let changeClass = StayAct("class", .move) { file, make, app in
    let place = try PlaceFields(file, make, app, keeps: true)
    let classes = StayCodes.classes.filter { $0 != file.outline.stayClass?.rawValue }
    return [
      FormSection(
        make.wording("class.section"),
        [
          make.choice(
            "stayClass", "class", classes, proposed: classes.first { $0 == "inpatient" }, required: true, radios: true),
          place.unit, place.bed, make.field("attending"), make.field("at"),
        ], below: PlaceFields.showButton(make.wording))
    ]
  } command: { stay, form, wording throws(Refusal) in
    ChangeClass(
      stay: stay, stayClass: try form.stayClass(), unit: form["unit"], bed: form.subject("bed"),
      attending: form["attending"], at: try wording.hour(form))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    transfer.add(to: router, app)
    changeClass.add(to: router, app)
  }
}

/// Unit and bed, of which the second depends on the first.
struct PlaceFields {
  var unit: FormField
  var bed: FormField

  /// - Parameter keeps: no unit said means the place they have.
  init(_ file: StayFile, _ make: FieldMaker, _ app: WebApp, keeps: Bool = false) throws {
    let own = [file.stay.id] + (file.patient.map { [$0.id] } ?? [])
    try self.init(here: keeps ? nil : file.outline.place.unit, own: own, file.names, make, app)
  }

  /// - Parameters:
  ///   - here: code of the unit to propose.
  ///   - own: for whom beds may be kept.
  init(here: String?, own: [String], _ names: Names, _ make: FieldMaker, _ app: WebApp) throws {
    let chosen = make.filling.value("unit", proposed: here)
    let now = make.wording.now
    let choices = try app.register.read {
      try BedChoices(unit: chosen.isEmpty ? nil : chosen, own: own, $0, at: now)
    }
    unit = make.field(
      "unit", .select(names.unitChoices(make.wording, empty: here == nil)), proposed: here, focus: true)
    unit.refreshes = "bed"
    bed = make.field(
      "bed", .select(choices.choices(unit: chosen, names, make.wording)),
      proposed: choices.proposals.first?.bed.afterSlash)
  }

  /// Without JavaScript, the beds of another unit are asked for by a button.
  static func showButton(_ wording: Wording) -> String {
    "<p class=\"no-script\"><button class=\"plain\" name=\"show\" value=\"beds\">"
      + "\(escaped(wording("bed.show")))</button></p>"
  }
}
