import Ledger

/// How somebody came to emergency, and why: said with the admission that opens their stay, or completed later. What is
/// nil says nothing; an empty text erases.
public struct NoteArrival: Command {
  public var stay: String
  /// `EmergencyTransport`.
  public var transport: String?
  /// `TransportCare`.
  public var transportCare: String?
  public var accompaniedBy: String?
  /// Code of the complaint.
  public var complaint: String?
  public var complaintText: String?
  /// SINUS or SI-VIC, as scanned.
  public var victimNumber: String?
  /// `announcement/<uuid>` of whoever told of them.
  public var announcement: String?
  private let settings: EmergencySettings

  public init(
    stay: String, transport: String? = nil, transportCare: String? = nil,
    accompaniedBy: String? = nil, complaint: String? = nil, complaintText: String? = nil, victimNumber: String? = nil,
    announcement: String? = nil, settings: EmergencySettings
  ) {
    self.stay = stay
    self.transport = transport
    self.transportCare = transportCare
    self.accompaniedBy = accompaniedBy
    self.complaint = complaint
    self.complaintText = complaintText
    self.victimNumber = victimNumber
    self.announcement = announcement
    self.settings = settings
  }

  static let victimNumberBytesMax = 64

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    try world.require(.admit, moment)
    let visit = world.emergencyVisit(ofStay: stay.id)
    var data = JSONObject([("stay", .string(stay.id))])
    func say(_ key: String, _ value: String?, unless known: String?) {
      guard let value, value != known ?? "" else { return }
      data.append(key, value.isEmpty ? .null : .string(value))
    }
    if let complaint, !complaint.isEmpty, settings.complaint(complaint) == nil, complaint != visit?.complaint {
      throw Refusal("complaint-unknown", field: "complaint")
    }
    if let transport, !transport.isEmpty, EmergencyTransport(rawValue: transport) == nil {
      throw Refusal("choice-unknown", field: "transport")
    }
    if let transportCare, !transportCare.isEmpty, TransportCare(rawValue: transportCare) == nil {
      throw Refusal("choice-unknown", field: "transportCare")
    }
    // Said by the announcement, where nobody says otherwise.
    let announced = announcement.flatMap { world.announcement($0)?.transport?.rawValue }
    say("transport", transport ?? (visit?.transport == nil ? announced : nil), unless: visit?.transport)
    say("transportCare", transportCare, unless: visit?.transportCare)
    say("complaint", complaint, unless: visit?.complaint)
    say("complaintText", try text(complaintText, "complaintText"), unless: visit?.complaintText)
    say("accompaniedBy", try text(accompaniedBy, "accompaniedBy"), unless: visit?.accompaniedBy)
    var number = try text(victimNumber, "victimNumber")
    // Their own already: nobody is given it now.
    if number == visit?.victimNumber { number = nil }
    if let number, number.utf8.count > Self.victimNumberBytesMax {
      throw Refusal("number-invalid", field: "victimNumber")
    }
    say("victimNumber", number, unless: visit?.victimNumber)
    var facts: [Fact] = []
    if let announcement {
      facts.append(try Announcement.arrival(announcement, stay.id, world, moment))
      say("announcement", announcement, unless: visit?.announcement)
    }
    // All of it was said before.
    if visit != nil, data.members.count == 1 { return Decision(facts: facts) }
    // Of a stay that a feed opened long ago the hour is the stay's, not this one's.
    let at = stay.admittedAt ?? moment.now
    facts.insert(
      Fact(
        kind: EmergencyFact.arrived.rawValue, subject: world.visitSubject(ofStay: stay.id), at: at,
        data: .object(data)), at: 0)
    return Decision(facts: facts, warnings: cautions(number, stay, world, moment))
  }

  /// One number is one victim's.
  private func cautions(_ number: String?, _ stay: Stay, _ world: any World, _ moment: Moment) -> [Warning] {
    guard let number, !number.isEmpty else { return [] }
    let since = moment.now.adding(seconds: -EmergencyFlow.longestSeconds)
    let others = world.emergencyVisits(withVictimNumber: number, since: since)
    let isBorne = others.contains { !($0.stay?.sameBytes(as: stay.id) ?? true) }
    return isBorne ? [Warning("victim-number-borne", field: "victimNumber")] : []
  }

  /// nil says nothing, and so differs from a text that is erased.
  private func text(_ typed: String?, _ field: String) throws(Refusal) -> String? {
    guard let typed else { return nil }
    return try FreeText.tidied(typed, field: field) ?? ""
  }
}

extension World {
  /// Whoever is in emergency now, and where.
  func inEmergency(_ id: String, at hour: EventHour, _ moment: Moment) throws(Refusal) -> (Stay, Presence) {
    let stay = try known(stay: id)
    let presence = try stay.present(at: hour, moment)
    guard presence.stayClass == .emergency else { throw Refusal("not-in-emergency", field: "stay") }
    return (stay, presence)
  }
}

extension Admit {
  /// The same admission, with how they came to emergency, in one commit.
  public func arriving(_ arrival: NoteArrival) -> any Command {
    InOneCommit(self) { said throws(Refusal) in
      var arrival = arrival
      arrival.stay = said.subject("stay") ?? ""
      return arrival
    }
  }
}
