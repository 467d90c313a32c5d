import Foundation
import Hospital
import Register
import Web

/// The stacks of blank forms that lie in a folder, whichever station made them. A stack stays as it is until a sheet of it
/// was used, for then it is on somebody's desk; the next one takes its place, and none is ever made again.
struct PackStacks {
  /// Files that stay: of blank blocks, and of those that this station has not heard of.
  private(set) var kept: [String] = []
  /// Files that are of no use any more: used, or damaged. Nobody can know whether a damaged one was printed before.
  private(set) var gone: [String] = []
  /// `sheets/<uuid>` of those that stay.
  private(set) var blocks: Set<String> = []
  private(set) var forms: Set<SheetForm> = []
  /// `sheets/<uuid>` of this station's own that are in the folder, but were stopped before they bore their name.
  private(set) var unnamed: [String] = []

  /// What the end of a file is looked for in.
  private static let tailBytes: UInt64 = 1024

  init(in folder: String, _ register: Register) throws {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let all = try register.read { try $0.sheetBlocks() }
    // Another station may be writing its own.
    for block in all where block.reserved?.station.sameBytes(as: register.station) ?? false {
      guard files.contains(Self.part(of: block)) else { continue }
      if block.isBlank { unnamed.append(block.id) } else { gone.append(Self.part(of: block)) }
    }
    for file in files.sorted() where Pack.isStack(file) {
      guard Self.isWhole("\(folder)/\(file)") else {
        gone.append(file)
        continue
      }
      guard let block = all.first(where: { Pack.isStack(file, of: $0) }) else {
        kept.append(file)
        continue
      }
      guard block.isBlank, let form = block.form else {
        gone.append(file)
        continue
      }
      kept.append(file)
      blocks.insert(block.id)
      forms.insert(form)
    }
  }

  /// A stack's file before it bears its name, the same for a PDF and for a page: one put in its place leaves none behind.
  static func part(of block: SheetBlock) -> String { "\(Pack.name(of: block)).part" }

  /// It begins and ends as such a file does: a key that was pulled out, or a full one, leaves a part.
  private static func isWhole(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path), let size = try? file.seekToEnd() else { return false }
    defer { try? file.close() }
    do {
      try file.seek(toOffset: 0)
      let head = String(decoding: try file.read(upToCount: 5) ?? Data(), as: UTF8.self)
      try file.seek(toOffset: size > tailBytes ? size - tailBytes : 0)
      let tail = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      return head == "%PDF-" ? tail.contains("%%EOF") : tail.contains("</html>")
    } catch { return false }
  }
}
