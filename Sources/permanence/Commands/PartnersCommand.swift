import ArgumentParser
import Foundation
import Hospital
import Register

struct PartnersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "partners", abstract: "Hospitals that take patients of ours.", subcommands: [Read.self])

  struct Read: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take in a directory of partner hospitals (YAML, as Examples/partners.yaml); what it repeats is left.")
    @OptionGroup var data: DataOptions
    @Argument(help: "The YAML file.") var file: String

    private struct Taken: Encodable {
      /// New or changed.
      var declared: Int
      var partners: Int
    }

    var arguments: [String] { ["partners", "read", URL(filePath: file).path] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      guard let yaml = try? String(contentsOfFile: file, encoding: .utf8) else {
        throw Sentence("\(file) cannot be read: give a UTF-8 file.")
      }
      let directory: DeclarePartners
      do { directory = try DeclarePartners(yaml: yaml) } catch {
        throw Sentence(error.problems.map { "\(file):\($0.line): \($0.reason)" }.joined(separator: "\n"))
      }
      var declared = 0
      do {
        let receipt = try await register.submit(
          Submission(directory, key: Environment.live.newID(), author: "system"))
        declared = receipt.facts.count
      } catch let refusal as Refusal where refusal.code == "partner-unchanged" {
        // Read again, it says nothing new.
      }
      let count = try register.read { try $0.partners().count }
      return try Answer(
        Taken(declared: declared, partners: count), text: "\(declared) new or changed, \(count) in the directory.")
    }
  }
}
