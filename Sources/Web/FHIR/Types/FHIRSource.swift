import Hospital
import Interop
import Ledger
import Register

/// Where resources of one type come from.
protocol FHIRSource: Sendable {
  var type: String { get }
  /// Of FR Core, that such resources may say of themselves.
  var profiles: [String] { get }
  var parameters: [(name: String, type: String)] { get }
  /// What such resources refer to and can be told with them, by `FHIRServer.referred`.
  var includes: [String] { get }
  /// What refers to such resources and can be told with them, by which of its parameters.
  var revincludes: [String] { get }
  /// nil where there is none of that id.
  func resource(_ id: String, _ reading: FHIRReading) throws -> FHIRResource?
  /// Those of these ids that there are.
  func resources(_ ids: [String], _ reading: FHIRReading) throws -> [FHIRResource]
  /// The next that answer, as far as one request looks.
  func page(_ search: FHIRSearch, _ reading: FHIRReading) throws -> FHIRPage
}

extension FHIRSource {
  var profiles: [String] { [] }
  var includes: [String] { [] }
  var revincludes: [String] { [] }

  func resources(_ ids: [String], _ reading: FHIRReading) throws -> [FHIRResource] {
    try ids.compactMap { try resource($0, reading) }
  }

  var capability: CapabilityStatement.Resource {
    let isVersioned = self is any FHIRSubjectSource
    return CapabilityStatement.Resource(
      type, profiles: profiles,
      interactions: ["read", "search-type"] + (isVersioned ? ["vread", "history-instance"] : [])
        + (type == "Patient" ? ["create"] : []),
      search: parameters, includes: includes, revincludes: revincludes,
      operations: type == "Patient" ? ["patient-export", "match"] : [])
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
    return try resource(found.state, try reading.version(of: found), reading)
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
  /// Where it happens, or did: its unit is told of whoever is told of to no other.
  var place: Place?
  /// Made when it is sent: most that a search looks at is not.
  var make: @Sendable () -> JSON

  var path: String { "\(type)/\(id)" }

  /// With those elements alone that are asked for.
  func of(_ subset: FHIRSubset?) -> FHIRResource {
    guard let subset else { return self }
    var resource = self
    resource.make = { [make] in subset.of(make()) }
    return resource
  }
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
  private let memory = Memory()

  /// What the rule of disclosure asks of one person, looked up once however many of their resources are looked at.
  private struct Whereabouts {
    var isWithheld: Bool
    var places: [Place]
  }

  private final class Memory {
    /// By the id of the identity that lives on.
    var people: [String: Whereabouts] = [:]
    /// By the id of the stay.
    var underway: [String: Underway] = [:]
    /// By the id of the identity that lives on.
    var moved: [String: Instant] = [:]
    /// By the id of the identity.
    var absorbed: [String: [String]] = [:]
  }

  init(_ reading: Reading, for session: Session, at now: Instant) throws {
    self.reading = reading
    structure = try reading.structure
    zone = LocalTime(of: structure)
    self.session = session
    self.now = now
  }

  /// Whoever is told of to nobody outside those who care for them is in no list and no number, but to a program of the
  /// unit where they are, or were last. An identity that another absorbed bears that one's marks too.
  /// - Parameter place: where what is told of them happens, or did.
  func mayTell(_ patient: Patient?, at place: Place? = nil) throws -> Bool {
    guard let patient else { return true }
    let known = try whereabouts(of: patient.mergedInto == nil ? patient : try person(patient.id) ?? patient)
    let mother = try reading.mother(of: patient)
    guard known.isWithheld || Disclosure.isWithheld(patient, mother: mother, at: place, in: structure) else {
      return true
    }
    let units = place.map { [$0] } ?? known.places
    return units.contains { $0.unit.map(session.units.contains) ?? false }
  }

  func mayTell(_ resource: FHIRResource) throws -> Bool { try mayTell(resource.patient, at: resource.place) }

  /// Where a stay goes next.
  func underway(_ stay: String) throws -> Underway {
    if let known = memory.underway[stay] { return known }
    let found = try reading.underway(stay)
    memory.underway[stay] = found
    return found
  }

  /// Identities that this one absorbed.
  func absorbed(by id: String) throws -> [String] {
    if let known = memory.absorbed[id] { return known }
    let found = try reading.absorbed(by: id)
    memory.absorbed[id] = found
    return found
  }

  /// The line that made a present state, dated by the last line of the files that its resource tells of beside it: of
  /// those that somebody absorbed, of whoever a stay is of and of whoever absorbed that one.
  func version(of found: Versioned) throws -> Version {
    var version = try reading.version(of: found)
    let gone = try (found.state as? Patient).map { try absorbed(by: $0.id) }
    for file in try gone ?? line(from: try file(of: found.state)) {
      guard let other = try reading.versioned(file) else { continue }
      version.cameAt = max(version.cameAt, try reading.version(of: other).cameAt)
    }
    return version
  }

  /// The hour by which a search finds it: of its version; in an export since an hour, also of the last line of the
  /// stays of whoever it is of, since that alone may end what withheld them.
  func changed(_ found: Versioned, _ version: Version, _ search: FHIRSearch) throws -> Instant {
    guard search.isSince, let file = try file(of: found.state), let heir = try person(file)?.id else {
      return version.cameAt
    }
    let moved = try memory.moved[heir] ?? reading.lastMoved(ofPatient: heir)
    memory.moved[heir] = moved
    return max(version.cameAt, moved ?? version.cameAt)
  }

  /// Of whom it is, as it was said.
  private func file(of state: any Folded) throws -> String? {
    switch state {
    case let patient as Patient: patient.id
    case let stay as Stay: stay.patient
    case let appointment as Appointment: appointment.patient
    case let request as BedRequest: try request.stay.flatMap { try reading.stay($0)?.patient } ?? request.patient
    case let transfer as PatientTransfer: try reading.stay(transfer.stay)?.patient
    default: nil
    }
  }

  /// A file, whoever absorbed it, and so on.
  private func line(from file: String?) throws -> [String] {
    var line: [String] = []
    var next = file
    while let file = next, !line.contains(file) {
      line.append(file)
      next = try reading.patient(file)?.mergedInto
    }
    return line
  }

  private func whereabouts(of heir: Patient) throws -> Whereabouts {
    if let known = memory.people[heir.id] { return known }
    let heir = try whole(heir)
    let (stays, mother) = (try latest(of: heir), try reading.mother(of: heir))
    let isWithheld =
      try Disclosure.isWithheld(heir, mother: mother, at: nil, in: structure)
      || stays.contains { stay in
        try Disclosure.isWithheld(heir, at: stay.place, underway: underway(stay.id), in: structure)
      }
    let found = Whereabouts(isWithheld: isWithheld, places: stays.map(\.place))
    memory.people[heir.id] = found
    return found
  }

  /// The stays where somebody is now; of whoever is nowhere, the last.
  private func latest(of person: Patient) throws -> [Stay] {
    let stays = try reading.stays(ofPatient: person.id).compactMap { try reading.stay($0) }
      .filter { $0.status(at: now) != .cancelled }
    let present = stays.filter { $0.isPresent(at: now) }
    if !present.isEmpty { return present }
    func hour(_ stay: Stay) -> Int64 { (stay.admittedAt ?? stay.outline.expectedAt)?.milliseconds ?? 0 }
    return stays.max { hour($0) < hour($1) }.map { [$0] } ?? []
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
    // One more tells whether there is another page.
    let batch = try all ?? next(search.after, Self.lookedMax + 1)
    var page = FHIRPage()
    for (index, number) in batch.enumerated() {
      if let found = try reading.versioned(number), let resource = try look(found), search.holds(resource.make) {
        page.found.append(resource)
      }
      let isFull = !search.countsAlone && page.found.count >= search.count
      if isFull || index + 1 >= Self.lookedMax {
        page.next = index + 1 < batch.count ? number : nil
        return page
      }
    }
    return page
  }

  /// The same of a list that is whole in memory; numbers are places in it, from 1.
  func page(_ search: FHIRSearch, of all: [FHIRResource]) -> FHIRPage {
    let rest = all.filter { search.holds($0.make) }.dropFirst(search.after)
    if search.countsAlone { return FHIRPage(found: Array(rest)) }
    let found = rest.prefix(search.count)
    return FHIRPage(found: Array(found), next: found.count < rest.count ? search.after + found.count : nil)
  }
}
