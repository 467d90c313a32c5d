import Hospital
import Interop
import Ledger
import Register

/// The road of a file: identities, stays and movements as a table, in the queue's order. What it holds is told by no
/// other road; the same facts give the same lines. What is undone, corrected, moved, joined or parted has a line of its
/// own, in the order said.
public struct ReentryFile: Sendable {
  public static let columns =
    ["line"] + ReentryValue.allCases.map(\.rawValue)
    + [
      "movement", "trigger", "at", "movementUnit", "movementRoom", "movementBed", "medicalUnit", "movementAttending",
      "action", "wasAt", "wasUnit", "wasRoom", "wasBed", "wasAttending", "otherIpp",
    ]

  /// Without the heads.
  public private(set) var rows: [[String]] = []
  /// What of it is told by no road yet.
  public private(set) var parts: [NoteReentry.Part] = []
  /// Of whom those speak.
  public private(set) var subjects: Set<String> = []

  /// What an agent has on their screen now is theirs to tell.
  public init(_ queue: ReentryQueue, _ writing: ReentryValue.Writing, at now: Instant) {
    var people: Set<String> = []
    for item in queue.items where item.state?.isClaimed(at: now) != true {
      let writer = Writer(item: item, writing: writing)
      if let person = item.person, people.insert(person.id).inserted { rows.append(writer.identity()) }
      rows += item.changes.filter { $0.isOfPeople }.map(writer.people)
      if let stay = item.stay {
        // To whom it belongs there, before what is said of it.
        rows += item.changes.filter { $0.action == .move }.map(writer.move)
        rows.append(writer.stay())
        rows += item.changes.filter { $0.formerStay != nil }.map(writer.erased)
        rows += stay.movementsMadeHere.map { writer.movement($0, "insert") }
        rows += item.changes.compactMap(writer.movement)
      }
      parts += item.open
      if !item.open.isEmpty { subjects.formUnion(item.subjects) }
    }
  }

  /// As it stands now.
  /// - Parameter hour: how hours are written; dates are as the ledger has them.
  public init(_ reading: Reading, at now: Instant, hour: @escaping @Sendable (Instant) -> String) throws {
    let writing = ReentryValue.Writing(
      ippAuthority: try reading.structure?.ippAuthority, clock: LocalTime(of: try reading.structure), hour: hour,
      date: { $0.text })
    self.init(try ReentryQueue(reading, at: now), writing, at: now)
  }

  /// - Parameter isMarked: begins with the mark by which spreadsheets know UTF-8.
  public func text(separator: Character = ",", isMarked: Bool = true) -> String {
    (isMarked ? CSVText.mark : "")
      + ([Self.columns] + rows).map { CSVText.line($0, separator: separator) }.joined()
  }

  /// Commands that note it, each well below a line of the ledger.
  public var notes: [NoteReentry] {
    var notes: [NoteReentry] = []
    var waiting: [NoteReentry.Part] = []
    var count = 0
    for part in parts {
      if count + part.commits.count > Self.commitsMax, !waiting.isEmpty {
        notes.append(NoteReentry(waiting, road: .csv))
        (waiting, count) = ([], 0)
      }
      waiting.append(part)
      count += part.commits.count
    }
    return waiting.isEmpty ? notes : notes + [NoteReentry(waiting, road: .csv)]
  }

  private static let commitsMax = 1000

  /// The lines of one item.
  private struct Writer {
    let item: ReentryQueue.Item
    let writing: ReentryValue.Writing

    func identity() -> [String] {
      row("identity", ["action": item.personKnown == .known ? "update" : "create"], \.isIdentity)
    }

    func stay() -> [String] {
      let action = item.isUndone ? "cancel" : item.stayKnown == .known ? "update" : "create"
      return row("stay", ["action": action]) { !$0.isIdentity || $0 == .ipp }
    }

    func people(_ change: ReentryChange) -> [String] {
      var own = named(change)
      if change.action == .erase { own["otherIpp"] = "" }
      for value in change.erased { own[value.rawValue] = value.text(change.former, mother: nil, nil, writing) }
      return row("identity", own) { _ in false }
    }

    /// Of a stay.
    func erased(_ change: ReentryChange) -> [String] {
      var own = ["action": change.action.rawValue]
      for value in change.erased { own[value.rawValue] = value.text(nil, mother: nil, change.formerStay, writing) }
      return row("stay", own) { [.ipp, .number].contains($0) }
    }

    func move(_ change: ReentryChange) -> [String] { row("stay", named(change)) { $0 == .number } }

    private func named(_ change: ReentryChange) -> [String: String] {
      func number(_ person: Patient?) -> String { person?.ipp(of: writing.ippAuthority) ?? "" }
      return [
        ReentryValue.ipp.rawValue: number(change.present), "otherIpp": number(change.former),
        "action": change.action.rawValue,
      ]
    }

    func movement(_ change: ReentryChange) -> [String]? {
      change.movement.map { movement($0, change.action.rawValue, was: change.action == .update ? change.was : nil) }
    }

    func movement(_ movement: Movement, _ action: String, was: Movement? = nil) -> [String] {
      let place = movement.place
      return row(
        "movement",
        [
          "movement": movement.id, "trigger": movement.trigger, "at": writing.hour(movement.at),
          "movementUnit": place.unit ?? "", "movementRoom": place.room ?? "", "movementBed": place.bed ?? "",
          "medicalUnit": place.medicalUnit ?? "", "movementAttending": movement.attending ?? "", "action": action,
          "wasAt": was.map { writing.hour($0.at) } ?? "", "wasUnit": was?.place.unit ?? "",
          "wasRoom": was?.place.room ?? "", "wasBed": was?.place.bed ?? "", "wasAttending": was?.attending ?? "",
        ]
        // A movement's line names whose it is, and no more.
      ) { [.ipp, .number].contains($0) }
    }

    /// - Parameter holds: which of the values stand on it as they are now.
    private func row(
      _ line: String, _ own: [String: String], _ holds: (ReentryValue) -> Bool
    ) -> [String] {
      var cells = own
      for value in ReentryValue.allCases where holds(value) {
        cells[value.rawValue] = value.text(
          item.person, mother: item.mother, item.stay, isolation: item.isolation, writing)
      }
      cells["line"] = line
      return ReentryFile.columns.map { cells[$0] ?? "" }
    }
  }
}
