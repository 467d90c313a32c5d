import ArgumentParser
import Register

struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Make the screens' tables again from the ledger; happens by itself when a new version needs it.")
  @OptionGroup var data: DataOptions

  private struct RebuildAnswer: Encodable {
    var commits: Int
    var seconds: Double
  }

  func run() async throws {
    do {
      let start = ContinuousClock.now
      let progress = Progress("rebuild")
      try Register.rebuild(folder: data.folder) { progress.show($0, of: $1) }
      let seconds = start.duration(to: .now).seconds
      let commits = try data.reading().read { try $0.counts().commits }
      try Answer(
        RebuildAnswer(commits: commits, seconds: seconds), text: "\(commits) commits folded again in \(seconds) s."
      ).print(asJSON: data.json)
    } catch { throw Sentence(error) }
  }
}
