import Ledger

extension JSONObject {
  /// The first word counts: a segment or an address that comes once too often must not make a key come twice, which
  /// the ledger refuses.
  mutating func put(_ key: String, _ value: JSON) {
    if self[key] == nil { append(key, value) }
  }

  /// A filled field says its value, `""` erases, an empty one says nothing.
  mutating func say(_ key: String, _ field: HL7Field) {
    if let text = field.string { put(key, .string(text)) } else if field.isErased { put(key, .null) }
  }

  mutating func say(_ key: String, _ text: String?) {
    if let text { put(key, .string(text)) }
  }
}
