import Hospital
import Ledger

/// One emergency visit as its summary says it (résumé de passage aux urgences, arrêté of 24 July 2013): codes and
/// hours, no name. What is not known is nil and is left out, never invented.
public struct RPUVisit: Sendable, Equatable {
  /// In the order of the published list.
  public enum Field: String, Sendable, CaseIterable {
    case postcode = "CP"
    case commune = "COMMUNE"
    case birth = "NAISSANCE"
    case sex = "SEXE"
    case arrival = "ENTREE"
    case entryMode = "MODE_ENTREE"
    case provenance = "PROVENANCE"
    case transport = "TRANSPORT"
    case transportCare = "TRANSPORT_PEC"
    case complaint = "MOTIF"
    case severity = "GRAVITE"
    case diagnosis = "DP"
    case associated = "LISTE_DA"
    case acts = "LISTE_ACTES"
    case departure = "SORTIE"
    case exitMode = "MODE_SORTIE"
    case destination = "DESTINATION"
    case orientation = "ORIENT"
  }

  /// Of each field one value, and of the two lists any number.
  public private(set) var values: [Field: [String]] = [:]

  public init() {}

  public subscript(field: Field) -> String? {
    get { values[field]?.first }
    set { values[field] = newValue.map { [$0] } }
  }

  mutating func put(_ field: Field, _ list: [String]) { values[field] = list.isEmpty ? nil : list }

  /// Takes a code if it is one of the field's.
  mutating func take(_ field: Field, _ code: String?, of codes: Set<String>) {
    if let code, codes.contains(code) { self[field] = code }
  }
}

/// What may stand in each coded field. Where published lists disagree, what either allows: the agency's own check is
/// stricter.
public enum RPUCodes {
  public static let sexes: Set<String> = ["M", "F", "I"]
  public static let entryModes: Set<String> = ["6", "7", "8"]
  public static let provenances: Set<String> = ["1", "2", "3", "4", "5", "6", "7", "8"]
  public static let transports = Set(EmergencyTransport.allCases.map(\.rawValue))
  public static let transportCares = Set(TransportCare.allCases.map(\.rawValue))
  public static let severities = Set(CCMU.allCases.map(\.rawValue))
  public static let exitModes: Set<String> = ["6", "7", "8", "9"]
  public static let destinations: Set<String> = ["1", "2", "3", "4", "6", "7"]
  public static let orientations: Set<String> = [
    "HDT", "HO", "SC", "SI", "REA", "UHCD", "MED", "CHIR", "OBST", "FUGUE", "SCAM", "PSA", "REO",
  ]

  /// Another establishment of the same kind of care.
  static let care: Set<String> = ["1", "2", "3", "4"]
}
