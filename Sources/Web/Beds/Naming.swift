import Hospital
import Hummingbird

extension Session {
  /// Non-divulgation, and births under secrecy: a list names such a person to the unit where they lie, to no other.
  func mayName(_ patient: Patient?, in unit: String?) -> Bool {
    guard let patient, patient.isRestricted else { return true }
    return unit.map { unit in units.contains { $0 == unit } } ?? false
  }
}

extension WebApp {
  /// Whom a bed does not name is acted on once their file is open: a bed is no way round it.
  func openLying(_ patient: Patient?, in unit: String?, _ request: Request, _ context: PageContext) throws {
    guard let patient, try !requireSession(request, context).mayName(patient, in: unit) else { return }
    try openFile(patient, page: "stay", request, context)
  }
}
