import ArgumentParser
import Hospital
import Ledger
import Register

struct CensusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "census", abstract: "Who lies where, now or at any hour of the past.")
  @OptionGroup var data: DataOptions
  @Option(help: "An instant, such as 2022-08-21T01:00:00.000Z or 2022-08-21T03:00:00+02:00.") var at: String?

  func run() async throws {
    do {
      let register = try data.reading()
      let answer = try register.read { reading in
        let hours = try reading.hours()
        let instant = try at.map { text in
          guard let instant = Instant(offset: text) else {
            throw Sentence("--at takes an instant such as 2022-08-21T01:00:00.000Z.", code: 64)
          }
          return instant
        }
        return CensusAnswer(
          try reading.census(at: instant ?? Environment.live.now()), conflicts: try reading.conflictsCount(), hours)
      }
      try Answer(answer, text: answer.text).print(asJSON: data.json)
    } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
  }
}
