import Hospital
import Interop
import Ledger
import Register

/// Where resources of one type come from.
protocol FHIRSource: Sendable {
  var type: String { get }
  /// nil for a type without one.
  var profile: String? { get }
  var parameters: [(name: String, type: String)] { get }
  var includes: [String] { get }
  /// nil where there is none of that id.
  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource?
  /// The next that answer, as far as one request looks.
  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage
}

extension FHIRSource {
  var profile: String? { nil }
  var includes: [String] { [] }

  var capability: CapabilityStatement.Resource {
    let isVersioned = self is any FHIRSubjectSource
    return CapabilityStatement.Resource(
      type, profile: profile,
      interactions: ["read", "search-type"] + (isVersioned ? ["vread", "history-instance"] : [])
        + (type == "Patient" ? ["create"] : []),
      search: parameters, includes: includes, operations: type == "Patient" ? ["match"] : [])
  }
}

/// Resources that are subjects of the ledger, and so have a history.
protocol FHIRSubjectSource: FHIRSource {
  /// `patient`, of `patient/<uuid>`; several where what is one to FHIR is not one here.
  var subjectTypes: [String] { get }
  /// nil for a state that says too little to be a resource.
  func resource(_ state: any Folded, _ version: Version, _ reading: FHIRReading) throws -> FHIRResource?
}

extension FHIRSubjectSource {
  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource? {
    guard let (_, found) = try subject(id, reading) else { return nil }
    return try resource(found.state, try reading.reading.version(of: found), reading)
  }

  /// `patient/<uuid>` of an id, and its state; nil where nothing was said of one.
  func subject(_ id: String, _ reading: FHIRReading) throws -> (name: String, state: Versioned)? {
    guard id.isUUID else { return nil }
    for type in subjectTypes {
      let name = "\(type)/\(id.lowercased())"
      if let found = try reading.reading.versioned(name) { return (name, found) }
    }
    return nil
  }

  func numbers(_ reading: FHIRReading, after number: Int, limit: Int) throws -> [Int] {
    let found = try subjectTypes.flatMap { try reading.reading.numbers(ofType: $0, after: number, limit: limit) }
    return subjectTypes.count == 1 ? found : Array(found.sorted().prefix(limit))
  }
}

/// One resource of one moment: whose file it is of, and where they lie.
struct FHIRResource: Sendable {
  var type: String
  var id: String
  var version: Version?
  /// Of resources about somebody: it is read as their file is.
  var patient: Patient?
  /// The unit where they lie, which may name whoever is named to no other.
  var unit: String?
  /// Made when it is sent: most that a search looks at is not.
  var make: @Sendable () -> JSON

  var path: String { "\(type)/\(id)" }
  var entityTag: String? { version.map { "W/\"\($0.id)\"" } }
}

/// A part of what answers to a search; `next` is where to go on, nil at the end.
struct FHIRPage: Sendable {
  var found: [FHIRResource] = []
  var next: Int?
}

/// One consistent state, at one moment, as one program may see it.
struct FHIRReading {
  /// How many states one request looks at: beyond it, the page ends and the next goes on.
  static let lookedMax = 2000

  let reading: Reading
  let structure: Structure?
  let zone: LocalTime
  let session: Session
  let now: Instant

  init(_ reading: Reading, _ zones: LocalTimes, for session: Session, at now: Instant) throws {
    self.reading = reading
    structure = try reading.structure
    zone = zones.zone(structure?.timeZone ?? Structure.usualTimeZone)
    self.session = session
    self.now = now
  }

  /// Lists name whoever is restricted to the unit where they lie, and to no other. An identity that another absorbed
  /// bears that one's marks too.
  func mayTell(_ patient: Patient?, in unit: @autoclosure () throws -> String?) throws -> Bool {
    guard let patient else { return true }
    let heir = patient.mergedInto == nil ? patient : try person(patient.id) ?? patient
    guard let restricted = [patient, heir].first(where: \.isRestricted) else { return true }
    return session.mayName(restricted, in: try unit())
  }

  /// Where somebody lies now.
  func unit(of patient: Patient) throws -> String? {
    for id in try reading.stays(ofPatient: patient.id) {
      if let unit = try reading.stay(id)?.presence(at: now)?.place.unit { return unit }
    }
    return nil
  }

  /// Looks at subjects in the order of their numbers until a page is full, or enough was looked at.
  /// - Parameters:
  ///   - candidates: all that may answer; nil where `next` gives them bit by bit.
  ///   - next: those after a number, at most so many.
  func page(
    _ search: FHIRSearch, among candidates: [Int]?, next: (_ after: Int, _ limit: Int) throws -> [Int],
    look: (Versioned) throws -> FHIRResource?
  ) throws -> FHIRPage {
    let all = candidates.map { Set($0).filter { $0 > search.after }.sorted() }
    let batch = try all ?? next(search.after, Self.lookedMax)
    let isWhole = all != nil || batch.count < Self.lookedMax
    var page = FHIRPage()
    for (index, number) in batch.enumerated() {
      if let found = try reading.versioned(number), let resource = try look(found) { page.found.append(resource) }
      let isFull = !search.countsAlone && page.found.count >= search.count
      if isFull || index + 1 >= Self.lookedMax {
        page.next = index + 1 < batch.count || !isWhole ? number : nil
        return page
      }
    }
    return page
  }

  /// The same of a list that is whole in memory; numbers are places in it, from 1.
  func page(_ search: FHIRSearch, of all: [FHIRResource]) -> FHIRPage {
    let rest = all.dropFirst(search.after)
    if search.countsAlone { return FHIRPage(found: Array(rest)) }
    let found = rest.prefix(search.count)
    return FHIRPage(found: Array(found), next: found.count < rest.count ? search.after + found.count : nil)
  }
}
