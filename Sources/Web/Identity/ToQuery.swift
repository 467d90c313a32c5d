import Hospital
import Ledger
import Register

/// Whom INSi has to be asked about: made or used while the service was out of reach, and without a qualified INS. A
/// status that changes takes them off the list.
struct ToQuery {
  var patient: Patient
  var number: String?

  /// The traits that INSi asks for.
  static let needed: [ReturnField] = ReturnField.person + [.birthPlace]

  /// In the order in which they were first spoken of.
  static func rows(_ reading: Reading) throws -> [ToQuery] {
    var seen: Set<String> = []
    var rows: [ToQuery] = []
    let authority = try reading.structure?.ippAuthority
    for subject in try reading.commitsToHandBack().flatMap(\.subjects) {
      let owner = subject.hasPrefix("stay/") ? try reading.stay(subject)?.patient : subject
      guard let id = try owner.map({ try reading.survivor(of: $0) }), seen.insert(id).inserted,
        let patient = try reading.patient(id), [.provisional, .validated].contains(patient.identityStatus)
      else { continue }
      rows.append(ToQuery(patient: patient, number: patient.ipp(of: authority)))
    }
    return rows
  }

  private func missing(_ wording: Wording) -> String {
    let values = ReturnField.traits(patient)
    return Self.needed.filter { values[$0].map { $0 == Traits.unknownPlace } ?? true }
      .map { wording.word("merge.trait", $0.rawValue) }.joined(separator: ", ")
  }

  static func heads(_ wording: Wording) -> [String] {
    ["IPP"]
      + ["birthName", "birthGivenNames", "birthDate", "sex", "birthPlace.shown", "status"].map {
        wording("trait.\($0)")
      } + [wording("to-query.missing")]
  }

  func cells(_ wording: Wording) -> [String] {
    [
      number ?? "", patient.birthName ?? "", patient.birthGivenNames ?? patient.birthGivenName ?? "",
      patient.birthDate?.shown ?? "", patient.sex?.rawValue ?? "", patient.birthPlace ?? "",
      patient.identityStatus.rawValue, missing(wording),
    ]
  }

  /// Of a restricted file no name stands on a list.
  func model(_ names: Names, _ wording: Wording) -> [String: any Sendable] {
    let address = "/patients/\(pathSafe(patient.id.afterSlash))"
    let line = PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority)
    let restricted = "<a href=\"\(address)\">\(escaped(wording("glass.title")))</a>"
    return [
      "who": patient.isRestricted ? restricted : line.html(wording, link: address),
      "status": wording.word("status", patient.identityStatus.rawValue), "confirm": "\(address)/status",
      "missing": missing(wording),
    ]
  }

  var json: JSON {
    [
      "patient": .string(patient.id.afterSlash), "ipp": number.json,
      "status": .string(patient.identityStatus.rawValue),
    ]
  }
}
