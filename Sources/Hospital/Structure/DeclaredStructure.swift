import Ledger

/// State of `structure/<uuid>`: the hospital without its units, which are subjects of their own.
public struct DeclaredStructure: Folded, Equatable {
  public let id: String
  /// nil before anybody declared it. Its sites have no units.
  public var structure: Structure?

  public init(id: String) { self.id = id }

  public mutating func fold(_ heard: Heard) {
    guard heard.fact.kind == "structure.declared", let declared = Structure(json: heard.fact.data) else { return }
    structure = declared
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("structure", structure?.json)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    structure = stored["structure"].flatMap(Structure.init(json:))
  }
}

/// State of `unit/<uuid>`.
public struct DeclaredUnit: Folded, Equatable {
  public let id: String
  /// Place on the boards, from 0.
  public var order = 0
  /// FINESS of its site.
  public var site = ""
  /// nil before anybody declared it.
  public var unit: CareUnit?
  public var withdrawn = false

  public init(id: String) { self.id = id }

  public mutating func fold(_ heard: Heard) {
    switch heard.fact.kind {
    case "unit.declared":
      guard let declared = CareUnit(json: heard.fact.data) else { return }
      unit = declared
      order = heard.fact.data["order"]?.integer ?? 0
      site = heard.fact.data["site"]?.string ?? ""
      withdrawn = false
    case "unit.withdrawn": withdrawn = true
    default: return
    }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("unit", unit?.json(order: order, site: site))
    out.put("withdrawn", withdrawn)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    if let json = stored["unit"], let unit = CareUnit(json: json) {
      self.unit = unit
      order = json["order"]?.integer ?? 0
      site = json["site"]?.string ?? ""
    }
    withdrawn = stored["withdrawn"]?.bool ?? false
  }
}

extension Structure {
  /// The whole map out of its parts; nil before the structure was declared. A unit of an unknown site is shown in the
  /// first one rather than not at all.
  public init?(_ declared: DeclaredStructure, units: [DeclaredUnit]) {
    guard var structure = declared.structure else { return nil }
    let shown = units.filter { !$0.withdrawn }.sorted { one, other in
      one.order != other.order ? one.order < other.order : one.id.precedesInBytes(other.id)
    }
    if structure.sites.isEmpty, !shown.isEmpty {
      structure.sites = [Site(finess: structure.finess, name: structure.name, units: [])]
    }
    for declared in shown {
      guard let unit = declared.unit else { continue }
      let site = structure.sites.firstIndex { $0.finess.sameBytes(as: declared.site) } ?? 0
      structure.sites[site].units.append(unit)
    }
    self = structure
  }

  /// What says this structure to stations that know `old`, or nothing: only what changed.
  public func facts(at instant: Instant, replacing old: Structure? = nil) -> [Fact] {
    var facts: [Fact] = []
    if old?.json != json {
      facts.append(Fact(kind: "structure.declared", subject: subject, at: instant, data: json))
    }
    let before = old?.unitsAsSaid ?? []
    let now = unitsAsSaid
    for (code, said) in now where before.first(where: { $0.code.sameBytes(as: code) })?.json != said {
      facts.append(Fact(kind: "unit.declared", subject: unitID(code), at: instant, data: said))
    }
    for (code, _) in before where !now.contains(where: { $0.code.sameBytes(as: code) }) {
      facts.append(Fact(kind: "unit.withdrawn", subject: unitID(code), at: instant, data: [:]))
    }
    return facts
  }

  private var unitsAsSaid: [(code: String, json: JSON)] {
    let pairs = sites.flatMap { site in site.units.map { (site: site.finess, unit: $0) } }
    return pairs.enumerated().map { order, pair in (pair.unit.code, pair.unit.json(order: order, site: pair.site)) }
  }
}
