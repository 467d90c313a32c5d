import Hospital
import Interop
import Ledger
import Register

/// The legal entity, its sites and their functional units.
struct OrganizationSource: FHIRSource {
  let type = "Organization"
  let profiles = OrganizationResource.profiles
  let includes = ["Organization:partof"]
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("identifier", "token"), ("name", "string"), ("partof", "reference"),
    ("type", "token"),
  ]

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    all(reading).first { $0.id == id }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    reading.page(search, of: all(reading).filter { $0.isNamed(search) })
  }

  private func all(_ reading: FHIRReading) -> [FHIRResource] {
    guard let structure = reading.structure else { return [] }
    var all = [OrganizationResource.json(structure)]
    for site in structure.sites {
      // A site that bears the legal entity's own number is that organization.
      if site.finess != structure.finess { all.append(OrganizationResource.json(site: site, structure)) }
      all += site.units.map { OrganizationResource.json(unit: $0, of: site, structure) }
    }
    return all.map { FHIRResource(type, $0) }
  }
}

/// Sites, units, rooms and beds. A bed says whether somebody lies there, never who.
struct LocationSource: FHIRSource {
  let type = "Location"
  let profiles = LocationResource.profiles
  let includes = ["Location:organization", "Location:partof"]
  let revincludes = ["Provenance:target"]
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("identifier", "token"), ("name", "string"), ("operational-status", "token"),
    ("organization", "reference"), ("partof", "reference"), ("status", "token"), ("type", "token"),
  ]

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    if id.isUUID, let structure = reading.structure, let bed = try reading.reading.bed("bed/\(id.lowercased())") {
      let isOccupied = try !reading.reading.occupants(ofBed: bed.id, at: reading.now).isEmpty
      return try self.bed(bed, isOccupied, structure, reading)
    }
    return places(reading).first { $0.id == id }
  }

  func resources(_ ids: [String], _ reading: FHIRReading) throws -> [FHIRResource] {
    let asked = Set(ids)
    return try places(reading).filter { asked.contains($0.id) }
      + ids.filter(\.isUUID).compactMap { try resource($0, reading) }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let statuses = try search.codes("status", of: .locationStatus)
    let bedStatuses = try search.codes("operational-status", of: .bedStatus)
    guard let structure = reading.structure else { return FHIRPage() }
    var all = places(reading)
    for unit in try reading.reading.board(at: reading.now).units {
      all += try unit.places.map { try bed($0.bed, !$0.occupants.isEmpty, structure, reading) }
    }
    let found = all.filter { resource in
      guard resource.isNamed(search) else { return false }
      let json = resource.make()
      func holds(_ asked: [[String]], _ said: String?) -> Bool {
        asked.allSatisfy { codes in said.map { codes.contains($0) } ?? false }
      }
      guard holds(statuses, json["status"]?.string), holds(bedStatuses, json["operationalStatus"]?["code"]?.string)
      else { return false }
      return search.parameters.allSatisfy { parameter in
        switch parameter.name {
        case "organization":
          parameter.references("Organization")
            .contains { "Organization/\($0)" == json["managingOrganization"]?["reference"]?.string }
        default: true
        }
      }
    }
    return reading.page(search, of: found)
  }

  private func bed(
    _ bed: Bed, _ isOccupied: Bool, _ structure: Structure, _ reading: FHIRReading
  ) throws -> FHIRResource {
    let version = try reading.reading.versioned(bed.id).map { try reading.reading.version(of: $0) }
    let meta = FHIRMeta(version: version?.id, updated: version?.cameAt)
    // Who lies there changes what it says, and is no fact about the bed: it has no version to point at.
    return FHIRResource(type: type, id: bed.id.afterSlash) {
      LocationResource.json(bed: bed, isOccupied: isOccupied, structure, meta)
    }
  }

  private func places(_ reading: FHIRReading) -> [FHIRResource] {
    guard let structure = reading.structure else { return [] }
    return structure.sites.flatMap { site -> [JSON] in
      [LocationResource.json(site: site, structure)]
        + site.units.flatMap { unit -> [JSON] in
          [LocationResource.json(unit: unit, of: site, structure)]
            + unit.rooms.map { LocationResource.json(room: $0, of: unit, structure) }
        }
    }.map { FHIRResource(type, $0) }
  }
}

/// People who have an account here; programs are none.
struct PractitionerSource: FHIRSource {
  let type = "Practitioner"
  let parameters: [(name: String, type: String)] = [
    (name: "_id", type: "token"), ("_lastUpdated", "date"), ("active", "token"), ("identifier", "token"),
    ("name", "string"),
  ]

  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    guard id.isUUID, let found = try reading.reading.versioned("account/\(id.lowercased())") else { return nil }
    return try resource(found, reading)
  }

  private func resource(_ found: Versioned, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let account = found.state as? Account, !account.roles.contains(.client) else { return nil }
    let version = try reading.reading.version(of: found)
    let now = reading.now
    return FHIRResource(type: type, id: account.id.afterSlash, version: version) {
      PractitionerResource.json(account, FHIRMeta(version: version.id, updated: version.cameAt), at: now)
    }
  }

  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage {
    let updated = try search.bounds("_lastUpdated", reading.zone)
    return try reading.page(search, among: nil) { after, limit in
      try reading.reading.numbers(ofType: "account", after: after, limit: limit)
    } look: { found in
      guard let resource = try resource(found, reading), resource.isNamed(search),
        let at = resource.version?.cameAt, updated.allSatisfy({ $0.contains { $0.holds(at, at) } })
      else { return nil }
      return resource
    }
  }
}

extension FHIRResource {
  /// Of what is already there.
  fileprivate init(_ type: String, _ json: JSON) {
    self.init(type: type, id: json["id"]?.string ?? "") { json }
  }

  /// Answers to what these searches have in common: `_id`, `identifier`, `name`, `partof`, `type`.
  fileprivate func isNamed(_ search: FHIRSearch) -> Bool {
    let json = make()
    func names() -> [String] {
      json["name"]?.string.map { [$0] } ?? json["name"]?.array?.compactMap { $0["text"]?.string } ?? []
    }
    return search.parameters.allSatisfy { parameter in
      switch parameter.name {
      case "_id": parameter.values.contains(id)
      case "identifier":
        parameter.tokens.contains { $0.holds(numbersOf: json) }
      case "partof":
        parameter.references(type).contains { "\(type)/\($0)" == json["partOf"]?["reference"]?.string }
      case "type":
        parameter.tokens.contains { asked in
          (json["type"]?.array ?? []).flatMap { $0["coding"]?.array ?? [] }
            .contains { asked.holds($0["code"]?.string ?? "", of: $0["system"]?.string) }
        }
      case "name":
        parameter.values.contains { value in
          let asked = NameWords(value).joined
          return !asked.isEmpty && names().contains { NameWords($0).findable.contains { $0.hasPrefix(asked) } }
        }
      default: true
      }
    }
  }
}
