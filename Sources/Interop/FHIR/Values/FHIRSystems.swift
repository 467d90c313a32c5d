import Ledger

/// Where codes and identifiers of FHIR resources come from. URLs are those of HL7 FHIR R4 and of FR Core 2.
public enum FHIRSystem {
  static let frCore = "https://hl7.fr/ig/fhir/core"
  static let identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203"
  static let identifierTypeFR = "\(frCore)/CodeSystem/fr-core-cs-v2-0203"
  static let identifierTypeOfLocation = "\(frCore)/CodeSystem/fr-core-cs-location-identifier-type"
  static let organizationTypeFR = "\(frCore)/CodeSystem/fr-core-cs-v2-3307"
  static let identityStatus = "\(frCore)/CodeSystem/fr-core-cs-v2-0445"
  static let identityDocument = "\(frCore)/CodeSystem/fr-core-cs-mode-validation-identity"
  static let commune = "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
  static let country = "https://mos.esante.gouv.fr/NOS/TRE_R20-Pays/FHIR/TRE-R20-Pays"
  static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
  static let actClass = "http://terminology.hl7.org/CodeSystem/v3-ActClass"
  static let nullFlavor = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
  static let confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
  static let participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
  static let physicalType = "http://terminology.hl7.org/CodeSystem/location-physical-type"
  static let bedStatus = "http://terminology.hl7.org/CodeSystem/v2-0116"
  /// Kinds of places (ServiceDeliveryLocationRoleType), and where that has none, of care (C80 practice codes).
  static let roleCode = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
  static let snomed = "http://snomed.info/sct"
  static let organizationType = "http://terminology.hl7.org/CodeSystem/organization-type"
  static let contactRole = "http://terminology.hl7.org/CodeSystem/v2-0131"
  static let finess = "https://finess.esante.gouv.fr"
  /// National identifiers of structures (idNat_Struct): of FINESS, after a 1.
  static let structures = "urn:oid:1.2.250.1.71.4.2.2"
  /// The authority of the shared pharmaceutical record's numbers (NDP).
  static let pharmacy = "1.2.250.1.176.1.2"
  /// Of numbers that are URIs by themselves.
  static let uris = "urn:ietf:rfc:3986"
  static let rpps = "https://rpps.esante.gouv.fr"
  static let adeli = "https://adeli.esante.gouv.fr"

  /// `https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient` of `fr-core-patient`.
  static func profile(_ name: String) -> String { "\(frCore)/StructureDefinition/\(name)" }

  /// An authority as FHIR names it: its OID as a URN, an address as it is; a name under a URN of ours.
  static func uri(ofAuthority authority: String) -> String {
    if isOID(authority) { return "urn:oid:\(authority)" }
    if ["http://", "https://", "urn:"].contains(where: authority.hasPrefix)
      && !authority.contains(where: \.isWhitespace)
    {
      return authority
    }
    return named + authority.utf8.map { isPlain($0) ? String(UnicodeScalar($0)) : "%\(Hex.text(of: [$0]))" }.joined()
  }

  /// The authority that a system's URI says: the other way round.
  public static func authority(ofURI uri: String) -> String {
    // Of a URN the first two parts are the same in either case (RFC 8141).
    if uri.prefix(8).lowercased() == "urn:oid:" { return String(uri.dropFirst(8)) }
    guard uri.hasPrefix(named) else { return uri }
    var bytes: [UInt8] = []
    var rest = uri.utf8.dropFirst(named.utf8.count)
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let escaped = Hex.bytes(of: String(decoding: rest.prefix(2), as: UTF8.self)),
        escaped.count == 1
      {
        bytes += escaped
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Of what a hospital names by itself: its units, rooms and beds. FR Core puts them under the arc of its idNat_Struct;
  /// a FINESS of Corsica (2A, 2B) makes none, and is a name.
  static func codes(of finess: String) -> String {
    let isArc = finess.utf8.allSatisfy { (48...57).contains($0) }
    return isArc ? "\(structures).1\(finess)" : uri(ofAuthority: finess)
  }

  private static let named = "urn:permanence:authority:"

  /// R4's data type `oid`: the first arc is 0, 1 or 2, and none begins with a nought that is not all of it.
  private static func isOID(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count > 2 && parts[0].count == 1 && (48...50).contains(parts[0].first ?? 0)
      && parts.allSatisfy { part in
        !part.isEmpty && part.allSatisfy { (48...57).contains($0) } && (part.count == 1 || part.first != 48)
      }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
  }
}
