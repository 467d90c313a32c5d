import Ledger

/// Writes a state's members in the order called, without those that say nothing: the same state, the same bytes.
struct StateWriter {
  private(set) var object = JSONObject()

  init(id: String) {
    object.reserveCapacity(16)
    object.append("id", .string(id))
  }
  init() {}

  mutating func put(_ key: String, _ value: String?) {
    if let value { object.append(key, .string(value)) }
  }
  mutating func put(_ key: String, _ value: Int?) {
    if let value { object.append(key, .integer(value)) }
  }
  /// Milliseconds: half the bytes of the text, and no parsing on the way back.
  mutating func put(_ key: String, _ value: Instant?) {
    if let value { object.append(key, .integer(Int(value.milliseconds))) }
  }
  /// Written where it differs from `unless`, which is what its absence means.
  mutating func put(_ key: String, _ value: Bool, unless usual: Bool = false) {
    if value != usual { object.append(key, .bool(value)) }
  }
  mutating func put(_ key: String, _ value: JSON?) {
    if let value { object.append(key, value) }
  }
  mutating func put(_ key: String, _ values: [String]) {
    if !values.isEmpty { object.append(key, .array(values.map { .string($0) })) }
  }
  mutating func put(_ key: String, _ values: [JSON]) {
    if !values.isEmpty { object.append(key, .array(values)) }
  }
  /// Members sorted by their keys' bytes: what was heard in another order is still the same.
  mutating func put(_ key: String, sorted members: JSONObject) {
    guard !members.isEmpty else { return }
    let members = members.members.sorted { $0.key.precedesInBytes($1.key) }
    object.append(key, .object(JSONObject(members)))
  }
}

extension JSON {
  /// Milliseconds, as `StateWriter` puts them.
  var storedInstant: Instant? { integer.map { Instant(milliseconds: Int64($0)) } }
  /// Those elements that are strings.
  var strings: [String]? { array?.compactMap(\.string) }
}

/// What a member of a fact's data does to a field: a present value sets, null erases, another type says nothing.
extension Optional where Wrapped == String {
  mutating func take(_ value: JSON) {
    switch value {
    case .string(let text): self = text.isEmpty ? nil : text
    case .null: self = nil
    default: break
    }
  }
}

extension Optional where Wrapped == Instant {
  mutating func take(_ value: JSON) {
    switch value {
    case .string(let text): if let instant = Instant(text) { self = instant }
    case .null: self = nil
    default: break
    }
  }
}

extension Bool {
  /// Null erases, which for a flag is false.
  mutating func take(_ value: JSON) {
    switch value {
    case .bool(let flag): self = flag
    case .null: self = false
    default: break
    }
  }
}
