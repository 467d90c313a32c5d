import Logging
import ServiceLifecycle

/// A listener without which the station goes on: a port that is taken must not close admissions.
struct Listening: Service {
  let name: String
  let service: any Service
  let logger: Logger

  func run() async throws {
    do { try await service.run() } catch {
      if Task.isCancelled { return }
      logger.error("nobody listens for \(name): \(error)")
      try await gracefulShutdown()
    }
  }
}
