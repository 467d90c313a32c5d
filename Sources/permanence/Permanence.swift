import ArgumentParser
import Ledger
import Register

@main
struct Permanence: AsyncParsableCommand {
  /// Stations tell it each other: where the second number differs, so do digests.
  static let version = "1.\(Register.folds)"

  static let configuration = CommandConfiguration(
    commandName: "permanence",
    abstract: "The hospital's admissions and beds, when everything else is locked.", version: version,
    subcommands: [
      Init.self, Serve.self, Import.self, PatientCommand.self, StayCommand.self, CensusCommand.self, DigestCommand.self,
      LedgerCommand.self, IdentityCommand.self, ModeCommand.self, NumbersCommand.self, StationCommand.self,
      CarrierCommand.self, RebuildCommand.self, DoctorCommand.self, KeyCommand.self, VaultCommand.self,
      RestoreCommand.self, ClientCommand.self, HandbackCommand.self,
      NoticeCommand.self, PartnersCommand.self, PackCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as Sentence {
      // Whoever reads JSON gets a document of what went wrong too.
      if CommandLine.arguments.contains("--json"), !Terminal.hasPrinted {
        Terminal.print("\(JSON.object(JSONObject([("error", .string(error.text))])))")
      }
      Terminal.error(error.text)
      exit(withError: ExitCode(error.code))
    } catch {
      exit(withError: error)
    }
  }
}
