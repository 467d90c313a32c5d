import Hospital
import Hummingbird
import Ledger
import Register

/// The versions of the notice, the form of a new one, and one version as it would be told.
struct NoticePage {
  let wording: Wording
  let names: Names
  let care: [CareLine]

  init(_ reading: Reading, _ notices: [Notice], _ wording: Wording) throws {
    self.wording = wording
    let authors = notices.flatMap { [$0.drafted, $0.approved, $0.withdrawn].compactMap { $0?.account } }
    names = try reading.names(of: authors, wording)
    care = try reading.careLines()
  }

  /// Those who wait for a second person first, then the newest.
  func list(_ notices: [Notice], _ filling: Filling, mayDraft: Bool) -> [String: any Sendable] {
    let current = notices.current
    let waiting = notices.filter { $0.status == .draft }
    let rows = (waiting + notices.filter { $0.status != .draft }).enumerated().map { index, notice in
      [
        "href": Self.address(notice), "version": notice.version ?? "", "means": means(notice, current),
        "state": state(notice, current), "drafted": notice.drafted.map(said) ?? "", "press": index == 0,
        "next": notice.content.map { wording.time($0.nextUpdateAt) } ?? "",
      ].adding("approved", notice.approved.map(said))
    }
    var model: [String: any Sendable] = [
      "versions": rows, "any": !rows.isEmpty, "none": rows.isEmpty, "mayDraft": mayDraft, "hidden": filling.hidden,
      "draft": String(notices.first?.number ?? 0),
      "problems": [filling.problem].compactMap(\.self), "warnings": warnings(notices, current),
    ]
    if mayDraft {
      model["sections"] = form(filling, after: current ?? notices.first)
      if notices.standing.count > 1, let content = current?.content {
        (model["isTwice"], model["again"]) = (true, again(content))
      }
    }
    return model
  }

  /// What is out says something else than what is declared, or has not been renewed.
  private func warnings(_ notices: [Notice], _ current: Notice?) -> [String] {
    guard let current, let content = current.content else { return [] }
    var warnings: [String] = []
    if isOtherThanDeclared(content) { warnings.append(wording("notice.stale")) }
    if content.nextUpdateAt <= wording.now { warnings.append(wording("notice.late")) }
    let standing = notices.standing
    if standing.count > 1 {
      let versions = standing.compactMap { notice in
        notice.version.map { version in notice.approved.map { "\(version) (\(said($0)))" } ?? version }
      }
      warnings.append(
        wording("notice.two", ["versions": versions.joined(separator: ", "), "current": current.version ?? ""]))
    }
    return warnings
  }

  /// The form filled with what is told now: one key says it again, of what is declared now.
  private func again(_ content: NoticeContent) -> [[String: any Sendable]] {
    var values = [
      ("advice", content.advice.rawValue), ("nextUpdateAt", wording("care.review.proposed")),
      ("places", Self.places(content)), ("messageFr", content.message?.french ?? ""),
      ("messageEn", content.message?.english ?? ""),
    ]
    values += content.phones.map { ($0.phone.rawValue, $0.number) }
    return values.map { ["field": $0, "value": $1] }
  }

  private static func places(_ content: NoticeContent) -> String {
    content.places.map { place in [place.name, place.address, place.phone].map { $0 ?? "" }.joined(separator: "; ") }
      .joined(separator: "\n")
  }

  private func isOtherThanDeclared(_ content: NoticeContent) -> Bool {
    NoticeContent.lines(care.filter { CareKey(rawValue: $0.key) != nil }) != content.lines
  }

