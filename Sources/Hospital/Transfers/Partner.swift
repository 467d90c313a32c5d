import Ledger

/// A hospital that takes patients of ours (`partner/<uuid>`): what it is, and what it said that it can take.
public struct Partner: Sendable, Equatable {
  /// What it said of one line of care, and when.
  public struct Capacity: Sendable, Equatable {
    public var state: CareState
    /// Free places, where it said how many.
    public var places: Int?
    public var at: Instant
    /// Account id of whoever heard it.
    public var by: String
    /// `fhir` where its own server said it; nil where a person heard it.
    public var via: String?
  }

  public let id: String
  public var finess = ""
  public var name = ""
  public var phone: String?
  public var units: [String] = []
  /// Keys of lines of care that it has on any day.
  public var capabilities: [String] = []
  public var kilometres: Int?
  /// By road.
  public var minutes: Int?
  /// PMSI destination of whoever goes there for good: 1 MCO, 2 SMR, 3 SLD, 4 psychiatry.
  public var destination = Partner.usualDestination
  /// Base address of its FHIR server (https), where it publishes its beds.
  public var fhir: String?
  public var isWithdrawn = false
  /// The last word on each line of care, by its key.
  public var said: [String: Capacity] = [:]

  public static let usualDestination = "1"
  /// What was said longer ago is not relied on.
  public static let saidHoursMax = 12
  /// Another word of its server does not undo what a person heard so lately.
  static let personMinutes = 60

  public init(id: String) { self.id = id }

  /// Of a FHIR server that may be asked: encrypted, a host and a port that there can be, and without a name, a secret, a
  /// question or a part of it, which do not belong in a fact. Whoever reads one out of a fact asks again: a line that is
  /// here may be of any version.
  public static func isAddress(_ text: String) -> Bool { HostAndPort(url: text, scheme: "https") != nil }

  /// `partner/<uuid>`, the same on every station.
  public static func subject(finess: String) -> String { "partner/\(Name.subject("partner", finess, ""))" }

  /// What it said of a line, unless that is too old to be relied on.
  public func capacity(_ key: String, at instant: Instant) -> Capacity? {
    said[key].flatMap { $0.at > instant.adding(seconds: -Self.saidHoursMax * 3600) ? $0 : nil }
  }

  /// What its server says that is not known, or was known so long ago that it will soon count no more.
  public func news(_ read: [HearPartner.Said], at instant: Instant) -> [HearPartner.Said] {
    read.filter { one in
      guard let known = said[one.key.rawValue] else { return true }
      if known.via == nil { return known.at <= instant.adding(seconds: -Self.personMinutes * 60) }
      return known.state != one.state || known.places != one.places
        || known.at <= instant.adding(seconds: -Self.saidHoursMax * 1800)
    }
  }
}

extension Partner: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "partner.declared":
      guard let finess = data["finess"]?.string, let name = data["name"]?.string else { return }
      (self.finess, self.name) = (finess, name)
      phone = data["phone"]?.string
      units = data["units"]?.strings ?? []
      capabilities = data["capabilities"]?.strings ?? []
      kilometres = data["kilometres"]?.integer
      minutes = data["minutes"]?.integer
      destination = data["destination"]?.string ?? Self.usualDestination
      fhir = data["fhir"]?.string
      isWithdrawn = false
    case "partner.withdrawn": isWithdrawn = true
    case "partner.said":
      for one in data["capacities"]?.array ?? [] {
        guard let key = one["line"]?.string, let state = one["state"]?.string.flatMap(CareState.init) else { continue }
        // What was said at a later hour holds, whenever it was written.
        if let known = said[key], known.at > heard.fact.at { continue }
        said[key] = Capacity(
          state: state, places: one["places"]?.integer, at: heard.fact.at, by: heard.author, via: data["via"]?.string)
      }
    default: return
    }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("finess", finess)
    out.put("name", name)
    out.put("phone", phone)
    out.put("units", units)
    out.put("capabilities", capabilities)
    out.put("kilometres", kilometres)
    out.put("minutes", minutes)
    out.put("destination", destination)
    out.put("fhir", fhir)
    out.put("withdrawn", isWithdrawn)
    var words = JSONObject()
    for (key, capacity) in said {
      var one = StateWriter()
      one.put("state", capacity.state.rawValue)
      one.put("places", capacity.places)
      one.put("at", capacity.at)
      one.put("by", capacity.by)
      one.put("via", capacity.via)
      words.append(key, .object(one.object))
    }
    out.put("said", sorted: words)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    finess = stored["finess"]?.string ?? ""
    name = stored["name"]?.string ?? ""
    phone = stored["phone"]?.string
    units = stored["units"]?.strings ?? []
    capabilities = stored["capabilities"]?.strings ?? []
    kilometres = stored["kilometres"]?.integer
    minutes = stored["minutes"]?.integer
    destination = stored["destination"]?.string ?? Self.usualDestination
    fhir = stored["fhir"]?.string
    isWithdrawn = stored["withdrawn"]?.bool ?? false
    for (key, one) in stored["said"]?.object?.members ?? [] {
      guard let state = one["state"]?.string.flatMap(CareState.init), let at = one["at"]?.storedInstant else {
        return nil
      }
      said[key] = Capacity(
        state: state, places: one["places"]?.integer, at: at, by: one["by"]?.string ?? "", via: one["via"]?.string)
    }
  }
}
