import Ledger

/// Two commands of which the second rests on what the first says: kept in one commit, or neither.
public struct InOneCommit: Command {
  private let first: any Command
  private let second: @Sendable (Decision) throws(Refusal) -> any Command

  /// - Parameter second: made of what the first decided, whose new subjects it names.
  public init(_ first: any Command, then second: @escaping @Sendable (Decision) throws(Refusal) -> any Command) {
    self.first = first
    self.second = second
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let said = try first.decide(world, moment)
    let more = try second(said).decide(WorldAfter(world, said.facts, moment), moment)
    // What both warn of is one thing to the person who asked.
    let warnings = said.warnings + more.warnings.filter { !said.warnings.contains($0) }
    return Decision(facts: said.facts + more.facts, warnings: warnings)
  }
}

extension Decision {
  /// The subject of the first fact of this type: `stay` gives `stay/<uuid>`.
  public func subject(_ type: String) -> String? { facts.first { $0.subject.hasPrefix("\(type)/") }?.subject }
}

/// A world in which a few more facts have been said, that nobody has kept yet.
struct WorldAfter: World {
  private let world: any World
  private var patients: [String: Patient] = [:]
  private var stays: [String: Stay] = [:]
  private var beds: [String: Bed] = [:]
  private var requests: [String: BedRequest] = [:]
  /// Numbers to give before any other.
  private var numbers: SheetNumbers?
  /// How far back an hour may lie, where that is further than usual.
  private var lateEntryHours: Int?

  /// The world in which a sheet is typed in. Paper that waited longer than late entries may is typed in all the same.
  init(_ world: any World, _ sheet: Sheet, of block: SheetBlock, _ moment: Moment) {
    self.world = world
    numbers = SheetNumbers(sheet)
    lateEntryHours = block.reserved.map { Int((moment.now.milliseconds - $0.at.milliseconds) / 3_600_000) }
  }

  init(_ world: any World, _ facts: [Fact], _ moment: Moment) {
    self.world = world
    for (index, fact) in facts.enumerated() {
      let counter = UInt16(truncatingIfNeeded: index)
      let heard = Heard(
        fact: fact, time: HybridTime(instant: moment.now, counter: counter), station: moment.station,
        author: moment.author, command: "", source: nil)
      let id = fact.subject
      if id.hasPrefix("patient/") {
        patients[id, default: world.patient(id) ?? Patient(id: id)].fold(heard)
      } else if id.hasPrefix("stay/") {
        stays[id, default: world.stay(id) ?? Stay(id: id)].fold(heard)
      } else if id.hasPrefix("bed/") {
        beds[id, default: world.bed(id) ?? Bed(id: id)].fold(heard)
      } else if id.hasPrefix("request/") {
        requests[id, default: world.bedRequest(id) ?? BedRequest(id: id)].fold(heard)
      }
    }
  }

  var structure: Structure? {
    guard let lateEntryHours, var structure = world.structure else { return world.structure }
    structure.lateEntryHoursMax += max(0, lateEntryHours)
    return structure
  }
  var mode: ModeState { world.mode }
  func patient(_ id: String) -> Patient? { patients[id] ?? world.patient(id) }
  func stay(_ id: String) -> Stay? { stays[id] ?? world.stay(id) }
  func bed(_ id: String) -> Bed? { beds[id] ?? world.bed(id) }
  func account(_ id: String) -> Account? { world.account(id) }
  func emergencyVisit(_ id: String) -> EmergencyVisit? { world.emergencyVisit(id) }
  func announcement(_ id: String) -> Announcement? { world.announcement(id) }
  func emergencyVisits(withVictimNumber number: String, since: Instant) -> [EmergencyVisit] {
    world.emergencyVisits(withVictimNumber: number, since: since)
  }
  func reentry(_ item: String) -> Reentry? { world.reentry(item) }
  func linkProposal(_ id: String) -> LinkProposal? { world.linkProposal(id) }
  func careLine(_ id: String) -> CareLine? { world.careLine(id) }
  var notices: [Notice] { world.notices }
  func partner(_ id: String) -> Partner? { world.partner(id) }
  func transfer(_ id: String) -> PatientTransfer? { world.transfer(id) }
  func transfers(ofStay id: String) -> [PatientTransfer] { world.transfers(ofStay: id) }
  func openTransfers(to partner: String) -> [PatientTransfer] { world.openTransfers(to: partner) }
  func bedRequest(_ id: String) -> BedRequest? { requests[id] ?? world.bedRequest(id) }
  func appointment(_ id: String) -> Appointment? { world.appointment(id) }
  func sheetBlock(_ id: String) -> SheetBlock? { world.sheetBlock(id) }
  func sheet(ofStay id: String) -> Sheet? { world.sheet(ofStay: id) }
  func nextNumber(_ kind: NumberKind) -> String? { numbers?.take(kind, world) ?? world.nextNumber(kind) }
  var numberSlices: [NumberSlices] { world.numberSlices }
  func slices(ofStation name: String) -> [NumberSlices.Slice] { world.slices(ofStation: name) }
  func unused(_ kind: NumberKind) -> [NumberSlices.Slice] { world.unused(kind) }

