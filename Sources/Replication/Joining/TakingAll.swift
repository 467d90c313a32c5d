import Ledger
import Register

/// What a station that was let in waits for: everything that the one that let it in has.
public struct TakingAll: Sendable {
  /// Why it waits no longer. What came is kept, and the station takes the rest once it serves.
  public enum Ending: Error, Sendable, Equatable {
    /// The other one cannot be asked, or nothing more comes of it.
    case silent(String)
    /// This station takes no more now.
    case paused(String)
    /// All else came. These chains go on with something that no station would keep as it is.
    case unsound([String: String])
  }

  private static let look = Duration.milliseconds(50)
  /// Without anything that came, once something failed: a minute.
  private static let looksMax = 1200

  private let pulling: Pulling
  private let store: any LineStore
  private let environment: PeerEnvironment

  public init(_ pulling: Pulling, into store: any LineStore, environment: PeerEnvironment) {
    self.pulling = pulling
    self.store = store
    self.environment = environment
  }

  /// Pulls until nothing is missing, or throws its `Ending`.
  /// - Parameter show: how many lines are here, and how many there are.
  public func run(show: (Int, Int) -> Void = { _, _ in }) async throws {
    let pulling = pulling
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await pulling.run() }
      defer { group.cancelAll() }
      try await wait(show)
    }
  }

  private func wait(_ show: (Int, Int) -> Void) async throws {
    var held = Heads()
    var looks = 0
    while true {
      try await environment.sleep(Self.look)
      let state = pulling.state
      guard state.lastHeard != nil else {
        if let fault = state.fault { throw Ending.silent(fault) }
        continue
      }
      if let pause = state.pause { throw Ending.paused(pause) }
      let tips = try store.tips()
      let missing = state.ahead(of: tips)
      let all = state.ahead(of: [:])
      show(all - missing, all)
      if !state.lacksBeside {
        let lacking = missing == 0 ? [:] : try tipsLacking(of: state.heads)
        if lacking.isEmpty { return }
        if lacking.allSatisfy({ chain, tips in tips.allSatisfy { state.rests(chain, $0) } }) {
          throw Ending.unsound(state.resting.filter { lacking[$0.key] != nil }.mapValues(\.reason))
        }
      }
      if tips != held { (held, looks) = (tips, 0) }
      // None once a connection lasts, which may bring more than a minute's worth of lines before any is stored.
      guard let fault = state.fault else { continue }
      looks += 1
      if looks > Self.looksMax { throw Ending.silent(fault) }
    }
  }

  /// By chain. Of those whose longest branch lies aside, because its chain has too many, none: it is held.
  private func tipsLacking(of heads: Heads) throws -> Heads {
    try heads.reduce(into: [:]) { lacking, chain in
      let tips = try chain.value.filter { try !store.holds(chain.key, $0) }
      if !tips.isEmpty { lacking[chain.key] = tips }
    }
  }
}
