import Hospital
import Ledger

/// A stay on one line: number, kind, where it stands, where and since when.
package struct StayLine: Sendable {
  package let number: String
  package let stayClass: String
  package let status: String
  /// `fine`, `waiting` or `quiet`.
  package let means: String
  package let place: String
  package let from: Instant?
  package let until: Instant?
  package let isPresent: Bool

  package init(_ stay: Stay, _ names: Names, _ wording: Wording) {
    let outline = stay.outline
    let status = stay.status(at: wording.now)
    number = stay.number ?? wording("stay.no-number")
    stayClass = wording.word("class", (outline.stayClass ?? .none).rawValue)
    self.status = wording("stay-status.\(status.rawValue)")
    means = status == .admitted ? "fine" : status == .preadmitted ? "waiting" : "quiet"
    place = names.place(outline.place, wording) ?? ""
    from = outline.admittedAt ?? outline.expectedAt
    until = status == .discharged ? outline.dischargedAt : nil
    isPresent = status == .admitted
  }

  /// `19/08 02:14 → 21/08 10:00`, as HTML.
  func when(_ wording: Wording) -> String {
    guard let from else { return "" }
    guard let until else { return wording.when(from) }
    return "\(escaped(wording.time(from))) → \(escaped(wording.time(until)))"
  }
}

extension StayLine {
  /// As an option of a choice.
  var option: String { [number, stayClass, status, place].filter { !$0.isEmpty }.joined(separator: " · ") }
}
