import Synchronization

/// One event of a stream, already as bytes: rendered once, sent to hundreds.
public struct LiveEvent: Sendable, Equatable {
  public var id: UInt64
  public var frame: [UInt8]

  /// - Parameters:
  ///   - name: the event's name in the browser.
  ///   - data: each line break begins another `data:` line, so nothing in it can begin another event.
  ///   - epoch: names this run of the server: numbers of an earlier one mean nothing.
  public init(id: UInt64, epoch: String, name: String, data: String) {
    self.id = id
    var frame = Array("id: \(epoch)-\(id)\nevent: \(name)\n".utf8)
    for line in data.utf8.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 10 || $0 == 13 }) {
      frame += Array("data: ".utf8)
      frame += line
      frame.append(10)
    }
    frame.append(10)
    self.frame = frame
  }
}

/// Sends the same events to every listener of one stream.
///
/// A listener that does not read as fast as the hospital changes is cut off: its browser comes back by itself, with
/// the last number it saw, and gets what it missed or, when that is too long ago, the word to load the state again.
public final class Broadcast: Sendable {
  public static let missedEventsMax = 256
  public static let waitingFramesMax = 64

  private struct State {
    var next: UInt64 = 1
    var recent: [LiveEvent] = []
    var listeners: [UInt64: Listener] = [:]
    var nextListener: UInt64 = 1
  }

  private struct Listener {
    var continuation: AsyncStream<[UInt8]>.Continuation
    var isWelcome: @Sendable () -> Bool
  }

  private let state = Mutex(State())
  private let epoch: String

  /// - Parameter epoch: random, new at each start.
  public init(epoch: String) { self.epoch = epoch }

  public var listenerCount: Int { state.withLock { $0.listeners.count } }

  /// The number a page just rendered begins from: what is sent after it reaches that page too.
  public var lastEventID: String { state.withLock { "\(epoch)-\($0.next - 1)" } }

  /// Something changed and nobody was there to be told: a page rendered before must load again.
  public func skip() {
    state.withLock { state in
      state.next += 1
      state.recent.removeAll()
    }
  }

  public func send(_ name: String, _ data: String) {
    let slow = state.withLock { state in
      let event = LiveEvent(id: state.next, epoch: epoch, name: name, data: data)
      state.next += 1
      state.recent.append(event)
      if state.recent.count > Broadcast.missedEventsMax {
        state.recent.removeFirst(state.recent.count - Broadcast.missedEventsMax)
      }
      return deliver(event.frame, &state)
    }
    for listener in slow { listener.finish() }
  }

  /// A comment line: keeps proxies and half-dead connections honest. Whoever is welcome no more hears nothing further.
  public func beat() {
    let listeners = state.withLock { $0.listeners }
    let unwelcome = listeners.filter { !$0.value.isWelcome() }
    let slow = state.withLock { state in
      for key in unwelcome.keys { state.listeners[key] = nil }
      return deliver(Array(": \n\n".utf8), &state)
    }
    for listener in unwelcome.values.map(\.continuation) + slow { listener.finish() }
  }

  /// Returns those cut off. The caller ends them outside the lock: ending one calls `leave`.
  private func deliver(
    _ frame: [UInt8], _ state: inout State
  ) -> [AsyncStream<[UInt8]>.Continuation] {
    var slow: [AsyncStream<[UInt8]>.Continuation] = []
    for (key, listener) in state.listeners {
      if case .enqueued = listener.continuation.yield(frame) { continue }
      state.listeners[key] = nil
      slow.append(listener.continuation)
    }
    return slow
  }

  /// The frames for one browser, from now on.
  /// - Parameters:
  ///   - lastEventID: what it says it saw last; nil for a page just loaded.
  ///   - isWelcome: asked at each beat; once false, the stream ends.
  public func listen(
    after lastEventID: String?, while isWelcome: @escaping @Sendable () -> Bool = { true }
  ) -> AsyncStream<[UInt8]> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: [UInt8].self, bufferingPolicy: .bufferingOldest(Broadcast.waitingFramesMax))
    state.withLock { state in
      // Two seconds before a browser tries again: a restarted station is back by then.
      continuation.yield(Array("retry: 2000\n: \n\n".utf8))
      if let lastEventID {
        if let missed = missed(after: lastEventID, state) {
          // In one piece, so that catching up never overflows the queue.
          if !missed.isEmpty { continuation.yield(missed.flatMap(\.frame)) }
        } else {
          continuation.yield(
            LiveEvent(id: state.next - 1, epoch: epoch, name: "reload", data: "").frame)
        }
      }
      let key = state.nextListener
      state.nextListener += 1
      state.listeners[key] = Listener(continuation: continuation, isWelcome: isWelcome)
      continuation.onTermination = { [weak self] _ in self?.leave(key) }
    }
    return stream
  }

  /// nil when the gap is no longer known.
  private func missed(after lastEventID: String, _ state: State) -> [LiveEvent]? {
    guard let dash = lastEventID.lastIndex(of: "-"), lastEventID[..<dash] == epoch,
      let last = UInt64(lastEventID[lastEventID.index(after: dash)...]), last < state.next
    else { return nil }
    let missed = state.recent.filter { $0.id > last }
    return UInt64(missed.count) == state.next - 1 - last ? missed : nil
  }

  private func leave(_ key: UInt64) {
    state.withLock { $0.listeners[key] = nil }
  }

  /// Ends every connection: the station stops, or everyone must sign in again.
  public func close() {
    let listeners = state.withLock { state in
      let all = state.listeners
      state.listeners = [:]
      return all
    }
    for listener in listeners.values { listener.continuation.finish() }
  }
}
