import Hospital
import Ledger

/// Two files side by side, with the words that differ marked.
struct ComparedPatients {
  let left: Patient
  let right: Patient
  let names: Names
  let wording: Wording

  private func rows(_ patient: Patient) -> [(key: String, value: String)] {
    let address = patient.addresses.first { $0.use != "BDL" }
    let lines = address.map { ($0.lines + [$0.postcode, $0.city].compactMap { $0 }).joined(separator: " ") }
    let place = [patient.birthPlaceName, patient.birthPlace].compactMap { $0 }.joined(separator: " ")
    let numbers = patient.identifiers.filter { !$0.withdrawn }.map(\.value).joined(separator: " ")
    let rows: [(String, String?)] = [
      ("birthName", patient.birthName), ("birthGivenName", patient.birthGivenName),
      ("birthGivenNames", patient.birthGivenNames), ("birthDate", patient.birthDate?.shown),
      ("sex", patient.sex.map { wording.word("sex", $0.rawValue) }), ("birthPlace.shown", place),
      ("usedName", patient.usedName), ("usedGivenName", patient.usedGivenName), ("phones", patient.phones.first),
      ("addresses", lines), ("numbers", numbers),
      ("status", wording.word("status", patient.identityStatus.rawValue)),
    ]
    return rows.map { (key: $0.0, value: $0.1 ?? "") }
  }

  var html: String {
    let (one, other) = (rows(left), rows(right))
    return "<div class=\"pair\">\(side(left, one, other, "A"))\(side(right, other, one, "B"))</div>"
  }

  private func side(
    _ patient: Patient, _ rows: [(key: String, value: String)], _ others: [(key: String, value: String)],
    _ letter: String
  )
    -> String
  {
    let line = PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority)
    var out = "<section class=\"sheet\"><h2><kbd>\(letter)</kbd> "
    out += "\(line.html(wording, link: "/patients/\(patient.id.afterSlash)"))</h2><dl>"
    for (row, other) in zip(rows, others) {
      out += "<dt>\(escaped(wording("trait.\(row.key)")))</dt><dd><bdi>"
      out += row.value.isEmpty ? "–" : ComparedPatients.marked(row.value, against: other.value)
      out += "</bdi></dd>"
    }
    return out + "</dl></section>"
  }

  /// Words that the other value lacks, marked; nothing is marked where the other says nothing.
  static func marked(_ value: String, against other: String) -> String {
    guard !other.isEmpty else { return escaped(value) }
    let known = Set(other.split(separator: " "))
    return value.split(separator: " ").map { word in
      known.contains(word) ? escaped(String(word)) : "<mark>\(escaped(String(word)))</mark>"
    }.joined(separator: " ")
  }
}
