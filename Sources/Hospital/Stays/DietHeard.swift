import Ledger

extension Stay {
  /// PV1-38.1 of whoever was asked, and has no diet.
  public static let noDiet = "AUCUN"

  /// The diet as a feed says it (PV1-38): its words, else its code; empty where that says that there is none.
  public var dietHeard: String? {
    guard let diet = HL7FieldText(other["PV1-38"]) else { return nil }
    return diet[1]?.sameBytes(as: Self.noDiet) ?? false ? "" : diet.words
  }
}
