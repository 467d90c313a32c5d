/// What a program may do, as SMART on FHIR v2 writes it for systems: `system/Patient.rs`, `system/*.rs`.
public struct FHIRScope: Sendable, Equatable {
  public enum Right: Character, Sendable, CaseIterable {
    case create = "c"
    case read = "r"
    case update = "u"
    case delete = "d"
    case search = "s"
  }

  /// nil for `*`.
  public let type: String?
  public let rights: [Right]

  /// nil for what is no scope of this kind. Rights stand in the order `cruds`, each once.
  public init?(_ text: String) {
    guard text.hasPrefix("system/"), let dot = text.lastIndex(of: ".") else { return nil }
    let name = String(text[text.index(text.startIndex, offsetBy: 7)..<dot])
    guard name == "*" || !name.isEmpty && name.utf8.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) })
    else { return nil }
    let letters = text[text.index(after: dot)...]
    let rights = letters.compactMap(Right.init)
    guard !rights.isEmpty, rights.count == letters.count,
      Right.allCases.filter(rights.contains) == rights
    else { return nil }
    type = name == "*" ? nil : name
    self.rights = rights
  }

  public var text: String { "system/\(type ?? "*").\(String(rights.map(\.rawValue)))" }

  /// Whether it allows this of that type. What who read which file is told to is named, never meant by `*`.
  public func allows(_ right: Right, _ type: String) -> Bool {
    guard rights.contains(right) else { return false }
    return self.type.map { $0 == type } ?? (type != "AuditEvent")
  }

  /// Whether it allows nothing that `granted` do not.
  public func isWithin(_ granted: [FHIRScope]) -> Bool {
    rights.allSatisfy { right in
      granted.contains { $0.rights.contains(right) && ($0.type == nil && type != "AuditEvent" || $0.type == type) }
    }
  }
}
