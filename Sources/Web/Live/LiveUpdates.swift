import Logging
import ServiceLifecycle

/// Tells every browser what changed, from the first change until the station stops.
public struct LiveUpdates: Service {
  let changes: @Sendable () -> AsyncStream<Set<String>>
  let boards: [any LiveFragments]
  let pages: Broadcast
  let logger: Logger

  /// - Parameters:
  ///   - changes: what changed after each group commit: subjects (`stay/<uuid>`) and units (`unit:4EST`).
  public init(
    boards: [any LiveFragments], pages: Broadcast, logger: Logger,
    changes: @escaping @Sendable () -> AsyncStream<Set<String>>
  ) {
    self.boards = boards
    self.pages = pages
    self.logger = logger
    self.changes = changes
  }

  public func run() async throws {
    let boards = boards
    let refreshing = Refreshing { self.refresh(boards) }
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await self.tell(refreshing) }
        group.addTask { await self.beat() }
        await group.next()
        group.cancelAll()
      }
    } onGracefulShutdown: {
      // Open streams would keep the server waiting for browsers that never leave.
      for board in boards { board.close() }
      pages.close()
    }
  }

  private func refresh(_ boards: [any LiveFragments]) {
    for board in boards {
      do { try board.refresh() } catch { logger.error("a board could not be read again: \(error)") }
    }
  }

  private func tell(_ refreshing: Refreshing) async {
    for await names in changes().cancelOnGracefulShutdown() {
      refreshing.changed()
      pages.send("change", names.sorted().joined(separator: " "))
    }
  }

  /// Fifteen seconds: below what proxies and address translation forget.
  private func beat() async {
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(15)) }
      for board in boards { board.beat() }
      pages.beat()
      refresh(boards.filter(\.changesWithTime))
    }
  }
}
