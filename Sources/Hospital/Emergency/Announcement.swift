import Ledger

/// Somebody who is on the way: told of by the SAMU, a SMUR, another hospital. No identity: an age, a sex, a reason.
public struct Announcement: Sendable, Equatable {
  public enum Source: String, Sendable, CaseIterable {
    case samu, smur, transfer, physician, other
  }

  /// `announcement/<uuid>`.
  public let id: String
  public var source: Source?
  public var expectedAt: Instant?
  /// In years, as it was told.
  public var age: Int?
  public var sex: Sex?
  public var reason: String?
  /// Where to put them.
  public var sector: String?
  public var toldAt: Instant?
  /// `stay/<uuid>` under which they arrived.
  public var stay: String?
  public var isWithdrawn = false

  public init(id: String) { self.id = id }

  public var isAwaited: Bool { stay == nil && !isWithdrawn && toldAt != nil }

  /// How they come, where whoever told of them says so by being who they are.
  var transport: EmergencyTransport? { source == .smur ? .physician : nil }

  /// That they are here.
  static func arrival(
    _ id: String, _ stay: String, _ world: any World, _ moment: Moment
  ) throws(Refusal) -> Fact {
    guard let known = world.announcement(id), known.isAwaited else {
      throw Refusal("announcement-over", field: "announcement")
    }
    return Fact(
      kind: "announcement.arrived", subject: known.id, at: moment.now, data: ["stay": .string(stay)])
  }
}

extension Announcement: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "announcement.told":
      toldAt = toldAt ?? heard.fact.at
      for (key, value) in data.object?.members ?? [] { take(key, value) }
    case "announcement.arrived": stay = stay ?? data["stay"]?.string
    case "announcement.withdrawn": isWithdrawn = true
    default: break
    }
  }

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "source": source = value.string.flatMap(Source.init(rawValue:)) ?? source
    case "expectedAt": expectedAt.take(value)
    case "age": if let years = value.integer { age = years } else if value.isNull { age = nil }
    case "sex": if let said = value.string { sex = Sex(rawValue: said) } else if value.isNull { sex = nil }
    case "reason": reason.take(value)
    case "sector": sector.take(value)
    default: break
    }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("source", source?.rawValue)
    writer.put("expectedAt", expectedAt)
    writer.put("age", age)
    writer.put("sex", sex?.rawValue)
    writer.put("reason", reason)
    writer.put("sector", sector)
    writer.put("toldAt", toldAt)
    writer.put("stay", stay)
    writer.put("withdrawn", isWithdrawn)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    for (key, value) in object.members {
      switch key {
      case "expectedAt": expectedAt = value.storedInstant
      case "toldAt": toldAt = value.storedInstant
      case "stay": stay = value.string
      case "withdrawn": isWithdrawn = value.bool ?? false
      default: take(key, value)
      }
    }
  }
}

/// Somebody is on the way.
public struct Announce: Command {
  public var source: Announcement.Source
  /// nil where nobody said when.
  public var expectedAt: Instant?
  public var age: Int?
  public var sex: Sex?
  public var reason: String?
  public var sector: String?

  public init(
    source: Announcement.Source, expectedAt: Instant? = nil, age: Int? = nil, sex: Sex? = nil, reason: String? = nil,
    sector: String? = nil
  ) {
    self.source = source
    self.expectedAt = expectedAt
    self.age = age
    self.sex = sex
    self.reason = reason
    self.sector = sector
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    return Decision(facts: [
      Fact(
        kind: "announcement.told", subject: "announcement/\(moment.newID())", at: moment.now, data: .object(try data()))
    ])
  }

  /// As a fact says it.
  fileprivate func data() throws(Refusal) -> JSONObject {
    if let age, !(0...130).contains(age) { throw Refusal("age-impossible", field: "age") }
    var data = StateWriter()
    data.put("source", source.rawValue)
    data.put("expectedAt", expectedAt?.text)
    data.put("age", age)
    data.put("sex", sex == .unknown ? nil : sex?.rawValue)
    data.put("reason", try FreeText.tidied(reason, field: "reason"))
    data.put("sector", try FreeText.tidied(sector, field: "sector"))
    return data.object
  }
}

/// What was told of somebody who is still awaited was told wrongly, or is otherwise now.
public struct CorrectAnnouncement: Command {
  public var announcement: String
  public var told: Announce
  /// Those of its fields that are said; the others stay as they are.
  public var fields: Set<String>

  public init(announcement: String, told: Announce, fields: Set<String>) {
    self.announcement = announcement
    self.told = told
    self.fields = fields
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    guard let known = world.announcement(announcement), known.isAwaited else { throw Refusal("announcement-over") }
    let before = try Announce(
      source: known.source ?? .other, expectedAt: known.expectedAt, age: known.age, sex: known.sex,
      reason: known.reason, sector: known.sector
    ).data()
    let now = try told.data()
    var data = JSONObject([])
    for key in ["source", "expectedAt", "age", "sex", "reason", "sector"]
    where fields.contains(key) && now[key] != before[key] { data.append(key, now[key] ?? .null) }
    if data.members.isEmpty { return Decision(facts: []) }
    return Decision(facts: [
      Fact(kind: "announcement.told", subject: known.id, at: moment.now, data: .object(data))
    ])
  }
}

/// They will not come.
public struct WithdrawAnnouncement: Command {
  public var announcement: String
  public var reason: String?

  public init(announcement: String, reason: String? = nil) {
    self.announcement = announcement
    self.reason = reason
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.admit, moment)
    guard let known = world.announcement(announcement), known.isAwaited else { throw Refusal("announcement-over") }
    var data = StateWriter()
    data.put("reason", try FreeText.tidied(reason, field: "reason"))
    return Decision(facts: [
      Fact(kind: "announcement.withdrawn", subject: known.id, at: moment.now, data: .object(data.object))
    ])
  }
}
