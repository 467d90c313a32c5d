import Hospital
import Ledger

/// What a search for service requests asks of each of them.
public struct ServiceRequestCriteria: Sendable {
  public static let parameters: [(name: String, type: String)] = [
    ("_id", "token"), ("_lastUpdated", "date"), ("authored", "date"), ("category", "token"), ("code", "token"),
    ("encounter", "reference"), ("patient", "reference"), ("status", "token"), ("subject", "reference"),
  ]

  /// Ids of patients, as asked; nil where none was.
  public let patients: [String]?
  public let encounters: [String]?
  public let ids: [String]?
  private let statuses: [String]?
  private let codes: [[FHIRToken]]
  private let authored: [[FHIRDateBound]]
  private let updated: [[FHIRDateBound]]

  public init(_ search: FHIRSearch, _ zone: LocalTime) throws(FHIRSearch.Fault) {
    for names in [["patient", "subject"], ["_id"], ["encounter"], ["status"]]
    where names.flatMap({ search.all($0) }).count > 1 { throw .value(names[0]) }
    ids = search.all("_id").first?.values.map { $0.lowercased() }
    patients = (search.all("patient") + search.all("subject")).first?.references("Patient").map { $0.lowercased() }
    encounters = search.all("encounter").first?.references("Encounter").map { $0.lowercased() }
    statuses = try search.codes("status", of: .requestStatus).first
    // Both say which of the two kinds it is.
    codes = (search.all("category") + search.all("code")).map(\.tokens)
    authored = try search.bounds("authored", zone)
    updated = try search.bounds("_lastUpdated", zone)
  }

  /// Nothing but what somebody has still to do is asked for.
  public var isOpenAlone: Bool { statuses == ["active"] }

  /// - Parameter updated: when the present version was written.
  public func holds(_ request: BedRequest, updated written: () throws -> Instant) throws -> Bool {
    try holds(
      request.id, ServiceRequestResource.status(request), ServiceRequestResource.bed, request.asked?.at, request.stay,
      written)
  }

  public func holds(_ transfer: PatientTransfer, updated written: () throws -> Instant) throws -> Bool {
    try holds(
      transfer.id, ServiceRequestResource.status(transfer), ServiceRequestResource.transfer,
      transfer.steps[.asked]?.at, transfer.stay, written)
  }

  private func holds(
    _ id: String, _ status: String, _ code: ServiceRequestResource.Code, _ at: Instant?, _ stay: String?,
    _ written: () throws -> Instant
  ) throws -> Bool {
    if let ids, !ids.contains(id.afterSlash) { return false }
    if let statuses, !statuses.contains(status) { return false }
    if let encounters, !(stay.map { encounters.contains($0.afterSlash) } ?? false) { return false }
    guard codes.allSatisfy({ $0.contains { $0.holds(code.code, of: code.system) } }) else { return false }
    if !authored.isEmpty {
      guard let at, authored.allSatisfy({ $0.contains { $0.holds(at, at) } }) else { return false }
    }
    guard !updated.isEmpty else { return true }
    let at = try written()
    return updated.allSatisfy { $0.contains { $0.holds(at, at) } }
  }
}
