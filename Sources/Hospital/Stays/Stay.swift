import Ledger

/// One encounter: its movements in order, from which status, place and hours derive.
public struct Stay: Sendable, Equatable {
  /// `stay/<uuid>`.
  public let id: String
  /// `patient/<uuid>`.
  public var patient: String?
  /// NDA (PID-18, else PV1-19).
  public var number: String?
  public var numberAuthority: String?
  /// Visit number (PV1-19) where it differs from the NDA.
  public var visit: String?
  /// In order: by hour, then by the order in which each was first heard.
  public var movements: [Movement] = []
  /// PMSI entry mode: 6 7 0 8 N O.
  public var entryMode: String?
  public var provenance: String?
  /// PMSI exit mode: 6 7 0 8 9.
  public var exitMode: String?
  public var destination: String?
  public var preadmissionNumber: String?
  /// `stay/<uuid>` of the mother's stay, for a newborn.
  public var motherStay: String?
  public var reason: String?
  /// Coverage, payers, accident, and other parts kept as they came.
  public var other = JSONObject()

  public init(id: String) { self.id = id }
}

/// PV1-2, in FHIR's and PAM's sense.
public enum StayClass: String, Sendable, CaseIterable {
  case inpatient, daycase, emergency, outpatient, recurring, preadmit
  case none
}

public enum StayStatus: String, Sendable {
  case preadmitted, admitted, discharged, cancelled
}

/// One movement (ZBE): upserted by its id, cancelled but never deleted.
public struct Movement: Sendable, Equatable {
  /// `<authority>|<id>` for a feed's movement, a UUID for one made here.
  public var key: String
  /// The id as people and messages say it (ZBE-1.1).
  public var id: String
  /// When it happened.
  public var at: Instant
  /// When it was first written.
  public var writtenAt: Instant
  /// A01 A02 A03 A04 A05 A06 A07 A21 A22 A54 …: the trigger that inserted it.
  public var trigger: String
  public var place = Place()
  /// Nature (ZBE-9): M, H, S, L, D and combinations, C for a corrected status.
  public var nature: String?
  public var stayClass: StayClass?
  public var attending: String?
  public var cancelled = false
  /// Said late on purpose: inserted in the past (ZBE-5).
  public var historic = false
  public var station: String
  public var author: String

  public init(key: String, id: String, at: Instant, writtenAt: Instant, trigger: String, station: String, author: String) {
    self.key = key
    self.id = id
    self.at = at
    self.writtenAt = writtenAt
    self.trigger = trigger
    self.station = station
    self.author = author
  }
}

/// Where a patient is, and who answers for what. Codes as received; a unit or bed may be unknown to the structure.
public struct Place: Sendable, Equatable {
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
