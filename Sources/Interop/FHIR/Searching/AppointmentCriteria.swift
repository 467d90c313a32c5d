import Hospital
import Ledger

/// What a search for appointments asks of each of them.
public struct AppointmentCriteria: Sendable {
  public static let parameters: [(name: String, type: String)] = [
    ("_id", "token"), ("_lastUpdated", "date"), ("actor", "reference"), ("date", "date"), ("identifier", "token"),
    ("location", "reference"), ("patient", "reference"), ("practitioner", "reference"), ("status", "token"),
  ]
  /// No index knows it: it is looked for among those that another parameter finds at once.
  public static let unindexed = ["practitioner"]
  public static let indexed = ["_id", "actor", "date", "location", "patient"]

  /// Of one parameter, who or what takes part: ids of patients and of places, of which one is enough.
  public struct Actors: Sendable {
    public let patients: [String]
    public let places: [String]
  }

  private let search: FHIRSearch
  /// Lower-case ids; nil where none was asked.
  public let ids: [String]?
  public let actors: [Actors]
  private let dates: [[FHIRDateBound]]
  private let updated: [[FHIRDateBound]]
  private let statuses: [[String]]

  public init(_ search: FHIRSearch, _ zone: LocalTime) throws(FHIRSearch.Fault) {
    self.search = search
    ids = search.common("_id") { $0.values.map { $0.lowercased() } }
    actors = ["actor", "location", "patient"].flatMap(search.all).map { asked in
      Actors(
        patients: asked.name == "location"
          ? [] : asked.references("Patient").filter { !$0.isEmpty }.map { $0.lowercased() },
        places: asked.name == "patient" ? [] : asked.references("Location").filter { !$0.isEmpty })
    }
    dates = try search.bounds("date", zone)
    updated = try search.bounds("_lastUpdated", zone)
    statuses = try search.codes("status", of: .appointmentStatus)
    if !search.all("practitioner").isEmpty, ids == nil, actors.isEmpty, dates.isEmpty {
      throw .unbounded("practitioner", among: AppointmentCriteria.indexed)
    }
  }

  /// From when to when they begin, as far as the dates say one span.
  public var hours: (from: Instant?, until: Instant?) {
    var (from, until): (Instant?, Instant?) = (nil, nil)
    for bounds in dates where bounds.count == 1 {
      let (first, last) = bounds[0].span
      from = [from, first].compactMap(\.self).max()
      until = [until, last].compactMap(\.self).min()
    }
    return (from, until)
  }

  /// Codes of units in one of which each of them is; nil where the answer may be elsewhere.
  public func units(_ structure: Structure?) -> [String]? {
    guard let places = actors.first(where: { $0.patients.isEmpty })?.places else { return nil }
    return structure?.units.map(\.code).filter { places.contains(LocationResource.id(ofUnit: $0)) } ?? []
  }

  /// - Parameters:
  ///   - isOf: whether the appointment is of one of these patients, by the identity that lives on.
  ///   - written: when the present version was written.
  public func holds(
    _ appointment: Appointment, _ structure: Structure?, isOf: ([String]) throws -> Bool,
    updated written: () throws -> Instant
  ) throws -> Bool {
    if let ids, !ids.contains(appointment.id.afterSlash) { return false }
    guard statuses.allSatisfy({ $0.contains(AppointmentResource.status(of: appointment)) }),
      dates.allSatisfy({ $0.contains { bound in appointment.startsAt.map { bound.holds($0, $0) } ?? false } }),
      search.all("identifier").allSatisfy({ $0.tokens.contains { bears(appointment, $0) } }),
      search.all("practitioner").allSatisfy({ $0.names(appointment.practitioner, appointment.other["attending"]) })
    else { return false }
    for asked in actors where !isAt(appointment, asked.places, structure) {
      guard try isOf(asked.patients) else { return false }
    }
    guard !updated.isEmpty else { return true }
    let at = try written()
    return updated.allSatisfy { $0.contains { $0.holds(at, at) } }
  }

  private func bears(_ appointment: Appointment, _ token: FHIRToken) -> Bool {
    appointment.number.map { token.holds($0, of: AppointmentResource.system(appointment)) } ?? false
  }

  private func isAt(_ appointment: Appointment, _ places: [String], _ structure: Structure?) -> Bool {
    guard let unit = appointment.unit, structure?.unit(unit) != nil else { return false }
    return places.contains(LocationResource.id(ofUnit: unit))
  }
}

extension FHIRDateBound {
  /// Between which hours a moment lies that answers; nil where there is no such end.
  fileprivate var span: (from: Instant?, until: Instant?) {
    switch comparison {
    case .equal: (from, until)
    case .notEqual: (nil, nil)
    case .after, .startsAfter: (until, nil)
    case .atOrAfter: (from, nil)
    case .before, .endsBefore: (nil, from)
    case .atOrBefore: (nil, until)
    }
  }
}
