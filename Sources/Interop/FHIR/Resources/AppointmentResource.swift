import Hospital
import Ledger

/// Appointment: somebody is to come, as the system that keeps the diary says it.
public enum AppointmentResource {
  /// - Parameter patient: who is to come, under the identity that lives on.
  public static func json(
    _ appointment: Appointment, _ structure: Structure?, _ meta: FHIRMeta, patient: Patient?
  ) -> JSON {
    var out = FHIRObject(type: "Appointment", id: appointment.id.afterSlash)
    out.put("meta", meta.json(confidentiality: patient?.confidentiality))
    if let number = appointment.number {
      out.put(
        "identifier",
        [FHIRValue.identifier(number, system: system(appointment))].compactMap(\.self))
    }
    out.put("status", status(appointment.status))
    out.put("serviceType", [FHIRValue.text(appointment.type)].compactMap(\.self))
    out.put("appointmentType", appointment.kind.flatMap { FHIRValue.text($0.rawValue) })
    out.put("reasonCode", [FHIRValue.text(appointment.reason)].compactMap(\.self))
    // Both or neither: where nobody said how long, it ends as it begins.
    if let start = appointment.startsAt {
      out.put("start", start)
      out.put("end", start.adding(seconds: (appointment.minutes ?? 0) * 60))
    }
    if let minutes = appointment.minutes, minutes > 0 { out.put("minutesDuration", .integer(minutes)) }
    var participants: [JSON] = []
    func participate(_ actor: JSON?) {
      if let actor { participants.append(["actor": actor, "status": "accepted"]) }
    }
    participate((patient?.id ?? appointment.patient).map { FHIRValue.reference("Patient", $0.afterSlash) })
    participate(
      LocationResource.reference(to: Place(unit: appointment.unit, room: appointment.room), structure))
    participate(appointment.practitioner.flatMap(FHIRText.string).map { ["display": .string($0)] })
    // One at least, says the standard.
    out.put("participant", participants.isEmpty ? [["status": "needs-action"]] : participants)
    return out.json
  }

  /// Of its number.
  public static func system(_ appointment: Appointment) -> String {
    FHIRSystem.uri(ofAuthority: appointment.numberAuthority ?? "local")
  }

  /// Those that FHIR has for each of ours.
  public static func status(_ status: AppointmentStatus) -> String {
    switch status {
    case .pending, .booked, .arrived, .fulfilled, .cancelled: status.rawValue
    case .discontinued: "cancelled"
    case .deleted: "entered-in-error"
    case .missed: "noshow"
    }
  }
}
