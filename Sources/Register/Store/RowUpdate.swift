import GRDB
import Hospital
import Ledger

/// Brings the read rows of one subject from its old state to its new one.
struct RowUpdate {
  let db: Database
  let subjects: Subjects
  /// The subject's number.
  let id: Int
  /// The row of the commit that changed it.
  let commit: Int
  /// Codes of units on whose pages something changed.
  var units: Set<String> = []
  var structureChanged = false
  var numbersChanged = false
  /// What the new patient is found by, where that was made before.
  var entry: SearchEntry?
  /// The indexes are not there yet: what leans on them is done for all rows at the end.
  let isRebuilding: Bool
  private let station: String

  init(db: Database, subjects: Subjects, id: Int, commit: Int, isRebuilding: Bool = false) {
    self.isRebuilding = isRebuilding
    self.db = db
    self.subjects = subjects
    self.id = id
    self.commit = commit
    station = subjects.station
  }

  mutating func update(_ name: String, old: (any Folded)?, new: (any Folded)?) throws {
    switch FoldedKinds.prefix(of: name) {
    case "patient": try PatientRows.update(&self, old: old as? Patient, new: new as? Patient)
    case "stay":
      try StayRows.update(&self, old: old as? Stay, new: new as? Stay)
      let (before, after) = ((old as? Stay)?.continuedAs, (new as? Stay)?.continuedAs)
      if before != after { try tellUnits(ofStays: [before, after]) }
    case "appointment": try AppointmentRows.update(self, new: new as? Appointment)
    case "emergency":
      let (before, after) = (old as? EmergencyVisit, new as? EmergencyVisit)
      try EmergencyRows.update(self, after)
      if before?.orientations != after?.orientations { try tellUnits(ofStays: [before?.stay, after?.stay]) }
    case "announcement": try EmergencyRows.update(self, new as? Announcement)
    case "bed":
      for bed in [old as? Bed, new as? Bed] { if let unit = bed?.unit { units.insert(unit) } }
    case "unit", "structure": structureChanged = true
    case "account":
      if (old == nil) != (new == nil) { subjects.tally.add(new == nil ? -1 : 1, to: .accounts) }
    case "range":
      // Other stations' slices are theirs to give.
      if name.sameBytes(as: "range/\(station)") {
        try NumberRows.update(new as? NumberSlices ?? NumberSlices(id: name), db)
        numbersChanged = true
      }
    case "exchange": try HandbackRows.update(self, new as? Handback)
    case "reentry": try ReentryRows.update(self, new as? Reentry)
    case "transfer":
      try TransferRows.update(self, new as? PatientTransfer)
      try tellUnits(ofStays: [(old as? PatientTransfer)?.stay, (new as? PatientTransfer)?.stay])
    case "request":
      try BedRequestRows.update(self, new as? BedRequest)
      try tellUnits(ofStays: [(old as? BedRequest)?.stay, (new as? BedRequest)?.stay])
    case "conflict": try Suspects.noteDecision(self)
    default: break
    }
  }

  /// Where somebody goes next or is away to, and what was said of them under another name, shows on the pages of every
  /// unit where they are, were or will be; and it may close their name there.
  private mutating func tellUnits(ofStays stays: [String?]) throws {
    if isRebuilding { return }
    for name in stays {
      guard let name, let stay = try subjects.state(name, db) as? Stay else { continue }
      let goingOn = try stay.continuedAs.flatMap { try subjects.state($0, db) as? Stay }
      for outline in [stay.outline, goingOn?.outline].compactMap(\.self) {
        units.formUnion(([outline.place] + outline.presences.map(\.place)).compactMap(\.unit))
      }
    }
  }

  /// The number of another subject that this one names.
  func reference(_ name: String?) throws -> SQLValue {
    guard let name else { return .null }
    return .integer(try subjects.id(name, db))
  }
}
