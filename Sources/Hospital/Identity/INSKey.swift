import Ledger

extension Identifier {
  /// The INS in whatever form, by HL7's type, FR Core's, or the authority: it is never a plain number.
  public var isINS: Bool { Self.typesOfINS.contains(type) || INS.owns(authority: authority) }

  private static let typesOfINS = ["INS", "INS-C", "NH", "INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO"]
}

extension INS {
  /// What an OID says of the matricule under it (ANS, "Liste des OID des autorités d'affectation des INS").
  public enum Domain: String, Sendable, CaseIterable {
    case nir = "1.2.250.1.213.1.4.8"
    case nia = "1.2.250.1.213.1.4.9"
    case test = "1.2.250.1.213.1.4.10"
    case demonstration = "1.2.250.1.213.1.4.11"

    /// Never a person's: refused where real patients are.
    public var isForPractice: Bool { self == .test || self == .demonstration }
  }

  public var domain: Domain? { Domain(rawValue: oid) }

  /// Under the arc of the INS's authorities, whichever of them it is.
  public static func owns(authority: String) -> Bool { authority.hasPrefix("1.2.250.1.213.1.4.") }

  /// 15 characters whose last two are 97 minus the first 13 modulo 97; in those, 2A counts as 19 and 2B as 18.
  public var keyFits: Bool {
    let characters = Array(matricule.utf8)
    guard characters.count == 15 else { return false }
    var body = 0
    for (index, character) in characters[..<13].enumerated() {
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): body = body * 10 + Int(character - UInt8(ascii: "0"))
      case UInt8(ascii: "A") where index == 6 && characters[5] == UInt8(ascii: "2"): body = body / 10 * 100 + 19
      case UInt8(ascii: "B") where index == 6 && characters[5] == UInt8(ascii: "2"): body = body / 10 * 100 + 18
      default: return false
      }
    }
    guard let key = Int(matricule.suffix(2)), characters[13...].allSatisfy({ (48...57).contains($0) }) else {
      return false
    }
    return key == 97 - body % 97
  }

  /// Its first digit says a man or a woman, and the file the other: another's number, or a slip.
  func speaksAgainst(_ sex: Sex?) -> Bool {
    switch (sex, matricule.first) {
    case (.male, "2"), (.female, "1"): true
    default: false
    }
  }

  /// Whether it may be an identity at all: an OID of the INS and a key that fits.
  public var isWellFormed: Bool { domain != nil && keyFits }
}
