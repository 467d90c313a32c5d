import Hospital
import Ledger

/// Flow figures as drawings, each with its table beneath.
struct FlowPage {
  let figures: FlowFigures
  /// What was wrong with the hours that were typed.
  var problem: String?
  /// As typed.
  var typed = Fields()

  private var wording: Wording { figures.wording }
  private var flow: EmergencyFlow { figures.flow }

  private var axis: HourAxis {
    HourAxis(
      hours: flow.hours.map(\.from), clock: wording.hours, dayNames: (0...6).map { wording("day.\($0)") })
  }

  var page: Page {
    let usual = FlowSpan.Usual.allCases.map { usual -> [String: any Sendable] in
      [
        "href": "/emergency/flow?span=\(usual.rawValue)", "name": wording("flow.span.\(usual.rawValue)"),
        "current": figures.span.usual == usual,
      ]
    }
    let make = FieldMaker(wording: wording, filling: Filling(hidden: ""))
    var fields = ""
    for (name, shown) in [("from", flow.from), ("to", flow.until)] {
      var field = make.field(name, proposed: typed[name] ?? wording.hours.full(shown))
      field.label = wording("flow.\(name)")
      field.write(into: &fields)
    }
    let title = wording("flow.title")
    let model: [String: any Sendable] = [
      "title": title, "hours": "\(wording.time(flow.from)) – \(wording.time(flow.until))", "usual": usual,
      "fields": fields, "problems": [problem].compactMap(\.self), "totals": totals,
      "parts": FlowFigures.Part.allCases.map(part), "jsonHref": "/emergency/flow?\(query)",
    ]
    return Page(
      "emergency-flow", title: title, model: model, status: problem == nil ? .ok : .unprocessableContent,
      nav: .emergency)
  }

  /// The same hours again, where they are files.
  private var query: String {
    if let usual = figures.span.usual { return "span=\(usual.rawValue)" }
    return Fields([("from", flow.from.text), ("to", flow.until.text)]).urlencoded
  }

  private var totals: [[String: any Sendable]] {
    let lasting = flow.hours.last?.present ?? 0
    let asked = flow.hours.reduce(0) { $0 + ($1.transfers[.asked] ?? 0) }
    let accepted = flow.hours.reduce(0) { $0 + ($1.transfers[.accepted] ?? 0) }
    let rows: [(FlowFigures.Part, String, String)] = [
      (.arrivals, grouped(flow.hours.reduce(0) { $0 + $1.arrivals }), wording("flow.column.arrivals")),
      (.arrivals, grouped(lasting), wording("flow.column.present")),
      (.triage, middle(flow.triage.minutes), wording("flow.median.triage")),
      (.levels, middle(flow.physician.minutes), wording("flow.median.physician")),
      (.stays, middle(flow.stay.minutes), wording("flow.median.stay")),
      (.transfers, "\(accepted)/\(asked)", wording("flow.transfers.accepted")),
    ]
    return rows.map { ["href": "#flow-\($0.0.rawValue)", "value": $0.1, "label": $0.2] }
  }

  private func middle(_ spread: Spread) -> String { spread.median.map(wording.duration) ?? "–" }

  private func part(_ part: FlowFigures.Part) -> [String: any Sendable] {
    let table = figures.table(part, figures.forPeople)
    let isByHour = table.columns.first == "hour"
    return [
      "id": "flow-\(part.rawValue)", "title": wording("flow.part.\(part.rawValue)"),
      "help": wording("flow.help.\(part.rawValue)"), "svg": svg(part), "folded": isByHour,
      "csvHref": "/emergency/flow.csv?table=\(part.rawValue)&\(query)",
      "heads": table.columns.map(figures.heading),
      "lines": table.lines.map { line -> [String: any Sendable] in ["name": line[0], "cells": Array(line.dropFirst())]
      },
      "none": table.lines.isEmpty,
    ]
  }

  private func svg(_ part: FlowFigures.Part) -> String {
    let label = wording("flow.part.\(part.rawValue)")
    switch part {
    case .arrivals:
      return HourChart(
        label: label, axis: axis,
        series: [
          .init(wording("flow.column.arrivals"), .bars, flow.hours.map(\.arrivals)),
          .init(wording("flow.column.present"), .line, flow.hours.map(\.present)),
        ]
      ).svg
    case .triage:
      let target = figures.settings.triageMinutes
      let name = wording("flow.target", ["minutes": String(target)])
      return waits(label, flow.hours.map(\.triage), target: (target, name))
    case .physician: return waits(label, flow.hours.map(\.physician), target: nil)
    case .levels:
      return SpreadChart(
        label: label,
        rows: flow.levels.map { level in
          .init(
            name: wording("flow.level", ["level": level.level]), spread: level.wait.minutes,
            target: level.targetMinutes, text: text(level.wait.minutes))
        }
      ).svg
    case .stays:
      return SpreadChart(
        label: label,
        rows: flow.outcomes.map {
          .init(name: figures.name($0.way), spread: $0.minutes, target: nil, text: text($0.minutes))
        }
      ).svg
    case .orientations:
      return strips(
        label, Orientation.Way.allCases.map { way in (figures.name(way), flow.hours.map { $0.orientations[way] ?? 0 }) }
      )
    case .transfers:
      return strips(
        label,
        EmergencyFlow.steps.map { step in
          (wording("flow.column.step.\(step.rawValue)"), flow.hours.map { $0.transfers[step] ?? 0 })
        })
    }
  }

  private func waits(
    _ label: String, _ waits: [EmergencyFlow.Wait], target: (value: Int, label: String)?
  ) -> String {
    HourChart(
      label: label, axis: axis,
      series: [
        .init(wording("flow.column.median"), .line, waits.map(\.minutes.median)),
        .init(wording("flow.column.ninetieth"), .dashes, waits.map(\.minutes.ninetieth)),
      ], target: target
    ).svg
  }

  private func strips(_ label: String, _ rows: [(String, [Int])]) -> String {
    HourStrips(label: label, axis: axis, rows: rows.map { (name: $0.0, values: $0.1) }) {
      wording("flow.full", ["count": String($0)])
    }.svg
  }

  /// `12 min · 90 % 35 min`.
  private func text(_ spread: Spread) -> String {
    guard let median = spread.median, let ninetieth = spread.ninetieth else { return "–" }
    return wording("flow.times", ["median": wording.duration(median), "ninetieth": wording.duration(ninetieth)])
  }
}
