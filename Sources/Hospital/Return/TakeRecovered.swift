import Ledger

/// Keeps a list of the recovered main system, so that every station compares with the same. It changes no identity and
/// no stay. In parts, since a line of the ledger has its bound; the list counts once its last part is kept.
public struct TakeRecovered: Command {
  /// What one commit holds.
  public static let rowsMax = 500
  /// Rows kept aside beyond these are counted alone.
  static let asideMax = 2000

  /// `recovery/<uuid>`.
  public var reading: String
  var facts: [(kind: String, subject: String, data: JSON)]

  /// Every part of a list, in order. The last one ends it: submit it once the others are kept.
  public static func parts(of file: RecoveredFile, name: String, reading: String) -> [TakeRecovered] {
    let kind = JSON.string(file.kind.rawValue)
    var facts: [(kind: String, subject: String, data: JSON)] = [
      ("recovery.begun", reading, ["kind": kind, "name": .string(String(name.prefix(100)))])
    ]
    facts += file.aside.prefix(asideMax).map { ("recovery.aside", reading, $0.json) }
    for row in file.rows {
      let values = JSONObject(row.values.map { ($0.key, .string($0.value)) })
      facts.append(
        (
          "recovered.told", Recovered.subject(file.kind, row.number),
          [
            "kind": kind, "number": .string(row.number), "reading": .string(reading), "line": .integer(row.line),
            "row": .object(values),
          ]
        ))
    }
    var parts = stride(from: 0, to: facts.count, by: rowsMax).map { start in
      TakeRecovered(reading: reading, facts: Array(facts[start..<min(start + rowsMax, facts.count)]))
    }
    let counts: JSON = ["rows": .integer(file.rows.count), "aside": .integer(file.aside.count)]
    parts.append(TakeRecovered(reading: reading, facts: [("recovery.ended", reading, counts)]))
    return parts
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    return Decision(
      facts: facts.map { Fact(kind: $0.kind, subject: $0.subject, at: moment.now, data: $0.data) })
  }
}
