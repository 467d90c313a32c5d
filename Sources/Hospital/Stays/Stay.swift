import Ledger

/// One encounter: its movements in order, from which status, place and hours derive.
public struct Stay: Sendable, Equatable {
  /// `stay/<uuid>`.
  public let id: String
  /// `patient/<uuid>`: the first that was said, or the one it was reassigned to.
  public var patient: String?
  /// Other patients that facts have claimed this stay for: a conflict, unless they are one person.
  public var otherPatients: [String] = []
  /// NDA (PID-18, else PV1-19).
  public var number: String?
  public var numberAuthority: String?
  /// Visit number (PV1-19) where it differs from the NDA.
  public var visit: String?
  /// In order: by hour, then by the order in which each was first heard.
  public var movements: [Movement] = []
  /// In order: by hour, then by the order in which each was first heard.
  public var attendances: [Attendance] = []
  /// PMSI entry mode: 6 7 0 8 N O.
  public var entryMode: String?
  public var provenance: String?
  /// How they came to emergency, where the stay went on in a ward and how it began there was said anew; nil else.
  public var arrival: Arrival?
  /// PMSI exit mode: 6 7 0 8 9.
  public var exitMode: String?
  public var destination: String?
  public var preadmissionNumber: String?
  /// `stay/<uuid>` of the mother's stay, for a newborn.
  public var motherStay: String?
  public var reason: String?
  /// The beginning of the visit as a feed says it (PV1-44), for when its first movement was never heard.
  public var admittedAtSaid: Instant?
  /// Of isolation where there is none, and of the diet.
  public var answers = Answers()
  /// Coverage, payers, accident, and other parts kept as they came.
  public var other = JSONObject()
  /// `stay/<uuid>` under which the main system goes on with this visit, once it was handed back.
  public var continuedAs: String?
  /// Its sender took the whole of it back (A23), and no movement has been said of it since.
  public var deleted = false
  /// How many movements and attendances were ever heard of.
  var heardCount = 0

  public init(id: String) { self.id = id }

  /// PMSI entry mode and provenance, as they were said at the time.
  public struct Arrival: Sendable, Equatable {
    public var entryMode: String?
    public var provenance: String?

    public init(entryMode: String?, provenance: String?) { (self.entryMode, self.provenance) = (entryMode, provenance) }
  }
}

/// PV1-2, in FHIR's and PAM's sense.
public enum StayClass: String, Sendable, CaseIterable {
  case inpatient, daycase, emergency, outpatient, recurring, preadmit
  case none
}

public enum StayStatus: String, Sendable {
  case preadmitted, admitted, discharged, cancelled
}

/// One coming of a series (séance), or an outpatient's « venu ».
public struct Attendance: Sendable, Equatable {
  /// A UUID, or `<authority>|<id>`.
  public var key: String
  public var at: Instant
  public var unit: String?
  public var attending: String?
  public var cancelled = false
  public var said: Attribution
  var order: Int

  /// Nobody is treated longer than this in one session: one that nobody ended stops counting then.
  public static let hoursMax = 12
}

/// Where a patient is, and who answers for what. Codes as received; a unit or bed may be unknown to the structure.
public struct Place: Sendable, Hashable {
  /// Lodging unit (PV1-3.1): where the body is.
  public var unit: String?
  public var room: String?
  public var bed: String?
  /// Medical responsibility (ZBE-7), where it differs from the lodging unit.
  public var medicalUnit: String?
  /// Nursing responsibility (ZBE-8).
  public var careUnit: String?

  public init(
    unit: String? = nil, room: String? = nil, bed: String? = nil, medicalUnit: String? = nil, careUnit: String? = nil
  ) {
    self.unit = unit
    self.room = room
    self.bed = bed
    self.medicalUnit = medicalUnit
    self.careUnit = careUnit
  }
}
