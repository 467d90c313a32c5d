import Ledger

/// What the recovered main system's lists say of one number (`recovered/<uuid>`): the last row about it.
public struct Recovered: Sendable, Equatable {
  public let id: String
  public var kind: RecoveredFile.Kind = .identities
  /// IPP or NDA.
  public var number = ""
  /// `recovery/<uuid>` of the list.
  public var reading = ""
  /// Of the file, from 1.
  public var line = 0
  /// Under the names of its columns, as facts have them.
  public var row: [String: String] = [:]

  public init(id: String) { self.id = id }

  /// The subject of a number, the same on every station.
  public static func subject(_ kind: RecoveredFile.Kind, _ number: String) -> String {
    "recovered/" + Name.subject("recovered", kind.rawValue, number)
  }

  /// As far as it is compared.
  /// - Parameter clock: that its hours are on.
  public func values(on clock: LocalTime) -> [ReturnField: String] {
    func hour(_ key: String) -> String? { row[key].flatMap(WrittenHour.init)?.text(on: clock) }
    var values: [ReturnField: String] = [:]
    guard kind == .stays else {
      for field in ReturnField.identity { values[field] = row[field.rawValue] }
      values[.addresses] = ReturnField.address(row["line"], row["postcode"], row["city"])
      if let death = row["death"], death != ReturnField.yes, death != ReturnField.no { values[.death] = hour("death") }
      // Not yet qualified: it is nobody's INS.
      let status = row["identityStatus"].flatMap(IdentityStatus.init)
      if status == .provisional || status == .retrieved { values[.ins] = nil }
      return values
    }
    let status = stayStatus
    values[.stayStatus] = status
    if status == "admitted", let unit = row["unit"] {
      values[.place] = [unit, row["bed"]].compactMap(\.self).joined(separator: " ")
    }
    guard status == "admitted" || status == "discharged" else { return values }
    values[.stayClass] = row["stayClass"].flatMap(StayClass.init)?.rawValue
    values[.admittedAt] = hour("admittedAt")
    if status == "discharged" { values[.dischargedAt] = hour("dischargedAt") }
    values[.attending] = row["attending"]
    return values
  }

  /// Of a stay; without a word of its own, a discharge says that somebody left.
  public var stayStatus: String {
    row["stayStatus"] ?? (row["dischargedAt"] == nil ? StayStatus.admitted : .discharged).rawValue
  }

  /// Of a stay: whose it is.
  public var ipp: String? { row["ipp"] }
}

extension Recovered: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    guard heard.fact.kind == "recovered.told", let kind = data["kind"]?.string.flatMap(RecoveredFile.Kind.init),
      let number = data["number"]?.string
    else { return }
    (self.kind, self.number) = (kind, number)
    reading = data["reading"]?.string ?? ""
    line = data["line"]?.integer ?? 0
    row = [:]
    for (key, value) in data["row"]?.object?.members ?? [] { row[key] = value.string }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("kind", kind.rawValue)
    out.put("number", number)
    out.put("reading", reading)
    out.put("line", line)
    out.put("row", sorted: JSONObject(row.map { ($0.key, .string($0.value)) }))
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let kind = stored["kind"]?.string.flatMap(RecoveredFile.Kind.init),
      let number = stored["number"]?.string
    else { return nil }
    self.init(id: id)
    (self.kind, self.number) = (kind, number)
    reading = stored["reading"]?.string ?? ""
    line = stored["line"]?.integer ?? 0
    for (key, value) in stored["row"]?.object?.members ?? [] { row[key] = value.string }
  }
}

/// One list of the recovered main system as it was read (`recovery/<uuid>`).
public struct Recovery: Sendable, Equatable {
  public let id: String
  public var kind: RecoveredFile.Kind = .identities
  /// The file's name.
  public var name = ""
  public var rows = 0
  public var aside: [RecoveredFile.Aside] = []
  /// When its last row was kept; nil while it is being read, or where that was cut off.
  public var endedAt: HybridTime?
  /// Account id, or `system`.
  public var by = ""

  public init(id: String) { self.id = id }
}

extension Recovery: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "recovery.begun":
      guard let said = data["kind"]?.string.flatMap(RecoveredFile.Kind.init) else { return }
      kind = said
      name = data["name"]?.string ?? ""
      by = heard.author
    case "recovery.aside":
      guard let read = RecoveredFile.Aside(json: data) else { return }
      aside.append(read)
    case "recovery.ended":
      rows = data["rows"]?.integer ?? 0
      endedAt = heard.time
    default: return
    }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("kind", kind.rawValue)
    out.put("name", name)
    out.put("rows", rows)
    out.put("aside", aside.map(\.json))
    out.put("endedAt", endedAt?.text)
    out.put("by", by)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let kind = stored["kind"]?.string.flatMap(RecoveredFile.Kind.init) else {
      return nil
    }
    self.init(id: id)
    self.kind = kind
    name = stored["name"]?.string ?? ""
    rows = stored["rows"]?.integer ?? 0
    aside = stored["aside"]?.array?.compactMap(RecoveredFile.Aside.init) ?? []
    endedAt = stored["endedAt"]?.string.flatMap { HybridTime($0) }
    by = stored["by"]?.string ?? ""
  }
}

extension RecoveredFile.Aside {
  var json: JSON { ["line": .integer(line), "reason": .string(reason), "text": .string(text)] }

  init?(json: JSON) {
    guard let line = json["line"]?.integer, let reason = json["reason"]?.string else { return nil }
    self.init(line: line, reason: reason, text: json["text"]?.string ?? "")
  }
}
