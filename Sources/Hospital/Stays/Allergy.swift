import Ledger

/// An allergy as a feed says it (AL1).
public struct Allergy: Sendable, Equatable {
  /// SNOMED CT: no known allergy.
  public static let noneKnown = "716186003"

  /// What to (AL1-3): its words, else its code.
  public var to: String
  /// AL1-5.
  public var reaction: String?
  /// AL1-6.
  public var identified: CivilDate?
  /// It says that there is none.
  public var isNone: Bool

  /// - Parameter segment: its fields by name, as HL7 writes them.
  public init?(_ segment: JSON) {
    guard let coded = HL7FieldText(segment["AL1-3"]), let to = coded.words else { return nil }
    self.to = to
    isNone = coded[1]?.sameBytes(as: Self.noneKnown) ?? false
    reaction = HL7FieldText(segment["AL1-5"])?.text
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

extension Patient {
  /// As last heard of this identity, apart from any stay.
  public var allergies: [Allergy] { other["allergies"]?.array?.compactMap(Allergy.init) ?? [] }
}

/// What is known of somebody's allergies: what feeds said, and what was answered here.
public struct KnownAllergies: Sendable, Equatable {
  /// One for each thing.
  public var heard: [Allergy] = []
  /// A feed said that there is none.
  public var noneHeard: Allergy?
  public var answers: [Answer]

  public init(heard: [Allergy], answers: [Answer]) {
    self.answers = answers
    noneHeard = heard.first(where: \.isNone)
    for allergy in heard where !allergy.isNone {
      if let known = self.heard.firstIndex(where: { $0.to.sameBytes(as: allergy.to) }) {
        if self.heard[known].reaction == nil { self.heard[known] = allergy }
      } else {
        self.heard.append(allergy)
      }
    }
  }
}
