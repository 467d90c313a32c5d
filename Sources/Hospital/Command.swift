import Ledger

/// What a person or a message asks for. Deciding is pure: states and an instant in, facts or a refusal out.
public protocol Command: Sendable {
  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision
}

/// Everything a decision may use that is not in the command or the world.
public struct Moment: Sendable {
  public var now: Instant
  /// Account id of whoever asks, or `system`.
  public var author: String
  public var station: String
  /// A fresh random UUID, lower case.
  public var newID: @Sendable () -> String

  public init(now: Instant, author: String, station: String, newID: @escaping @Sendable () -> String) {
    self.now = now
    self.author = author
    self.station = station
    self.newID = newID
  }
}

public struct Decision: Sendable {
  public var facts: [Fact]
  /// What was assumed or is odd, for the person or partner who asked.
  public var warnings: [Warning]

  public init(facts: [Fact], warnings: [Warning] = []) {
    self.facts = facts
    self.warnings = warnings
  }
}

/// An expected no. Shown beside its field with the way out; never logged as an error.
public struct Refusal: Error, Sendable, Equatable {
  /// Key of the sentence in both languages: `refusal.<code>`.
  public var code: String
  /// The form field concerned, if one is.
  public var field: String?
  /// Values for the sentence's placeholders. Never a patient's traits.
  public var arguments: [String: String]

  public init(_ code: String, field: String? = nil, _ arguments: [String: String] = [:]) {
    self.code = code
    self.field = field
    self.arguments = arguments
  }
}

public struct Warning: Sendable, Equatable {
  /// Key of the sentence in both languages: `warning.<code>`.
  public var code: String
  public var field: String?
  public var arguments: [String: String]

  public init(_ code: String, field: String? = nil, _ arguments: [String: String] = [:]) {
    self.code = code
    self.field = field
    self.arguments = arguments
  }
}

/// The current states, as decisions see them. `Register` answers from SQLite, tests from memory.
public protocol World {
  var structure: Structure? { get }
  func patient(_ id: String) -> Patient?
  func stay(_ id: String) -> Stay?
  func bed(_ id: String) -> Bed?
  func appointment(_ id: String) -> Appointment?
  func account(_ id: String) -> Account?
  /// What emergency said of a stay, by `EmergencyVisit.id(ofStay:)`.
  func emergencyVisit(_ id: String) -> EmergencyVisit?
  func announcement(_ id: String) -> Announcement?
  /// Of those who came to emergency since then and are there, who bear this SINUS or SI-VIC number.
  func emergencyVisits(withVictimNumber number: String, since: Instant) -> [EmergencyVisit]
  /// How far an item (`stay/<uuid>`, `patient/<uuid>`) is on its way back by hand.
  func reentry(_ item: String) -> Reentry?
  func linkProposal(_ id: String) -> LinkProposal?
  func careLine(_ id: String) -> CareLine?
  func partner(_ id: String) -> Partner?
  func transfer(_ id: String) -> PatientTransfer?
  func transfers(ofStay id: String) -> [PatientTransfer]
  /// Those to this partner that are not over.
  func openTransfers(to partner: String) -> [PatientTransfer]
  /// Every version of the notice, in no order.
  var notices: [Notice] { get }
  func bedRequest(_ id: String) -> BedRequest?
  /// Knowing which of its stays were cancelled.
  func sheetBlock(_ id: String) -> SheetBlock?
  /// The sheet of any block that this stay is.
  func sheet(ofStay id: String) -> Sheet?
  /// Ids of the stays that lie in this bed at some moment between two, both included.
  func occupants(ofBed id: String, from: Instant, through: Instant) -> [String]
  /// Ids of the whole person's stays, newest first: of the surviving identity and of all that it absorbed, whichever
  /// of them is asked for. Each says in `Stay.patient` under which it was opened; `survivor(of:)` makes them one.
  func stays(ofPatient id: String) -> [String]
  /// Ids of the stays that were handed back and with which the main system goes on under this one.
  func stays(continuedAs id: String) -> [String]
  /// Ids of the identities that this one absorbed, directly or not.
  func absorbed(by id: String) -> [String]
  /// Ids of the children that this patient bore here.
  func newborns(ofMother id: String) -> [String]
  /// Ids of the patients that bear this number.
  func patients(withIdentifier value: String, authority: String?) -> [String]
  /// Ids of the patients whose INS has this matricule.
  func patients(withINS matricule: String) -> [String]
  /// Ids of the stays that bear this number.
  func stays(withNumber number: String) -> [String]
  /// Stays made here that the main system calls so: their `stay/<uuid>`.
  func stays(enteredAs number: String) -> [String]
  /// The next unused number of this station's own slices, formatted; nil when none is left.
  /// Each call gives another one.
  func nextNumber(_ kind: NumberKind) -> String?
  /// What each station, and each paper, holds.
  var numberSlices: [NumberSlices] { get }
  /// The slices that this station, or the paper of this name, holds.
  func slices(ofStation name: String) -> [NumberSlices.Slice]
  /// What is left of this station's own slices: nobody has given any of it.
  func unused(_ kind: NumberKind) -> [NumberSlices.Slice]
  /// The mode that holds on this station.
  var mode: ModeState { get }
}

extension World {
  /// Ids of the stays that lie in this bed at `instant`.
  public func occupants(ofBed id: String, at instant: Instant) -> [String] {
    occupants(ofBed: id, from: instant, through: instant)
  }
}

public enum NumberKind: String, Sendable, CaseIterable {
  /// Permanent patient number.
  case ipp
  /// Stay number (numéro de dossier administratif).
  case nda
  /// Serial of unknown patients, per station.
  case unknown
}
