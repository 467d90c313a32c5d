import Ledger

/// Somebody is to come, at an hour, to a unit: as the system that keeps the diary says it (SIU).
public struct Appointment: Sendable, Equatable {
  /// `appointment/<uuid>`.
  public let id: String
  /// `patient/<uuid>`: the last that was said.
  public var patient: String?
  public var status = AppointmentStatus.pending
  /// As the diary numbers it (SCH-2, else SCH-1), and whose number it is.
  public var number: String?
  public var numberAuthority: String?
  /// The other of the two, as HL7 writes it.
  public var otherNumber: String?
  public var startsAt: Instant?
  public var minutes: Int?
  /// Code of the unit, as received; it may be unknown to the structure.
  public var unit: String?
  public var room: String?
  /// nil where the diary's own word for it is not known: then `type` alone says it.
  public var kind: AppointmentKind?
  /// SCH-8 as people read it, else the service (AIS-3).
  public var type: String?
  public var reason: String?
  public var practitioner: String?
  /// `stay/<uuid>` of the account that the diary names (PID-18, else PV1-19): that of a pre-admission, mostly.
  public var stay: String?
  /// PV1-5.
  public var preadmissionNumber: String?
  /// What no member above has a name for, under HL7's own.
  public var other = JSONObject()

  public init(id: String) { self.id = id }

  /// The subject of what an outside system numbers so.
  public static func id(authority: String, number: String) -> String {
    "appointment/\(Name.subject("appointment", authority, number))"
  }
}

/// FHIR's, with the two ends that HL7 v2 tells apart from a cancellation.
public enum AppointmentStatus: String, Sendable, CaseIterable {
  case pending, booked, arrived, fulfilled, cancelled, discontinued, deleted
  /// Nobody came.
  case missed

  /// Somebody is still to come.
  public var isAwaited: Bool { self == .pending || self == .booked }
}

public enum AppointmentKind: String, Sendable, CaseIterable {
  case operation, consultation, examination, inpatient, daycase, session
}
