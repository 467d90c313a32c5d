import Hospital
import Hummingbird
import Ledger
import Register

/// A visit to emergency as its pages need it: the stay, and what emergency said of it.
struct EmergencyFile: ActedOn {
  static let type = "stay"
  static let folder = "emergency"
  static let nav = Nav.emergency

  let file: StayFile
  let visit: EmergencyVisit
  /// Levels that stations said apart, and nobody settled; of them `visit` shows the most urgent.
  let contested: [String]
  let settings: EmergencySettings
  /// Lines of care that are limited or closed.
  let care: [CareKey: CareState]
  /// How far a bed or another hospital is.
  let onward: [OnwardStep]
  /// Of the bed where they lie.
  let isolation: String?

  var wording: Wording { file.wording }
  var subject: String { file.subject }
  var uuid: String { file.uuid }
  var address: String { "/emergency/\(uuid)" }

  /// Who and where, and why they came.
  var repeated: String {
    guard let complaint = visit.complaintLine(settings, wording.language) else { return file.repeated }
    return file.repeated.replacing(
      "</dl></section>",
      with: "<dt>\(escaped(wording("field.complaint")))</dt><dd><b>\(escaped(complaint))</b></dd></dl></section>")
  }

  init?(_ id: String, _ reading: Reading, _ wording: Wording, _ settings: EmergencySettings) throws {
    guard let file = try StayFile(id, reading, wording) else { return nil }
    self.file = file
    let said = try reading.emergencyVisit(ofStay: id) ?? EmergencyVisit(id: EmergencyVisit.id(ofStay: id))
    contested = try reading.contestedTriages()[said.id] ?? []
    visit = said.showing(contested: contested, settings)
    self.settings = settings
    care = try reading.careNotOpen()
    let request = try reading.bedRequest(ofStay: id)
    onward = try OnwardStep.all(of: visit, request, try reading.transfers(ofStay: id), reading, file.names.structure)
    isolation = try file.names.structure?.bedID(file.outline.place).flatMap { try reading.bed($0)?.isolation }
  }

  static func open(
    _ app: WebApp, _ request: Request, _ context: PageContext, for action: Action
  ) throws -> EmergencyFile {
    try app.require(action, request, context)
    let id = "stay/\(try context.uuid())"
    let wording = app.wording(context)
    let found = try app.register.read { try EmergencyFile(id, $0, wording, app.emergencySettings) }
    guard let found else { throw Problem.notFound }
    if let patient = found.file.patient { try app.openFile(patient, page: "emergency", request, context) }
    return found
  }
}

typealias EmergencyAct = FileAct<EmergencyFile>