  func occupants(ofBed id: String, from: Instant, through: Instant) -> [String] {
    let untouched = world.occupants(ofBed: id, from: from, through: through).filter { stays[$0] == nil }
    let moved = stays.values.filter { stay in
      stay.outline.presences.contains { $0.covers(from: from, through: through) && structure?.bedID($0.place) == id }
    }
    return (untouched + moved.map(\.id)).sorted { $0.precedesInBytes($1) }
  }

  func stays(ofPatient id: String) -> [String] {
    let survivor = survivor(of: id)
    let isTheirs = { (stay: Stay) in stay.patient.map { self.survivor(of: $0).sameBytes(as: survivor) } ?? false }
    let said = stays.values.filter(isTheirs).map(\.id).sorted { $0.precedesInBytes($1) }
    // A merge said just now joins persons who were two before it.
    let joined = patients.values.filter { $0.mergedInto != world.patient($0.id)?.mergedInto }.map(\.id)
    var found = Set(stays.keys)
    let untouched = ([id, survivor] + joined.sorted { $0.precedesInBytes($1) }).flatMap { world.stays(ofPatient: $0) }
      .filter { found.insert($0).inserted && world.stay($0).map(isTheirs) ?? false }
    return said + untouched
  }

  func stays(continuedAs id: String) -> [String] {
    let said = stays.values.filter { $0.continuedAs?.sameBytes(as: id) ?? false }.map(\.id)
    let untouched = world.stays(continuedAs: id).filter { stays[$0] == nil }
    return (untouched + said).sorted { $0.precedesInBytes($1) }
  }

  func absorbed(by id: String) -> [String] {
    let said = patients.values.filter { $0.mergedInto != nil }.map(\.id)
    let known = ([id] + said.sorted { $0.precedesInBytes($1) }).flatMap { [$0] + world.absorbed(by: $0) }
    var found = Set([id])
    return known.filter { found.insert($0).inserted && survivor(of: $0).sameBytes(as: id) }
  }

  func newborns(ofMother id: String) -> [String] {
    let born = patients.values.filter { $0.mother?.sameBytes(as: id) ?? false }.map(\.id)
    let untouched = world.newborns(ofMother: id).filter { patients[$0] == nil }
    return (untouched + born).sorted { $0.precedesInBytes($1) }
  }

  func patients(withIdentifier value: String, authority: String?) -> [String] {
    let said = patients.values.filter { patient in
      patient.identifiers.contains { identifier in
        identifier.value.sameBytes(as: value) && authority.map { identifier.authority.sameBytes(as: $0) } ?? true
      }
    }
    let untouched = world.patients(withIdentifier: value, authority: authority).filter { patients[$0] == nil }
    return (untouched + said.map(\.id)).sorted { $0.precedesInBytes($1) }
  }

  func patients(withINS matricule: String) -> [String] {
    let said = patients.values.filter { $0.ins?.matricule.sameBytes(as: matricule) ?? false }
    let untouched = world.patients(withINS: matricule).filter { patients[$0] == nil }
    return (untouched + said.map(\.id)).sorted { $0.precedesInBytes($1) }
  }

  func stays(enteredAs number: String) -> [String] { world.stays(enteredAs: number) }

  func stays(withNumber number: String) -> [String] {
    let said = stays.values.filter { $0.number?.sameBytes(as: number) ?? false }
    let untouched = world.stays(withNumber: number).filter { stays[$0] == nil }
    return (untouched + said.map(\.id)).sorted { $0.precedesInBytes($1) }
  }
}
