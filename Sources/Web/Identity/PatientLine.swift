import Hospital
import Ledger

/// A patient, always written the same way:
/// **BIRTH NAME** (USED NAME) Given · F · 12/03/1961 (61 a) · IPP 000059284275 · [PROV].
package struct PatientLine: Sendable, Equatable {
  /// In capitals; `INCONNU URG1-003` for somebody nobody can name yet.
  package var name: String
  /// Used name and used given name, where they differ: what the team says aloud.
  package var used: String?
  package var given: String
  /// `J1`, of a twin.
  package var rank: String?
  package var sex: String
  /// `12/03/1961`, `?` where it is not known.
  package var birth: String
  /// `61 a`, `5 mois`, `~40 a`; nil where it is not known.
  package var age: String?
  package var ipp: String?
  package var status: IdentityStatus
  /// Words with a meaning beside the status: homonym, deceased, doubtful, presence not to be told.
  package var marks: [Mark]

  package struct Mark: Sendable, Equatable {
    package var text: String
    /// `alert`, `waiting`, `fine` or `unsure`.
    package var means: String
  }

  /// - Parameter ippAuthority: of this hospital's own numbers, which come first.
  package init(_ patient: Patient, _ wording: Wording, ippAuthority: String?) {
    let unknown = patient.unknown
    let name = PatientLine.name(of: patient, wording)
    self.name = name
    given = patient.birthGivenName ?? ""
    rank = patient.birthRank.map { wording("paper.twin", ["rank": String($0)]) }
    let differing = [
      patient.usedName.map { $0.uppercased() }.flatMap { $0 == name ? nil : $0 },
      patient.usedGivenName.flatMap { $0 == patient.birthGivenName ? nil : $0 },
    ].compactMap { $0 }.filter { !$0.isEmpty }
    used = differing.isEmpty ? nil : differing.joined(separator: " ")
    sex = wording.word("sex.short", (patient.sex ?? .unknown).rawValue)
    birth = patient.birthDate?.shown ?? "?"
    age =
      patient.birthDate?.age(on: wording.today).map { wording.age($0) }
      ?? unknown?.estimatedAge.map { wording.age(Age($0, .years, isApproximate: true)) }
    ipp = patient.ipp(of: ippAuthority)
    status = patient.identityStatus
    marks = PatientLine.marks(of: patient, wording)
  }

  private static func name(of patient: Patient, _ wording: Wording) -> String {
    if let birthName = patient.birthName, !birthName.isEmpty { return birthName.uppercased() }
    if let unknown = patient.unknown { return wording("identity.unknown", ["label": unknown.label]) }
    return (patient.usedName ?? wording("identity.no-name")).uppercased()
  }

  private static func marks(of patient: Patient, _ wording: Wording) -> [Mark] {
    var marks: [Mark] = []
    if patient.isDead { marks.append(Mark(text: wording("mark.deceased"), means: "alert")) }
    if patient.mergedInto != nil { marks.append(Mark(text: wording("mark.merged"), means: "unsure")) }
    if patient.isHomonym { marks.append(Mark(text: wording("mark.homonym"), means: "waiting")) }
    if patient.isDoubtful { marks.append(Mark(text: wording("mark.doubtful"), means: "unsure")) }
    if patient.isFictive { marks.append(Mark(text: wording("mark.fictive"), means: "waiting")) }
    if patient.protected { marks.append(Mark(text: wording("mark.protected"), means: "alert")) }
    return marks
  }

  /// `12/03/1961 (61 a)`.
  package var birthAndAge: String { age.map { "\(birth) (\($0))" } ?? birth }

  /// `[PROV]`: on every label and wristband.
  package var bracketedStatus: String { "[\(status.rawValue)]" }

  /// On one line of text: titles, lists, options of a choice.
  package var plain: String {
    ([name] + (used.map { ["(\($0))"] } ?? []) + [given, rank ?? ""]).filter { !$0.isEmpty }.joined(separator: " ")
      + " · \(sex) · \(birthAndAge)" + (ipp.map { " · IPP \($0)" } ?? "") + " · \(bracketedStatus)"
  }

  /// Names are isolated, so that one written from right to left moves nothing around it.
  package func html(_ wording: Wording, link: String? = nil) -> String {
    var out = "<span class=\"patient\">"
    if let link { out += "<a href=\"\(escaped(link))\">" }
    out += "<b><bdi>\(escaped(name))</bdi></b>"
    if let used { out += " (<bdi>\(escaped(used))</bdi>)" }
    if !given.isEmpty { out += " <bdi>\(escaped(given))</bdi>" }
    if let rank { out += " \(escaped(rank))" }
    if link != nil { out += "</a>" }
    out += " <i>· \(escaped(sex)) · \(escaped(birthAndAge))"
    if let ipp { out += " · IPP <bdi>\(escaped(ipp))</bdi>" }
    out += "</i></span> \(tags(wording))"
    return out
  }

  /// The status first: never far from the name.
  package func tags(_ wording: Wording) -> String {
    let means = status == .provisional ? "unsure" : status == .retrieved ? "waiting" : "fine"
    var out =
      "<span class=\"tag\" data-means=\"\(means)\" title=\"\(escaped(wording("status.\(status.rawValue)")))\">"
      + "\(status.rawValue)</span>"
    for mark in marks { out += " <span class=\"tag\" data-means=\"\(mark.means)\">\(escaped(mark.text))</span>" }
    return out
  }
}

extension Wording {
  /// `61 a`, `~40 a`, `5 mois`, `3 j`.
  package func age(_ age: Age) -> String {
    (age.isApproximate ? "~" : "") + self("age.\(age.unit.rawValue)", ["value": String(age.value)])
  }
}
