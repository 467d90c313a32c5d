import ArgumentParser
import Hospital
import Ledger
import Register

struct NumbersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "numbers", abstract: "The numbers that this station may give: IPP, NDA.",
    subcommands: [Show.self, Grant.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How many are left.")
    @OptionGroup var data: DataOptions

    func run() async throws {
      do { try NumbersAnswer(of: data.reading()).answer().print(asJSON: data.json) } catch { throw Sentence(error) }
    }
  }

  struct Grant: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Another slice, out of serials that the main system never reaches.")
    @OptionGroup var data: DataOptions
    @Argument(help: "ipp, nda or unknown.") var kind: String
    @Option(help: "The first serial, without prefix and check.") var first: Int
    @Option(help: "The last serial.") var last: Int

    func validate() throws {
      guard NumberKind(rawValue: kind) != nil else { throw ValidationError("The kind is ipp, nda or unknown.") }
    }

    var arguments: [String] { ["numbers", "grant", kind, "--first", String(first), "--last", String(last)] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      guard let kind = NumberKind(rawValue: kind) else { throw Sentence("The kind is ipp, nda or unknown.", code: 64) }
      _ = try await register.submit(
        Submission(
          GrantNumbers(kind: kind, first: first, last: last), key: Environment.live.newID(), author: "system"))
      return try NumbersAnswer(of: register).answer()
    }
  }
}

private struct NumbersAnswer: Encodable {
  struct Kind: Encodable {
    var kind: String
    var left: Int
    var granted: Int
  }

  var numbers: [Kind]

  init(of register: Register) throws {
    numbers = try register.read { reading in
      try NumberKind.allCases.map { kind in
        let numbers = try reading.numbersLeft(kind)
        return Kind(kind: kind.rawValue, left: numbers.left, granted: numbers.granted)
      }
    }
  }

  func answer() throws -> Answer {
    try Answer(self, text: numbers.map { "\($0.kind): \($0.left) left of \($0.granted)" }.joined(separator: "\n"))
  }
}
