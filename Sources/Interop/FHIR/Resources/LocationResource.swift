import Hospital
import Ledger

/// Location: sites, units, rooms and beds, each part of what is around it.
public enum LocationResource {
  enum Kind {
    case site, unit, room, bed
  }

  public static let profiles = ["fr-core-location"]

  public static func id(ofSite finess: String) -> String { plain("site", finess) }
  public static func id(ofUnit code: String) -> String { plain("unit", code) }
  public static func id(ofRoom code: String, unit: String) -> String { plain("room", "\(unit).\(code)") }

  /// Of a name that people gave: as it is where it can be an id, else a hash of it.
  static func plain(_ kind: String, _ code: String) -> String {
    let id = "\(kind)-\(code)"
    return FHIRText.isID(id) ? id : "\(kind)-\(Name.subject(kind, "fhir", code))"
  }

  /// Where somebody lies: the bed where there is one, else the unit. A code that the structure does not know is said by
  /// name alone.
  static func reference(to place: Place, _ structure: Structure?) -> JSON? {
    guard let unit = place.unit else { return nil }
    guard let known = structure?.unit(unit) else {
      return FHIRText.string([place.unit, place.room, place.bed].compactMap(\.self).joined(separator: " "))
        .map { ["display": .string($0)] }
    }
    if let bed = structure?.bedID(place), place.room != nil {
      return FHIRValue.reference("Location", bed.afterSlash, "\(known.name), \(place.bed ?? "")")
    }
    return FHIRValue.reference("Location", id(ofUnit: unit), known.name)
  }

  static func physicalType(_ kind: Kind) -> JSON? {
    switch kind {
    case .site: FHIRValue.concept(FHIRSystem.physicalType, "si", "Site")
    case .unit: FHIRValue.concept(FHIRSystem.physicalType, "wa", "Ward")
    case .room: FHIRValue.concept(FHIRSystem.physicalType, "ro", "Room")
    case .bed: FHIRValue.concept(FHIRSystem.physicalType, "bd", "Bed")
    }
  }

  public static func json(site: Site, _ structure: Structure) -> JSON {
    var out = start(id(ofSite: site.finess), name: site.name, .site)
    out.put(
      "identifier",
      [
        identifier(site.finess, system: FHIRSystem.finess, "GLBL"),
        identifier("1\(site.finess)", system: FHIRSystem.structures, "IDNST"),
      ].compactMap(\.self))
    out.put("managingOrganization", organization(site.finess))
    return out.json
  }

  public static func json(unit: CareUnit, of site: Site, _ structure: Structure) -> JSON {
    var out = start(id(ofUnit: unit.code), name: unit.name, .unit, isDiscreet: unit.isDiscreet)
    out.put("identifier", [identifier([unit.code], structure)].compactMap(\.self))
    out.put("type", [FHIRCapacity.type(ofSpecialty: unit.specialty)].compactMap(\.self))
    out.put("telecom", [unit.phone.flatMap { FHIRValue.phone($0) }].compactMap(\.self))
    out.put("managingOrganization", FHIRValue.reference("Organization", OrganizationResource.id(ofUnit: unit.code)))
    out.put("partOf", FHIRValue.reference("Location", id(ofSite: site.finess)))
    return out.json
  }

  public static func json(room: Room, of unit: CareUnit, _ structure: Structure) -> JSON {
    var out = start(id(ofRoom: room.code, unit: unit.code), name: "\(unit.name), \(room.code)", .room)
    out.put("identifier", [identifier([unit.code, room.code], structure)].compactMap(\.self))
    out.put("managingOrganization", FHIRValue.reference("Organization", OrganizationResource.id(ofUnit: unit.code)))
    out.put("partOf", FHIRValue.reference("Location", id(ofUnit: unit.code)))
    return out.json
  }

  /// - Parameter isOccupied: somebody lies there now; never who.
  public static func json(bed: Bed, isOccupied: Bool, _ structure: Structure, _ meta: FHIRMeta) -> JSON {
    let unit = bed.unit.flatMap { structure.unit($0) }
    let name = [unit?.name ?? bed.unit, bed.code].compactMap(\.self).joined(separator: ", ")
    var out = FHIRObject(type: "Location", id: bed.id.afterSlash)
    out.put("meta", meta.json(profile: bed.code == nil ? nil : "fr-core-location"))
    if bed.code != nil {
      out.put("identifier", [identifier([bed.unit, bed.room, bed.code], structure)].compactMap(\.self))
    }
    out.put("status", bed.removed ? "inactive" : bed.condition == .closed || !bed.staffed ? "suspended" : "active")
    if let status = operationalStatus(bed, isOccupied) {
      out.put("operationalStatus", FHIRValue.coding(FHIRSystem.bedStatus, status.code, status.display))
    }
    out.put("name", name)
    out.put("mode", "instance")
    out.put("physicalType", physicalType(.bed))
    if let unit {
      out.put("managingOrganization", FHIRValue.reference("Organization", OrganizationResource.id(ofUnit: unit.code)))
      let room = bed.room.flatMap { code in unit.rooms.first { $0.code == code } }
      out.put(
        "partOf",
        FHIRValue.reference(
          "Location", room.map { id(ofRoom: $0.code, unit: unit.code) } ?? id(ofUnit: unit.code)))
    }
    return out.json
  }

  /// HL7 table 0116.
  private static func operationalStatus(_ bed: Bed, _ isOccupied: Bool) -> (code: String, display: String)? {
    if isOccupied { return ("O", "Occupied") }
    switch bed.condition {
    case .closed: return ("C", "Closed")
    case .toClean: return ("K", "Contaminated")
    case .reserved, .free: return bed.isolation != nil ? ("I", "Isolated") : ("U", "Unoccupied")
    case .bodyPresent: return ("O", "Occupied")
    }
  }

  private static func start(_ id: String, name: String, _ kind: Kind, isDiscreet: Bool = false) -> FHIRObject {
    var out = FHIRObject(type: "Location", id: id)
    out.put("meta", FHIRMeta().json(profile: "fr-core-location", confidentiality: isDiscreet ? "R" : nil))
    out.put("status", "active")
    out.put("name", name)
    out.put("mode", "instance")
    out.put("physicalType", physicalType(kind))
    return out
  }

  /// `2010.12.A`: a bed or a room is named within what is around it.
  private static func identifier(_ codes: [String?], _ structure: Structure) -> JSON? {
    identifier(
      codes.compactMap(\.self).joined(separator: "."), system: FHIRSystem.codes(of: structure.finess), "INTRN")
  }

  private static func identifier(_ code: String, system: String, _ type: String) -> JSON? {
    FHIRValue.identifier(code, system: system, type: FHIRValue.concept(FHIRSystem.identifierTypeOfLocation, type))
  }

  private static func organization(_ finess: String) -> JSON? {
    FHIRText.isID(finess) ? FHIRValue.reference("Organization", finess) : nil
  }
}
