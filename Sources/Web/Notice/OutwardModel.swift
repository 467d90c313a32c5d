import Hospital
import Ledger

/// One version as it is said outside, in one language. The website, the poster, the switchboard's sentence, the sheet for
/// the SAMU and the report for the ARS are all drawn from this and from nothing else: they cannot contradict each other.
package struct OutwardModel: Sendable {
  let notice: Notice
  let content: NoticeContent
  let version: String
  private let texts: Texts
  private let language: Language
  private let hours: Hours

  /// nil for a version that cannot be read here.
  package init?(_ notice: Notice, _ texts: Texts, _ language: Language) {
    guard let content = notice.content, let version = notice.version else { return nil }
    (self.notice, self.content, self.version) = (notice, content, version)
    (self.texts, self.language) = (texts, language)
    hours = Hours(content.timeZone)
  }

  /// `21 août 2022, 07:00`.
  func when(_ instant: Instant) -> String {
    let day = hours.day(instant)
    return "\(day.day) \(texts("month.\(day.month)", language)) \(day.year), \(hours.time(instant))"
  }

  /// What a telephonist reads out.
  package var sentence: String {
    var parts = [texts("notice.advice.\(content.advice.rawValue)", language)]
    for state in [CareState.closed, .limited] {
      let names = content.lines.filter { $0.state == state }.map { name($0.key) }
      guard !names.isEmpty else { continue }
      parts.append(
        texts("notice.sentence.\(state.rawValue)", language, ["lines": names.joined(separator: ", ")]))
    }
    if let place = content.places.first {
      parts.append(
        texts(
          "notice.sentence.place", language,
          ["place": [place.name, place.phone].compactMap(\.self).joined(separator: ", ")]))
    }
    parts.append(texts("notice.sentence.next", language, ["time": when(content.nextUpdateAt)]))
    return parts.joined(separator: " ")
  }

  var model: [String: any Sendable] {
    [
      "language": language.rawValue, "hospital": content.hospital, "finess": content.finess, "version": version,
      "hash": notice.hash ?? "", "made": when(content.madeAt), "next": when(content.nextUpdateAt),
      "advice": texts("notice.advice.\(content.advice.rawValue)", language),
      "isUsual": content.advice == .usual, "closed": lines(.closed), "limited": lines(.limited), "open": lines(.open),
      "anyClosed": !lines(.closed).isEmpty, "anyLimited": !lines(.limited).isEmpty, "anyOpen": !lines(.open).isEmpty,
      "none": content.lines.allSatisfy { $0.state == .open }, "lines": content.lines.map(line),
      "anyLine": !content.lines.isEmpty,
      "places": content.places.map { place -> [String: any Sendable] in
        ["name": place.name].adding("address", place.address).adding("phone", place.phone)
          .adding("dial", place.phone.map(dialled))
      }, "anyPlace": !content.places.isEmpty,
      "phones": content.phones.map { phone, number -> [String: any Sendable] in
        ["for": texts("notice.phone.\(phone.rawValue)", language), "number": number, "dial": dialled(number)]
      }, "anyPhone": !content.phones.isEmpty, "sentence": sentence, "isDraft": notice.status != .approved,
    ].adding("message", content.message.map { language == .fr ? $0.french : $0.english })
      .adding("approved", notice.approved.map { when($0.at) })
  }

  private func name(_ key: String) -> String { word("care.line", key) }

  private func word(_ prefix: String, _ code: String) -> String {
    let word = texts("\(prefix).\(code)", language)
    return word == "\(prefix).\(code)" ? code : word
  }

  private func lines(_ state: CareState) -> [[String: any Sendable]] {
    content.lines.filter { $0.state == state }.map(line)
  }

  private func line(_ line: NoticeContent.Line) -> [String: any Sendable] {
    [
      "name": name(line.key), "state": texts("care.state.\(line.state.rawValue)", language),
      "mark": CarePage.mark(line.state), "means": CarePage.means(line.state), "since": when(line.since),
    ].adding("reason", line.reason.map { word("care.reason", $0) }).adding("review", line.reviewAt.map(when))
  }

  /// For `tel:`.
  private func dialled(_ number: String) -> String { number.filter { $0.isNumber || $0 == "+" } }
}
