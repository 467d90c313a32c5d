import Foundation

/// Programs of this machine that do what no library here does.
enum Program {
  static let converter = "weasyprint"

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

  /// - Parameter command: a program of the PATH, and its arguments.
  private static func run(_ command: [String]) async -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    // What it says may quote the page, which names patients.
    process.standardError = FileHandle.nullDevice
    return await withCheckedContinuation { done in
      process.terminationHandler = { done.resume(returning: $0.terminationStatus == 0) }
      do { try process.run() } catch {
        process.terminationHandler = nil
        done.resume(returning: false)
      }
    }
  }
}
