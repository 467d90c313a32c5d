import ArgumentParser
import Hospital
import Ledger
import Register

struct PatientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patient", abstract: "Find and show patients.", subcommands: [Find.self, Show.self])

  struct Find: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "By birth date and name, IPP, INS or stay number, as on the admissions page.")
    @OptionGroup var data: DataOptions
    @Option(help: "How many at most.") var limit = 20
    @Argument(help: "For example: 12031961 MARTIN LO") var query: [String]

    func run() async throws {
      do {
        let register = try data.reading()
        let found = try register.read { reading in
          try reading.search(query.joined(separator: " "), limit: limit, now: Environment.live.now())
            .compactMap { try PatientAnswer($0.patient.id, reading) }
        }
        let nobody = "Nobody is found: try the birth date alone, or the first three letters of the name."
        let text = found.isEmpty ? nobody : found.map(\.text).joined(separator: "\n")
        try Answer(found, text: text, isYes: !found.isEmpty)
          .print(asJSON: data.json)
      } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One patient, by IPP of any authority.")
    @OptionGroup var data: DataOptions
    @Option(help: "The IPP, as on the label.") var ipp: String

    func run() async throws {
      do {
        let register = try data.reading()
        let found = try register.read { reading in
          try reading.patients(withIdentifier: ipp, authority: nil).compactMap { try PatientAnswer($0, reading) }
        }
        guard let first = found.first else {
          throw Sentence("No patient bears that number: check it, or search by birth date and name.")
        }
        if found.count > 1 { Terminal.note("\(found.count) identities bear this number; this is the first.") }
        try Answer(first, text: first.text).print(asJSON: data.json)
      } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
    }
  }
}
