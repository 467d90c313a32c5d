import ArgumentParser
import Foundation
import Register

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take in what other systems wrote.", subcommands: [ImportHL7.self])
}

struct ImportHL7: WritingCommand {
  static let configuration = CommandConfiguration(
    commandName: "hl7", abstract: "HL7 v2 messages (ADT, SIU), from files and folders (their *.hl7 and *.out).")
  @OptionGroup var data: DataOptions
  @Argument(help: "Files and folders.") var paths: [String]

  private var absolutePaths: [String] { paths.map { URL(filePath: ($0 as NSString).expandingTildeInPath).path } }
  var arguments: [String] { ["import", "hl7"] + absolutePaths }

  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    let files = try MessageFiles(paths: absolutePaths)
    var importing = try HL7Importing(register: register)
    for (index, file) in files.paths.enumerated() {
      try await importing.take(file)
      progress(index + 1, files.paths.count)
    }
    try await importing.submit()
    return try importing.report.answer()
  }
}

/// The files that paths name: a file is itself, a folder its `*.hl7` and `*.out`, by name.
struct MessageFiles {
  private(set) var paths: [String] = []

  init(paths named: [String]) throws {
    for path in named {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw Sentence("\(path) is not there: check the path.")
      }
      guard isFolder.boolValue else {
        paths.append(path)
        continue
      }
      let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      let messages = found.filter { name in [".hl7", ".out"].contains { name.lowercased().hasSuffix($0) } }.sorted()
      paths += messages.map { "\(path)/\($0)" }
    }
  }
}
