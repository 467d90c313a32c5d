import ArgumentParser
import Feeds
import Foundation
import Ledger
import Register

/// A command that writes: itself where nobody else does, else through the station that serves.
protocol WritingCommand: AsyncParsableCommand {
  var data: DataOptions { get }
  /// The arguments as another process needs them: paths absolute.
  var arguments: [String] { get }
  /// What whoever waits is told first.
  var beforehand: String? { get }
  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer
}

/// A command that only a serving station can answer.
protocol ServingCommand: WritingCommand {
  func answer(from replicating: Replicating) async throws -> Answer
}

extension ServingCommand {
  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    throw Sentence("This station is not serving: start it first, with permanence serve.")
  }
}

/// A command about the hand-back, which one desk knows: one is sent at a time, and counted once, whoever asked.
protocol HandingCommand: WritingCommand {
  func answer(
    from desk: HandbackDesk, _ register: Register, progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws -> Answer
}

/// A command that the stop of a serving station ends at once; the others go on for as long as the process lasts.
protocol EndedCommand: WritingCommand {}

extension HandingCommand {
  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    try await answer(from: HandbackDesk(register, .live), register, progress: progress)
  }
}

extension WritingCommand {
  var beforehand: String? { nil }

  func run() async throws {
    let progress = Progress(Self.configuration.commandName ?? Self._commandName)
    let show: @Sendable (Int, Int) -> Void = { progress.show($0, of: $1) }
    if let beforehand { Terminal.note(beforehand) }
    do {
      let answer: Answer
      do {
        let register = try Register(folder: data.folder, access: .writing, environment: .live)
        answer = try await write(to: register, progress: show)
      } catch RegisterFault.locked {
        answer = try await ControlClient(folder: data.folder).ask(arguments, progress: show)
      }
      try answer.print(asJSON: data.json)
    } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
  }
}
