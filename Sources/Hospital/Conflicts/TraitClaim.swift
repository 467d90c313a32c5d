import Ledger

/// The strict traits that a fact says of an identity, names as the RNIV has them.
struct TraitClaim {
  private static let kinds = ["patient.registered", "patient.described", "patient.corrected"]

  private(set) var traits: [String: String] = [:]

  /// nil for a fact that says none.
  init?(_ fact: Fact) {
    guard TraitClaim.kinds.contains(fact.kind), let data = fact.data.object else { return nil }
    for key in Patient.strictKeys {
      guard let text = data[key]?.string, !text.isEmpty else { continue }
      traits[key] = key.hasPrefix("birthName") || key.hasPrefix("birthGiven") ? StrictName.normal(text) ?? text : text
    }
    if traits.isEmpty { return nil }
  }

  /// The traits of which both speak, and differently.
  func differing(from other: TraitClaim) -> [String] {
    Patient.strictKeys.filter { key in
      guard let one = traits[key], let two = other.traits[key] else { return false }
      return !one.sameBytes(as: two)
    }
  }
}

extension Patient {
  /// The strict traits of the RNIV, as facts name them.
  public static let strictKeys = ["birthName", "birthGivenName", "birthGivenNames", "birthDate", "sex", "birthPlace"]
}
