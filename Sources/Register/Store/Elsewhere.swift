import Synchronization

/// How far other stations hold what this one says, as they say themselves, and the wait for one of them.
///
/// What a disk alone holds goes with it, so whoever is answered as soon as a line is on this one may have been told of
/// something that nobody will find. An answer therefore waits until another station says that it has the line, for an
/// instant at most. It waits for nobody who lately took longer, so a station alone, or one whose neighbours are slow,
/// answers at once. What they say is taken on trust: a lie costs the wait or spares it, and nothing else.
package final class Elsewhere: Sendable {
  static let patience = Duration.milliseconds(250)

  private struct State {
    /// Of the last line that another station said it holds.
    var held = 0
    /// The last answer came in time.
    var isPrompt = false
    /// Somebody finds out whether the next one will.
    var isProbing = false
    var next = 0
    var waiting: [Int: (sequence: Int, answer: CheckedContinuation<Bool, Never>)] = [:]
  }

  private let sleep: @Sendable (Duration) async throws -> Void
  private let state = Mutex(State())

  package init(sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }) {
    self.sleep = sleep
  }

  /// Whether the next answer waits.
  package var isPrompt: Bool { state.withLock { $0.isPrompt } }

  /// Another station says that it holds this line of the station's own chain, and those before it.
  package func hold(_ sequence: Int) {
    let held = state.withLock { state in
      state.held = max(state.held, sequence)
      let held = state.waiting.filter { $0.value.sequence <= sequence }
      for number in held.keys { state.waiting[number] = nil }
      return held.values.map(\.answer)
    }
    for answer in held { answer.resume(returning: true) }
  }

  /// Returns once another station holds this line, or at once where none is likely to say so in time.
  package func wait(for sequence: Int) async {
    let (isPrompt, isProbing) = state.withLock { state in
      if sequence <= state.held { return (false, true) }
      defer { state.isProbing = true }
      return (state.isPrompt, state.isProbing)
    }
    if isPrompt {
      await find(sequence)
    } else if !isProbing {
      // The next one will know.
      Task { await find(sequence) }
    }
  }

  private func find(_ sequence: Int) async {
    let isPrompt = await isHeld(sequence)
    state.withLock { state in (state.isPrompt, state.isProbing) = (isPrompt, false) }
  }

  private func isHeld(_ sequence: Int) async -> Bool {
    await withCheckedContinuation { answer in
      let number = state.withLock { state -> Int? in
        if sequence <= state.held { return nil }
        state.next += 1
        state.waiting[state.next] = (sequence, answer)
        return state.next
      }
      guard let number else { return answer.resume(returning: true) }
      Task {
        try? await sleep(Self.patience)
        state.withLock { $0.waiting.removeValue(forKey: number) }?.answer.resume(returning: false)
      }
    }
  }
}
