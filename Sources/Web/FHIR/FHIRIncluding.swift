import Interop
import Ledger
import Register

/// What is told with a page: what it refers to, and what refers to it.
extension FHIRServer {
  /// How much that refers to a page is told with it.
  private static let referringMax = 1000

  /// By the parameter of an `_include`: the element at the root in which such resources say it, and its types.
  private static let referred: [String: (element: String, types: [String])] = [
    "Appointment:actor": ("participant", ["Patient", "Location"]),
    "Appointment:location": ("participant", ["Location"]),
    "Encounter:location": ("location", ["Location"]),
    "Encounter:service-provider": ("serviceProvider", ["Organization"]),
    "EpisodeOfCare:organization": ("managingOrganization", ["Organization"]),
    "Location:organization": ("managingOrganization", ["Organization"]), "Location:partof": ("partOf", ["Location"]),
    "Organization:partof": ("partOf", ["Organization"]), "ServiceRequest:encounter": ("encounter", ["Encounter"]),
  ]

  /// The types that such an `_include` tells of: of all others, whomever a resource is about.
  static func includedTypes(_ include: String) -> [String] { referred[include]?.types ?? ["Patient"] }

  /// `Encounter` and `subject` of `Encounter:subject`.
  static func referring(_ text: String) -> (type: String, parameter: String) {
    let parts = text.split(separator: ":").map(String.init)
    return (parts[0], parts[1])
  }

  /// As searches of their own would tell.
  func included(
    with found: [FHIRResource], _ search: FHIRSearch, _ reading: FHIRReading
  ) throws -> [FHIRResource] {
    guard !found.isEmpty else { return [] }
    var met = Set(found.map(\.path))
    var included: [FHIRResource] = []
    for include in search.includes {
      for type in Self.includedTypes(include) {
        let more = try type == "Patient" ? patients(of: found, reading) : referred(to: type, include, found, reading)
        included += more.filter { met.insert($0.path).inserted }
      }
    }
    var referring: [FHIRResource] = []
    for (type, parameter) in search.revincludes.map(Self.referring) {
      let more: [FHIRResource]
      if type == "Provenance" {
        more = try ProvenanceSource().lines(about: found, atMost: Self.referringMax, reading)
      } else {
        // One more tells whether there are too many.
        let asked = FHIRSearch(parameter, oneOf: found.map(\.id), count: Self.referringMax + 1)
        let page = try Self.sources.first { $0.type == type }?.page(asked, reading) ?? FHIRPage()
        guard page.next == nil else { throw FHIRSearch.Fault.tooManyToInclude(Self.referringMax) }
        more = page.found
      }
      referring += more.filter { met.insert($0.path).inserted }
      guard referring.count <= Self.referringMax else {
        throw FHIRSearch.Fault.tooManyToInclude(Self.referringMax)
      }
    }
    return included + referring
  }

  private func patients(of found: [FHIRResource], _ reading: FHIRReading) throws -> [FHIRResource] {
    var seen: Set<String> = []
    return try found.compactMap { found in
      guard let patient = found.patient, seen.insert(patient.id).inserted else { return nil }
      return try PatientSource().resource(patient.id.afterSlash, reading)
    }
  }

  private func referred(
    to type: String, _ include: String, _ found: [FHIRResource], _ reading: FHIRReading
  ) throws -> [FHIRResource] {
    guard let element = Self.referred[include]?.element, let source = Self.sources.first(where: { $0.type == type })
    else { return [] }
    var seen: Set<String> = []
    let ids = found.flatMap { Self.references(to: type, in: $0.make()[element]) }.filter { seen.insert($0).inserted }
    return try source.resources(ids, reading).filter { try reading.mayTell($0) }
  }

  /// Ids, at whatever depth.
  private static func references(to type: String, in json: JSON?) -> [String] {
    if let array = json?.array { return array.flatMap { references(to: type, in: $0) } }
    return (json?.object?.members ?? []).flatMap { key, value -> [String] in
      guard key == "reference", let text = value.string else { return references(to: type, in: value) }
      return text.hasPrefix("\(type)/") ? [text.afterSlash] : []
    }
  }
}
