import Foundation
import Ledger

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
  public var ages: [String: Age] = [:]
  /// The blocks of blank forms that were put into a folder, by the id that it bears itself: keys that take turns at one
  /// path are two. Two stacks with the same numbers would make one of two people.
  public var blocks: [String: [String]] = [:]

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
    for (id, blocks) in json["blocks"]?.object?.members ?? [] {
      self.blocks[id] = blocks.array?.compactMap(\.string)
    }
  }

  public func write(folder: String) throws {
    func object<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
      .object(JSONObject(values.sorted { $0.key < $1.key }.map { (key: $0.key, value: json($0.value)) }))
    }
    let json: JSON = [
      "ages": object(ages) { ["at": ($0.at?.text).json, "until": .string($0.until.text)] },
      "blocks": object(blocks) { .array($0.map { .string($0) }) },
    ]
    try Data(json.bytes).write(to: URL(filePath: Self.path(folder)), options: .atomic)
  }

  /// Of the folder that is to be looked at first; nil where this station makes no paper.
  public var oldest: Age? { ages.values.min { ($0.at == nil ? 0 : 1, $0.until) < ($1.at == nil ? 0 : 1, $1.until) } }
}
