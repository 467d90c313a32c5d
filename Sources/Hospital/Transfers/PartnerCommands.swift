import Ledger

/// A hospital of the directory, new or changed; one that says nothing new is left as it is.
public struct DeclarePartners: Command {
  public struct Entry: Sendable, Equatable {
    public var finess: String
    public var name: String
    public var phone: String?
    public var units: [String] = []
    public var capabilities: [CareKey] = []
    public var kilometres: Int?
    public var minutes: Int?
    public var destination = Partner.usualDestination
    public var fhir: String?

    public init(finess: String, name: String) { (self.finess, self.name) = (finess, name) }
  }

  public static let destinations = ["1", "2", "3", "4", "6"]

  /// Of an address of a server.
  private static let addressBytesMax = 200

  public var entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.partners, moment)
    var facts: [Fact] = []
    for entry in entries {
      guard entry.finess.utf8.count == 9, entry.finess != world.structure?.finess else {
        throw Refusal("partner-finess", field: "finess")
      }
      guard let name = try FreeText.tidied(entry.name, field: "name") else {
        throw Refusal("partner-name", field: "name")
      }
      let phone = try FreeText.tidied(entry.phone, field: "phone")
      if let phone, !NoticeWords.isDialled(phone) { throw Refusal("notice-phone", field: "phone") }
      guard Self.destinations.contains(entry.destination) else {
        throw Refusal("partner-destination", field: "destination")
      }
      let fhir = try entry.fhir.flatMap { $0.isBlank ? nil : $0 }.map(Self.address)
      var data = StateWriter()
      data.put("finess", entry.finess)
      data.put("name", name)
      data.put("phone", phone)
      data.put("units", entry.units)
      data.put("capabilities", entry.capabilities.map(\.rawValue))
      data.put("kilometres", entry.kilometres)
      data.put("minutes", entry.minutes)
      data.put("destination", entry.destination)
      data.put("fhir", fhir)
      let subject = Partner.subject(finess: entry.finess)
      let fact = Fact(kind: "partner.declared", subject: subject, at: moment.now, data: .object(data.object))
      if let known = world.partner(subject), !known.isWithdrawn, known.says(fact, moment) { continue }
      facts.append(fact)
    }
    guard !facts.isEmpty else { throw Refusal("partner-unchanged") }
    return Decision(facts: facts)
  }

  private static func address(_ text: String) throws(Refusal) -> String {
    guard text.utf8.count <= addressBytesMax, Partner.isAddress(text) else {
      throw Refusal("partner-fhir", field: "fhir")
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }
}

extension Partner {
  fileprivate func says(_ fact: Fact, _ moment: Moment) -> Bool {
    var other = self
    other.fold(
      Heard(
        fact: fact, time: HybridTime(instant: moment.now, counter: 0), station: moment.station, author: moment.author,
        command: "", source: nil))
    return other == self
  }
}

/// What a partner said that it can take now: by telephone, or through its own server.
public struct HearPartner: Command {
  public struct Said: Sendable, Equatable {
    public var key: CareKey
    public var state: CareState
    public var places: Int?

    public init(_ key: CareKey, _ state: CareState, places: Int? = nil) {
      (self.key, self.state, self.places) = (key, state, places)
    }
  }

  public static let placesMax = 500

  public var partner: String
  public var said: [Said]
  public var spokenTo: String?
  /// `fhir`, where no person heard it.
  public var via: String?
  public var at: Instant?

  public init(_ partner: String, _ said: [Said], spokenTo: String? = nil, via: String? = nil, at: Instant? = nil) {
    (self.partner, self.said, self.spokenTo, self.via, self.at) = (partner, said, spokenTo, via, at)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.transferOut, moment)
    let partner = try world.known(partner: partner)
    guard !said.isEmpty else { throw Refusal("care-line-missing", field: "line") }
    let at = at ?? moment.now
    guard at <= moment.now.adding(seconds: EventHour.aheadMinutes * 60) else {
      throw Refusal("transfer-hour", field: "at")
    }
    var capacities: [JSON] = []
    for one in said {
      if let places = one.places, !(0...Self.placesMax).contains(places) {
        throw Refusal("partner-places", field: "places")
      }
      var out = StateWriter()
      out.put("line", one.key.rawValue)
      out.put("state", one.state.rawValue)
      out.put("places", one.state == .closed ? nil : one.places)
      capacities.append(.object(out.object))
    }
    var data = StateWriter()
    data.put("capacities", capacities)
    data.put("spokenTo", try FreeText.tidied(spokenTo, field: "spokenTo"))
    data.put("via", via)
    return Decision(facts: [Fact(kind: "partner.said", subject: partner.id, at: at, data: .object(data.object))])
  }
}

/// No longer of the directory. Of whoever still waits for a patient, or has one of ours, nobody may lose the telephone
/// number.
public struct WithdrawPartner: Command {
  public var partner: String

  public init(_ partner: String) { self.partner = partner }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.partners, moment)
    let partner = try world.known(partner: partner)
    guard world.openTransfers(to: partner.id).isEmpty else { throw Refusal("partner-awaited") }
    return Decision(facts: [Fact(kind: "partner.withdrawn", subject: partner.id, at: moment.now, data: [:])])
  }
}

extension World {
  func known(partner id: String) throws(Refusal) -> Partner {
    guard let partner = partner(id), !partner.isWithdrawn, !partner.name.isEmpty else {
      throw Refusal("partner-unknown", field: "partner")
    }
    return partner
  }
}
