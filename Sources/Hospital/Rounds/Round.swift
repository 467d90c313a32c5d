import Ledger

/// A recount: somebody walks through each unit with its sheet, and only what differs is typed in (`round/<uuid>`).
public struct Round: Sendable, Equatable {
  public struct Count: Sendable, Equatable {
    /// Who typed it in, and when.
    public var said: Attribution
    /// The hour of the walk.
    public var at: Instant
    /// Who walked, in words.
    public var by: String?
    /// `bed/<uuid>` of those that were not as the sheet says.
    public var differs: [String]
  }

  public let id: String
  public var started: Attribution?
  /// Codes, in the order of the sheets.
  public var units: [String] = []
  /// By unit: the last walk that was typed in.
  public var counts: [String: Count] = [:]
  public var ended: Attribution?

  public init(id: String) { self.id = id }

  public var isOpen: Bool { started != nil && ended == nil }
  /// Units whose sheet has not come back.
  public var missing: [String] { units.filter { counts[$0] == nil } }

  /// The number on a unit's sheet, as its barcode has it: `7F3A09C1-4EST`.
  public func sheet(_ unit: String) -> String { SheetNumber.text(id, unit) }
}

extension Round: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "round.started":
      started = Attribution(heard)
      units = data["units"]?.strings ?? []
    case "round.counted":
      guard let unit = data["unit"]?.string else { return }
      counts[unit] = Count(
        said: Attribution(heard), at: heard.fact.at, by: data["by"]?.string, differs: data["differs"]?.strings ?? [])
    case "round.ended": ended = Attribution(heard)
    default: return
    }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("started", started?.stored)
    out.put("units", units)
    out.put("counts", sorted: JSONObject(counts.map { (key: $0.key, value: $0.value.stored) }))
    out.put("ended", ended?.stored)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    started = stored["started"].flatMap(Attribution.init(stored:))
    units = stored["units"]?.strings ?? []
    for (unit, count) in stored["counts"]?.object?.members ?? [] { counts[unit] = Count(stored: count) }
    ended = stored["ended"].flatMap(Attribution.init(stored:))
  }
}

extension Round.Count {
  fileprivate var stored: JSON {
    var out = StateWriter()
    out.put("said", said.stored)
    out.put("at", at)
    out.put("by", by)
    out.put("differs", differs)
    return .object(out.object)
  }

  fileprivate init?(stored: JSON) {
    guard let said = stored["said"].flatMap(Attribution.init(stored:)), let at = stored["at"]?.storedInstant else {
      return nil
    }
    self.init(said: said, at: at, by: stored["by"]?.string, differs: stored["differs"]?.strings ?? [])
  }
}
