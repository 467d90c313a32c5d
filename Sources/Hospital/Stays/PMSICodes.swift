import Ledger

/// Codes of the PMSI MCO for how a stay begins and ends, by yearly campaign: a table to be corrected, not rules.
public struct PMSICampaign: Sendable, Equatable {
  /// First year in which these hold.
  public var year: Int
  public var entryModes: [Mode]
  public var exitModes: [Mode]

  /// A mode, and the provenances or destinations that may go with it.
  public struct Mode: Sendable, Equatable {
    public var code: String
    public var partners: [String]
    /// Coding fails without a partner; nobody is turned away for it.
    public var needsPartner: Bool
  }

  public static let campaigns = [
    PMSICampaign(
      year: 2013,
      entryModes: [
        // Mutation, transfert définitif, transfert provisoire: from MCO, SMR, SLD, psychiatry, HAD, réanimation.
        Mode(code: "6", partners: ["1", "2", "3", "4", "6", "R"], needsPartner: true),
        Mode(code: "7", partners: ["1", "2", "3", "4", "6", "R"], needsPartner: true),
        Mode(code: "0", partners: ["1", "2", "3", "4", "6", "R"], needsPartner: true),
        // Domicile: through our own emergency unit (5, U, V), from a médico-social home (7), or simply from home (8).
        Mode(code: "8", partners: ["5", "7", "8", "U", "V"], needsPartner: false),
        // Born here; brought dead for organ removal.
        Mode(code: "N", partners: [], needsPartner: false),
        Mode(code: "O", partners: [], needsPartner: false),
      ],
      exitModes: [
        Mode(code: "6", partners: ["1", "2", "3", "4", "6"], needsPartner: true),
        Mode(code: "7", partners: ["1", "2", "3", "4", "6"], needsPartner: true),
        Mode(code: "0", partners: ["1", "2", "3", "4"], needsPartner: true),
        Mode(code: "8", partners: ["6", "7"], needsPartner: false),
        // Dead: no destination.
        Mode(code: "9", partners: [], needsPartner: false),
      ])
  ]

  /// The campaign of the year in which `instant` lies, on the hospital's own calendar.
  /// - Parameter campaigns: by their years; one at least.
  public static func at(
    _ instant: Instant, _ structure: Structure?, of campaigns: [PMSICampaign] = campaigns
  ) -> PMSICampaign {
    let year = LocalTime(of: structure).day(instant).year
    return campaigns.last { $0.year <= year } ?? campaigns[0]
  }

  /// Warns where coding would fail later.
  func checkEntry(_ mode: String?, _ provenance: String?) throws(Refusal) -> [Warning] {
    guard let mode else {
      guard provenance == nil else { throw Refusal("entry-mode-missing", field: "entryMode") }
      return []
    }
    guard let known = entryModes.first(where: { $0.code == mode }) else {
      throw Refusal("entry-mode-unknown", field: "entryMode")
    }
    guard let provenance else {
      return known.needsPartner ? [Warning("provenance-missing", field: "provenance")] : []
    }
    guard known.partners.contains(provenance) else {
      throw Refusal("provenance-against-mode", field: "provenance", ["allowed": known.partners.listed])
    }
    return []
  }

  func checkExit(_ mode: String, _ destination: String?) throws(Refusal) -> [Warning] {
    guard let known = exitModes.first(where: { $0.code == mode }) else {
      throw Refusal("exit-mode-unknown", field: "exitMode", ["allowed": exitModes.map(\.code).listed])
    }
    guard let destination else {
      return known.needsPartner ? [Warning("destination-missing", field: "destination")] : []
    }
    guard known.partners.contains(destination) else {
      throw Refusal("destination-against-mode", field: "destination", ["allowed": known.partners.listed])
    }
    return []
  }
}

extension [String] {
  fileprivate var listed: String { isEmpty ? "–" : joined(separator: ", ") }
}
