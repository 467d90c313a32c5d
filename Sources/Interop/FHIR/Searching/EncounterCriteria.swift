import Hospital
import Ledger

/// What a search for encounters, or for the accounts that they are under, asks of each of them.
public struct EncounterCriteria: Sendable {
  public static let parameters: [(name: String, type: String)] = [
    ("_id", "token"), ("_lastUpdated", "date"), ("class", "token"), ("date", "date"), ("identifier", "token"),
    ("location", "reference"), ("participant", "reference"), ("patient", "reference"), ("practitioner", "reference"),
    ("service-provider", "reference"), ("status", "token"), ("subject", "reference"),
  ]
  /// No index knows these: they are looked for among those that another parameter finds at once.
  public static let unindexed = ["participant", "practitioner"]
  public static let indexed = ["_id", "identifier", "location", "patient", "status", "subject"]

  /// What is searched: each bears a number and codes that the other does not.
  public enum Kind: Sendable {
    case encounter, episode
  }

  private let search: FHIRSearch
  private let kind: Kind
  private let statusCodes: [String]?
  /// Ids of patients, as asked; nil where none was.
  public let patients: [String]?
  public let ids: [String]?
  private let tokens: [FHIRToken]?
  /// nil also where any number of a system will do: no index knows those.
  public let numbers: [String]?
  public let statuses: [StayStatus]?
  /// nil also where those whose class nobody said will do: no index knows them.
  public let classes: [StayClass]?
  private let classCodes: [FHIRToken]?
  private let dates: [[FHIRDateBound]]
  private let updated: [[FHIRDateBound]]

  public init(_ search: FHIRSearch, _ zone: LocalTime, of kind: Kind = .encounter) throws(FHIRSearch.Fault) {
    self.search = search
    self.kind = kind
    // Each narrows the answer: of two, one alone would answer with more than was asked for.
    for names in [
      ["patient", "subject"], ["_id"], ["class"], ["identifier"], ["location"], ["service-provider"], ["status"],
    ]
    where names.flatMap({ search.all($0) }).count > 1 { throw .value(names[0]) }
    ids = search.all("_id").first?.values
    patients = (search.all("patient") + search.all("subject")).first?.references("Patient")
    tokens = search.all("identifier").first?.tokens
    numbers = tokens.flatMap { tokens in tokens.contains { $0.value == nil } ? nil : tokens.compactMap(\.value) }
    let list = kind == .encounter ? FHIRCodes.encounterStatus : .episodeStatus
    statusCodes = try search.codes("status", of: list).first
    let unwanted = try search.unwanted("status", of: list)
    let codes = statusCodes ?? (unwanted.isEmpty ? nil : list.codes.filter { !unwanted.contains($0) })
    statuses = codes?.compactMap { EncounterCriteria.statuses[$0] }
    classCodes = search.all("class").first?.tokens
    var classes: [StayClass]?
    for token in classCodes ?? [] {
      let known = StayClass.allCases.filter { EncounterCriteria.isAsked($0, [token]) }
      guard !known.isEmpty else { throw .value("class") }
      classes = (classes ?? []) + known
    }
    self.classes = classes.flatMap { $0.contains(StayClass.none) ? nil : $0 }
    dates = try search.bounds("date", zone)
    updated = try search.bounds("_lastUpdated", zone)
    let unindexed = search.parameters.first { EncounterCriteria.unindexed.contains($0.name) }?.name
    // Who has left are nearly all.
    let isPresent = statuses.map { !$0.contains(.discharged) && !$0.contains(.cancelled) } ?? false
    let isNarrow = ids != nil || numbers != nil || patients != nil || isPresent || !search.all("location").isEmpty
    if let unindexed, !isNarrow { throw .unbounded(unindexed, among: EncounterCriteria.indexed) }
  }

  /// Of FHIR's codes, those that there are here.
  private static let statuses: [String: StayStatus] = [
    "planned": .preadmitted, "in-progress": .admitted, "onleave": .admitted, "active": .admitted,
    "onhold": .admitted, "finished": .discharged, "cancelled": .cancelled,
  ]

  /// Units in which such a stay was spent at some time, or is foreseen; nil where any will do.
  public func units(_ structure: Structure?, bed: (String) throws -> Bed?) rethrows -> [String]? {
    guard let asked = search.all("location").first?.references("Location") else { return nil }
    var units: [String] = []
    for id in asked {
      if let unit = try bed("bed/\(id)")?.unit { units.append(unit) }
      units += structure?.units.filter { LocationResource.id(ofUnit: $0.code) == id }.map(\.code) ?? []
    }
    return units
  }

  /// - Parameters:
  ///   - updated: when the present version was written.
  public func holds(
    _ stay: Stay, _ structure: Structure?, at now: Instant, updated written: () throws -> Instant
  ) throws -> Bool {
    if let ids, !ids.contains(where: { stay.id.afterSlash == $0.lowercased() }) { return false }
    if let tokens, !tokens.contains(where: { bears(stay, $0, structure) }) { return false }
    if let classCodes, !Self.isAsked(stay.outline.stayClass, classCodes) { return false }
    let physicians = search.all("participant") + search.all("practitioner")
    guard
      physicians.allSatisfy({
        $0.names(stay.outline.attending, stay.other["attending"]) || $0.names(nil, stay.other["referring"])
      })
    else { return false }
    if !self.updated.isEmpty {
      let at = try written()
      guard self.updated.allSatisfy({ $0.contains { $0.holds(at, at) } }) else { return false }
    }
    let outline = stay.outline
    if let statusCodes {
      let status = stay.status(at: now)
      let isAway = stay.presence(at: now)?.away ?? false
      let said =
        kind == .encounter
        ? EncounterResource.status(status, isAway: isAway) : EpisodeOfCareResource.status(status, isAway: isAway)
      guard statusCodes.contains(said) else { return false }
    }
    if let asked = search.all("location").first?.references("Location") {
      let places = outline.presences.map(\.place) + (outline.presences.isEmpty ? [outline.place] : [])
      guard places.contains(where: { isAsked($0, asked, structure) }) else { return false }
    }
    if let asked = search.all("service-provider").first?.references("Organization") {
      guard let unit = outline.place.medicalUnit ?? outline.place.unit,
        asked.contains(OrganizationResource.id(ofUnit: unit))
      else { return false }
    }
    guard !dates.isEmpty else { return true }
    guard let began = outline.admittedAt ?? outline.expectedAt else { return false }
    return dates.allSatisfy { $0.contains { $0.holds(began, outline.dischargedAt) } }
  }

  private static func isAsked(_ stayClass: StayClass?, _ tokens: [FHIRToken]) -> Bool {
    let said = EncounterResource.class(stayClass)
    return tokens.contains { $0.holds(said.code, of: said.system) }
  }

  private func bears(_ stay: Stay, _ token: FHIRToken, _ structure: Structure?) -> Bool {
    let authority = EncounterResource.authority(of: stay, structure)
    return [stay.number, kind == .encounter ? stay.visit : nil].compactMap(\.self)
      .contains { token.holds($0, ofAuthority: authority) }
  }

  private func isAsked(_ place: Place, _ asked: [String], _ structure: Structure?) -> Bool {
    if let unit = place.unit, asked.contains(LocationResource.id(ofUnit: unit)) { return true }
    return structure?.bedID(place).map { asked.contains($0.afterSlash) } ?? false
  }
}

extension Structure {
  var units: [CareUnit] { sites.flatMap(\.units) }
}
