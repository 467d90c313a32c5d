import Hospital
import Ledger

/// The letter that goes to the Maison Médicale de Garde with the patient: who, why, what was measured, that they agreed.
struct LetterPage {
  private let file: EmergencyFile
  private var wording: Wording { file.wording }

  init(_ file: EmergencyFile) { self.file = file }

  var page: Page {
    let visit = file.visit
    let house = file.settings.onCall
    let orientation = visit.orientation
    var facts: [[String: String]] = []
    func add(_ key: String, _ text: String?) {
      if let text, !text.isEmpty { facts.append(["label": wording(key), "value": text]) }
    }
    add("field.complaint", visit.complaintLine(file.settings, wording.language))
    add("emergency.column.triage", visit.triage.map { $0.line(wording, at: wording.time($0.at)) })
    add("field.reason", orientation?.reason)
    add("field.accompaniedBy", orientation?.accompaniedBy ?? visit.accompaniedBy)
    add(
      "field.agreement", orientation?.agreement.map { wording($0 ? "word.yes" : "word.no") })
    let title = wording("letter.title")
    let model: [String: any Sendable] = [
      "title": title, "hospital": file.file.names.structure?.name ?? "",
      "house": [house?.name, house?.address, house?.phone].compactMap { $0 }.joined(separator: " · "),
      "identity": file.file.identity?.html(wording) ?? escaped(file.file.number), "number": file.file.number,
      "facts": facts, "printed": wording("letter.printed", ["time": wording.time(wording.now)]),
      "back": file.address,
    ]
    return Page("emergency-letter", title: title, model: model, nav: .emergency)
  }
}
