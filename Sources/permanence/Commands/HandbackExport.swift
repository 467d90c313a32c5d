import ArgumentParser
import Feeds
import Foundation
import Hospital
import Register

/// The road of a file.
struct HandbackExport: WritingCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "Write it as a table (RFC 4180, UTF-8) for a main system that takes no messages in, and note that it went.")
  @OptionGroup var data: DataOptions
  @Option(help: "The file to write.") var to: String
  @Option(help: "Between two cells: a comma or a semicolon.") var separator = ","
  @Flag(help: "Without the mark by which spreadsheets know UTF-8.") var noMark = false
  @Flag(help: "Only write the file: nothing is noted, and the other roads stay open.") var dryRun = false

  func validate() throws {
    guard [",", ";"].contains(separator) else { throw ValidationError("--separator takes , or ;.") }
  }

  var arguments: [String] {
    ["handback", "export", "--to", URL(filePath: to).path, "--separator", separator]
      + (noMark ? ["--no-mark"] : []) + (dryRun ? ["--dry-run"] : [])
  }

  private struct Written: Encodable {
    var lines: Int
    /// Told by this file and by no road before.
    var commits: Int
  }

  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    let environment = Environment.live
    let file = try register.read { reading in
      let hours = try reading.hours()
      return try ReentryFile(reading, at: environment.now(), hour: { hours.iso($0) })
    }
    // First the file: what is noted must be in it.
    let text = file.text(separator: separator == ";" ? ";" : ",", isMarked: !noMark)
    do { try Data(text.utf8).write(to: URL(filePath: to), options: .atomic) } catch {
      throw Sentence("\(to) cannot be written: check the folder, who owns it, and its room.")
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: to)
    for (place, note) in file.notes.enumerated() where !dryRun {
      do {
        _ = try await register.submit(Submission(note, key: environment.newID(), author: "system"))
      } catch let refusal as Refusal where refusal.code == "reentry-done" {
        // Somebody noted it meanwhile.
      }
      progress(place + 1, file.notes.count)
    }
    let commits = dryRun ? [] : file.parts.flatMap(\.commits)
    try await HandbackLinking.linkAlike(dryRun ? [] : file.subjects, register, environment)
    let written = Written(lines: file.rows.count, commits: Set(commits).count)
    return try Answer(written, text: "\(written.lines) lines written to \(to).", isYes: true)
  }
}
