import Ledger

/// What a shown paper proves of an identity (RNIV 2; codes of the INS annex, ZFD-7).
public enum DocumentTrust: Sendable, Equatable {
  /// Enough to validate an identity.
  case high
  /// Enough for a minor, beside a parent's own document.
  case minorsOnly
  /// Shows a name; validates nothing.
  case low

  /// By code, in the order that forms offer them.
  public static let documents: [(code: String, trust: DocumentTrust)] = [
    ("CN", .high), ("PA", .high), ("CS", .high), ("CE", .high), ("LE", .minorsOnly), ("AN", .minorsOnly), ("PC", .low),
    ("CM", .low), ("CC", .low), ("CV", .low), ("", .low),
  ]

  /// nil for a code that is not in the table.
  public static func of(_ code: String) -> DocumentTrust? {
    documents.first { $0.code.sameBytes(as: code) }?.trust
  }
}

extension IdentityDocument {
  /// - Throws: `document-unknown`.
  func trust() throws(Refusal) -> DocumentTrust {
    guard let trust = DocumentTrust.of(kind) else { throw Refusal("document-unknown", field: "document") }
    return trust
  }

  /// Whether it validates the identity of somebody born then.
  func validates(birthDate: PartialDate?, today: CivilDate) throws(Refusal) -> Bool {
    switch try trust() {
    case .high: true
    case .minorsOnly: birthDate?.years(on: today).map { $0 < 18 } ?? false
    case .low: false
    }
  }

  /// Its last day is past. One that cannot be read says nothing.
  func isExpired(today: CivilDate) -> Bool {
    guard let last = validUntil.flatMap(PartialDate.init)?.civil else { return false }
    return last.daysSince1970 < today.daysSince1970
  }
}
