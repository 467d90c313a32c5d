import Hospital
import Ledger

/// The emergency board's words in one language, looked up once.
public struct EmergencyWords: Sendable {
  let texts: Texts
  let language: Language
  let settings: EmergencySettings

  init(_ texts: Texts, _ language: Language, _ settings: EmergencySettings) {
    self.texts = texts
    self.language = language
    self.settings = settings
  }

  func wording(_ hours: Hours, at now: Instant) -> Wording {
    Wording(texts: texts, language: language, hours: hours, now: now)
  }

  /// `annoncés 2 · attente 14 · box 21/24 · dépassés 3 · tri en 9 min`.
  func counts(_ figures: EmergencyFigures, announced: Int) -> String {
    func text(_ key: String, _ arguments: [String: String]) -> String {
      texts("emergency.count.\(key)", language, arguments)
    }
    var parts = [
      text("announced", ["count": String(announced)]), text("waiting", ["count": String(figures.waiting)]),
      text("bays", ["taken": String(figures.baysTaken), "all": String(figures.bays)]),
      text("over", ["count": String(figures.over)]),
    ]
    if let minutes = figures.triageMinutes { parts.append(text("triage", ["minutes": String(minutes)])) }
    if figures.forgotten > 0 { parts.append(text("forgotten", ["count": String(figures.forgotten)])) }
    return parts.joined(separator: " · ")
  }
}

extension EmergencySettings {
  /// What a complaint is called; its code where this site's list has it no more.
  func name(ofComplaint code: String, _ language: Language) -> String {
    guard let complaint = complaint(code) else { return code }
    return language == .fr ? complaint.fr : complaint.en
  }
}

extension EmergencyVisit {
  /// The complaint in words: the list's, then what was said.
  func complaintLine(_ settings: EmergencySettings, _ language: Language) -> String? {
    let parts = [complaint.map { settings.name(ofComplaint: $0, language) }, complaintText].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " : ")
  }
}

extension Triage {
  /// `FRENCH 2 (03:10) · FC 120 · SpO₂ 88 %`.
  func line(_ wording: Wording, at hour: String) -> String {
    (["\(scale) \(level) (\(hour))"] + vitals.lines(wording)).joined(separator: " · ")
  }
}

extension Orientation {
  /// `Hospitaliser : UHCD · surveillance`.
  func line(_ wording: Wording) -> String {
    let name = way.map { wording("emergency.way.\($0.rawValue)") } ?? "?"
    let code = orient.flatMap { $0 == "REO" ? nil : wording.word("orient", $0) }
    let why = reason.map { way == .transfer ? wording.transferReason($0) : $0 }
    let to = destination.map { way == .home ? wording.word("destination", $0) : $0 }
    let details = [code, to, why].compactMap { $0 }
    return details.isEmpty ? name : "\(name) : \(details.joined(separator: " · "))"
  }
}

extension Wording {
  /// Why somebody goes to another hospital: the line of care that is not given here, or another reason.
  func transferReason(_ code: String) -> String {
    CareKey(rawValue: code) == nil ? word("transfer-reason", code) : word("care.line", code)
  }
}

extension VitalSigns {
  /// What was measured, in words.
  func lines(_ wording: Wording) -> [String] {
    measured.map { sign, value in wording("vital.\(sign.rawValue).value", ["value": sign.text(value)]) }
  }
}
