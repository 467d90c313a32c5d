import Foundation
import Ledger
import Logging
import Register
import ServiceLifecycle
import Web

/// Makes the paper again and again for as long as the station serves, into every folder named, and prints what is new
/// where a printer is. A folder that is not there, as a key that is not plugged in, is told once and tried again.
struct PackKeeping: Service {
  let register: Register
  let options: PackOptions
  let logger: Logger

  func run() async throws {
    Packing.clean(register.path)
    do {
      let late = Environment.live.now().adding(seconds: options.everySeconds)
      try PackRecord.change(folder: register.path) { $0.watch(options.folders, until: late) }
    } catch { logger.error("the age of the paper is not kept: \(Sentence(error).text)") }
    guard !options.pack.isEmpty else { return try await gracefulShutdown() }
    await cancelWhenGracefulShutdown {
      var told: Set<String> = []
      while !Task.isCancelled {
        for folder in options.folders where !Task.isCancelled { await make(into: folder, &told) }
        try? await Task.sleep(for: .seconds(options.everySeconds))
      }
    }
  }

  private func make(into folder: String, _ told: inout Set<String>) async {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      if told.insert(folder).inserted { logger.error("no paper is made into \(folder): there is no such folder") }
      return
    }
    told.remove(folder)
    let packing = Packing(register: register, blank: options.packBlank, goodSeconds: 2 * options.everySeconds)
    do {
      let made = try await packing.make(into: folder)
      if made.pages > 0 { logger.error("\(PackCommand.text(ofPages: made.pages))") }
      guard let printer = options.packPrinter else { return }
      let files = made.toPrint.map { "\(folder)/\($0)" }
      if !files.isEmpty, await !Program.print(files, on: printer) {
        logger.error("the paper was not printed on \(printer): install cups-client, and look at lpstat -p \(printer)")
      }
    } catch is CancellationError {} catch {
      logger.error("the paper was not made into \(folder): \(Sentence(error).text)")
    }
  }
}
