import ArgumentParser
import Foundation
import Register

/// Writes: blank forms take their numbers from this station's own.
struct PackCommand: WritingCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack", abstract: "Make the paper for when even the stations are off: a folder of PDFs.")
  @OptionGroup var data: DataOptions
  @Option(help: "The folder to write to.") var out: String
  @Option(help: "How many blank forms of each kind a new stack has; 0 for none.") var blank = PackOptions.usualBlank
  @Option(help: "Print what is new too, on this printer (CUPS).") var printer: String?

  private struct Packed: Encodable {
    var files: [String]
  }

  func validate() throws { try PackOptions.check(blank: blank) }

  private var folder: String { URL(filePath: (out as NSString).expandingTildeInPath).path }

  var arguments: [String] {
    ["pack", "--out", folder, "--blank", String(blank)] + (printer.map { ["--printer", $0] } ?? [])
  }

  /// Made by hand, paper is good for a day.
  private static let goodSeconds = 24 * 3600

  func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
    guard folder != register.path else {
      throw Sentence("\(folder) is the station's own folder: give another one with --out.", code: 64)
    }
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let packing = Packing(register: register, blank: blank, goodSeconds: Self.goodSeconds)
    guard let made = try await packing.make(into: [folder], progress: progress)[folder]?.get() else {
      throw Sentence("Nothing was made into \(folder): try again.")
    }
    let said = "\(made.files.count) files in \(folder)." + (made.pages > 0 ? " \(Self.text(ofPages: made.pages))" : "")
    if let printer, await !made.print(from: folder, on: printer) {
      throw Sentence("\(said) They were not printed: install cups-client, and look at lpstat -p \(printer).")
    }
    return try Answer(Packed(files: made.files), text: said, isYes: made.pages == 0)
  }

  /// What to say of pages that became no PDF.
  static func text(ofPages count: Int) -> String {
    "\(count) documents could not be made into PDFs and are there as web pages, to print from any browser: "
      + "install \(Program.converter), Debian's package."
  }
}

/// How a serving station makes its paper.
struct PackOptions: ParsableArguments {
  static let usualBlank = 20
  /// A week.
  private static let everyMax = 7 * 24 * 60

  @Option(help: "A folder for the paper, made again and again: a disk's, or a key's; may be said several times.")
  var pack: [String] = []
  @Option(help: "Minutes from one making of the paper to the next.") var packEvery = 60
  @Option(help: "How many blank forms of each kind a new stack has; 0 for none.")
  var packBlank = PackOptions.usualBlank
  @Option(help: "Print what is new in the paper too, each time, on this printer (CUPS); goes with --pack.")
  var packPrinter: String?

  var everySeconds: Int { packEvery * 60 }
  var folders: [String] { pack.map { URL(filePath: ($0 as NSString).expandingTildeInPath).path } }

  func validate() throws {
    guard (1...Self.everyMax).contains(packEvery) else {
      throw ValidationError("--pack-every takes minutes, from 1 to \(Self.everyMax).")
    }
    try Self.check(blank: packBlank)
    guard packPrinter == nil || !pack.isEmpty else {
      throw ValidationError("--pack-printer prints what --pack makes: give --pack FOLDER too.")
    }
  }

  static func check(blank: Int) throws {
    guard (0...200).contains(blank) else { throw ValidationError("From 0 to 200 blank forms.") }
  }
}
