import Ledger

/// What a bed's facts mean. One condition at a time: the last that was said.
extension Bed: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "bed.made":
      for (key, value) in data.object?.members ?? [] { take(key, value) }
      extra = true
      removed = false
      become(.free, heard)
    case "bed.removed": removed = true
    case "bed.reserved":
      become(.reserved, heard, reason: data["reason"]?.string)
      reservedFor = data["for"]?.string
      request = data["request"]?.string
    case "bed.to-clean": become(.toClean, heard)
    case "bed.freed": become(.free, heard)
    case "bed.closed": become(.closed, heard, reason: data["reason"]?.string)
    case "bed.body-present": become(.bodyPresent, heard)
    case "bed.isolated":
      if let value = data["isolation"] {
        isolation.take(value)
        isolationSaid = Attribution(heard)
      }
    case "bed.doubled": if let value = data["doubled"] { doubled.take(value) }
    case "bed.staffed": if let value = data["staffed"] { staffed.take(value) }
    case "bed.seen": see(heard)
    default: break
    }
  }

  private mutating func become(_ condition: BedCondition, _ heard: Heard, reason: String? = nil) {
    self.condition = condition
    self.reason = reason
    reservedFor = nil
    request = nil
    since = heard.fact.at
  }

  /// A sheet typed in late says nothing of a bed that somebody has seen since.
  private mutating func see(_ heard: Heard) {
    if let seenAt, seenAt > heard.fact.at { return }
    seenAt = heard.fact.at
    seenBy = heard.fact.data["by"]?.string
    seenSaid = Attribution(heard)
  }

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "unit": unit.take(value)
    case "room": room.take(value)
    case "code": code.take(value)
    case "kind": if let known = value.string.flatMap({ BedKind(rawValue: $0) }) { kind = known }
    case "staffed": staffed.take(value)
    default: break
    }
  }
}

extension Bed {
  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("unit", unit)
    writer.put("room", room)
    writer.put("code", code)
    writer.put("kind", kind.rawValue)
    writer.put("condition", condition.rawValue)
    writer.put("reason", reason)
    writer.put("for", reservedFor)
    writer.put("request", request)
    writer.put("isolation", isolation)
    writer.put("isolationSaid", isolationSaid?.stored)
    writer.put("doubled", doubled)
    writer.put("extra", extra)
    writer.put("removed", removed)
    writer.put("staffed", staffed, unless: true)
    writer.put("since", since)
    writer.put("seen", seenAt)
    writer.put("seenBy", seenBy)
    writer.put("seenSaid", seenSaid?.stored)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    unit = object["unit"]?.string
    room = object["room"]?.string
    code = object["code"]?.string
    kind = object["kind"]?.string.flatMap { BedKind(rawValue: $0) } ?? .bed
    condition = object["condition"]?.string.flatMap { BedCondition(rawValue: $0) } ?? .free
    reason = object["reason"]?.string
    reservedFor = object["for"]?.string
    request = object["request"]?.string
    isolation = object["isolation"]?.string
    isolationSaid = object["isolationSaid"].flatMap(Attribution.init(stored:))
    doubled = object["doubled"]?.bool ?? false
    extra = object["extra"]?.bool ?? false
    removed = object["removed"]?.bool ?? false
    staffed = object["staffed"]?.bool ?? true
    since = object["since"]?.storedInstant
    seenAt = object["seen"]?.storedInstant
    seenBy = object["seenBy"]?.string
    seenSaid = object["seenSaid"].flatMap(Attribution.init(stored:))
  }
}
