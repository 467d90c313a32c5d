import GRDB
import Hospital
import Ledger

/// A commit that the main system must be told of, since it was written while that was not in charge.
public struct CommitToHandBack: Sendable {
  public var place: CommitPlace
  /// When it was written.
  public var time: HybridTime
  /// `patient/<uuid>` and `stay/<uuid>`, as its facts name them.
  public var subjects: [String]
  /// Of those facts, in their order.
  public var kinds: [String]
  /// All its messages were acknowledged, or done by hand.
  public var isDone: Bool
}

extension Reading {
  /// What people here said of patients in degraded mode and on the way back, in the order written.
  public func commitsToHandBack() throws -> [CommitToHandBack] {
    var found: [CommitToHandBack] = []
    var spans: [String: [ModeSpan]] = [:]
    let done = Set(
      try db.prepared("SELECT hash FROM handbacks WHERE isDone = 1").all { $0.blob(0) })
    let stations = try stationsThatDeclared()
    for station in stations { spans[station] = try modeSpans(of: station) }
    let usual = try modeSpans(of: nil)
    var rows: [[UInt8]] = []
    for span in ModeSpan.union(spans.values.flatMap { $0 } + usual) {
      rows += try db.prepared(
        """
        SELECT commits.line FROM saidHere JOIN commits ON commits.id = saidHere.line
        WHERE saidHere.at BETWEEN ? AND ? AND commits.counts = 1 ORDER BY saidHere.at, saidHere.line
        """
      ).all(
        .integer(Int(span.from.instant.milliseconds)), .integer(Int(span.until?.instant.milliseconds ?? .max))
      ) { $0.blob(0) }
    }
    for line in rows {
      let commit = try StoredCommits.read(line)
      let station = commit.station
      guard (spans[station] ?? usual).contains(where: { $0.covers(commit.time) }) else { continue }
      var subjects: [String] = []
      var kinds: [String] = []
      for fact in commit.facts where fact.subject.hasPrefix("patient/") || fact.subject.hasPrefix("stay/") {
        kinds.append(fact.kind)
        // A merge speaks of the file that lives on too.
        for subject in [fact.subject, fact.mergedInto].compactMap(\.self)
        where !subjects.contains(where: { $0.sameBytes(as: subject) }) {
          subjects.append(subject)
        }
      }
      found.append(
        CommitToHandBack(
          place: CommitPlace(station: station, sequence: commit.sequence, hash: commit.hash), time: commit.time,
          subjects: subjects, kinds: kinds, isDone: done.contains(commit.hash.bytes)))
    }
    return found
  }

  /// All that was said of these subjects, and of whatever files they were ever merged into, in the one order of facts,
  /// by commits.
  public func story(of subjects: Set<String>) throws -> [[Said]] {
    var placed: [Refolding.Placed] = []
    var read: Set<String> = []
    var waiting = Array(subjects)
    while let subject = waiting.popLast() {
      guard read.insert(subject).inserted else { continue }
      let id = try db.prepared("SELECT id FROM subjects WHERE name = ?").first(.text(subject)) { $0.integer(0) }
      let facts = try id.map { try Refolding(db).facts(of: $0) } ?? []
      placed += facts
      waiting += facts.compactMap(\.heard.fact.mergedInto)
    }
    placed.sort { $0.position.lexicographicallyPrecedes($1.position) }
    var story: [[Said]] = []
    for fact in placed {
      let said = Said(
        heard: fact.heard,
        place: FactPlace(
          station: fact.commit.station, sequence: fact.commit.sequence, hash: fact.commit.hash, place: fact.place))
      if let last = story.last?.last, last.place.isBeside(said.place) {
        story[story.endIndex - 1].append(said)
      } else {
        story.append([said])
      }
    }
    return story
  }

  /// Stations that ever declared a mode of their own.
  private func stationsThatDeclared() throws -> [String] {
    try db.prepared("SELECT name FROM subjects WHERE name > 'mode/' AND name < 'mode0'").all { $0.text(0) }
      .map { String($0.dropFirst("mode/".count)) }.filter { $0 != "hospital" }
  }

  /// When another than the main system was in charge on a station; nil for one that declared nothing of its own.
  private func modeSpans(of station: String?) throws -> [ModeSpan] {
    let said = try (history(of: "mode/hospital") + (station.map { try history(of: "mode/\($0)") } ?? [])).map(\.heard)
      .sorted { $0.time < $1.time }
    var hospital: ModeDeclaration?
    var own: ModeDeclaration?
    var spans: [ModeSpan] = []
    for heard in said {
      if heard.fact.subject == "mode/hospital" {
        var declaration = hospital ?? ModeDeclaration(id: heard.fact.subject)
        declaration.fold(heard)
        hospital = declaration
      } else {
        var declaration = own ?? ModeDeclaration(id: heard.fact.subject)
        declaration.fold(heard)
        own = declaration
      }
      let isHere = ModeState.holding(hospital: hospital, station: own).mode != .standby
      if isHere, spans.last?.until != nil || spans.isEmpty {
        spans.append(ModeSpan(from: heard.time, until: nil))
      } else if !isHere, spans.last?.until == nil, !spans.isEmpty {
        spans[spans.endIndex - 1].until = heard.time
      }
    }
    return spans
  }
}

private struct ModeSpan {
  var from: HybridTime
  /// Open while nil.
  var until: HybridTime?

  /// Those that touch made one, in their order.
  static func union(_ spans: [ModeSpan]) -> [ModeSpan] {
    var found: [ModeSpan] = []
    for span in spans.sorted(by: { $0.from < $1.from }) {
      guard let last = found.last, last.until.map({ span.from.instant <= $0.instant }) ?? true else {
        found.append(span)
        continue
      }
      if let until = last.until, span.until.map({ $0 > until }) ?? true { found[found.endIndex - 1].until = span.until }
    }
    return found
  }

  func covers(_ time: HybridTime) -> Bool { from <= time && until.map { time < $0 } ?? true }
}

extension Fact {
  /// The file that lives on, of a merge.
  fileprivate var mergedInto: String? { kind == "patient.merged" ? data["into"]?.string : nil }
}
