import Ledger

/// The triage nurse says how urgent it is; and says it again when it changes.
public struct TriagePatient: Command {
  public var stay: String
  /// Of the site's scale.
  public var level: String
  public var vitals: VitalSigns
  public var reason: String?
  public var at: Instant?
  /// Whoever typed has looked again at what is hardly ever true.
  public var isConfirmed: Bool
  private let settings: EmergencySettings

  public init(
    stay: String, level: String, vitals: VitalSigns, reason: String? = nil, at: Instant? = nil,
    isConfirmed: Bool = false, settings: EmergencySettings
  ) {
    self.stay = stay
    self.level = level
    self.vitals = vitals
    self.reason = reason
    self.at = at
    self.isConfirmed = isConfirmed
    self.settings = settings
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let hour = try EventHour(at, world, moment, patient: nil)
    let (stay, presence) = try world.inEmergency(stay, at: hour, moment)
    try world.require(.triage, moment, units: presence.place.unit)
    guard let urgency = settings.urgency(of: level) else { throw Refusal("triage-level-unknown", field: "level") }
    for (sign, value) in vitals.measured where !sign.possible.contains(value) {
      throw Refusal(
        "vital-impossible", field: sign.rawValue,
        ["from": sign.text(sign.possible.lowerBound), "to": sign.text(sign.possible.upperBound)])
    }
    if let systolic = vitals[.systolic], let diastolic = vitals[.diastolic], diastolic >= systolic {
      throw Refusal("pressure-impossible", field: "pressure")
    }
    if !isConfirmed { try question(urgency, stay, world, moment) }
    let reason = try FreeText.tidied(reason, field: "reason")
    var data = StateWriter()
    data.put("stay", stay.id)
    data.put("scale", settings.scale)
    data.put("level", level)
    data.put("vitals", vitals.json)
    data.put("reason", reason)
    return Decision(facts: [
      Fact(
        kind: EmergencyFact.triaged.rawValue, subject: world.visitSubject(ofStay: stay.id), at: hour.at,
        data: .object(data.object))
    ])
  }

  /// What is unlikely is asked about once: the sheet says what, and one press goes on.
  private func question(_ urgency: Int, _ stay: Stay, _ world: any World, _ moment: Moment) throws(Refusal) {
    let unlikely = vitals.unlikely
    guard unlikely.isEmpty else {
      throw Refusal("vitals-unlikely", field: "confirmed", ["signs": unlikely.map(\.rawValue).joined(separator: ",")])
    }
    guard isAdult(stay, world, moment), let alarm = settings.alarm(vitals),
      let asked = settings.urgency(of: alarm.level), urgency > asked
    else { return }
    throw Refusal("triage-below-vitals", field: "confirmed", ["signs": alarm.sign.rawValue, "level": alarm.level])
  }

  /// The alarms are an adult's; whoever's age nobody knows is taken for one.
  private func isAdult(_ stay: Stay, _ world: any World, _ moment: Moment) -> Bool {
    world.person(of: stay)?.years(on: world.today(moment)).map { $0 >= settings.adultYears } ?? true
  }
}
