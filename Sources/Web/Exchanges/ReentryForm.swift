import Feeds
import Yams

/// The fields of the main system's own screen, in its order: one YAML file; without it, the usual ones.
///
///     barcodes: true
///     fields:
///       - {value: birthName, name: Nom de famille}
///       - {value: birthDate}
public struct ReentryForm: Sendable, Equatable, Codable {
  public struct Entry: Sendable, Equatable, Codable {
    public var value: ReentryValue
    /// As that screen calls it; our own name where it is absent.
    public var name: String?

    public init(value: ReentryValue, name: String? = nil) { (self.value, self.name) = (value, name) }
  }

  public var fields: [Entry]
  /// Each value also as a code for a hand scanner.
  public var barcodes: Bool

  /// Whoever types sees these first, whether that screen has a field for them or not.
  private static let warnings: [ReentryValue] = [.protected, .secret]

  public static let usual = ReentryForm(
    fields: (warnings + ReentryValue.allCases.filter { !warnings.contains($0) }).map { Entry(value: $0) },
    barcodes: true)

  /// With the warnings that it does not name, before its own fields.
  var entries: [Entry] {
    Self.warnings.filter { warning in !fields.contains { $0.value == warning } }.map { Entry(value: $0) } + fields
  }

  init(fields: [Entry], barcodes: Bool) { (self.fields, self.barcodes) = (fields, barcodes) }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    fields = try values.decodeIfPresent([Entry].self, forKey: .fields) ?? Self.usual.fields
    barcodes = try values.decodeIfPresent(Bool.self, forKey: .barcodes) ?? true
    guard !fields.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: values, debugDescription: "a screen needs at least one field")
    }
  }

  /// - Throws: Yams's error, which names the line and the key.
  public init(yaml: String) throws { self = try YAMLDecoder().decode(ReentryForm.self, from: yaml) }
}
