import Ledger

/// A sheet for each unit, of which only what differs is typed in (`round/<uuid>`): a recount, whose sheets somebody walks
/// with, or the lists of a pack, on which people wrote while even the stations were off.
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
  /// Eight hexadecimal digits of the pack whose lists are counted; nil for a recount.
  public var pack: String?
  /// Codes, in the order of the sheets; a pack has `SheetNumber.emergency` too.
  public var units: [String] = []
  /// By unit: its sheet is back, and typed in later.
  public var returned: [String: Attribution] = [:]
  /// By unit: the last walk that was typed in.
  public var counts: [String: Count] = [:]
  public var ended: Attribution?

  public init(id: String) { self.id = id }

  public var isOpen: Bool { started != nil && ended == nil }
  /// Units whose sheet has not come back.
  public var missing: [String] { units.filter { status(of: $0) == .missing } }
  /// Units whose sheet is to be typed in.
  public var waiting: [String] { units.filter { status(of: $0) == .returned } }

  /// Of a unit's sheet: missing, returned or entered.
  public func status(of unit: String) -> Sheet.Status {
    if counts[unit] != nil { return .entered }
    return returned[unit] != nil ? .returned : .missing
  }

  /// The number on a unit's sheet, as its barcode has it: `7F3A09C1-4EST`.
  public func sheet(_ unit: String) -> String { SheetNumber.text(pack ?? id, unit) }

  /// The same at every station: two that cannot hear each other count the lists of one pack together.
  static func subject(ofPack pack: String) -> String { "round/\(Name.subject("pack", pack, ""))" }
}

extension Round: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "round.started":
      started = started ?? Attribution(heard)
      let known = Set(units)
      units += (data["units"]?.strings ?? []).filter { !known.contains($0) }
      (pack, ended) = (data["pack"]?.string, nil)
    case "round.returned":
      guard let unit = data["unit"]?.string else { return }
      returned[unit] = Attribution(heard)
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
    out.put("pack", pack)
    out.put("units", units)
    out.put("returned", sorted: JSONObject(returned.map { (key: $0.key, value: $0.value.stored) }))
    out.put("counts", sorted: JSONObject(counts.map { (key: $0.key, value: $0.value.stored) }))
    out.put("ended", ended?.stored)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    started = stored["started"].flatMap(Attribution.init(stored:))
    pack = stored["pack"]?.string
    units = stored["units"]?.strings ?? []
    for (unit, said) in stored["returned"]?.object?.members ?? [] { returned[unit] = Attribution(stored: said) }
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
