import ArgumentParser
import Foundation
import Register

/// What every command takes.
struct DataOptions: ParsableArguments {
  @Option(name: .customLong("data"), help: "The station's folder.")
  var path: String = "~/.permanence"

  @Flag(help: "One JSON document on standard output.")
  var json = false

  var folder: String { URL(filePath: (path as NSString).expandingTildeInPath).path }

  /// The store as it is, beside whoever writes it.
  func reading() throws -> Register {
    do { return try Register(folder: folder, access: .reading, environment: .live) } catch { throw Sentence(error) }
  }
}
