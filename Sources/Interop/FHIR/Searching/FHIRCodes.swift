/// A list of codes that an element of R4 has; of some there is never any here.
public struct FHIRCodes: Sendable {
  let system: String
  let codes: [String]

  private init(_ system: String, _ codes: String) {
    self.system = system
    self.codes = codes.split(separator: " ").map(String.init)
  }

  public static let appointmentStatus = FHIRCodes(
    "http://hl7.org/fhir/appointmentstatus",
    "proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist")
  static let encounterStatus = FHIRCodes(
    "http://hl7.org/fhir/encounter-status",
    "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown")
  static let episodeStatus = FHIRCodes(
    "http://hl7.org/fhir/episode-of-care-status",
    "planned waitlist active onhold finished cancelled entered-in-error")
  static let gender = FHIRCodes("http://hl7.org/fhir/administrative-gender", "male female other unknown")
  public static let locationStatus = FHIRCodes("http://hl7.org/fhir/location-status", "active suspended inactive")
  /// HL7 table 0116.
  public static let bedStatus = FHIRCodes(FHIRSystem.bedStatus, "C H I K O U")
  static let requestStatus = FHIRCodes(
    "http://hl7.org/fhir/request-status", "draft active on-hold revoked completed entered-in-error unknown")
}

extension FHIRSearch {
  /// The codes that a parameter asks for, each time that it stands there: by the code alone or with its system.
  public func codes(_ name: String, of list: FHIRCodes) throws(Fault) -> [[String]] {
    var found: [[String]] = []
    for parameter in all(name) { found.append(try parameter.codes(of: list)) }
    return found
  }
}

extension FHIRSearch.Parameter {
  func codes(of list: FHIRCodes) throws(FHIRSearch.Fault) -> [String] {
    var codes: [String] = []
    for token in tokens {
      let asked = list.codes.filter { token.holds($0, of: list.system) }
      guard !asked.isEmpty else { throw .value(name) }
      codes += asked
    }
    return codes
  }
}
