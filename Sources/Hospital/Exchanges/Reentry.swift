import Ledger

/// How far one stay, or one person without a stay, is on the roads that people walk: typed into the main system by
/// hand, or carried there in a file (`reentry/<uuid>`).
public struct Reentry: Sendable, Equatable {
  public let id: String
  /// `stay/<uuid>` or `patient/<uuid>`.
  public var item: String?
  /// What of it the main system was told, in the order noted.
  public var entered: [Entered] = []
  /// The number that the main system gave the stay, where that is another.
  public var number: String?
  /// Numbers of the main system that a tick gave to people: a wrong tick takes them back.
  public var named: [Named] = []
  public var claim: Claim?
  public var parked: Parked?

  public enum Road: String, Sendable, CaseIterable {
    case hand, csv
  }

  /// One commit of the item that went.
  public struct Entered: Sendable, Equatable {
    public var commit: CommitPlace
    public var road: Road
    public var at: Instant
    /// Account id, or `system`.
    public var by: String
  }

  public struct Named: Sendable, Equatable {
    /// `patient/<uuid>`.
    public var patient: String
    public var number: Identifier
  }

  /// Whose screen it is on.
  public struct Claim: Sendable, Equatable {
    public var by: String
    /// It ends by itself.
    public var until: Instant
  }

  /// What a person could not enter.
  public struct Parked: Sendable, Equatable {
    public var reason: String
    public var at: Instant
    public var by: String
  }

  public init(id: String) { self.id = id }

  /// The subject that speaks of an item's way back, the same on every station.
  public static func subject(of item: String) -> String { "reentry/" + Name.subject("reentry", item, "") }

  /// A screen shows it.
  public func isClaimed(at instant: Instant) -> Bool { claim.map { $0.until > instant } ?? false }

  /// Somebody else's screen shows it.
  public func isClaimed(besides account: String, at instant: Instant) -> Bool {
    claim.map { $0.until > instant && !$0.by.sameBytes(as: account) } ?? false
  }

  public func entered(_ commit: CommitPlace) -> Entered? { entered.first { $0.commit == commit } }
}

extension Reentry: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    let at = heard.fact.at
    switch heard.fact.kind {
    case "reentry.claimed":
      guard let until = data["until"]?.string.flatMap({ Instant($0) }) else { return }
      claim = Claim(by: heard.author, until: until)
    case "reentry.released": claim = nil
    case "reentry.parked":
      parked = Parked(reason: data["reason"]?.string ?? "", at: at, by: heard.author)
      claim = nil
    case "reentry.entered":
      // By no road: the main system's answer to a message calls the stay so, and nobody entered anything.
      guard let way = data["road"] else {
        number = data["number"]?.string ?? number
        break
      }
      guard let road = way.string.flatMap(Road.init) else { return }
      for commit in data["commits"]?.array?.compactMap({ CommitPlace(json: $0) }) ?? [] where entered(commit) == nil {
        entered.append(Entered(commit: commit, road: road, at: at, by: heard.author))
      }
      number = data["number"]?.string ?? number
      if let said = data["named"].flatMap(Named.init(json:)), !named.contains(said) { named.append(said) }
      (claim, parked) = (nil, nil)
    case "reentry.reopened": (entered, number, named, claim, parked) = ([], nil, [], nil, nil)
    default: return
    }
    item = data["item"]?.string ?? item
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("item", item)
    writer.put("entered", entered.map(\.json))
    writer.put("number", number)
    writer.put("named", named.map(\.json))
    if let claim {
      var out = StateWriter()
      out.put("by", claim.by)
      out.put("until", claim.until)
      writer.put("claim", .object(out.object))
    }
    if let parked {
      var out = StateWriter()
      out.put("reason", parked.reason)
      out.put("at", parked.at)
      out.put("by", parked.by)
      writer.put("parked", .object(out.object))
    }
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    item = object["item"]?.string
    entered = object["entered"]?.array?.compactMap(Entered.init(json:)) ?? []
    number = object["number"]?.string
    named = object["named"]?.array?.compactMap(Named.init(json:)) ?? []
    if let said = object["claim"], let by = said["by"]?.string, let until = said["until"]?.storedInstant {
      claim = Claim(by: by, until: until)
    }
    if let said = object["parked"], let at = said["at"]?.storedInstant {
      parked = Parked(reason: said["reason"]?.string ?? "", at: at, by: said["by"]?.string ?? "")
    }
  }
}

extension Reentry.Named {
  var json: JSON { ["patient": .string(patient), "number": number.json] }

  fileprivate init?(json: JSON) {
    guard let patient = json["patient"]?.string, let number = json["number"].flatMap(Identifier.init(json:)) else {
      return nil
    }
    self.init(patient: patient, number: number)
  }
}

extension Reentry.Entered {
  fileprivate var json: JSON {
    var out = StateWriter()
    out.put("commit", commit.json)
    out.put("road", road.rawValue)
    out.put("at", at)
    out.put("by", by)
    return .object(out.object)
  }

  fileprivate init?(json: JSON) {
    guard let commit = json["commit"].flatMap(CommitPlace.init(json:)), let at = json["at"]?.storedInstant,
      let road = json["road"]?.string.flatMap(Reentry.Road.init)
    else { return nil }
    self.init(commit: commit, road: road, at: at, by: json["by"]?.string ?? "")
  }
}
