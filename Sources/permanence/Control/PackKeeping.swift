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
        await make(&told)
        try? await Task.sleep(for: .seconds(options.everySeconds))
      }
    }
  }

  private func make(_ told: inout Set<String>) async {
    var there: [String] = []
    for folder in options.folders {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue {
        told.remove(folder)
        there.append(folder)
      } else if told.insert(folder).inserted {
        logger.error("no paper is made into \(folder): there is no such folder")
      }
    }
    guard !there.isEmpty else { return }
    let packing = Packing(register: register, blank: options.packBlank, goodSeconds: 2 * options.everySeconds)
    do {
      let made = try await packing.make(into: there)
      for (folder, result) in made {
        if case .failure(let error) = result {
          logger.error("the paper was not made into \(folder): \(Sentence(error).text)")
        }
      }
      // Printed once, from whichever folder has it.
      guard let (folder, paper) = made.lazy.compactMap({ folder, made in (try? made.get()).map { (folder, $0) } }).first
      else { return }
      if paper.pages > 0 { logger.error("\(PackCommand.text(ofPages: paper.pages))") }
      if let printer = options.packPrinter, await !paper.print(from: folder, on: printer) {
        logger.error("the paper was not printed on \(printer): install cups-client, and look at lpstat -p \(printer)")
      }
    } catch is CancellationError {} catch { logger.error("the paper was not made: \(Sentence(error).text)") }
  }
}
