import GRDB
import Hospital
import Ledger

/// The current states, read in the transaction that will hold what is decided from them.
final class StoreWorld: World {
  private let db: Database
  private let subjects: Subjects
  private let numbers: NumberGiving
  private let station: String
  private let map: StructureMap?
  /// The first failure of the store while deciding: a decision made on half an answer is not kept.
  private(set) var failure: (any Error)?

  init(_ db: Database, _ subjects: Subjects, _ numbers: NumberGiving, _ map: StructureMap?) {
    self.db = db
    self.subjects = subjects
    self.numbers = numbers
    self.map = map
    station = subjects.station
  }

  var structure: Structure? { map?.structure }

  func patient(_ id: String) -> Patient? { state(id) as? Patient }

  func stay(_ id: String) -> Stay? { state(id) as? Stay }

  func bed(_ id: String) -> Bed? {
    let said = state(id) as? Bed
    return map.map { $0.bed(id, said: said) } ?? said
  }

  func account(_ id: String) -> Account? { state(id) as? Account }

  func reentry(_ item: String) -> Reentry? { state(Reentry.subject(of: item)) as? Reentry }
  func linkProposal(_ id: String) -> LinkProposal? { state(id) as? LinkProposal }
  func partner(_ id: String) -> Partner? { state(id) as? Partner }
  func transfer(_ id: String) -> PatientTransfer? { (state(id) as? PatientTransfer).map(goingOn) }
  func transfers(ofStay id: String) -> [PatientTransfer] { attempt([]) { try TransferRows.all(ofStay: id, db) } }
  func openTransfers(to partner: String) -> [PatientTransfer] {
    attempt([]) { try TransferRows.open(db).filter { $0.partner.sameBytes(as: partner) } }
  }
  func careLine(_ id: String) -> CareLine? { state(id) as? CareLine }
  var notices: [Notice] { attempt([]) { try States.all("notice", db).compactMap { $0 as? Notice } } }
  func bedRequest(_ id: String) -> BedRequest? { (state(id) as? BedRequest).map(goingOn) }
  func sheetBlock(_ id: String) -> SheetBlock? { (state(id) as? SheetBlock)?.knowing { stay($0) } }
  func sheet(ofStay id: String) -> Sheet? {
    attempt(nil) { try States.all("sheets", db).lazy.compactMap { ($0 as? SheetBlock)?.sheet(ofStay: id) }.first }
  }

  func appointment(_ id: String) -> Appointment? { state(id) as? Appointment }

  func emergencyVisit(_ id: String) -> EmergencyVisit? { state(id) as? EmergencyVisit }

  func announcement(_ id: String) -> Announcement? { state(id) as? Announcement }

  func emergencyVisits(withVictimNumber number: String, since: Instant) -> [EmergencyVisit] {
    attempt([]) {
      try EmergencyRows.staysPresent(since: since, db).compactMap { emergencyVisit(ofStay: $0) }
        .filter { $0.victimNumber?.sameBytes(as: number) ?? false }
    }
  }

  func occupants(ofBed id: String, from: Instant, through: Instant) -> [String] {
    guard let bed = bed(id) else { return [] }
    return attempt([]) { try StayQueries(db).occupants(of: bed, from: from, through: through) }
  }

  func stays(ofPatient id: String) -> [String] {
    attempt([]) {
      let survivor = survivor(of: id)
      let absorbed = try PatientQueries(db).absorbed(by: survivor)
      let own = StayQueries(db)
      return try absorbed.isEmpty ? own.stays(ofPatient: id) : own.stays(ofPatients: [survivor] + absorbed)
    }
  }

  func stays(continuedAs id: String) -> [String] { attempt([]) { try StayQueries(db).stays(continuedAs: id) } }

  func absorbed(by id: String) -> [String] { attempt([]) { try PatientQueries(db).absorbed(by: id) } }

  func newborns(ofMother id: String) -> [String] { attempt([]) { try PatientQueries(db).newborns(ofMother: id) } }

  func patients(withIdentifier value: String, authority: String?) -> [String] {
    attempt([]) { try PatientQueries(db).patients(withIdentifier: value, authority: authority) }
  }

  func patients(withINS matricule: String) -> [String] {
    attempt([]) { try PatientQueries(db).patients(withINS: matricule) }
  }

  func stays(enteredAs number: String) -> [String] { attempt([]) { try ReentryRows.stays(enteredAs: number, db) } }
  func stays(withNumber number: String) -> [String] { attempt([]) { try StayQueries(db).stays(withNumber: number) } }

  func nextNumber(_ kind: NumberKind) -> String? {
    while let serial = numbers.next(kind) {
      let text =
        kind == .unknown
        ? NumberKind.unknownText(serial, station: station) : structure?.numbers[kind]?.text(serial)
      guard let text else { return nil }
      // A feed may have used a number of ours, and another station of this one's name a label; giving it again would
      // make two files of one number.
      if !isTaken(kind, text) { return text }
    }
    return nil
  }

  var numberSlices: [NumberSlices] {
    attempt([]) {
      let names = try db.prepared("SELECT name FROM subjects WHERE name >= 'range/' AND name < 'range0'").all {
        $0.text(0)
      }
      return try names.compactMap { try subjects.state($0, db) as? NumberSlices }
    }
  }

  func slices(ofStation name: String) -> [NumberSlices.Slice] {
    (state("range/\(name)") as? NumberSlices)?.slices ?? []
  }

  func unused(_ kind: NumberKind) -> [NumberSlices.Slice] { numbers.unused(kind) }

  var mode: ModeState {
    .holding(
      hospital: state("mode/hospital") as? ModeDeclaration, station: state("mode/\(station)") as? ModeDeclaration)
  }

  private func isTaken(_ kind: NumberKind, _ text: String) -> Bool {
    attempt(false) {
      switch kind {
      case .ipp:
        try !PatientQueries(db).patients(withIdentifier: text, authority: structure?.ippAuthority).isEmpty
      case .nda: try !StayQueries(db).stays(withNumber: text).isEmpty
      case .unknown: try !PatientQueries(db).patients(labelled: text).isEmpty
      }
    }
  }

  private func state(_ name: String) -> (any Folded)? { attempt(nil) { try subjects.state(name, db) } }

  private func attempt<Value>(_ otherwise: Value, _ body: () throws -> Value) -> Value {
    do { return try body() } catch {
      if failure == nil { failure = error }
      return otherwise
    }
  }
}
