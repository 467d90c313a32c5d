import Hospital
import Ledger

/// The values of a fact as people read them. What is erased says so; what is unknown here is left out.
struct FactDetails {
  let wording: Wording
  let names: Names

  init(_ wording: Wording, _ names: Names) {
    self.wording = wording
    self.names = names
  }

  func patient(_ data: JSONObject) -> [HistoryEntry.Detail] {
    data.members.compactMap { key, value in
      guard let label = label(key) else { return nil }
      // What a feed lists is an array.
      if let topic = AskedTopic(rawValue: key), value.array == nil {
        return .init(label: label, value: answer(topic, value))
      }
      if value.isNull { return .init(label: label, value: wording("history.erased")) }
      guard let text = key == "deathAt" ? death(data) : text(key, value), !text.isEmpty else { return nil }
      return .init(label: label, value: text)
    }
  }

  func stay(_ data: JSONObject) -> [HistoryEntry.Detail] {
    var details: [HistoryEntry.Detail] = []
    func add(_ key: String, _ value: String?) {
      guard let value, !value.isEmpty, let label = label(key) else { return }
      details.append(.init(label: label, value: value))
    }
    let movement = data["movement"]
    let place = [movement?["unit"]?.string.map(names.unit), movement?["room"]?.string, movement?["bed"]?.string]
    add("place", place.compactMap { $0 }.joined(separator: " · "))
    add("medicalUnit", movement?["medicalUnit"]?.string.map(names.unit))
    add("class", movement?["class"]?.string.map { wording.word("class", $0) })
    add("attending", movement?["attending"]?.string)
    add("number", data["number"]?.string)
    add("entryMode", data["entryMode"]?.string.map { wording.word("entry-mode", $0) })
    add("exitMode", data["exitMode"]?.string.map { wording.word("exit-mode", $0) })
    for key in ["provenance", "destination", "reason"] { add(key, data[key]?.string) }
    // Said by a person; what a feed lists is an array.
    for topic in [AskedTopic.isolation, .diet] {
      if let value = data[topic.rawValue] { add(topic.rawValue, answer(topic, value)) }
    }
    return details
  }

  /// An empty answer is that there is none.
  private func answer(_ topic: AskedTopic, _ value: JSON) -> String {
    guard let text = value.string else { return wording("unit.not-asked") }
    if text.isEmpty { return wording("unit.none") }
    return topic == .isolation ? wording.word("isolation", text) : text
  }

  /// Its hour, or how far it is known.
  private func death(_ data: JSONObject) -> String? {
    guard let text = data["deathAt"]?.string, let at = Instant(text) else { return data["deathAt"]?.string }
    let end = data["deathBefore"]?.string.flatMap(Instant.init)
    return end.flatMap { PartialDate(from: at, before: $0, wording.hours.clock)?.shown } ?? wording.time(at)
  }

  /// nil for what a history need not repeat.
  private func label(_ key: String) -> String? {
    let label = wording("trait.\(key)")
    return label == "trait.\(key)" ? nil : label
  }

  private func text(_ key: String, _ value: JSON) -> String? {
    switch (key, value) {
    case ("birthDate", .string(let text)): PartialDate(text)?.shown ?? text
    case ("sex", .string(let code)): wording.word("sex", code)
    case ("status", .string(let code)): wording.word("status", code)
    case ("since", .string(let text)): Instant(text).map(wording.time) ?? text
    case ("kind", .string(let code)): wording.word("situation", code)
    case ("familyToldBy", .string(let text)), ("physician", .string(let text)): text
    case ("checkedBy", .string(let account)): names.account(account)
    case (_, .string(let text)): text
    case (_, .bool(let flag)): wording(flag ? "word.yes" : "word.no")
    case (_, .integer(let number)): String(number)
    case (_, .array(let values)): values.compactMap { part(key, $0) }.joined(separator: ", ")
    case (_, .object): part(key, value)
    case (_, .null): nil
    }
  }

  /// One element of a list, or an object, in a few words.
  private func part(_ key: String, _ value: JSON) -> String? {
    if let text = value.string { return key == "attributes" ? wording.word("attribute", text) : text }
    switch key {
    case "addresses":
      let lines = value["lines"]?.array?.compactMap(\.string) ?? []
      let rest = ["postcode", "city"].compactMap { value[$0]?.string }
      return (lines + [rest.joined(separator: " ")]).filter { !$0.isEmpty }.joined(separator: ", ")
    case "contacts":
      let role = value["role"]?.string.map { wording.word("contact", $0) }
      return [role, value["name"]?.string, value["phone"]?.string].compactMap { $0 }.joined(separator: " ")
    case "identifiers": return value["value"]?.string
    case "document": return value["kind"]?.string.map { wording.word("document", $0.isEmpty ? "none" : $0) }
    case "unknown":
      return ["label", "marks", "belongings"].compactMap { value[$0]?.string }.joined(separator: " · ")
    case "situations": return value["kind"]?.string.map { wording.word("situation", $0) }
    // An INS is shown on the page, where its status stands beside it.
    default: return nil
    }
  }
}
