import Synchronization

/// When a live channel has something to say: at once, after each change, and every 15 seconds lest a dead connection
/// look like a quiet one.
final class LiveBeats: Sendable {
  static let quiet = Duration.seconds(15)

  private let store: any LineStore
  private let environment: PeerEnvironment
  /// Whether the heads may have moved since they were last written. It survives a reader too slow for every beat.
  private let isNew = Atomic(true)

  init(store: any LineStore, environment: PeerEnvironment) {
    self.store = store
    self.environment = environment
  }

  /// Ends with the store's growth.
  func stream() -> AsyncStream<Void> {
    let growth = store.growth()
    return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      continuation.yield()
      let task = Task {
        await withTaskGroup { group in
          group.addTask {
            for await _ in growth {
              self.isNew.store(true, ordering: .releasing)
              continuation.yield()
            }
          }
          group.addTask {
            while (try? await self.environment.sleep(Self.quiet)) != nil { continuation.yield() }
          }
          await group.next()
          group.cancelAll()
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// What is here where they may have moved, else a comment (HTML Living Standard 9.2).
  func frame(_: Void) throws -> [UInt8] {
    guard isNew.exchange(false, ordering: .acquiring) else { return Array(": \n\n".utf8) }
    return Array("event: beside\ndata: \(try store.besideEnd())\n\nevent: heads\ndata: ".utf8)
      + HeadsText.bytes(of: try store.tips()) + Array("\n\n".utf8)
  }
}
