import ArgumentParser
import Foundation
import Hospital

struct IdentityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Work on identities outside the ledger.", subcommands: [Link.self])

  struct Link: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Likely duplicates in one file, or between two, each with a probability. Nothing is merged.")
    @OptionGroup var data: DataOptions
    @Argument(help: "CSV, with a header line.") var first: String
    @Argument(help: "A second file: pairs are then between the two.") var second: String?
    @Option(help: "Which column says what: id=rec_id,birthName=surname,…") var columns: String

    private struct LinkAnswer: Encodable {
      struct Pair: Encodable {
        var a: String
        var b: String
        var probability: Double
        var reasons: [String]
      }
      var pairs: [Pair]
      var seconds: Double
    }

    func run() async throws {
      let start = ContinuousClock.now
      let columns: LinkColumns
      do { columns = try LinkColumns(self.columns) } catch { throw Sentence("\(error)", code: 64) }
      let a = try records(first, columns)
      let b = try second.map { try records($0, columns) }
      let pairs = Linkage.link(a: a, b: b).map {
        LinkAnswer.Pair(
          a: $0.a, b: $0.b, probability: ($0.probability * 10_000).rounded() / 10_000,
          reasons: $0.reasons.map(\.rawValue))
      }
      let answer = LinkAnswer(pairs: pairs, seconds: start.duration(to: .now).seconds)
      let lines = pairs.map { "\($0.a) \($0.b) \($0.probability) \($0.reasons.joined(separator: ", "))" }
      try Answer(answer, text: (lines + ["\(pairs.count) pairs"]).joined(separator: "\n")).print(asJSON: data.json)
    }

    private func records(_ path: String, _ columns: LinkColumns) throws -> [LinkRecord] {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Sentence("\(path) cannot be read: check the path.")
      }
      do { return try columns.records(DelimitedText(Array(bytes))) } catch { throw Sentence("\(path): \(error)") }
    }
  }
}
