import Hospital
import Hummingbird
import Register

extension Session {
  /// Non-divulgation, and births under secrecy: a list names such a person to the unit where they lie, to no other.
  func mayName(_ patient: Patient?, in unit: String?) -> Bool {
    guard let patient, patient.isRestricted else { return true }
    return unit.map { unit in units.contains { $0 == unit } } ?? false
  }

  /// Who lies in a bed, a line each: the number of a stay that is nobody's yet, and that it is not said, of whom this
  /// session may not name.
  func naming(_ occupants: [Occupant], in unit: String, _ wording: Wording, ippAuthority: String?) -> [String] {
    occupants.map { name($0.patient, $0.stay, in: unit, wording, ippAuthority: ippAuthority) }
  }

  func name(
    _ patient: Patient?, _ stay: Stay?, in unit: String, _ wording: Wording, ippAuthority: String?
  ) -> String {
    guard let patient else { return stay?.number ?? "?" }
    guard mayName(patient, in: unit) else { return wording("unit.withheld") }
    return PatientLine(patient, wording, ippAuthority: ippAuthority).plain
  }
}

extension WebApp {
  /// Whom a bed does not name is acted on once their file is open: a bed is no way round it.
  func openLying(_ patient: Patient?, in unit: String?, _ request: Request, _ context: PageContext) throws {
    guard let patient, try !requireSession(request, context).mayName(patient, in: unit) else { return }
    try openFile(patient, page: "stay", request, context)
  }
}
