import Hospital
import Ledger

/// Organization: the legal entity, its sites (FINESS) and their functional units (UF).
public enum OrganizationResource {
  public static let profiles = ["fr-core-organization", "fr-core-organization-uf"]

  public static func id(ofUnit code: String) -> String { LocationResource.plain("uf", code) }

  public static func json(_ structure: Structure) -> JSON {
    json(finess: structure.finess, type: "FINEJ", name: structure.name, partOf: nil)
  }

  public static func json(site: Site, _ structure: Structure) -> JSON {
    // One site that is the legal entity has one number for both.
    json(
      finess: site.finess, type: "FINEG", name: site.name,
      partOf: site.finess == structure.finess ? nil : structure.finess)
  }

  public static func json(unit: CareUnit, of site: Site, _ structure: Structure) -> JSON {
    var out = FHIRObject(type: "Organization", id: id(ofUnit: unit.code))
    out.put("meta", FHIRMeta().json(profile: "fr-core-organization-uf", confidentiality: unit.isDiscreet ? "R" : nil))
    out.put(
      "identifier",
      [
        FHIRValue.identifier(
          unit.code, system: FHIRSystem.codes(of: structure.finess),
          type: FHIRValue.concept(FHIRSystem.identifierTypeFR, "INTRN"))
      ].compactMap(\.self))
    out.put("active", true)
    // The profile fixes it to the letter: no display.
    out.put("type", [FHIRValue.concept(FHIRSystem.organizationTypeFR, "UF")].compactMap(\.self))
    out.put("name", unit.name)
    out.put("telecom", [unit.phone.flatMap { FHIRValue.phone($0) }].compactMap(\.self))
    out.put("partOf", FHIRValue.reference("Organization", site.finess))
    return out.json
  }

  private static func json(finess: String, type: String, name: String, partOf: String?) -> JSON {
    var out = FHIRObject(type: "Organization", id: finess)
    out.put("meta", FHIRMeta().json(profile: "fr-core-organization"))
    out.put("identifier", FHIRValue.structure(finess, type: type))
    out.put("active", true)
    out.put("type", [FHIRValue.concept(FHIRSystem.organizationType, "prov", "Healthcare Provider")].compactMap(\.self))
    out.put("name", name)
    if let partOf { out.put("partOf", FHIRValue.reference("Organization", partOf)) }
    return out.json
  }
}
