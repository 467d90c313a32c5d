import ArgumentParser
import Ledger
import Register

struct StationEnd: WritingCommand {
  static let configuration = CommandConfiguration(
    commandName: "end",
    abstract: "Say that a station is gone whose clock ran ahead: what it dated later than now counts as of now.")
  @OptionGroup var data: DataOptions
  @Argument(help: "urg-1, or urg-1-3fa9c2d1 where several are called so.") var name: String
  @Option(help: "Holds the passphrase of the enrolling key, where that is locked.") var passphraseFile: String?

  var arguments: [String] {
    ["station", "end", name] + (passphraseFile.map { ["--passphrase-file", Passphrase.absolute($0)] } ?? [])
  }

  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    try Passphrase.unlock(register, passphraseFile)
    let station = try register.station(called: name)
    guard station != register.station else {
      throw Sentence("This station goes on: set its clock, and it takes another name by itself.")
    }
    try await register.end(station: station, environment: .live)
    return try Answer(
      EndAnswer(station: station), text: "\(station) ended: none of its lines counts later than now.")
  }
}

private struct EndAnswer: Encodable {
  var station: String
}
