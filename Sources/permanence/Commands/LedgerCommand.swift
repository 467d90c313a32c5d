import ArgumentParser
import Foundation
import Ledger
import Register

struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Take the ledger out as text, and check it.",
    subcommands: [Export.self, Verify.self])

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One <station>.ledger file of lines each.")
    @OptionGroup var data: DataOptions
    @Option(help: "The folder to write to; made if absent.") var out: String

    func run() async throws {
      do {
        let folder = URL(filePath: (out as NSString).expandingTildeInPath).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let progress = Progress("export")
        let export = try data.reading().exportLedger(to: folder) { progress.show($0, of: $1) }
        try Answer(
          ["stations": export.stations.count, "commits": export.commits],
          text: "\(export.commits) commits of \(export.stations.count) chains are in \(folder)."
        ).print(asJSON: data.json)
      } catch { throw Sentence(error) }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every signature, link and enrolment: of this station, or of a folder of .ledger files.")
    @OptionGroup var data: DataOptions
    @Option(help: "The root's fingerprint, as on the paper.") var root: String?
    @Argument(help: "A folder of .ledger files.") var folder: String?

    func run() async throws {
      let start = ContinuousClock.now
      let report: VerificationReport
      do {
        if let folder {
          report = try LedgerFolder.verify(folder, root: root) { read in
            if Terminal.isInteractive, read.isMultiple(of: 100_000) { Terminal.note("\(read) lines") }
          }
          // Nothing is no proof of anything.
          if report.commits == 0, report.failures.isEmpty {
            throw Sentence("\(folder) holds no line of a ledger: give the folder that `ledger export` wrote.")
          }
        } else {
          let progress = Progress("verify")
          report = try data.reading().verifyLedger(root: root) { progress.show($0, of: $1) }
        }
      } catch { throw Sentence(error) }
      let answer = VerificationAnswer(report, seconds: start.duration(to: .now).seconds)
      try Answer(answer, text: answer.text, isYes: answer.failures.isEmpty).print(asJSON: data.json)
    }
  }
}

private struct VerificationAnswer: Encodable {
  struct Forked: Encodable {
    var station: String
    var sequence: Int
    var hashes: [String]
  }
  struct Failure: Encodable {
    var station: String
    var sequence: Int
    var reason: String
  }

  var commits: Int
  var facts: Int
  var stations: Int
  var root: String?
  var forks: [Forked]
  var failures: [Failure]
  var seconds: Double

  init(_ report: VerificationReport, seconds: Double) {
    commits = report.commits
    facts = report.facts
    stations = report.chains.count
    root = report.root
    forks = report.forks.map { Forked(station: $0.station, sequence: $0.sequence, hashes: $0.hashes.map(\.hex)) }
    failures = report.failures.map {
      Failure(station: $0.station, sequence: $0.sequence, reason: $0.reason.description)
    }
    self.seconds = seconds
  }

  var text: String {
    let found = failures.map { "\($0.station) \($0.sequence): \($0.reason)" }
    let forked = forks.map { "\($0.station) \($0.sequence): the chain forks here, and each branch counts" }
    let counts = "\(commits) commits, \(facts) facts, \(stations) chains; root \(root ?? "none")"
    let verdict = failures.isEmpty ? "Everything holds." : "\(failures.count) failures."
    return (found + forked + [counts, verdict]).joined(separator: "\n")
  }
}
