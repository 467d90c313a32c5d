import ArgumentParser
import Hospital
import Ledger
import Register
import Replication

struct StationRevoke: WritingCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Shut a station out: what it says after the last line that counts is kept, and counts for nothing.")
  @OptionGroup var data: DataOptions
  @Argument(help: "urg-1, or urg-1-3fa9c2d1 where several are called so.") var name: String
  @Option(help: "The sequence of its last line that counts; all that this station holds, if absent.") var last: Int?
  @Flag(help: "Take a revocation back: every line counts again.") var lift = false

  @Option(help: "Holds the passphrase of the enrolling key, where that is locked.") var passphraseFile: String?

  func validate() throws {
    if last != nil, lift { throw ValidationError("--lift counts every line again: say it without --last.") }
    if let last, last < 1 { throw ValidationError("--last is a sequence, 1 or more.") }
  }

  var arguments: [String] {
    ["station", "revoke", name] + (last.map { ["--last", String($0)] } ?? []) + (lift ? ["--lift"] : [])
      + (passphraseFile.map { ["--passphrase-file", Passphrase.absolute($0)] } ?? [])
  }

  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    try Passphrase.unlock(register, passphraseFile)
    let station = try register.station(called: name)
    guard station != register.station || lift else {
      throw Sentence("A station does not revoke itself: do it on another one.")
    }
    let revocation =
      lift
      ? try await register.restore(station: station, environment: .live)
      : try await register.revoke(station: station, after: last, environment: .live)
    let answer = RevokeAnswer(
      station: station, at: revocation.at.text,
      last: revocation.last?.mapValues { $0.map { .init(sequence: $0.sequence, hash: $0.hash.hex) } })
    let counts = revocation.last.map { last in
      (last[station] ?? []).map { String($0.sequence) }.joined(separator: " and ")
    }
    let until = counts.map { $0.isEmpty ? "none of its lines counts" : "its lines count up to \($0)" }
    var text = "\(station) is \(lift ? "a station again: all its lines count" : "revoked: \(until ?? "")")."
    if let vault = try register.read({ try $0.vault() }), !lift,
      vault.recipients.contains(where: { $0.station == station && $0.purpose == .recovery })
    {
      text +=
        "\nIt made papers, to which nothing more is sealed once there is another. For each that lies in your safe: "
        + "permanence key keep --paper FILE."
    }
    return try Answer(answer, text: text)
  }
}

private struct RevokeAnswer: Encodable {
  struct Line: Encodable {
    var sequence: Int
    var hash: String
  }

  var station: String
  var at: String
  /// By chain, of each branch; absent where every line counts.
  var last: [String: [Line]]?
}

extension Register {
  /// Whom a person means, for something that only an enrolling key says.
  /// - Parameter name: `urg-1` or `urg-1-3fa9c2d1`.
  func station(called name: String) throws -> String {
    let named = try read { try $0.everyStation() }.filter { $0 == name || StationName.shown($0) == name }
    guard let found = named.first(where: { $0 == name }) ?? named.first else {
      throw Sentence("No station is called \(name): station list shows those that are known here.")
    }
    guard named.count == 1 || found == name else {
      throw Sentence("Several stations are called \(name): say which, \(named.joined(separator: " or ")).")
    }
    guard holdsEnrollingKey else {
      throw Sentence(
        "This station holds no enrolling key: do it on one that does, or make this one so with a paper, by "
          + "permanence key enrol --root-from FILE.")
    }
    return found
  }
}

extension Reading {
  /// Names of all stations that were ever certified, heard or not, this one too. A paper has numbers as they do, and is
  /// none.
  func everyStation() throws -> [String] {
    let heard = Set(try heads().keys)
    return try certifiedStations().filter { heard.contains($0) || StationName.shown($0) != RecoveryPaper.people }
  }
}
