import Hospital
import Ledger
import Synchronization

/// A hospital in memory: commands are decided against it and their facts folded into it, in the order said.
final class MemoryWorld: World {
  var structure: Structure?
  var patients: [String: Patient] = [:]
  var stays: [String: Stay] = [:]
  var appointments: [String: Appointment] = [:]
  var beds: [String: Bed] = [:]
  var accounts: [String: Account] = [:]
  var modes: [String: ModeDeclaration] = [:]
  var reentries: [String: Reentry] = [:]
  var emergencyVisits: [String: EmergencyVisit] = [:]
  var announcements: [String: Announcement] = [:]
  var links: [String: LinkProposal] = [:]
  var care: [String: CareLine] = [:]
  var partners: [String: Partner] = [:]
  var transfers: [String: PatientTransfer] = [:]
  var drafts: [String: Notice] = [:]
  var requests: [String: BedRequest] = [:]
  var rounds: [String: Round] = [:]
  var sheetBlocks: [String: SheetBlock] = [:]
  var ranges: [String: NumberSlices] = [:]
  var station = "urg-1-3fa9c2d1"
  /// Left to give, by kind.
  var numbers: [NumberKind: [String]] = [:]
  /// Facts in the order said.
  private(set) var facts: [Fact] = []
  private var counter: UInt16 = 0
  private let identifiers = Identifiers()

  init(_ structure: Structure? = .small) {
    self.structure = structure
    for bed in structure?.beds ?? [] { beds[bed.id] = bed }
    for role in Role.allCases {
      var account = Account(id: "account/\(role.rawValue)")
      account.roles = [role]
      accounts[account.id] = account
    }
    numbers[.nda] = (1...500).map { "N\(10_000 + $0)" }
    numbers[.ipp] = (1...500).map { "P\(10_000 + $0)" }
    numbers[.unknown] = (1...500).map { String($0) }
  }

  /// Decides and keeps.
  @discardableResult
  func run(
    _ command: some Command, by author: String = "account/admission", at now: Instant = .night
  ) throws(Refusal) -> Decision {
    let decision = try command.decide(self, moment(now, author))
    for fact in decision.facts { hear(fact, at: now, author: author) }
    return decision
  }

  func moment(_ now: Instant, _ author: String) -> Moment {
    let identifiers = identifiers
    return Moment(now: now, author: author, station: station) { identifiers.next() }
  }

  func hear(_ fact: Fact, at now: Instant = .night, author: String = "system") {
    counter += 1
    let time = HybridTime(instant: now, counter: counter)
    hear(Heard(fact: fact, time: time, station: station, author: author, command: "", source: nil))
  }

  func hear(_ heard: Heard) {
    let subject = heard.fact.subject
    facts.append(heard.fact)
    switch subject.split(separator: "/").first {
    case "patient": patients[subject, default: Patient(id: subject)].fold(heard)
    case "stay": stays[subject, default: Stay(id: subject)].fold(heard)
    case "appointment": appointments[subject, default: Appointment(id: subject)].fold(heard)
    case "bed": beds[subject, default: Bed(id: subject)].fold(heard)
    case "account": accounts[subject, default: Account(id: subject)].fold(heard)
    case "mode": modes[subject, default: ModeDeclaration(id: subject)].fold(heard)
    case "range": ranges[subject, default: NumberSlices(id: subject)].fold(heard)
    case "reentry": reentries[subject, default: Reentry(id: subject)].fold(heard)
    case "emergency": emergencyVisits[subject, default: EmergencyVisit(id: subject)].fold(heard)
    case "announcement": announcements[subject, default: Announcement(id: subject)].fold(heard)
    case "request": requests[subject, default: BedRequest(id: subject)].fold(heard)
    case "round": rounds[subject, default: Round(id: subject)].fold(heard)
    case "sheets": sheetBlocks[subject, default: SheetBlock(id: subject)].fold(heard)
    case "link": links[subject, default: LinkProposal(id: subject)].fold(heard)
    case "notice": drafts[subject, default: Notice(id: subject)].fold(heard)
    case "partner": partners[subject, default: Partner(id: subject)].fold(heard)
    case "transfer": transfers[subject, default: PatientTransfer(id: subject)].fold(heard)
    case "care": care[subject, default: CareLine(id: subject)].fold(heard)
    default: break
    }
  }

  // MARK: World

  func patient(_ id: String) -> Patient? { patients[id] }
  func stay(_ id: String) -> Stay? { stays[id] }
  func bed(_ id: String) -> Bed? { beds[id] }
  func account(_ id: String) -> Account? { accounts[id] }
  func emergencyVisit(_ id: String) -> EmergencyVisit? { emergencyVisits[id] }
  func announcement(_ id: String) -> Announcement? { announcements[id] }
  func emergencyVisits(withVictimNumber number: String, since: Instant) -> [EmergencyVisit] {
    emergencyVisits.values.filter { visit in
      let span = visit.stay.flatMap { stays[$0] }?.outline.emergency
      return visit.victimNumber == number && span.map { $0.until == nil && $0.from >= since } ?? false
    }
  }
  func reentry(_ item: String) -> Reentry? { reentries[Reentry.subject(of: item)] }
  func linkProposal(_ id: String) -> LinkProposal? { links[id] }
  func careLine(_ id: String) -> CareLine? { care[id] }
  func partner(_ id: String) -> Partner? { partners[id] }
  func transfer(_ id: String) -> PatientTransfer? { transfers[id].map(goingOn) }
  func transfers(ofStay id: String) -> [PatientTransfer] {
    transfers.values.map(goingOn).filter { $0.stay == id }.sorted { $0.id < $1.id }
  }
  func openTransfers(to partner: String) -> [PatientTransfer] {
    transfers.values.filter { $0.isOpen && $0.partner == partner }
  }
  var notices: [Notice] { Array(drafts.values) }
  func bedRequest(_ id: String) -> BedRequest? { requests[id].map(goingOn) }
  func sheetBlock(_ id: String) -> SheetBlock? { sheetBlocks[id]?.knowing { stays[$0] } }
  func sheet(ofStay id: String) -> Sheet? { sheetBlocks.values.lazy.compactMap { $0.sheet(ofStay: id) }.first }
  func appointment(_ id: String) -> Appointment? { appointments[id] }

