import Hospital
import Hummingbird
import Ledger

/// Traits put right.
enum EditRoutes: Routes {
  static let operations: [Operation] = [
    .get("/patients/{id}/edit", "The form that corrects an identity"),
    .post(
      "/patients/{id}/edit", "Corrects traits; what is absent stays as it is, what is empty is erased",
      fields: TraitFields.fields.map { Field($0.name, $0.schema, $0.about) }),
  ]

  private static let act = PatientAct("edit", .correctIdentity) { file, make, _ in
    let traits = TraitFields(make: make, traits: Traits(file.patient), document: file.patient.document)
    var strict = traits.strict
    // What was shown is proved by a change of status, not in passing.
    strict.fields.removeAll { $0.name == "document" }
    if file.patient.identityStatus != .provisional {
      strict.below += "<p class=\"help\">\(escaped(make.wording("edit.lowers")))</p>"
    }
    var complementary = traits.complementary
    complementary.isFolded = false
    complementary.remember(strict.fields + complementary.fields, make.filling)
    return [strict, complementary]
  } command: { patient, form, _ in
    TypedCorrection(patient: patient, form: form)
  }

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }
}

/// A correction as a form has it: what it leaves out is taken from the patient as they are known when it is decided.
private struct TypedCorrection: Command {
  var patient: String
  var form: Form

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard let person = world.patient(patient) else { throw Refusal("patient-unknown", field: "patient") }
    let known = Traits(person)
    let today = world.today(moment)
    let isFromPage = form.fields.pairs.contains { $0.name.hasPrefix(AsShown.prefix) }
    let shown = isFromPage ? try form.traits(known, prefix: AsShown.prefix, today: today) : nil
    let correction = CorrectPatient(
      patient: patient, traits: try form.traits(shown ?? known, today: today), shown: shown)
    return try correction.decide(world, moment)
  }
}
