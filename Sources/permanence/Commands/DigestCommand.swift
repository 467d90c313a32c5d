import ArgumentParser
import Ledger
import Register

struct DigestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest", abstract: "The proof that two stations hold the same hospital.")
  @OptionGroup var data: DataOptions

  private struct DigestAnswer: Encodable {
    struct Tip: Encodable {
      var sequence: Int
      var hash: String

      func encode(to encoder: any Encoder) throws {
        var pair = encoder.unkeyedContainer()
        try pair.encode(sequence)
        try pair.encode(hash)
      }
    }

    var digest: String
    var folds: Int
    var commits: Int
    var heads: [String: [Tip]]
  }

  func run() async throws {
    do {
      let digest = try data.reading().read { try $0.digest() }
      let answer = DigestAnswer(
        digest: digest.digest, folds: digest.folds, commits: digest.commits,
        heads: digest.heads.mapValues { $0.map { .init(sequence: $0.sequence, hash: $0.hash.hex) } })
      let heads = answer.heads.sorted { $0.key < $1.key }.map { name, tips in
        "\(name) \(tips.map { "\($0.sequence) \($0.hash)" }.joined(separator: ", "))"
      }
      try Answer(answer, text: (["\(digest.digest) (folds \(digest.folds))"] + heads).joined(separator: "\n"))
        .print(asJSON: data.json)
    } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
  }
}
