import Hospital
import Ledger

/// Appointment: somebody is to come, as the system that keeps the diary says it.
public enum AppointmentResource {
  /// - Parameters:
  ///   - patient: who is to come, under the identity that lives on.
  ///   - mother: of a newborn.
  public static func json(
    _ appointment: Appointment, _ structure: Structure?, _ meta: FHIRMeta, patient: Patient?, mother: Patient? = nil
  ) -> JSON {
    let place = Place(unit: appointment.unit, room: appointment.room)
    var out = FHIRObject(type: "Appointment", id: appointment.id.afterSlash)
    let isWithheld = Disclosure.isWithheld(patient, mother: mother, at: place, in: structure)
    out.put("meta", meta.json(confidentiality: FHIRMeta.label(patient, isWithheld: isWithheld)))
    let practitioner = PractitionerResource.contained(appointment.practitioner, appointment.other["attending"])
    out.put("contained", [practitioner].compactMap(\.self))
    if let number = appointment.number {
      out.put(
        "identifier",
        [FHIRValue.identifier(number, system: system(appointment))].compactMap(\.self))
    }
    out.put("status", status(of: appointment))
    out.put("serviceType", [FHIRValue.text(appointment.type)].compactMap(\.self))
    out.put("appointmentType", appointment.kind.flatMap { FHIRValue.text($0.rawValue) })
    out.put("reasonCode", [FHIRValue.text(appointment.reason)].compactMap(\.self))
    // Both or neither: where nobody said how long, it ends as it begins.
    if let start = appointment.startsAt {
      out.put("start", start)
      out.put("end", start.adding(seconds: (appointment.minutes ?? 0) * 60))
    } else if !["proposed", "cancelled"].contains(status(of: appointment)) {
      // Of any other, the standard has these two say at least that nobody knows (app-3).
      for key in ["_start", "_end"] { out.put(key, ["extension": [absent]]) }
    }
    if let minutes = appointment.minutes, minutes > 0 { out.put("minutesDuration", .integer(minutes)) }
    var participants: [JSON] = []
    func participate(_ actor: JSON?) {
      if let actor { participants.append(["actor": actor, "status": "accepted"]) }
    }
    participate((patient?.id ?? appointment.patient).map { FHIRValue.reference("Patient", $0.afterSlash) })
    participate(LocationResource.reference(to: place, structure))
    participate(practitioner.map { _ in ["reference": "#attending"] })
    // One at least, says the standard, and of that one who it is or what for.
    let nobody: JSON = [
      "type": [["coding": .array([FHIRValue.coding(FHIRSystem.participation, "PART")].compactMap(\.self))]],
      "status": "needs-action",
    ]
    out.put("participant", participants.isEmpty ? [nobody] : participants)
    return out.json
  }

  /// Of its number.
  public static func system(_ appointment: Appointment) -> String {
    FHIRSystem.uri(ofAuthority: appointment.numberAuthority ?? "local")
  }

  private static let absent: JSON = [
    "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown",
  ]

  /// Those that FHIR has for each of ours: what is to come at no hour is proposed.
  public static func status(of appointment: Appointment) -> String {
    switch appointment.status {
    case .pending, .booked: appointment.startsAt == nil ? "proposed" : appointment.status.rawValue
    case .arrived, .fulfilled, .cancelled: appointment.status.rawValue
    case .discontinued: "cancelled"
    case .deleted: "entered-in-error"
    case .missed: "noshow"
    }
  }
}
