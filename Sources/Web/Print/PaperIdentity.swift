import Hospital
import Ledger

/// What labels and wristbands say of a patient: the same words as the screens, and never without the identity status.
package struct PaperIdentity: Sendable {
  let line: PatientLine
  let patient: Patient
  let wording: Wording

  package init(_ patient: Patient, _ wording: Wording, ippAuthority: String?) {
    self.patient = patient
    self.wording = wording
    line = PatientLine(patient, wording, ippAuthority: ippAuthority)
  }

  private var used: String? { line.used.map { wording("paper.used", ["name": $0]) } }

  /// - Parameters:
  ///   - stay: whose number the barcode bears; without one, labels bear the IPP alone.
  ///   - unit: the name of its unit.
  package func label(stay: Stay?, unit: String?) -> [LabelField: String] {
    var fields: [LabelField: String] = [
      .birthName: line.name, .givenName: line.given,
      .traits: [line.sex, line.birthAndAge, line.rank].compactMap(\.self).joined(separator: " · "),
      .status: line.bracketedStatus,
    ]
    fields[.usedName] = used
    if let ipp = line.ipp {
      fields[.ipp] = ipp
      fields[.ippLine] = "IPP \(ipp)"
    }
    if let number = stay?.number {
      fields[.nda] = number
      fields[.ndaLine] = wording("paper.number", ["number": number])
    }
    fields[.unit] = unit
    fields[.admitted] = stay?.admittedAt.map { "\(wording.hours.date($0)) \(wording.hours.time($0))" }
    return fields
  }

  /// - Parameter rank: `1/3` in a numbered set of mother and children.
  package func wristband(_ format: WristbandFormat, rank: String? = nil) -> WristbandDrawing {
    let traits = [line.birthAndAge, line.sex, line.rank].compactMap(\.self).joined(separator: " · ")
    var lines = [traits, used, line.ipp.map { "IPP \($0)" }]
    // The only way to an INS on paper: it is not there unless the identity is qualified.
    lines.append(QualifiedINS(of: patient).map { "INS \($0.ins.matricule)" })
    return WristbandDrawing(
      format: format, matrix: line.ipp ?? patient.id.afterSlash, name: line.name, givenName: line.given,
      lines: lines.compactMap { $0 }, status: line.bracketedStatus, rank: rank)
  }

  /// The usual format for that age.
  package var usualFormat: String {
    guard let age = patient.birthDate?.age(on: wording.today) else {
      return patient.mother == nil ? "adult" : "newborn"
    }
    switch age.unit {
    case .days: return "newborn"
    case .months: return age.value < 1 ? "newborn" : "child"
    case .years: return age.value < 12 ? "child" : "adult"
    }
  }
}
