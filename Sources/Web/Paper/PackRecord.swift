import Foundation
import Ledger
import Synchronization

/// What this station knows of the paper that it made, as its data folder keeps it.
public struct PackRecord: Sendable, Equatable {
  public struct Age: Sendable, Equatable {
    /// When the newest paper there was made; nil where none was.
    public var at: Instant?
    /// After it the paper there is to be made again.
    public var until: Instant

    public init(at: Instant?, until: Instant) { (self.at, self.until) = (at, until) }
  }

  /// By the path of a folder.
  public private(set) var ages: [String: Age] = [:]
  /// Paper is made by itself: folders that are filled by hand do not count.
  private var isWatched = false
  /// The blocks of blank forms that were reserved for a folder and are not whole in it yet, by the id that it bears
  /// itself: keys that take turns at one path are two.
  public private(set) var waiting: [String: [String]] = [:]

  private static func path(_ folder: String) -> String { "\(folder)/pack-made.json" }

  /// Nothing where none was made, or where the record cannot be read.
  /// - Parameter folder: the station's.
  public init(folder: String) {
    guard let data = FileManager.default.contents(atPath: Self.path(folder)), let json = try? JSON(parsing: Array(data))
    else { return }
    for (path, age) in json["ages"]?.object?.members ?? [] {
      guard let until = age["until"]?.string.flatMap(Instant.init) else { continue }
      ages[path] = Age(at: age["at"]?.string.flatMap(Instant.init), until: until)
    }
    isWatched = json["watched"]?.bool ?? false
    for (id, list) in json["waiting"]?.object?.members ?? [] { wait(list.array?.compactMap(\.string) ?? [], for: id) }
  }

  /// Reads it, changes it, and keeps it.
  public static func change(folder: String, _ body: (inout PackRecord) -> Void) throws {
    try turn.withLock { _ in
      var record = PackRecord(folder: folder)
      body(&record)
      try record.write(folder)
    }
  }

  private static let turn = Mutex(())

  private func write(_ folder: String) throws {
    func object<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
      .object(JSONObject(values.sorted { $0.key < $1.key }.map { (key: $0.key, value: json($0.value)) }))
    }
    let json: JSON = [
      "ages": object(ages) { ["at": ($0.at?.text).json, "until": .string($0.until.text)] },
      "watched": .bool(isWatched), "waiting": object(waiting) { .array($0.map { .string($0) }) },
    ]
    // A stack bears its name after it: a power cut must not bring back that it waits.
    let part = "\(Self.path(folder)).part"
    try? FileManager.default.removeItem(atPath: part)
    let file = try DiskFile(creating: part, mode: 0o600)
    try file.write(json.bytes)
    try file.rename(to: Self.path(folder))
  }

  /// Of the blocks reserved for that folder these wait, and no others.
  /// - Parameter folder: the id that it bears itself.
  public mutating func wait(_ blocks: [String], for folder: String) { waiting[folder] = blocks.isEmpty ? nil : blocks }

  /// Paper was made there.
  public mutating func note(_ age: Age, of folder: String) {
    if !isWatched {
      ages = [folder: age]
    } else if ages[folder] != nil {
      ages[folder] = age
    }
  }

  /// From now on it is made by itself in these folders, or in none.
  /// - Parameter until: when it is late in one that has none.
  public mutating func watch(_ folders: [String], until: Instant) {
    isWatched = !folders.isEmpty
    guard isWatched else { return }
    ages = Dictionary(
      folders.map { ($0, ages[$0] ?? Age(at: nil, until: until)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Of the folder that is to be looked at first; nil where this station makes no paper.
  public var oldest: Age? { ages.values.min { ($0.at == nil ? 0 : 1, $0.until) < ($1.at == nil ? 0 : 1, $1.until) } }
}
