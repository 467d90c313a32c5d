import Hospital
import Ledger
import Register

/// The part of an admission that says where somebody goes: kind, unit, bed, physician, situation, hour.
struct StayFields {
  let wording: Wording
  let make: FieldMaker
  let names: Names
  /// Of whoever admits: their own units come first.
  let session: Session
  /// `patient/<uuid>` and `stay/<uuid>` for whom beds may be kept.
  var own: [String] = []
  /// Whether the cursor waits here.
  var takesFocus = true
  /// The pre-admission that is used.
  var expected: Stay?

  private var structure: Structure? { names.structure }

  /// Emergency for a desk that has an emergency unit or no unit of its own, inpatient elsewhere.
  private var usualClass: String {
    if let expected, let stayClass = expected.stayClass { return stayClass.rawValue }
    let own = session.units.compactMap { structure?.unit($0) }
    return own.isEmpty || own.contains { $0.specialty == "emergency" } ? "emergency" : "inpatient"
  }

  private func usualUnit(_ stayClass: String) -> String? {
    if let unit = expected?.place.unit { return unit }
    let own = session.units.compactMap { structure?.unit($0) }
    if stayClass == "emergency" {
      return (own + (structure?.units ?? [])).first { $0.specialty == "emergency" }?.code
    }
    return own.first?.code
  }

  /// How they came, of whoever comes to emergency.
  func arrival(_ settings: EmergencySettings) -> FormSection {
    ArrivalFields(make, settings).section(make.filling.value("stayClass", proposed: usualClass))
  }

  func section(_ reading: Reading) throws -> FormSection {
    let stayClass = make.filling.value("stayClass", proposed: usualClass)
    let usual = usualUnit(stayClass)
    let unit = make.filling.value("unit", proposed: usual)
    let beds = try BedChoices(unit: unit.isEmpty ? nil : unit, own: own, reading, at: wording.now)
    var unitField = make.field(
      "unit", .select(names.unitChoices(wording, empty: true)), proposed: usual, required: true,
      focus: takesFocus && usual == nil)
    unitField.refreshes = "bed"
    // Whoever comes to emergency waits first; whoever is hospitalised has a bed.
    let bed = stayClass == "emergency" ? "" : beds.proposals.first?.bed.afterSlash ?? ""
    var bedField = make.field("bed", .select(beds.choices(unit: unit, names, wording)), proposed: bed)
    bedField.hasFocus = bedField.hasFocus || (takesFocus && usual != nil && make.filling.errors.isEmpty)
    return FormSection(
      wording("admit.stay"),
      [
        make.choice("stayClass", "class", StayCodes.classes, proposed: usualClass, required: true, radios: true),
        unitField, bedField, make.field("attending", proposed: expected?.attending),
        make.field("reason", proposed: expected?.reason),
        make.choice("situation", "situation", SituationRoutes.kinds, empty: true), make.field("situationCode"),
        make.field("situationNote"),
        make.choice("entryMode", "entry-mode", StayCodes.entryModes, proposed: "8"),
        make.choice("provenance", "provenance", StayCodes.provenances, empty: true),
        // What is on paper happened at an hour that is on it too.
        make.field("at", required: !make.filling.value("sheet", proposed: nil).isEmpty),
        make.field("protected", .check),
      ], below: PlaceFields.showButton(wording))
  }

  /// What decisions call the fields, and what this form calls them.
  static let names = ["kind": "situation", "code": "situationCode", "note": "situationNote", "stay": "stayClass"]

  /// What the form sends, as `/openapi.json` says it.
  static let fields: [Field] =
    [
      Field("stayClass", .choice(StayCodes.classes), required: true), Field("unit", required: true, "Its code"),
      Field("bed", .uuid), Field("attending"), Field("reason"), Field("situation", .choice(SituationRoutes.kinds)),
      Field("situationCode"),
      Field("situationNote"), Field("entryMode", .choice(StayCodes.entryModes)),
      Field("provenance", .choice(StayCodes.provenances)), .at, Field("protected", .flag),
      Field("sheet", "Number of the sheet of paper that is typed in: the stay and a new file bear its numbers"),
    ] + ArrivalFields.fields
}
