import Synchronization

/// The bed board as everyone sees it: each unit rendered once per version and language, kept until it changes, and
/// sent to all browsers when it does. A page is the same fragments, one after the other.
public final class LiveBoard: Sendable {
  /// One audience: who may read what, in which language.
  public struct Audience: Sendable, Hashable {
    public var version: UnitFragment.Version
    public var language: String

    public init(_ version: UnitFragment.Version, _ language: String) {
      self.version = version
      self.language = language
    }
  }

  private struct State {
    /// What each fragment was drawn from.
    var drawn: [Audience: [String: (unit: BoardUnit, html: String)]] = [:]
    /// What browsers were last told.
    var told: [String: BoardUnit] = [:]
  }

  private let read: @Sendable () throws -> [BoardUnit]
  private let words: [String: BoardWords]
  private let broadcasts: [Audience: Broadcast]
  private let state = Mutex(State())

  /// - Parameters:
  ///   - words: by language.
  ///   - epoch: random, new at each start.
  ///   - read: the board as it is now, every unit in the order to show.
  public init(words: [String: BoardWords], epoch: String, read: @escaping @Sendable () throws -> [BoardUnit]) {
    self.read = read
    self.words = words
    var broadcasts: [Audience: Broadcast] = [:]
    for version in UnitFragment.Version.allCases {
      for language in words.keys { broadcasts[Audience(version, language)] = Broadcast(epoch: epoch) }
    }
    self.broadcasts = broadcasts
  }

  public struct Page: Sendable {
    public var units: [BoardUnit]
    /// Each unit's HTML, in the same order.
    public var html: [String]
    /// Where this page's live updates begin.
    public var lastEventID: String
  }

  /// The board now. Only what changed since the last call is rendered.
  public func page(for audience: Audience) throws -> Page {
    // Taken before reading: a change between the two is sent again rather than lost.
    let lastEventID = broadcasts[audience]?.lastEventID ?? ""
    let units = try read()
    let drawn = state.withLock { state in units.map { html(of: $0, for: audience, &state) } }
    return Page(units: units, html: drawn, lastEventID: lastEventID)
  }

  /// Looks at the board again and sends what changed to whoever listens.
  /// - Returns: the codes of the units that changed; none when nobody listens.
  @discardableResult
  public func refresh() throws -> [String] {
    // Read and sent under one lock: an older state must never be sent after a newer one.
    try state.withLock { state in
      guard broadcasts.values.contains(where: { $0.listenerCount > 0 }) else {
        state.told = [:]
        for broadcast in broadcasts.values { broadcast.skip() }
        return []
      }
      let units = try read()
      let changed = units.filter { state.told[$0.code] != $0 }
      // A unit that is there no more changes the page itself.
      let whole = units.count != state.told.count
      state.told = Dictionary(uniqueKeysWithValues: units.map { ($0.code, $0) })
      guard !changed.isEmpty || whole else { return [] }
      for (audience, broadcast) in broadcasts {
        guard broadcast.listenerCount > 0 else {
          broadcast.skip()
          continue
        }
        for unit in changed { broadcast.send("unit", html(of: unit, for: audience, &state)) }
        if whole { broadcast.send("reload", "") }
        broadcast.send("counts", words[audience.language]?.counts(of: units) ?? "")
      }
      return changed.map(\.code)
    }
  }

  /// The frames for one browser, from now on, while `isWelcome` says so.
  public func listen(
    _ audience: Audience, after lastEventID: String?, while isWelcome: @escaping @Sendable () -> Bool = { true }
  ) -> AsyncStream<[UInt8]>? {
    // The first listener may come before the first change: what is true now is taken as told.
    state.withLock { state in
      if state.told.isEmpty, let units = try? read() {
        state.told = Dictionary(uniqueKeysWithValues: units.map { ($0.code, $0) })
        // A page rendered before may show less: it loads again.
        for broadcast in broadcasts.values { broadcast.skip() }
      }
    }
    return broadcasts[audience]?.listen(after: lastEventID, while: isWelcome)
  }

  public func beat() { for broadcast in broadcasts.values { broadcast.beat() } }

  public func close() { for broadcast in broadcasts.values { broadcast.close() } }

  private func html(of unit: BoardUnit, for audience: Audience, _ state: inout State) -> String {
    if let kept = state.drawn[audience]?[unit.code], kept.unit == unit { return kept.html }
    guard let words = words[audience.language] else { return "" }
    var html = ""
    html.reserveCapacity(unit.beds.count * 260 + 800)
    UnitFragment(unit, version: audience.version, words: words).write(into: &html)
    state.drawn[audience, default: [:]][unit.code] = (unit, html)
    return html
  }
}
