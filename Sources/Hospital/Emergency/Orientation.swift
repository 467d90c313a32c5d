import Ledger

/// Where somebody in emergency goes next.
public struct Orientation: Sendable, Equatable {
  public enum Way: String, Sendable, CaseIterable {
    /// Examined and treated here.
    case here
    /// To the Maison Médicale de Garde.
    case onCall = "on-call"
    /// To another hospital: they are here until they leave.
    case transfer
    /// Into a bed of this hospital: they are here until they have one.
    case admit
    case home, left, died

    /// The visit ends with it.
    public var endsVisit: Bool { self == .onCall || self == .home || self == .left || self == .died }
    /// PMSI, of a way that ends the visit.
    var exitMode: String? { endsVisit ? self == .died ? "9" : "8" : nil }
    /// Whoever goes is out of our hands.
    var isElsewhere: Bool { self == .onCall || self == .transfer || self == .home }
  }

  /// A UUID: what takes it back names it.
  public var key: String
  public var at: Instant
  /// nil for one that only a later version knows.
  public var way: Way?
  /// RPU, ORIENT: `MED`, `PSA`, `REO` and so on; absent where it has no code.
  public var orient: String?
  public var reason: String?
  /// Where to: a partner, a unit, in words.
  public var destination: String?
  /// The patient agreed.
  public var agreement: Bool?
  /// Who goes with a minor.
  public var accompaniedBy: String?
  /// Key of the movement that ended the stay in the same commit.
  public var movement: String?
  /// `request/<uuid>` of the bed that an admission asked for in the same commit.
  public var request: String?
  public var isWithdrawn = false
  public var said: Attribution

  /// What the summary of the visit may say of each way.
  public static func codes(of way: Way) -> [String] {
    switch way {
    case .admit: ["MED", "CHIR", "OBST", "UHCD", "SC", "SI", "REA", "HDT", "HO"]
    case .left: ["PSA", "FUGUE", "SCAM"]
    case .onCall: ["REO"]
    case .here, .transfer, .home, .died: []
    }
  }

  /// Why somebody goes to another hospital: a line of care that is not given here, or one of these.
  public static let transferReasons = ["specialty", "beds"]

  /// PMSI: home with help of another kind.
  public static let homeDestinations = ["7", "6"]
}

extension Orientation {
  init?(_ heard: Heard) {
    let data = heard.fact.data
    guard let key = data["key"]?.string, let way = data["way"]?.string else { return nil }
    self.init(
      key: key, at: heard.fact.at, way: Way(rawValue: way), orient: data["orient"]?.string,
      reason: data["reason"]?.string, destination: data["destination"]?.string, agreement: data["agreement"]?.bool,
      accompaniedBy: data["accompaniedBy"]?.string, movement: data["movement"]?.string,
      request: data["request"]?.string, said: Attribution(heard))
  }

  /// As a fact says it.
  var json: JSONObject {
    var data = StateWriter()
    data.put("key", key)
    data.put("way", way?.rawValue)
    data.put("orient", orient)
    data.put("reason", reason)
    data.put("destination", destination)
    data.put("agreement", agreement.map(JSON.bool))
    data.put("accompaniedBy", accompaniedBy)
    data.put("movement", movement)
    data.put("request", request)
    return data.object
  }

  func fact(of stay: String, _ world: any World) -> Fact {
    var data = json
    data.append("stay", .string(stay))
    return Fact(
      kind: EmergencyFact.oriented.rawValue, subject: world.visitSubject(ofStay: stay), at: at, data: .object(data))
  }

  func withdrawal(of stay: String, _ world: any World, at instant: Instant) -> Fact {
    let visit = world.emergencyVisits(ofStay: stay).first { visit in
      visit.orientations.contains { $0.key.sameBytes(as: key) }
    }
    return Fact(
      kind: EmergencyFact.orientationWithdrawn.rawValue, subject: visit?.id ?? EmergencyVisit.id(ofStay: stay),
      at: instant, data: ["stay": .string(stay), "key": .string(key)])
  }

  var stored: JSON {
    var object = json
    object.append("at", .integer(Int(at.milliseconds)))
    if isWithdrawn { object.append("withdrawn", true) }
    object.append("said", said.stored)
    return .object(object)
  }

  init?(stored: JSON) {
    guard let key = stored["key"]?.string, let at = stored["at"]?.storedInstant,
      let said = stored["said"].flatMap(Attribution.init(stored:))
    else { return nil }
    self.init(
      key: key, at: at, way: stored["way"]?.string.flatMap(Way.init(rawValue:)), orient: stored["orient"]?.string,
      reason: stored["reason"]?.string, destination: stored["destination"]?.string,
      agreement: stored["agreement"]?.bool, accompaniedBy: stored["accompaniedBy"]?.string,
      movement: stored["movement"]?.string, request: stored["request"]?.string,
      isWithdrawn: stored["withdrawn"]?.bool ?? false, said: said)
  }
}
