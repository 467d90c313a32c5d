import Hospital
import Ledger

/// Members of a resource, put together without those that say nothing: FHIR knows no empty value.
struct FHIRObject {
  private(set) var object = JSONObject()

  init() { object.reserveCapacity(4) }

  init(type: String, id: String) {
    object.reserveCapacity(20)
    object.append("resourceType", .string(type))
    object.append("id", .string(id))
  }

  mutating func put(_ key: String, _ value: String?) {
    if let text = value.flatMap(FHIRText.string) { object.append(key, .string(text)) }
  }

  mutating func put(_ key: String, _ value: JSON?) {
    if let value { object.append(key, value) }
  }

  mutating func put(_ key: String, _ value: Bool?) {
    if let value { object.append(key, .bool(value)) }
  }

  mutating func put(_ key: String, _ value: Instant?) {
    if let value { object.append(key, .string(value.text)) }
  }

  mutating func put(_ key: String, _ values: [JSON]) {
    if !values.isEmpty { object.append(key, .array(values)) }
  }

  mutating func put(_ key: String, _ value: FHIRObject) {
    if !value.object.isEmpty { object.append(key, .object(value.object)) }
  }

  var json: JSON { .object(object) }
}

/// What FHIR's data types allow of a text.
enum FHIRText {
  /// Without white space other than blanks and without control characters; nil where nothing is left.
  static func string(_ text: String) -> String? {
    let clean =
      text.utf8.contains(where: mayBeSpaceOrControl)
      ? String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { $0.properties.isWhitespace || $0.properties.generalCategory == .control ? " " : $0 }
        )) : text
    return clean.utf8.contains { $0 != 0x20 } ? clean : nil
  }

  /// Whether a scalar may be white space or a control character by the first byte of its UTF-8: beyond ASCII, all are
  /// from U+0080 to U+00BF or from U+1000 to U+3FFF. So letters with accents are plain.
  private static func mayBeSpaceOrControl(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7f || byte == 0xc2 || (0xe1...0xe3).contains(byte)
  }

  /// nil for what cannot be a code: one has no blanks at its ends, and never two in a row.
  static func code(_ text: String) -> String? {
    guard let text = string(text) else { return nil }
    var before: UInt8 = 0x20
    for byte in text.utf8 {
      if byte == 0x20, before == 0x20 { return nil }
      before = byte
    }
    return before == 0x20 ? nil : text
  }

  /// Whether it can be a resource's id.
  static func isID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isIDByte)
  }

  static func isIDByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }
}

/// FHIR's complex data types.
enum FHIRValue {
  static func coding(_ system: String?, _ code: String, _ display: String? = nil) -> JSON? {
    guard let code = FHIRText.code(code) else { return nil }
    var coding = FHIRObject()
    coding.put("system", system)
    coding.put("code", code)
    coding.put("display", display)
    return coding.json
  }

  /// A code of a system; what cannot be a code is a text.
  static func concept(_ system: String?, _ code: String, _ display: String? = nil) -> JSON? {
    guard let coding = coding(system, code, display) else { return text(code) }
    return ["coding": [coding]]
  }

  static func text(_ text: String?) -> JSON? { text.flatMap(FHIRText.string).map { ["text": .string($0)] } }

  static func identifier(
    _ value: String, system: String, use: String? = nil, type: JSON? = nil, assigner: String? = nil
  ) -> JSON? {
    guard let value = FHIRText.string(value) else { return nil }
    var identifier = FHIRObject()
    identifier.put("use", use)
    identifier.put("type", type)
    identifier.put("system", system)
    identifier.put("value", value)
    if let assigner = assigner.flatMap(FHIRText.string) { identifier.put("assigner", ["display": .string(assigner)]) }
    return identifier.json
  }

  /// A structure by FINESS, in FR Core's slices `finess` and `idNatSt`.
  /// - Parameter type: FINEJ, FINEG; nil where nobody said which.
  static func structure(_ finess: String, type: String? = nil) -> [JSON] {
    [
      identifier(
        finess, system: FHIRSystem.finess, use: "official",
        type: type.flatMap { concept(FHIRSystem.identifierTypeFR, $0) }),
      identifier(
        "1\(finess)", system: FHIRSystem.structures, use: "official",
        type: concept(FHIRSystem.identifierTypeFR, "IDNST")),
    ].compactMap(\.self)
  }

  /// `Patient/<uuid>` of `patient/<uuid>`, and the like.
  static func reference(_ type: String, _ id: String, _ display: String? = nil) -> JSON {
    var reference = FHIRObject()
    reference.put("reference", "\(type)/\(id)")
    reference.put("display", display)
    return reference.json
  }

  static func period(_ start: Instant?, _ end: Instant?) -> JSON? {
    guard start != nil || end != nil else { return nil }
    var period = FHIRObject()
    period.put("start", start)
    period.put("end", end)
    return period.json
  }

  static func phone(_ value: String, _ system: String = "phone") -> JSON? {
    FHIRText.string(value).map { ["system": .string(system), "value": .string($0)] }
  }

  static func fhirExtension(_ url: String, _ key: String, _ value: JSON?) -> JSON? {
    value.map { .object(JSONObject([("url", .string(url)), (key, $0)])) }
  }
}

/// The version of a resource, and which marks it bears.
public struct FHIRMeta: Sendable {
  /// Resource.meta.versionId: the line that made it so, `urg-1-3fa9c2d1.123.0123abcd`; nil where nothing tells.
  public var version: String?
  public var updated: Instant?

  public init(version: String? = nil, updated: Instant? = nil) {
    self.version = version
    self.updated = updated
  }

  /// - Parameter confidentiality: R where presence is told to nobody outside the care team, V under secrecy.
  func json(profile: String? = nil, confidentiality: String? = nil) -> FHIRObject {
    var meta = FHIRObject()
    meta.put("versionId", version)
    meta.put("lastUpdated", updated)
    if let profile { meta.put("profile", [.string(FHIRSystem.profile(profile))]) }
    if let coding = confidentiality.flatMap({ FHIRValue.coding(FHIRSystem.confidentiality, $0) }) {
      meta.put("security", [coding])
    }
    return meta
  }
}

extension FHIRMeta {
  /// V3 confidentiality.
  /// - Parameter isWithheld: by the rule of disclosure.
  static func label(_ patient: Patient?, isWithheld: Bool) -> String? {
    patient?.secret ?? false ? "V" : isWithheld ? "R" : nil
  }
}
