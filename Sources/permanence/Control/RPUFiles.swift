import Foundation
import Logging
import Register
import ServiceLifecycle
import Web

/// Makes each day's summaries by itself, also when nothing can be sent: in `rpu` of the data folder until somebody says
/// that they are there, and in the folder from which a channel takes them, where one is given, oldest first. A channel
/// says that it has a file by putting one of the same name with `.ok` beside it, or in its place.
struct RPUFiles: Service {
  let register: Register
  let channel: String?
  let logger: Logger

  /// Well before four in the morning, whenever the station started.
  private static let intervalSeconds = 1800

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await make() } catch is CancellationError { return } catch {
          logger.error("the emergency visit summaries could not be written: \(error)")
        }
        try? await Task.sleep(for: .seconds(Self.intervalSeconds))
      }
    }
  }

  private func make() async throws {
    let now = Environment.live.now()
    let days = try register.read { try RPUDay.watched($0, $0.hours(), at: now) }
    let owed = days.filter { !$0.visits.isEmpty && !$0.isAcknowledged }
    // Whatever becomes of the channel, which may be a folder that is not there.
    for day in owed { try write(day, to: "\(register.path)/rpu") }
    guard let channel else { return }
    let sent = "\(register.path)/rpu-sent"
    for day in owed {
      if isTaken(day, from: channel, sent) {
        _ = try await register.submit(
          Submission(day.acknowledged(by: "dossier"), key: Environment.live.newID(), author: "system"))
        continue
      }
      try write(day, to: channel)
      // What is written there was put into the channel whole.
      try write(day, to: sent)
    }
  }

  /// Anew only where the visits say something else than the file that is there.
  private func write(_ day: RPUDay, to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(day.fileName)"
    if let there = try? String(contentsOfFile: path, encoding: .utf8), there.contains(day.passages) { return }
    try? FileManager.default.removeItem(atPath: path + ".ok")
    let xml = Data(day.xml(at: Environment.live.now()).utf8)
    // Renamed into place: whoever takes it never takes a half.
    try xml.write(to: URL(filePath: path), options: .atomic)
  }

  /// Of a file that was taken away, the copy of what was sent says what it said.
  private func isTaken(_ day: RPUDay, from channel: String, _ sent: String) -> Bool {
    let path = "\(channel)/\(day.fileName)"
    guard FileManager.default.fileExists(atPath: path + ".ok") else { return false }
    let put = FileManager.default.fileExists(atPath: path) ? path : "\(sent)/\(day.fileName)"
    return (try? String(contentsOfFile: put, encoding: .utf8))?.contains(day.passages) ?? false
  }
}
