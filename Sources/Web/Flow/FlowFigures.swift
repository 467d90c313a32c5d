import Hospital
import Ledger
import Register

/// Flow figures as they are asked for, and what makes words of them: the page, the tables and the JSON say the same.
struct FlowFigures: Sendable {
  let span: FlowSpan
  let flow: EmergencyFlow
  let settings: EmergencySettings
  let wording: Wording

  init(_ span: FlowSpan, _ app: WebApp, _ wording: Wording) throws {
    self.span = span
    self.wording = wording
    settings = app.emergencySettings
    flow = try app.register.read { [settings] in
      try $0.emergencyFlow(from: span.from, until: span.until, settings)
    }
  }

  /// One table: what each column is called, and its lines. Names of columns are those of the JSON.
  struct Table: Sendable {
    var columns: [String]
    var lines: [[String]]
  }

  enum Part: String, CaseIterable { case arrivals, triage, physician, levels, stays, orientations, transfers }

  func table(_ part: Part, _ write: Writing) -> Table {
    switch part {
    case .arrivals:
      byHour(["arrivals", "departures", "present"], write) {
        [$0.arrivals, $0.departures, $0.present].map(String.init)
      }
    case .triage: byHour(Self.waitColumns, write) { wait($0.triage, write) }
    case .physician: byHour(Self.waitColumns, write) { wait($0.physician, write) }
    case .orientations:
      byHour(Orientation.Way.allCases.map { "way.\($0.rawValue)" }, write) { hour in
        Orientation.Way.allCases.map { String(hour.orientations[$0] ?? 0) }
      }
    case .transfers:
      byHour(EmergencyFlow.steps.map { "step.\($0.rawValue)" } + ["answer", "answer90"], write) { hour in
        EmergencyFlow.steps.map { String(hour.transfers[$0] ?? 0) } + spread(hour.answer, write).dropFirst()
      }
    case .levels:
      Table(
        columns: ["level", "target", "inTime"] + Self.waitColumns,
        lines: flow.levels.map { level in
          [level.level, write.duration(level.targetMinutes), write.share(level.inTime, level.wait.minutes.count)]
            + wait(level.wait, write)
        })
    case .stays:
      Table(
        columns: ["way", "count", "median", "ninetieth", "withinFourHours"],
        lines: flow.outcomes.map { outcome in
          [name(outcome.way)] + spread(outcome.minutes, write)
            + [write.share(outcome.withinFourHours, outcome.minutes.count)]
        })
    }
  }

  private static let waitColumns = ["count", "median", "ninetieth", "waiting", "gone"]

  private func byHour(_ columns: [String], _ write: Writing, _ cells: (EmergencyFlow.Hour) -> [String]) -> Table {
    Table(columns: ["hour"] + columns, lines: flow.hours.map { [write.hour($0.from)] + cells($0) })
  }

  private func wait(_ wait: EmergencyFlow.Wait, _ write: Writing) -> [String] {
    spread(wait.minutes, write) + [String(wait.waiting), String(wait.gone)]
  }

  private func spread(_ spread: Spread, _ write: Writing) -> [String] {
    [String(spread.count), write.duration(spread.median), write.duration(spread.ninetieth)]
  }

  func name(_ way: Orientation.Way?) -> String {
    wording(way.map { "emergency.way.\($0.rawValue)" } ?? "flow.way.unsaid")
  }

  /// Of a column: a way's own name, else that of the figure.
  func heading(_ column: String) -> String {
    column.hasPrefix("way.") ? wording("emergency.\(column)") : wording("flow.column.\(column)")
  }

  /// How hours, durations and shares are written: for people, or bare for spreadsheets.
  struct Writing {
    var hour: (Instant) -> String
    var duration: (Int?) -> String
    var share: (_ part: Int, _ all: Int) -> String
  }

  var forPeople: Writing {
    Writing(
      hour: { wording.time($0) }, duration: { $0.map(wording.duration) ?? "–" },
      share: { part, all in all == 0 ? "–" : "\(part) (\(100 * part / all) %)" })
  }

  var bare: Writing {
    Writing(
      hour: { wording.hours.iso($0) }, duration: { $0.map(String.init) ?? "" }, share: { part, _ in String(part) })
  }

  func csv(_ part: Part) -> String {
    let table = table(part, bare)
    return Spreadsheet.text([table.columns.map(heading)] + table.lines)
  }

  // MARK: For programs

  static let fields = [
    Field("from", .instant, required: true), Field("until", .instant, required: true, "Not included"),
    Field("hours", .list(.any), required: true, "Waits are of who arrived in that hour; minutes"),
    Field("levels", .list(.any), required: true, "Waits for a physician by level of triage"),
    Field("stays", .list(.any), required: true, "Lengths of stay of who left in these hours, by orientation"),
    Field("triage", .any, required: true), Field("physician", .any, required: true),
    Field("stay", .any, required: true), Field("answer", .any, required: true, "From asking a partner to its yes"),
  ]

  var json: JSON {
    [
      "from": .string(flow.from.text), "until": .string(flow.until.text),
      "hours": .array(flow.hours.map(json)),
      "levels": .array(
        flow.levels.map { level in
          [
            "level": .string(level.level), "target": level.targetMinutes.map(JSON.integer) ?? .null,
            "inTime": .integer(level.inTime), "wait": json(level.wait),
          ]
        }), "stays": .array(flow.outcomes.map(json)), "triage": json(flow.triage), "physician": json(flow.physician),
      "stay": json(flow.stay), "answer": json(flow.answer),
    ]
  }

  private func json(_ hour: EmergencyFlow.Hour) -> JSON {
    [
      "from": .string(hour.from.text), "arrivals": .integer(hour.arrivals), "departures": .integer(hour.departures),
      "present": .integer(hour.present), "triage": json(hour.triage), "physician": json(hour.physician),
      "orientations": .object(
        JSONObject(Orientation.Way.allCases.map { ($0.rawValue, .integer(hour.orientations[$0] ?? 0)) })),
      "transfers": .object(
        JSONObject(EmergencyFlow.steps.map { ($0.rawValue, .integer(hour.transfers[$0] ?? 0)) })),
      "answer": json(hour.answer),
    ]
  }

  private func json(_ wait: EmergencyFlow.Wait) -> JSON {
    ["minutes": json(wait.minutes), "waiting": .integer(wait.waiting), "gone": .integer(wait.gone)]
  }

  private func json(_ outcome: EmergencyFlow.Outcome) -> JSON {
    [
      "way": (outcome.way?.rawValue).json, "minutes": json(outcome.minutes),
      "withinFourHours": .integer(outcome.withinFourHours),
    ]
  }

  private func json(_ spread: Spread) -> JSON {
    [
      "count": .integer(spread.count), "median": spread.median.map(JSON.integer) ?? .null,
      "ninetieth": spread.ninetieth.map(JSON.integer) ?? .null,
    ]
  }
}
