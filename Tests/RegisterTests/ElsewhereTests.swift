import Register
import Synchronization
import Testing

/// An answer waits for another station's word, and never for long.
@Suite(.timeLimit(.minutes(5)))
struct ElsewhereTests {
  /// Sleeps end when a test says so.
  final class Nights: Sendable {
    private let asleep = Mutex<[CheckedContinuation<Void, Never>]>([])
    var count: Int { asleep.withLock { $0.count } }

    func sleep() async { await withCheckedContinuation { sleeper in asleep.withLock { $0.append(sleeper) } } }

    func end() {
      for sleeper in asleep.withLock({ sleepers in
        defer { sleepers = [] }
        return sleepers
      }) { sleeper.resume() }
    }

    /// Until so many sleep.
    func fall(_ count: Int) async throws { while self.count < count { try await Task.sleep(for: .milliseconds(2)) } }
  }

  let nights = Nights()
  let elsewhere: Elsewhere

  init() {
    elsewhere = Elsewhere { [nights] _ in await nights.sleep() }
  }

  /// Another station has confirmed a line in time: the next are waited for.
  private func prompt() async throws {
    await elsewhere.wait(for: 1)
    try await nights.fall(1)
    elsewhere.hold(1)
    while !elsewhere.isPrompt { try await Task.sleep(for: .milliseconds(2)) }
    nights.end()
  }

  @Test func aloneNobodyWaits() async throws {
    for sequence in 1...100 { await elsewhere.wait(for: sequence) }
    // One looks whether anybody would answer.
    try await nights.fall(1)
    #expect(nights.count == 1)
    nights.end()
  }

  @Test func whatAnotherStationHoldsIsAnswered() async throws {
    try await prompt()
    let (nights, elsewhere) = (nights, elsewhere)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for sequence in 2...4 {
        group.addTask {
          await elsewhere.wait(for: sequence)
          return sequence
        }
      }
      try await nights.fall(3)
      elsewhere.hold(3)
      let first = try await [group.next(), group.next()]
      #expect(Set(first) == [2, 3])
      // What comes late takes nothing back.
      elsewhere.hold(2)
      await elsewhere.wait(for: 3)
      elsewhere.hold(4)
      #expect(try await group.next() == 4)
    }
    nights.end()
  }

  @Test func whoeverIsLateIsWaitedForNoMoreUntilInTimeAgain() async throws {
    try await prompt()
    let elsewhere = elsewhere
    async let late: Void = elsewhere.wait(for: 2)
    try await nights.fall(1)
    nights.end()
    await late
    #expect(!elsewhere.isPrompt)
    // At once, though nobody holds it.
    await elsewhere.wait(for: 3)
    try await nights.fall(1)
    elsewhere.hold(3)
    while !elsewhere.isPrompt { try await Task.sleep(for: .milliseconds(2)) }
    async let next: Void = elsewhere.wait(for: 4)
    try await nights.fall(2)
    elsewhere.hold(4)
    await next
    nights.end()
  }
}
