import Hospital
import Ledger

/// One line of a file's history: what was said, when it happened, and who wrote it, when and where.
package struct HistoryEntry: Sendable {
  /// More than this after it happened, a line says when it was written.
  package static let lateAfterSeconds = 300

  package var at: Instant
  package var writtenAt: Instant
  package var kind: String
  package var what: String
  package var details: [Detail]
  /// Whoever wrote it, by name; the sender, for a message.
  package var who: String
  package var station: String
  /// Key of the movement it speaks of.
  package var movement: String?
  /// That movement was cancelled since.
  package var isCancelled = false

  package struct Detail: Sendable, Equatable {
    package var label: String
    package var value: String
  }

  package var isLate: Bool { writtenAt > at.adding(seconds: HistoryEntry.lateAfterSeconds) }

  package init(_ heard: Heard, _ wording: Wording, _ names: Names) {
    let fact = heard.fact
    at = fact.at
    writtenAt = heard.time.instant
    kind = fact.kind
    what = wording.word("fact", fact.kind)
    let said = FactDetails(wording, names)
    let data = fact.data.object ?? JSONObject()
    details =
      fact.kind.hasPrefix("emergency.")
      ? said.emergency(data)
      : fact.kind.hasPrefix("stay.")
        ? said.stay(data) : fact.kind.hasPrefix("bed.") ? said.bed(data) : said.patient(data)
    who = heard.source.map { wording("history.message", ["sender": $0.sender]) } ?? names.account(heard.author)
    station = names.station(heard.station)
    movement = fact.data["movement"]?["key"]?.string
  }
}

extension [HistoryEntry] {
  /// The table's rows, newest first.
  package func html(_ wording: Wording) -> String {
    var out = "<table class=\"history\"><thead><tr>"
    for column in ["when", "what", "who", "station"] {
      out += "<th scope=\"col\">\(escaped(wording("history.\(column)")))</th>"
    }
    out += "</tr></thead><tbody>"
    for entry in self {
      out += "<tr\(entry.isCancelled ? " class=\"cancelled\"" : "")><td>\(wording.when(entry.at))"
      if entry.isLate {
        out +=
          " <span class=\"late\">\(escaped(wording("history.late", ["time": wording.time(entry.writtenAt)])))</span>"
      }
      out += "</td><td><b>\(escaped(entry.what))</b>"
      if entry.isCancelled {
        out += " <span class=\"tag\" data-means=\"waiting\">\(escaped(wording("history.cancelled")))</span>"
      }
      for detail in entry.details {
        out += " <span class=\"detail\"><i>\(escaped(detail.label))</i> <bdi>\(escaped(detail.value))</bdi></span>"
      }
      out += "</td><td>\(escaped(entry.who))</td><td>\(escaped(entry.station))</td></tr>"
    }
    return out + "</tbody></table>"
  }

  package func json(_ wording: Wording) -> JSON {
    .array(
      map { entry in
        [
          "at": .string(wording.hours.iso(entry.at)), "writtenAt": .string(wording.hours.iso(entry.writtenAt)),
          "late": .bool(entry.isLate), "kind": .string(entry.kind), "what": .string(entry.what),
          "details": .array(entry.details.map { ["label": .string($0.label), "value": .string($0.value)] }),
          "who": .string(entry.who), "station": .string(entry.station),
          "movement": entry.movement.map(JSON.string) ?? .null, "cancelled": .bool(entry.isCancelled),
        ]
      })
  }
}
