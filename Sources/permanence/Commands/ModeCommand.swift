import ArgumentParser
import Hospital
import Ledger
import Register

struct ModeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mode", abstract: "Who is in charge of admissions: veille, degrade, reprise.",
    subcommands: [Show.self, Declare.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The mode that holds on this station.")
    @OptionGroup var data: DataOptions

    func run() async throws {
      do { try ModeAnswer(of: data.reading()).answer().print(asJSON: data.json) } catch { throw Sentence(error) }
    }
  }

  struct Declare: WritingCommand {
    static let configuration = CommandConfiguration(abstract: "Declare the mode, for the hospital or this station.")
    @OptionGroup var data: DataOptions
    @Argument(help: "veille, degrade or reprise.") var mode: String
    @Flag(help: "For this station alone.") var local = false
    @Option(help: "Why, as it will be read later.") var reason: String

    func validate() throws {
      guard Mode(rawValue: mode) != nil else { throw ValidationError("The mode is veille, degrade or reprise.") }
    }

    var arguments: [String] { ["mode", "declare", mode, "--reason", reason] + (local ? ["--local"] : []) }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      guard let mode = Mode(rawValue: mode) else { throw Sentence("The mode is veille, degrade or reprise.", code: 64) }
      _ = try await register.submit(
        Submission(
          DeclareMode(mode: mode, isLocal: local, reason: reason), key: Environment.live.newID(), author: "system"))
      return try ModeAnswer(of: register).answer()
    }
  }
}

private struct ModeAnswer: Encodable {
  var mode: String
  var scope: String
  var since: String?
  var by: String?
  var reason: String?

  init(of register: Register) throws {
    let (state, hours) = try register.read { (try $0.mode, try $0.hours()) }
    mode = state.mode.rawValue
    scope = state.scope
    since = state.since.map(hours.iso)
    by = state.by
    reason = state.reason
  }

  func answer() throws -> Answer {
    try Answer(self, text: [mode, scope, since, by, reason].compactMap { $0 }.joined(separator: " · "))
  }
}
