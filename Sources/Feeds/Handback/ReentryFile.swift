import Hospital
import Interop
import Ledger
import Register

/// The road of a file: identities, stays and movements as a table, in the queue's order. What it holds is told by no
/// other road; the same facts give the same lines.
public struct ReentryFile: Sendable {
  public static let columns =
    ["line"] + ReentryValue.allCases.map(\.rawValue)
    + ["movement", "trigger", "at", "movementUnit", "movementRoom", "movementBed", "medicalUnit"]

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
      if let person = item.person, people.insert(person.id).inserted {
        rows.append(Self.row("identity", item, nil, nil, writing))
      }
      if let stay = item.stay {
        rows.append(Self.row("stay", item, stay, nil, writing))
        for movement in stay.movementsMadeHere {
          rows.append(Self.row("movement", item, stay, movement, writing))
        }
      }
      parts += item.open
      if !item.open.isEmpty { subjects.formUnion(item.subjects) }
    }
  }

  /// As it stands now.
  /// - Parameter hour: how hours are written; dates are as the ledger has them.
  public init(_ reading: Reading, at now: Instant, hour: @escaping @Sendable (Instant) -> String) throws {
    let writing = ReentryValue.Writing(
      ippAuthority: try reading.structure?.ippAuthority, hour: hour, date: { $0.text })
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

  private static func row(
    _ line: String, _ item: ReentryQueue.Item, _ stay: Stay?, _ movement: Movement?, _ writing: ReentryValue.Writing
  ) -> [String] {
    let values = ReentryValue.allCases.map { value in
      // A movement's line names whose it is, and no more.
      line == "identity" || line == "stay" && (!value.isIdentity || value == .ipp) || [.ipp, .number].contains(value)
        ? value.text(item.person, mother: item.mother, stay, isolation: item.isolation, writing) ?? "" : ""
    }
    let place = movement?.place
    let own =
      movement.map {
        [
          $0.id, $0.trigger, writing.hour($0.at), place?.unit ?? "", place?.room ?? "", place?.bed ?? "",
          place?.medicalUnit ?? "",
        ]
      } ?? Array(repeating: "", count: 7)
    return [line] + values + own
  }
}
