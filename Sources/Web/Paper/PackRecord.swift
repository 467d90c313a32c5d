import Foundation
import Ledger

/// What this station knows of the paper that it made, as its data folder keeps it.
public struct PackRecord: Sendable, Equatable {
  /// When the newest was made; nil where none was, or where the record cannot be read.
  public var at: Instant?
  /// After it the paper is to be made again.
  public var until: Instant?
  /// By folder: the blocks of blank forms that lie there. Two stacks with the same numbers would make one of two people.
  public var blocks: [String: [String]] = [:]

  private static func path(_ folder: String) -> String { "\(folder)/pack.json" }

  /// - Parameter folder: the station's.
  public init(folder: String) {
    guard let data = FileManager.default.contents(atPath: Self.path(folder)), let json = try? JSON(parsing: Array(data))
    else { return }
    at = json["at"]?.string.flatMap(Instant.init)
    until = json["until"]?.string.flatMap(Instant.init)
    for (folder, ids) in json["blocks"]?.object?.members ?? [] { blocks[folder] = ids.array?.compactMap(\.string) }
  }

  public func write(folder: String) throws {
    let json: JSON = [
      "at": (at?.text).json, "until": (until?.text).json,
      "blocks": .object(JSONObject(blocks.map { (key: $0.key, value: .array($0.value.map { .string($0) })) })),
    ]
    try Data(json.bytes).write(to: URL(filePath: Self.path(folder)), options: .atomic)
  }
}
