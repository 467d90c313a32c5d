import ArgumentParser
import Foundation
import Web

struct NoticeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notice", abstract: "What the hospital tells the public.", subcommands: [Publish.self])

  struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the approved notice as pages for any web server; older versions stay.")
    @OptionGroup var data: DataOptions
    @Option(help: "The folder to write to.") var out: String
    @Option(help: "The folder's address on the web, for the links of the RSS feed.") var base: String?

    func validate() throws {
      guard let base else { return }
      let url = URL(string: base)
      guard ["http", "https"].contains(url?.scheme?.lowercased()), url?.host()?.isEmpty == false else {
        throw ValidationError("--base takes the folder's address on the web: https://hopital.example/crise/.")
      }
    }

    private struct Published: Encodable {
      var files: [String]
    }

    func run() async throws {
      do {
        let files = try NoticeSite.files(of: data.reading(), base: base)
        let folder = URL(filePath: (out as NSString).expandingTildeInPath)
        // The pages that lead to others come last: whoever reads meanwhile follows no dead link.
        for file in files.sorted(by: { $0.path.contains("/") && !$1.path.contains("/") }) {
          let url = folder.appending(path: file.path)
          try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data(file.bytes).write(to: url, options: .atomic)
        }
        let none = "No notice was approved: draft one on the page Avis au public, and let a second person approve it."
        try Answer(
          Published(files: files.map(\.path).sorted()),
          text: files.isEmpty ? none : "\(files.count) files written to \(folder.path).", isYes: !files.isEmpty
        ).print(asJSON: data.json)
      } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
    }
  }
}
