import Hospital
import Ledger

extension FactDetails {
  /// What a fact says of a place.
  func bed(_ data: JSONObject) -> [HistoryEntry.Detail] {
    data.members.compactMap { key, value in
      guard let said = said(key, value), !said.isEmpty else { return nil }
      return HistoryEntry.Detail(label: wording("bed.detail.\(key)"), value: said)
    }
  }

  private func said(_ key: String, _ value: JSON) -> String? {
    switch (key, value) {
    case ("unit", .string(let code)): names.unit(code)
    case ("kind", .string(let kind)): wording.word("bed.kind", kind)
    case ("isolation", .string(let kind)): wording.word("isolation", kind)
    case ("isolation", .null): wording("isolation.none")
    // An id says nothing to anybody.
    case ("for", .string(let whom)): whom.contains("/") ? nil : whom
    case ("room", .string(let text)), ("code", .string(let text)), ("by", .string(let text)),
      ("reason", .string(let text)):
      text
    case ("doubled", .bool(let flag)), ("staffed", .bool(let flag)): wording(flag ? "word.yes" : "word.no")
    default: nil
    }
  }
}
