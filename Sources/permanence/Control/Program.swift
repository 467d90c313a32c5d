import Foundation
import Synchronization

/// Programs of this machine that do what no library here does.
enum Program {
  static let converter = "weasyprint"
  /// What takes longer hangs: a printer's server may be among what is locked.
  private static let longest = Duration.seconds(120)

  /// A page as a PDF. The converter fetches nothing: our pages name nothing that is elsewhere. false where it is not
  /// installed, or could not.
  static func pdf(_ pdf: String, of page: String) async -> Bool {
    await run(["nice", "-n", "10", converter, "--encoding", "utf-8", page, pdf])
      && FileManager.default.fileExists(atPath: pdf)
  }

  /// Prints files as they are (CUPS); false where there is no such printer, or no printing here.
  static func print(_ files: [String], on printer: String) async -> Bool {
    await run(["lp", "-s", "-d", printer, "--"] + files)
  }

  /// Ended with the task, or when it hangs.
  /// - Parameter command: a program of the PATH, and its arguments.
  private static func run(_ command: [String]) async -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    // What it says may quote the page, which names patients.
    process.standardError = FileHandle.nullDevice
    let (ends, end) = AsyncStream.makeStream(of: Bool.self)
    let running = Running()
    process.terminationHandler = { ended in
      running.ended()
      end.yield(ended.terminationStatus == 0)
      end.finish()
    }
    do { try process.run() } catch { return false }
    running.began(process.processIdentifier)
    let watch = Task {
      try await Task.sleep(for: longest)
      running.kill()
    }
    defer { watch.cancel() }
    return await withTaskCancellationHandler {
      // A cancelled task's stream ends at once; its program was told to end too.
      await ends.first { _ in true } ?? false
    } onCancel: {
      running.kill()
    }
  }
}

/// A program's number for as long as it is its own.
private final class Running: Sendable {
  private enum State {
    case before
    case running(pid_t)
    case over
  }

  private let state = Mutex(State.before)

  func began(_ number: pid_t) {
    state.withLock { state in
      if case .before = state { state = .running(number) }
    }
  }

  func ended() { state.withLock { $0 = .over } }

  func kill() {
    state.withLock { state in
      if case .running(let number) = state { _ = Foundation.kill(number, SIGKILL) }
    }
  }
}
