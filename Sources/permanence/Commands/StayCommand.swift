import ArgumentParser
import Hospital
import Register

struct StayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stay", abstract: "Show stays.", subcommands: [Show.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One stay, by its number (NDA).")
    @OptionGroup var data: DataOptions
    @Option(help: "The stay number, as on the label.") var number: String

    func run() async throws {
      do {
        let register = try data.reading()
        let found = try register.read { reading in
          try reading.stays(withNumber: number).compactMap { try StayAnswer($0, reading) }
        }
        guard let first = found.first else {
          throw Sentence("No stay bears that number: check it, or show the patient by IPP.")
        }
        if found.count > 1 { Terminal.note("\(found.count) stays bear this number; this is the first.") }
        let movements = first.movements.map {
          "  \($0.at) \($0.trigger) \($0.unit ?? "")\($0.cancelled ? " (cancelled)" : "")"
        }
        try Answer(first, text: ([first.text] + movements).joined(separator: "\n")).print(asJSON: data.json)
      } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
    }
  }
}
