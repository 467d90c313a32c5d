import Foundation
import Hospital
import Ledger

/// Free beds by line of care, as a FHIR server says them: its Locations that are beds (`physicalType` bd), counted by
/// their status (HL7 table 0116) under the nearest place around them whose `type` says which care is given there.
public struct FHIRCapacity: Sendable {
  private var places: [String: Place] = [:]

  /// A server says no more places than this; more are not read.
  public static let placesMax = 20_000
  /// From a bed to what its unit is part of.
  private static let depthMax = 6

  public init() {}

  public var isFull: Bool { places.count >= Self.placesMax }

  /// Takes a page of a search (Bundle).
  /// - Returns: the address of the next one, as the server says it.
  /// - Throws: where it is no such page.
  public mutating func take(_ bytes: [UInt8]) throws -> String? {
    let page = try JSONDecoder().decode(SearchPage.self, from: Data(bytes))
    guard page.resourceType == "Bundle" else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no Bundle"))
    }
    for place in (page.entry ?? []).compactMap(\.resource) where place.resourceType == "Location" {
      if let id = place.id { places["Location/\(id)"] = place }
    }
    return page.link?.first { $0.relation == "next" }?.url
  }

  /// A line of care of which no bed says how it is, is not said.
  public var said: [HearPartner.Said] {
    var counts: [CareKey: (open: Int, free: Int)] = [:]
    for place in places.values where place.isBed && place.mode != "kind" {
      guard let key = line(of: place) else { continue }
      let status = place.operationalStatus?.code
      let isClosed = place.status == "suspended" || place.status == "inactive" || status == "C"
      guard isClosed || status != nil else { continue }
      counts[key, default: (0, 0)].open += isClosed ? 0 : 1
      counts[key, default: (0, 0)].free += !isClosed && status == "U" ? 1 : 0
    }
    return CareKey.allCases.compactMap { key in
      counts[key].map { count in
        if count.open == 0 { return HearPartner.Said(key, .closed) }
        return HearPartner.Said(key, count.free == 0 ? .limited : .open, places: min(count.free, HearPartner.placesMax))
      }
    }
  }

  private func line(of bed: Place) -> CareKey? {
    var place: Place? = bed
    for _ in 0..<Self.depthMax {
      guard let here = place else { return nil }
      for concept in here.type ?? [] {
        for coding in concept.coding ?? [] {
          if let kind = Self.kinds.first(where: { $0.system == coding.system && $0.code == coding.code }) {
            return kind.line
          }
        }
      }
      place = here.partOf?.reference.flatMap { reference in
        places[reference.split(separator: "/").suffix(2).joined(separator: "/")]
      }
    }
    return nil
  }

  // MARK: Kinds of units

  private struct Kind {
    var specialty: String?
    var line: CareKey?
    var system = FHIRSystem.roleCode
    var code: String
    var display: String

    var concept: JSON? { FHIRValue.concept(system, code, display) }
  }

  private static let kinds: [Kind] = [
    Kind(specialty: "intensive", line: .intensiveCare, code: "ICU", display: "Intensive care unit"),
    Kind(line: .cardiacCare, code: "CCU", display: "Coronary care unit"),
    Kind(line: .paediatrics, code: "PEDU", display: "Pediatric unit"),
    Kind(line: .neonatology, code: "PEDNICU", display: "Pediatric neonatal intensive care unit"),
    Kind(specialty: "psychiatry", line: .psychiatry, code: "PHU", display: "Psychiatric hospital unit"),
    Kind(specialty: "emergency", code: "ER", display: "Emergency room"),
    Kind(specialty: "rehabilitation", code: "RHU", display: "Rehabilitation hospital unit"),
    Kind(
      specialty: "medicine", line: .medicine, system: FHIRSystem.snomed, code: "419192003", display: "Internal medicine"
    ),
    Kind(
      specialty: "surgery", line: .surgery, system: FHIRSystem.snomed, code: "394609007", display: "General surgery"),
    Kind(
      specialty: "obstetrics", line: .maternity, system: FHIRSystem.snomed, code: "394585009",
      display: "Obstetrics and gynecology"),
  ]

  /// What a unit of ours is; nil where no list has a code that says so and no more.
  static func type(ofSpecialty specialty: String) -> JSON? { kinds.first { $0.specialty == specialty }?.concept }

  /// Where such care is given; likewise.
  static func type(ofLine key: String) -> JSON? { kinds.first { $0.line?.rawValue == key }?.concept }
}

/// What is looked at of a page. Read by Foundation: other servers' numbers have decimals, which the ledger's JSON has not.
private struct SearchPage: Decodable {
  struct Link: Decodable {
    var relation: String?
    var url: String?
  }

  struct Entry: Decodable {
    var resource: Place?
  }

  var resourceType: String
  var link: [Link]?
  var entry: [Entry]?
}

private struct Place: Decodable, Sendable {
  struct Coding: Decodable, Sendable {
    var system: String?
    var code: String?
  }

  struct Concept: Decodable, Sendable {
    var coding: [Coding]?
  }

  struct Reference: Decodable, Sendable {
    var reference: String?
  }

  var resourceType: String
  var id: String?
  var status: String?
  var mode: String?
  var operationalStatus: Coding?
  var physicalType: Concept?
  var type: [Concept]?
  var partOf: Reference?

  private enum CodingKeys: CodingKey {
    case resourceType, id, status, mode, operationalStatus, physicalType, type, partOf
  }

  /// Of another type of resource the same names may hold something else.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    resourceType = try container.decode(String.self, forKey: .resourceType)
    guard resourceType == "Location" else { return }
    id = try container.decodeIfPresent(String.self, forKey: .id)
    status = try container.decodeIfPresent(String.self, forKey: .status)
    mode = try container.decodeIfPresent(String.self, forKey: .mode)
    operationalStatus = try container.decodeIfPresent(Coding.self, forKey: .operationalStatus)
    physicalType = try container.decodeIfPresent(Concept.self, forKey: .physicalType)
    type = try container.decodeIfPresent([Concept].self, forKey: .type)
    partOf = try container.decodeIfPresent(Reference.self, forKey: .partOf)
  }

  var isBed: Bool { physicalType?.coding?.contains { $0.code == "bd" } ?? false }
}
