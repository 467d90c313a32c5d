import Hospital
import Ledger

/// The fields of an identity, in the order in which a desk asks for them.
struct TraitFields {
  let make: FieldMaker
  /// What is proposed: what is known, or what a search already said.
  var traits = Traits()
  /// As typed, where it is not a date yet.
  var typedBirthDate: String?
  var document: IdentityDocument?
  var focus = "birthName"

  private var wording: Wording { make.wording }

  private func field(
    _ name: String, _ kind: FormField.Kind = .text, _ proposed: String?, required: Bool = false
  )
    -> FormField
  {
    make.field(name, kind, proposed: proposed, required: required, focus: name == focus)
  }

  /// Strict traits and the document that was shown.
  var strict: FormSection {
    let documents = DocumentTrust.documents.map(\.code).filter { !$0.isEmpty }
    let sexes = [Sex.female, .male, .indeterminate].map {
      FormField.Choice($0.rawValue, wording.word("sex", $0.rawValue))
    }
    var document = make.choice("document", "document", documents, proposed: document?.kind)
    document.kind = .select(
      [FormField.Choice("", wording("document.none"))]
        + documents.map { FormField.Choice($0, wording.word("document", $0)) })
    var place = field("birthPlace", .text, BirthPlace.text(traits), required: true)
    place.suggestions = BirthPlace.suggestions
    return FormSection(
      wording("identity.strict"),
      [
        field("birthName", .text, traits.birthName, required: true),
        field("birthGivenName", .text, traits.birthGivenName, required: true),
        field("birthGivenNames", .text, traits.birthGivenNames),
        field("birthDate", .text, typedBirthDate ?? traits.birthDate?.shown, required: true),
        field("sex", .radios(sexes), traits.sex?.rawValue, required: true), place, document,
        field("usedName", .text, traits.usedName), field("usedGivenName", .text, traits.usedGivenName),
      ])
  }

  /// Everything else: rarely needed at once, so it opens on demand.
  var complementary: FormSection {
    let address = traits.addresses.first { $0.use != "BDL" }
    func contact(_ role: String) -> Contact? { traits.contacts.first { $0.role == role } }
    var fields = [
      field("phone", .text, traits.phones.first), field("addressLine", .text, address?.lines.joined(separator: ", ")),
      field("postcode", .number, address?.postcode), field("city", .text, address?.city),
    ]
    for role in TraitFields.roles {
      let known = contact(role.code)
      fields.append(field(role.field, .text, known?.name))
      fields.append(field("\(role.field)Phone", .text, known?.phone))
    }
    fields.append(field("archiveMark", .text, traits.archiveMark))
    return FormSection(wording("identity.complementary"), fields, folded: true)
  }

  /// Someone around the patient: the role in facts, and the field that holds the name.
  static let roles: [(code: String, field: String)] = [
    ("next-of-kin", "nextOfKin"), ("trusted-person", "trustedPerson"), ("legal-representative", "legalRepresentative"),
    ("general-practitioner", "generalPractitioner"),
  ]

  /// What the form sends, as `/openapi.json` says it.
  static let fields: [Field] =
    [
      Field("birthName", required: true), Field("birthGivenName", required: true), Field("birthGivenNames"),
      Field("birthDate", required: true, "As people type it: 12031961, 12/3/61, 1961"),
      Field("sex", .choice(["M", "F", "I"]), required: true),
      Field("birthPlace", required: true, "INSEE code, 99 and the country's, 99999 for unknown; or a name"),
      Field("document", .choice(DocumentTrust.documents.map(\.code)), "What was shown"), Field("usedName"),
      Field("usedGivenName"), Field("phone"), Field("addressLine"), Field("postcode"), Field("city"),
      Field("archiveMark"),
    ] + roles.flatMap { [Field($0.field), Field("\($0.field)Phone")] }
}

/// Traits out of a form. What the form leaves out stays as it was, what is empty is erased: a page sends every field,
/// a program only those it knows.
struct TypedTraits {
  let form: Form
  /// Before the names of the fields.
  let prefix: String

  private func isSaid(_ name: String) -> Bool { form.fields[prefix + name] != nil }

  private func take(_ name: String, into trait: inout String?) {
    if isSaid(name) { trait = form[prefix + name] }
  }

  /// - Throws: what `PartialDate.typed` and `BirthPlace.read` throw; `sex-missing`.
  func traits(_ old: Traits, today: CivilDate) throws(Refusal) -> Traits {
    var traits = old
    take("birthName", into: &traits.birthName)
    take("birthGivenName", into: &traits.birthGivenName)
    take("birthGivenNames", into: &traits.birthGivenNames)
    if isSaid("birthDate") {
      traits.birthDate = nil
      if let typed = form[prefix + "birthDate"] { traits.birthDate = try PartialDate.typed(typed, today: today) }
    }
    if let sex = form[prefix + "sex"] {
      guard let known = Sex(rawValue: sex) else { throw Refusal("sex-missing", field: "sex") }
      traits.sex = known
    }
    if isSaid("birthPlace") {
      (traits.birthPlace, traits.birthPlaceName) = try BirthPlace.read(form[prefix + "birthPlace"])
    }
    take("usedName", into: &traits.usedName)
    take("usedGivenName", into: &traits.usedGivenName)
    take("archiveMark", into: &traits.archiveMark)
    if isSaid("phone") { traits.phones = [form[prefix + "phone"]].compactMap { $0 } + old.phones.dropFirst() }
    takeAddress(into: &traits)
    takeContacts(into: &traits)
    return traits
  }

  private func takeAddress(into traits: inout Traits) {
    guard ["addressLine", "postcode", "city"].contains(where: isSaid) else { return }
    let place = traits.addresses.firstIndex { $0.use != "BDL" }
    var address = place.map { traits.addresses[$0] } ?? Address(use: "H", lines: [])
    if isSaid("addressLine") {
      let line = form[prefix + "addressLine"]
      // What was not touched keeps its lines.
      if line != address.lines.joined(separator: ", ") { address.lines = [line].compactMap { $0 } }
    }
    take("postcode", into: &address.postcode)
    take("city", into: &address.city)
    let isEmpty = address.lines.isEmpty && address.postcode == nil && address.city == nil
    if let place {
      if isEmpty { traits.addresses.remove(at: place) } else { traits.addresses[place] = address }
    } else if !isEmpty {
      traits.addresses.append(address)
    }
  }

  private func takeContacts(into traits: inout Traits) {
    for role in TraitFields.roles where isSaid(role.field) || isSaid("\(role.field)Phone") {
      let place = traits.contacts.firstIndex { $0.role == role.code }
      var contact = place.map { traits.contacts[$0] } ?? Contact(role: role.code, name: "")
      if isSaid(role.field) { contact.name = form[prefix + role.field] ?? "" }
      take("\(role.field)Phone", into: &contact.phone)
      let isEmpty = contact.name.isEmpty && contact.phone == nil
      if let place {
        if isEmpty { traits.contacts.remove(at: place) } else { traits.contacts[place] = contact }
      } else if !isEmpty {
        traits.contacts.append(contact)
      }
    }
  }
}

extension Form {
  /// The traits that were typed.
  /// - Parameters:
  ///   - old: what is known.
  ///   - prefix: before the names of the fields.
  func traits(_ old: Traits = Traits(), prefix: String = "", today: CivilDate) throws(Refusal) -> Traits {
    try TypedTraits(form: self, prefix: prefix).traits(old, today: today)
  }
}
