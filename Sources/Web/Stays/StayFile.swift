import Hospital
import Hummingbird
import Ledger
import Register

/// A stay as its pages need it: whose it is, and what its codes are called.
struct StayFile: ActedOn {
  static let type = "stay"
  static let folder = "stays"

  let stay: Stay
  let patient: Patient?
  /// Whose answers and situation count: the patient, or the one they were merged into.
  let person: Patient?
  let outline: StayOutline
  let allergies: KnownAllergies
  /// Elsewhere while the stay goes on, since when.
  let awaySince: Instant?
  var names: Names
  let wording: Wording

  init?(_ id: String, _ reading: Reading, _ wording: Wording) throws {
    guard let stay = try reading.stay(id).map({ try reading.whole($0) }) else { return nil }
    self.stay = stay
    patient = try stay.patient.flatMap { try reading.patient($0) }.map { try reading.whole($0) }
    person = try stay.patient.flatMap { try reading.patient(reading.survivor(of: $0)) }.map { try reading.whole($0) }
    outline = stay.outline
    allergies =
      try stay.patient.map { try reading.allergies(ofPatient: reading.survivor(of: $0)) }
      ?? KnownAllergies(heard: stay.allergies, answers: [])
    awaySince = stay.awaySince(at: wording.now, try reading.transfers(ofStay: id))
    names = Names(structure: try reading.structure, system: wording("word.system"))
    self.wording = wording
  }

  /// Without the subject's type, as addresses have it.
  var uuid: String { stay.id.afterSlash }
  var address: String { "/stays/\(uuid)" }
  var subject: String { stay.id }
  var number: String { stay.number ?? wording("stay.no-number") }
  var place: String { names.place(outline.place, wording) ?? wording("stay.no-place") }

  var identity: PatientLine? {
    patient.map { PatientLine($0, wording, ippAuthority: names.structure?.ippAuthority) }
  }

  /// Accounts that what was asked names.
  var askedBy: [String] { stay.askedBy + (person?.askedBy ?? []) + allergies.answers.map(\.said.author) }

  /// Name, birth date and place, repeated before anything is done to the stay.
  var repeated: String {
    var out = "<section class=\"repeat\" aria-label=\"\(escaped(wording("form.whose")))\">"
    if let identity, let patient {
      out += "<p>\(identity.html(wording, link: "/patients/\(patient.id.afterSlash)"))</p>"
      out += "<dl><dt>\(escaped(wording("trait.birthDate")))</dt><dd><b>\(escaped(identity.birthAndAge))</b></dd>"
    } else {
      out += "<dl>"
    }
    out += "<dt>\(escaped(wording("trait.number")))</dt><dd><a href=\"\(address)\">\(escaped(number))</a></dd>"
    out += "<dt>\(escaped(wording("trait.place")))</dt><dd><b>\(escaped(place))</b></dd></dl></section>"
    return out
  }
}

extension StayFile {
  static func open(_ app: WebApp, _ request: Request, _ context: PageContext, for action: Action) throws -> StayFile {
    try app.require(action, request, context)
    let id = try context.uuid()
    let wording = app.wording(context)
    guard let file = try app.register.read({ try StayFile("stay/\(id)", $0, wording) }) else { throw Problem.notFound }
    if let patient = file.patient { try app.openFile(patient, page: "stay", request, context) }
    return file
  }
}

extension PageContext {
  /// The UUID of an address.
  /// - Throws: `Problem` 404 where it is none: no page lies there.
  func uuid(_ name: String = "id") throws -> String {
    let text = try parameter(name).lowercased()
    guard text.isUUID else { throw Problem.notFound }
    return text
  }
}
