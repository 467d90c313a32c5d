import Ledger

/// An allergy as a feed says it (AL1). Nobody is asked for allergies here: the list of a unit repeats what was heard.
public struct Allergy: Sendable, Equatable {
  /// What to (AL1-3): its words, else its code.
  public var to: String
  /// AL1-5.
  public var reaction: String?
  /// AL1-6.
  public var identified: CivilDate?

  init?(_ segment: JSON) {
    let code = segment["AL1-3"]?.string?.split(separator: "^", omittingEmptySubsequences: false).map(String.init)
    guard let code, let to = [code.dropFirst().first, code.first].compactMap(\.self).first(where: { !$0.isEmpty })
    else { return nil }
    self.to = to
    reaction = segment["AL1-5"]?.string
    let digits = (segment["AL1-6"]?.string ?? "").prefix(8)
    if digits.count == 8, let number = Int(digits) {
      identified = CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }
  }
}

extension Stay {
  /// As last heard of this stay.
  public var allergies: [Allergy] { other["allergies"]?.array?.compactMap(Allergy.init) ?? [] }
}
