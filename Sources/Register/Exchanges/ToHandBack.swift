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
  /// What they say of legal situations that people alone carry, as kinds of facts; and of whom.
  public var situations: [String]
  public var situated: [String]
  /// Whose screens it is on when it is entered by hand: its stays, else its people.
  public var items: [String]
  /// Those of them for which that was done.
  public var entered: Set<String>
  /// All its messages were acknowledged or done by hand, or all its items were entered.
  public var isDone: Bool

  /// What people carry of it has gone: with its items, else of whom messages had told the rest.
  public var isEntered: Bool {
    [items, situated].contains { !$0.isEmpty && entered.isSuperset(of: $0) }
  }

  /// Messages told all but the legal situations of some people.
  public var isLeftToPeople: Bool { isDone && !situations.isEmpty && !entered.isSuperset(of: items) }
}

extension Reading {
  /// What people here said of patients in degraded mode and on the way back, in the order written.
  public func commitsToHandBack() throws -> [CommitToHandBack] { try commits(.here) }

  /// All that they said then, in the order written: what is of no patient and no stay too.
  public func commitsOfMeanwhile() throws -> [CommitToHandBack] { try commits(.here, .beside) }

  private func commits(_ tables: SaidHere...) throws -> [CommitToHandBack] {
    let hours = try handbackHours()
    let said = tables.map { "SELECT at, line FROM \($0.rawValue)" }.joined(separator: " UNION ALL ")
    var lines: [[UInt8]] = []
    for span in ModeSpan.union(hours.spans.values.flatMap(\.self)) {
      lines += try db.prepared(
        """
        SELECT commits.line FROM (\(said)) AS said JOIN commits ON commits.id = said.line
        WHERE said.at BETWEEN ? AND ? AND commits.counts = 1 ORDER BY said.at, said.line
        """
      ).all(
        .integer(Int(span.from.instant.milliseconds)), .integer(Int(span.until?.instant.milliseconds ?? .max))
      ) { $0.blob(0) }
    }
    var found = try lines.compactMap { CommitToHandBack(try StoredCommits.read($0), hours) }
    let done = Set(try db.prepared("SELECT hash FROM handbacks WHERE isDone = 1").all { $0.blob(0) })
    let entered = try self.entered()
    for place in found.indices {
      let hash = found[place].place.hash.bytes
      found[place].note(isDone: done.contains(hash), entered: entered[hash] ?? [])
    }
    return found
  }

  /// What one of them says, in its order.
  public func facts(of commit: CommitToHandBack) throws -> [Fact] { try facts(of: commit.place) }

  func facts(of place: CommitPlace) throws -> [Fact] {
    let line = try db.prepared(
      """
      SELECT line FROM commits WHERE chain = (SELECT id FROM chains WHERE name = ?) AND sequence = ? AND hash = ?
      """
    ).first(.text(place.station), .integer(place.sequence), .blob(place.hash.bytes)) { $0.blob(0) }
    return try line.map(StoredCommits.read)?.facts ?? []
  }

  /// What became of one of them since.
  public func again(_ commit: CommitToHandBack) throws -> CommitToHandBack {
    let hash = SQLValue.blob(commit.place.hash.bytes)
    let isDone = try db.prepared("SELECT 1 FROM handbacks WHERE hash = ? AND isDone = 1").first(hash) { _ in true }
    var commit = commit
    commit.note(isDone: isDone ?? false, entered: try entered(hash))
    return commit
  }

