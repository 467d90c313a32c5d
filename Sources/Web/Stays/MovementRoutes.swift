import Hospital
import Hummingbird
import Ledger

/// What was said of a movement, taken back or put right; and one more coming of a series.
enum MovementRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/cancel", "The form that cancels a movement", query: [movement]),
    .post(
      "/stays/{id}/cancel", "Cancels a movement: it is marked, never deleted",
      fields: [
        movement, Field("bed", .uuid, "Where to go instead, if the bed before was given to somebody else"),
      ]),
    .get("/stays/{id}/correct", "The form that corrects a movement", query: [movement]),
    .post(
      "/stays/{id}/correct", "Corrects the hour or the physician of a movement",
      fields: [movement, .at, Field("attending")]),
    .get("/stays/{id}/attend", "The form of a session or an outpatient's coming"),
    .post(
      "/stays/{id}/attend", "One more coming of a series", fields: [Field("unit"), Field("attending"), .at]),
  ]

  private static let movement = Field("movement", required: true, "The movement's key")

  private static let cancel = StayAct("cancel", .cancelMovement) { file, make, app in
    let key = make.filling.value("movement", proposed: nil)
    var section = FormSection(make.wording("cancel.section"), [])
    section.below = hidden(key) + described(key, file)
    // Only where the bed before has been given away.
    if make.filling.errors["bed"] != nil {
      let unit = file.outline.place.unit
      let now = make.wording.now
      let choices = try app.register.read { try BedChoices(unit: unit, own: [file.stay.id], $0, at: now) }
      section.fields = [make.field("bed", .select(choices.choices(unit: unit, file.names, make.wording)))]
    }
    return [section]
  } command: { stay, form, _ throws(Refusal) in
    CancelMovement(stay: stay, key: form["movement"] ?? "", bed: form.subject("bed"))
  }

  private static let correct = StayAct("correct", .cancelMovement) { file, make, _ in
    let key = make.filling.value("movement", proposed: nil)
    let said = file.lines.first { $0.key.sameBytes(as: key) }
    let fields = [
      make.field("at", proposed: said.map { file.wording.hours.full($0.at) }, focus: true),
      make.field("attending", proposed: said?.attending),
    ]
    return [FormSection(make.wording("correct.section"), fields, below: hidden(key) + described(key, file))]
  } command: { stay, form, wording throws(Refusal) in
    CorrectMovement(
      stay: stay, key: form["movement"] ?? "", at: try wording.hour(form), attending: form["attending"])
  }

  private static let attend = StayAct("attend", .attend) { file, make in
    [
      make.field("at", focus: true), make.field("attending"),
      make.field("unit", .select(file.names.unitChoices(make.wording, empty: true)), proposed: file.outline.place.unit),
    ]
  } command: { stay, form, wording throws(Refusal) in
    AttendSession(stay: stay, unit: form["unit"], attending: form["attending"], at: try wording.hour(form))
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    cancel.add(to: router, app)
    correct.add(to: router, app)
    attend.add(to: router, app)
  }

  private static func hidden(_ key: String) -> String {
    "<input type=\"hidden\" name=\"movement\" value=\"\(escaped(key))\">"
  }

  /// The movement in words, so that nobody cancels another one than they think.
  private static func described(_ key: String, _ file: StayFile) -> String {
    guard let line = file.lines.first(where: { $0.key.sameBytes(as: key) }) else { return "" }
    return "<p class=\"said\"><b>\(escaped(line.what))</b> \(escaped(line.place)) · \(file.wording.when(line.at))</p>"
  }
}
