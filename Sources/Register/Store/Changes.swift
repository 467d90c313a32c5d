import Synchronization

/// Tells whoever listens what each transaction changed.
final class Changes: Sendable {
  /// How often something was said of the roads that people walk.
  private let reentries = Atomic(0)
  private let listeners = Mutex<(next: Int, all: [Int: AsyncStream<Set<String>>.Continuation])>((0, [:]))

  func listen() -> AsyncStream<Set<String>> {
    let (stream, continuation) = AsyncStream.makeStream(of: Set<String>.self)
    let number = listeners.withLock { listeners in
      listeners.next += 1
      listeners.all[listeners.next] = continuation
      return listeners.next
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.listeners.withLock { $0.all.removeValue(forKey: number) }
    }
    return stream
  }

  func tell(_ changed: Set<String>) {
    if changed.isEmpty { return }
    if changed.contains(where: { $0.hasPrefix("reentry/") }) { reentries.add(1, ordering: .relaxed) }
    for continuation in listeners.withLock({ Array($0.all.values) }) { continuation.yield(changed) }
  }

  var reentriesCount: Int { reentries.load(ordering: .relaxed) }

  func finish() {
    for continuation in listeners.withLock({ Array($0.all.values) }) { continuation.finish() }
  }
}