  func occupants(ofBed id: String, from: Instant, through: Instant) -> [String] {
    stays.values.filter { stay in
      stay.outline.presences.contains { $0.covers(from: from, through: through) && structure?.bedID($0.place) == id }
    }.map(\.id).sorted()
  }

  func stays(ofPatient id: String) -> [String] {
    stays.values.filter { $0.patient.map { survivor(of: $0) } == survivor(of: id) }
      .sorted { ($0.movements.first?.at ?? .night) > ($1.movements.first?.at ?? .night) }.map(\.id)
  }

  func stays(continuedAs id: String) -> [String] {
    stays.values.filter { $0.continuedAs == id }.map(\.id).sorted()
  }

  func absorbed(by id: String) -> [String] {
    patients.values.filter { $0.id != id && survivor(of: $0.id) == id }.map(\.id).sorted()
  }

  func newborns(ofMother id: String) -> [String] {
    patients.values.filter { $0.mother == id }.map(\.id).sorted()
  }

  func patients(withIdentifier value: String, authority: String?) -> [String] {
    patients.values.filter { patient in
      patient.identifiers.contains { $0.value == value && (authority == nil || $0.authority == authority) }
    }.map(\.id).sorted()
  }

  func patients(withINS matricule: String) -> [String] {
    patients.values.filter { $0.ins?.matricule == matricule }.map(\.id).sorted()
  }

  func stays(enteredAs number: String) -> [String] {
    reentries.values.filter { $0.number?.sameBytes(as: number) == true }.compactMap(\.item)
  }

  func stays(withNumber number: String) -> [String] {
    stays.values.filter { [$0.number, $0.visit, $0.preadmissionNumber].contains(number) }.map(\.id).sorted()
  }

  func nextNumber(_ kind: NumberKind) -> String? {
    numbers[kind]?.isEmpty == false ? numbers[kind]?.removeFirst() : nil
  }

  var numberSlices: [NumberSlices] { Array(ranges.values) }

  func slices(ofStation name: String) -> [NumberSlices.Slice] { ranges["range/\(name)"]?.slices ?? [] }

  func unused(_ kind: NumberKind) -> [NumberSlices.Slice] {
    ranges["range/\(station)"]?.slices.filter { $0.kind == kind } ?? []
  }

  var mode: ModeState { .holding(hospital: modes["mode/hospital"], station: modes["mode/\(station)"]) }
}

/// `…-000000000001`, `…-000000000002` and so on.
private final class Identifiers: Sendable {
  private let last = Mutex(0)

  func next() -> String {
    let digits = String(
      last.withLock {
        $0 += 1
        return $0
      })
    return "00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - digits.count))\(digits)"
  }
}

extension Instant {
  /// Sunday 21 August 2022, 01:00 UTC: 03:00 in Paris.
  static let night = Instant(milliseconds: 1_661_043_600_000)

  static func hours(_ hours: Int, minutes: Int = 0) -> Instant { night.adding(seconds: hours * 3600 + minutes * 60) }
}

extension Structure {
  /// Two wards, an emergency department, a maternity and a consultation.
  static let small: Structure = {
    func rooms(_ codes: [String], _ beds: [String], _ kind: BedKind = .bed) -> [Room] {
      codes.map { code in Room(code: code, beds: beds.map { Room.Place(code: $0, kind: kind, isolation: code == "1") })
      }
    }
    func unit(_ code: String, _ specialty: String, _ rooms: [Room], discreet: Bool = false) -> CareUnit {
      CareUnit(
        code: code, name: code, division: nil, responsibilities: ["medical", "lodging", "care"], specialty: specialty,
        phone: nil, rooms: rooms, discreet: discreet)
    }
    let units = [
      unit("4EST", "medicine", rooms(["1", "2"], ["A", "B"])), unit("CHIR", "surgery", rooms(["11"], ["A", "B"])),
      unit("URG", "emergency", rooms(["BOX"], ["1", "2"], .bay)), unit("MATER", "obstetrics", rooms(["31"], ["A"])),
      unit("CS", "outpatient", []), unit("DIAL", "dialysis", rooms(["D"], ["1"], .chair)),
      unit("ADDICTO", "psychiatry", rooms(["51"], ["A"]), discreet: true),
    ]
    return Structure(
      name: "Centre hospitalier d'essai", finess: "910000000", fictive: true, timeZone: "Europe/Paris",
      sites: [Site(finess: "910000001", name: "Site", units: units)],
      numbers: [.nda: NumberFormat(prefix: "N", length: 6, check: "none", first: 1, last: 9999)],
      ippAuthority: "1.2.250.1.999.1", ndaAuthority: "1.2.250.1.999.2", emergencyKeepsNumber: true,
      lateEntryHoursMax: 72)
  }()
}