  /// When another than the main system was in charge, as each station knows it by now.
  public func handbackHours() throws -> HandbackHours {
    var spans: [String: [ModeSpan]] = [:]
    let hospital = try history(of: "mode/hospital")
    let stations = try db.prepared("SELECT name FROM chains").all { $0.text(0) }
    for station in stations {
      let said = try hospital + history(of: "mode/\(station)")
      // What held there by the hour, and what its people believed: a station that nothing reached goes on as it was.
      let believed = try said.compactMap { fact in try hour(of: fact, knownTo: station).map { ($0, fact.heard) } }
      spans[station] = Self.modeSpans(said.map { ($0.heard.time, $0.heard) }) + Self.modeSpans(believed)
    }
    return HandbackHours(spans: spans.filter { !$0.value.isEmpty })
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

  /// When a station first wrote with that fact before it; nil for never.
  private func hour(of fact: Said, knownTo station: String) throws -> HybridTime? {
    if fact.place.station.sameBytes(as: station) { return fact.heard.time }
    let line = try db.prepared(
      """
      SELECT commits.line FROM witnesses JOIN commits ON commits.id = witnesses.line
      WHERE witnesses.chain = (SELECT id FROM chains WHERE name = ?) AND witnesses.other = ? AND witnesses.seen >= ?
      ORDER BY witnesses.sequence LIMIT 1
      """
    ).first(.text(station), .text(fact.place.station), .integer(fact.place.sequence)) { $0.blob(0) }
    return try line.map(StoredCommits.read)?.time
  }

  /// When another than the main system was in charge, by declarations and the hours from which each is reckoned.
  private static func modeSpans(_ said: [(from: HybridTime, heard: Heard)]) -> [ModeSpan] {
    var known: [Heard] = []
    var spans: [ModeSpan] = []
    for (from, heard) in said.sorted(by: { ($0.from, $0.heard.time) < ($1.from, $1.heard.time) }) {
      known.append(heard)
      var (hospital, own): (ModeDeclaration?, ModeDeclaration?)
      for heard in known.sorted(by: { $0.time < $1.time }) {
        let isHospital = heard.fact.subject == "mode/hospital"
        var declaration = (isHospital ? hospital : own) ?? ModeDeclaration(id: heard.fact.subject)
        declaration.fold(heard)
        if isHospital { hospital = declaration } else { own = declaration }
      }
      let isHere = ModeState.holding(hospital: hospital, station: own).mode != .standby
      if isHere, spans.last?.until != nil || spans.isEmpty {
        spans.append(ModeSpan(from: from, until: nil))
      } else if !isHere, spans.last?.until == nil, !spans.isEmpty {
        spans[spans.endIndex - 1].until = from
      }
    }
    return spans
  }
}

/// When another than the main system was in charge, by station.
public struct HandbackHours: Sendable, Equatable {
  fileprivate var spans: [String: [ModeSpan]]

  fileprivate func cover(_ commit: Commit) -> Bool {
    spans[commit.station]?.contains { $0.covers(commit.time) } ?? false
  }
}

extension CommitToHandBack {
  /// nil for one that was written while the main system was in charge.
  init?(_ commit: Commit, _ hours: HandbackHours) {
    guard hours.cover(commit) else { return nil }
    var subjects: [String] = []
    var (kinds, situations, situated): ([String], [String], [String]) = ([], [], [])
    for fact in commit.facts where fact.isOfPatients {
      let untold = fact.situationsUntold
      situations += untold
      if !untold.isEmpty, !situated.contains(fact.subject) { situated.append(fact.subject) }
      if !fact.isLink, !fact.isAnswerKept, !untold.contains(fact.kind) { kinds.append(fact.kind) }
      // A merge speaks of the file that lives on too.
      for subject in [fact.subject, fact.mergedInto].compactMap(\.self)
      where !subjects.contains(where: { $0.sameBytes(as: subject) }) {
        subjects.append(subject)
      }
    }
    let stays = subjects.filter { $0.hasPrefix("stay/") }
    self.init(
      place: CommitPlace(station: commit.station, sequence: commit.sequence, hash: commit.hash), time: commit.time,
      subjects: subjects, kinds: kinds, situations: situations, situated: situated,
      items: stays.isEmpty ? subjects : stays, entered: [], isDone: false)
  }

  fileprivate mutating func note(isDone: Bool, entered: Set<String>) {
    self.entered = entered
    self.isDone = isDone || entered.isSuperset(of: items) && !items.isEmpty
  }
}

private struct ModeSpan: Sendable, Equatable {
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
  var mergedInto: String? { kind == "patient.merged" ? data["into"]?.string : nil }
}