  /// One version, in both languages.
  func whole(
    _ notice: Notice, isCurrent: Bool, _ filling: Filling, account: String?, mayTell: Bool
  ) -> [String: any Sendable] {
    let current = isCurrent ? notice : nil
    let address = Self.address(notice)
    let outward = Language.allCases.compactMap { language in
      OutwardModel(notice, wording.texts, language).map { (language, $0) }
    }
    let previews = outward.map { language, outward -> [String: any Sendable] in
      var model = outward.model
      model["name"] = language == .fr ? "Français" : "English"
      for title in ["closed", "limited", "open", "places"] {
        model["\(title)Title"] = wording.texts("notice.public.\(title)", language)
      }
      return model
    }
    let whoSaid: [(String, Notice.By?)] = [
      ("drafted", notice.drafted), ("approved", notice.approved), ("withdrawn", notice.withdrawn),
    ]
    let history = whoSaid.compactMap { what, by in by.map { "\(wording("notice.\(what)")) : \(said($0))" } }
    return [
      "version": notice.version ?? "", "hash": notice.hash ?? "", "address": address, "hidden": filling.hidden,
      "means": means(notice, current), "state": state(notice, current),
      "problems": filling.problems, "named": filling.errors["named"] != nil,
      "said": history.joined(separator: " · "), "previews": previews,
      "sentences": outward.map { ["language": $0.0.rawValue, "sentence": $0.1.sentence] },
      "sheets": NoticeSheet.allCases.map {
        ["href": "\(address)/\($0.rawValue)", "name": wording("notice.sheet.\($0.rawValue)")]
      },
      "changed": notice.status == .draft && (notice.content.map(isOtherThanDeclared) ?? false),
      "mayAnswer": notice.status == .draft && mayTell,
      "own": notice.drafted.map { drafted in account.map { drafted.account.sameBytes(as: $0) } ?? false } ?? false,
    ]
  }

  static func address(_ notice: Notice) -> String { "/notice/\(notice.id.afterSlash)" }

  private func said(_ by: Notice.By) -> String { "\(names.account(by.account)) · \(wording.time(by.at))" }

  private func state(_ notice: Notice, _ current: Notice?) -> String {
    let isOld = notice.status == .approved && notice.id != current?.id
    return wording(isOld ? "notice.state.replaced" : "notice.state.\(notice.status.rawValue)")
  }

  private func means(_ notice: Notice, _ current: Notice?) -> String {
    switch notice.status {
    case .draft: "waiting"
    case .approved: notice.id == current?.id ? "fine" : "quiet"
    case .withdrawn: "quiet"
    }
  }

  /// What was told last is proposed again: places and numbers seldom change in a night.
  private func form(_ filling: Filling, after last: Notice?) -> String {
    let make = FieldMaker(wording: wording, filling: filling)
    let content = last?.content
    func named(_ name: String, _ kind: FormField.Kind = .text, proposed: String? = nil, wide: Bool = false) -> FormField
    {
      var field = make.field(name, kind, proposed: proposed, wide: wide)
      field.label = wording("notice.field.\(name)")
      return field
    }
    var area = named("places", .area, proposed: content.map(Self.places), wide: true)
    area.help = wording("notice.places.help")
    var next = named("nextUpdateAt", proposed: wording("care.review.proposed"))
    next.help = wording("field.reviewAt.help")
    let phones = NoticeContent.Phone.allCases.map { phone in
      var field = named(phone.rawValue, proposed: content?.phones.first { $0.phone == phone }?.number)
      field.label = wording("notice.phone.\(phone.rawValue)")
      return field
    }
    var advice = make.choice(
      "advice", "notice.advice", NoticeContent.Advice.allCases.map(\.rawValue),
      proposed: content?.advice.rawValue ?? NoticeContent.Advice.callFirst.rawValue, required: true, radios: true)
    advice.label = wording("notice.field.advice")
    advice.isWide = true
    var message = [
      named("messageFr", .area, proposed: content?.message?.french, wide: true),
      named("messageEn", .area, proposed: content?.message?.english, wide: true),
    ]
    if filling.errors["named"] != nil { message.append(named("named", .check, wide: true)) }
    var html = ""
    FormSection(wording("notice.draft"), [advice, next, area] + phones + message).write(into: &html)
    return html
  }
}

/// What is printed of a version.
enum NoticeSheet: String, CaseIterable {
  case poster, samu, report

  func model(_ outward: OutwardModel, back: String, _ wording: Wording) -> [String: any Sendable] {
    outward.model.merging([
      "title": wording("notice.sheet.\(rawValue).title"), "back": back, "isPoster": self == .poster,
      "isProfessional": self != .poster, "isReport": self == .report,
    ]) { $1 }
  }
}
