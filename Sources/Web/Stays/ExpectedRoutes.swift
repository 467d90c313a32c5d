import Hospital
import Hummingbird

/// Somebody is expected: a stay with its number, and a bed kept if one is named.
enum ExpectedRoutes: Routes {
  static let operations: [Operation] = [
    .get("/patients/{id}/expected", "The form of a pre-admission"),
    .post(
      "/patients/{id}/expected", "Pre-admits: a number is given, and a bed kept if one is named",
      fields: [
        Field("stayClass", .choice(StayCodes.classes), required: true), Field("unit", required: true, "Its code"),
        Field("bed", .uuid), Field("attending"), Field("reason"),
        Field("expectedAt", required: true, "As people type it: demain 08:00"),
      ]),
  ]

  private static let act = PatientAct("expected", .preadmit) { file, make, app in
    let place = try PlaceFields(here: nil, own: [file.patient.id], file.names, make, app)
    var bed = place.bed
    // Nobody keeps a bed by default.
    if make.filling.typed == nil, make.filling.proposed["bed"] == nil { bed.value = "" }
    return [
      FormSection(
        make.wording("expected.section"),
        [
          make.choice("stayClass", "class", StayCodes.classes, proposed: "inpatient", required: true, radios: true),
          make.field("expectedAt", required: true, focus: true), place.unit, bed, make.field("attending"),
          make.field("reason"),
        ], below: PlaceFields.showButton(make.wording))
    ]
  } command: { patient, form, wording throws(Refusal) in
    guard let expectedAt = try wording.hourToCome(form, "expectedAt") else {
      throw Refusal("expected-missing", field: "expectedAt")
    }
    return Preadmit(
      patient: patient, stayClass: try form.stayClass(), unit: form["unit"], bed: form.subject("bed"),
      attending: form["attending"], reason: form["reason"], expectedAt: expectedAt)
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }
}
