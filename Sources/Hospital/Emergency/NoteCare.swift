import Ledger

/// Who has a patient of emergency in hand, what comes next, what is awaited. What is nil says nothing; an empty text or
/// list erases.
public struct NoteCare: Command {
  public var stay: String
  public var doctor: String?
  public var nextStep: String?
  /// `EmergencyWait`.
  public var awaited: [String]?

  public init(stay: String, doctor: String? = nil, nextStep: String? = nil, awaited: [String]? = nil) {
    self.stay = stay
    self.doctor = doctor
    self.nextStep = nextStep
    self.awaited = awaited
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let (stay, presence) = try world.inEmergency(stay, at: EventHour(known: moment.now, moment), moment)
    try world.require(.triage, moment, units: presence.place.unit)
    let visit = world.emergencyVisit(ofStay: stay.id)
    var data = JSONObject([("stay", .string(stay.id))])
    for (key, typed, known) in [("doctor", doctor, visit?.doctor), ("nextStep", nextStep, visit?.nextStep)] {
      guard let typed else { continue }
      let said = try FreeText.tidied(typed, field: key)
      if said != known { data.append(key, said.map(JSON.string) ?? .null) }
    }
    if let awaited {
      guard awaited.allSatisfy({ EmergencyWait(rawValue: $0) != nil }) else {
        throw Refusal("awaited-unknown", field: "awaited")
      }
      if awaited != visit?.awaited ?? [] {
        data.append("awaited", awaited.isEmpty ? .null : .array(awaited.map(JSON.string)))
      }
    }
    guard data.members.count > 1 else { throw Refusal("nothing-changed") }
    return Decision(facts: [
      Fact(
        kind: EmergencyFact.noted.rawValue, subject: world.visitSubject(ofStay: stay.id), at: moment.now,
        data: .object(data))
    ])
  }
}
