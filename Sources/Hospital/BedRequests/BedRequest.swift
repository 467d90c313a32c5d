import Ledger

/// Somebody needs a bed: asked by emergency, theatre, a ward or from outside, answered by the bed manager.
public struct BedRequest: Sendable, Equatable {
  public enum Status: String, Sendable { case open, accepted, fulfilled, withdrawn }

  /// `request/<uuid>`.
  public let id: String
  public var status = Status.open
  /// `stay/<uuid>` of whoever is here already.
  public var stay: String?
  /// `patient/<uuid>`.
  public var patient: String?
  /// Who is to come, in words, while nobody has made a file.
  public var name: String?
  public var from = BedRequestOrigin.ward
  public var needs = BedNeeds()
  public var note: String?
  /// When the bed is wanted; nil for now.
  public var wantedAt: Instant?
  /// Who asked, and when; nil while only an answer was heard.
  public var asked: Attribution?
  /// `bed/<uuid>`: more than one only where two stations answered without knowing of each other.
  public var beds: [String] = []
  /// Who answered last, and when.
  public var answered: Attribution?
  /// Why it was withdrawn.
  public var reason: String?

  public init(id: String) { self.id = id }

  /// One stay asks once: two stations that ask for it speak of the same request.
  public static func subject(ofStay stay: String) -> String { "request/\(Name.subject("bed-request", stay, ""))" }

  /// Of those that were made for one stay, before it was handed back and since: the one that waits, else the first.
  public static func one(of requests: [BedRequest]) -> BedRequest? {
    requests.first(where: \.isWaiting) ?? requests.first
  }

  /// Somebody still waits for a bed, or on the way to it.
  public var isWaiting: Bool { asked != nil && (status == .open || status == .accepted) }

  /// For whom a bed is kept: the person, under whatever stay they come.
  var keptFor: String? { patient ?? stay ?? name }
}

public enum BedRequestOrigin: String, Sendable, CaseIterable { case emergency, theatre, ward, outside }

/// What the bed must have. What is absent was not asked for.
public struct BedNeeds: Sendable, Equatable {
  /// With whom a room may be shared, as the patient was asked: never deduced from sex.
  public enum Sharing: String, Sendable, CaseIterable { case women, men }

  /// Code of the unit wanted.
  public var unit: String?
  /// Kind of unit, as the structure calls it: `medicine`, `surgery` …
  public var specialty: String?
  /// contact, droplet, airborne, protective; BMR, BHRe.
  public var isolation: String?
  public var single = false
  public var monitoring = false
  public var sharing: Sharing?

  public init(
    unit: String? = nil, specialty: String? = nil, isolation: String? = nil, single: Bool = false,
    monitoring: Bool = false, sharing: Sharing? = nil
  ) {
    self.unit = unit
    self.specialty = specialty
    self.isolation = isolation
    self.single = single
    self.monitoring = monitoring
    self.sharing = sharing
  }
}

extension BedNeeds {
  var stored: JSONObject {
    var out = StateWriter()
    out.put("unit", unit)
    out.put("specialty", specialty)
    out.put("isolation", isolation)
    out.put("single", single)
    out.put("monitoring", monitoring)
    out.put("sharing", sharing?.rawValue)
    return out.object
  }

  init(stored: JSON?) {
    self.init(
      unit: stored?["unit"]?.string, specialty: stored?["specialty"]?.string,
      isolation: stored?["isolation"]?.string, single: stored?["single"]?.bool ?? false,
      monitoring: stored?["monitoring"]?.bool ?? false,
      sharing: stored?["sharing"]?.string.flatMap(Sharing.init(rawValue:)))
  }
}
