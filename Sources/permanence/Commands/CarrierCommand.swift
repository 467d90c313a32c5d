import ArgumentParser
import Foundation
import Ledger
import Register
import Replication

struct CarrierCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "carrier", abstract: "Lines on a USB key, for stations that the network does not reach.",
    subcommands: [Write.self, Read.self])

  struct Write: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "One sealed file that only stations of this hospital, and its papers, open.")
    @OptionGroup var data: DataOptions
    @Argument(help: "The file to write; one of that name is replaced.") var file: String
    @Option(
      name: .customLong("for"),
      help: """
        A station: only what it is not known to have. Everything, if absent: so for a machine put back from a backup, \
        which is known to have what it lost.
        """)
    var destination: String?
    @Option(help: "The most bytes of a file: split into FILE.1of3 and so on. One file, if absent.") var part: Int?

    func validate() throws {
      if let part, part < Self.partBytesMin { throw ValidationError("--part takes at least \(Self.partBytesMin).") }
    }

    /// Fewer would make more parts than names have digits for.
    static let partBytesMin = 65_536

    var arguments: [String] {
      ["carrier", "write", absolute(file)] + (destination.map { ["--for", $0] } ?? [])
        + (part.map { ["--part", String($0)] } ?? [])
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let carrier = CarrierWriting(register, now: Environment.live.now, random: Environment.live.randomBytes)
      let station = try destination.map { try StationNamed.find($0, register) }
      let written = try await carrier.write(to: absolute(file), for: station, partBytes: part, progress: progress)
      return try Answer(
        WrittenAnswer(commits: written.commits, stations: written.stations, files: written.files),
        text: """
          \(written.commits) lines of \(written.stations) stations: \(written.files.joined(separator: ", "))
          On the other station: permanence carrier read \(written.files.first.map(\.lastComponent) ?? "")
          """)
    }
  }

  struct Read: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take in what another station wrote; each file whole or not at all, twice changes nothing.")
    @OptionGroup var data: DataOptions
    @Option(help: "After a restore: the paper's file, for what stations sealed that are lost.") var key: String?
    @Argument(help: "Files that carrier write made; of one that was split, any part names all.") var files: [String]

    func validate() throws {
      if files.isEmpty { throw ValidationError("Name the files to read.") }
    }

    var arguments: [String] {
      ["carrier", "read"] + (key.map { ["--key", absolute($0)] } ?? []) + files.map(absolute)
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let paper = try key.map { try RecoveryPaper.read(absolute($0)).openingKey } ?? nil
      var answer = ReadAnswer()
      var (stations, lacking) = (Set<String>(), Set<String>())
      var text: [String] = []
      for file in SealedFileReader.whole(files.map(absolute)) {
        do {
          let outcome = try await CarrierReading(register).read(file, paper: paper, progress: progress)
          answer.add(outcome)
          stations.formUnion(outcome.stations)
          lacking.formUnion(outcome.lacking)
          text.append("\(file.lastComponent): \(outcome.sentence)")
        } catch let refusal as CarrierRefusal {
          answer.refused.append(.init(file: file, code: refusal.code, reason: "\(refusal)"))
          text.append("\(file.lastComponent): not taken in: \(refusal)")
        }
      }
      (answer.stations, answer.lacking) = (stations.count, lacking.sorted())
      return try Answer(answer, text: text.joined(separator: "\n"), isYes: answer.refused.isEmpty)
    }
  }
}

/// A station as people write it.
enum StationNamed {
  /// Its whole name.
  /// - Throws: `Sentence` where there is none, or more than one.
  static func find(_ text: String, _ register: Register) throws -> String {
    let all = Set(try register.tips().keys.map(StationName.station(ofChain:))).sorted()
    if all.contains(text) { return text }
    let found = all.filter { StationName.shown($0) == text }
    guard let one = found.first else { throw Sentence("No station \(text) is known here: see station list.") }
    guard found.count == 1 else {
      throw Sentence("\(text) is the name of \(found.count) stations: write \(found.joined(separator: " or ")).")
    }
    return one
  }
}

private struct WrittenAnswer: Encodable {
  var commits: Int
  var stations: Int
  var files: [String]
  var refused: [String] = []
}

private struct ReadAnswer: Encodable {
  struct Refused: Encodable {
    var file: String
    var code: String
    var reason: String
  }

  var commits = 0
  var stations = 0
  var known = 0
  var aside = 0
  /// Whole names of stations of which lines are supposed that are not here: for them read one that holds everything.
  var lacking: [String] = []
  var refused: [Refused] = []

  mutating func add(_ outcome: CarrierReading.Outcome) {
    commits += outcome.commits
    known += outcome.known
    aside += outcome.aside
  }
}

extension CarrierReading.Outcome {
  fileprivate var sentence: String {
    let from = "sealed by \(StationName.shown(sealer)) at \(sealedAt.text)"
    let lacks =
      lacking.isEmpty
      ? ""
      : ". NOT ALL IS HERE: it was written for a machine that has more of \(names(lacking)); where this one was put back "
        + "from a backup, read one that is written without --for"
    if isRepeated { return "nothing new: its \(known) lines were here already; \(from)\(lacks)" }
    let kept = aside == 0 ? "" : ", \(aside) kept aside with their reason"
    return "\(commits) new lines of \(stations.count) stations\(kept); \(from)\(lacks)"
  }

  private func names(_ stations: Set<String>) -> String {
    stations.map(StationName.shown).sorted().joined(separator: ", ")
  }
}

/// From here or from a station that serves, the same file.
private func absolute(_ path: String) -> String { URL(filePath: (path as NSString).expandingTildeInPath).path }

extension String {
  fileprivate var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
