import Hospital
import Hummingbird
import Ledger
import Register

/// A patient as their pages need them: who they are, and where they are now.
struct PatientFile: ActedOn {
  static let type = "patient"
  static let folder = "patients"

  let patient: Patient
  /// The same with what was said of the person under another of their identities, as far as everybody must see it.
  let person: Patient
  /// Newest first.
  let stays: [Stay]
  let allergies: KnownAllergies
  var names: Names
  let wording: Wording

  init?(_ id: String, _ reading: Reading, _ wording: Wording) throws {
    guard let patient = try reading.patient(id) else { return nil }
    self.patient = patient
    person = try reading.whole(patient)
    stays = try reading.stays(ofPatient: id).compactMap { try reading.stay($0) }
    allergies = try reading.allergies(ofPatient: id)
    names = Names(structure: try reading.structure, system: wording("word.system"))
    self.wording = wording
  }

  var subject: String { patient.id }
  var uuid: String { patient.id.afterSlash }
  var address: String { "/patients/\(uuid)" }
  var identity: PatientLine { PatientLine(person, wording, ippAuthority: names.structure?.ippAuthority) }

  /// The stay in which they are here now.
  var present: Stay? { stays.first { $0.isPresent(at: wording.now) } }

  var repeated: String {
    "<section class=\"repeat\" aria-label=\"\(escaped(wording("form.whose")))\"><p>"
      + "\(identity.html(wording, link: address))</p><dl><dt>\(escaped(wording("trait.birthDate")))</dt>"
      + "<dd><b>\(escaped(identity.birthAndAge))</b></dd>" + whereNow + "</dl></section>"
  }

  private var whereNow: String {
    guard let present, let place = names.place(present.place, wording) else { return "" }
    return "<dt>\(escaped(wording("trait.place")))</dt><dd><b>\(escaped(place))</b></dd>"
  }

  static func open(_ app: WebApp, _ request: Request, _ context: PageContext, for action: Action) throws -> PatientFile
  {
    try app.require(action, request, context)
    let id = try context.uuid()
    let wording = app.wording(context)
    guard let file = try app.register.read({ try PatientFile("patient/\(id)", $0, wording) }) else {
      throw Problem.notFound
    }
    try app.openFile(file.patient, page: "patient", request, context)
    return file
  }
}

extension Reading {
  /// The names of those accounts, and of the structure's units.
  func names(of accounts: some Sequence<String>, _ wording: Wording) throws -> Names {
    var found: [String: String] = [:]
    for id in Set(accounts) where id != "system" {
      if let account = try account(id) { found[id] = account.name ?? account.login ?? account.function }
    }
    return Names(structure: try structure, accounts: found, system: wording("word.system"))
  }
}
