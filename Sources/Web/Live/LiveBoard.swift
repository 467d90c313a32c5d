import Synchronization

/// For whom a board is drawn.
public enum BoardVersion: String, Sendable, CaseIterable {
  /// For those who work here: who is where.
  case staff
  /// On a wall, where anybody may read: no name, no number, nothing to press.
  case wall
}

/// One part of a board, drawn and sent as one piece.
public protocol BoardSheet: Sendable, Equatable {
  /// What is looked up once for each language.
  associatedtype Words: Sendable
  /// Which part it is.
  var code: String { get }
  /// What the page and the live updates show of it: the same bytes, so that a browser can replace one by the other.
  func html(_ version: BoardVersion, _ words: Words) -> String
  /// Whether it says something else later though nobody said anything: who is over their time.
  static var changesWithTime: Bool { get }
  /// The line beside the title.
  static func counts(of sheets: [Self], _ words: Words) -> String
}

extension BoardSheet {
  public static var changesWithTime: Bool { false }
}

/// Beds, by unit.
public typealias LiveBoard = LiveSheets<BoardUnit>

/// A board that one part of the station tells of every change.
public protocol LiveFragments: Sendable {
  var changesWithTime: Bool { get }
  @discardableResult
  func refresh() throws -> [String]
  func beat()
  func close()
}

/// A board as everyone sees it: each sheet rendered once per version and language, kept until it changes, and sent to
/// all browsers when it does. A page is the same fragments, one after the other.
public final class LiveSheets<Sheet: BoardSheet>: LiveFragments {
  /// One audience: who may read what, in which language.
  public struct Audience: Sendable, Hashable {
    public var version: BoardVersion
    public var language: String

    public init(_ version: BoardVersion, _ language: String) {
      self.version = version
      self.language = language
    }
  }

  private struct State {
    /// What each fragment was drawn from.
    var drawn: [Audience: [String: (unit: Sheet, html: String)]] = [:]
    /// What browsers were last told.
    var told: [String: Sheet] = [:]
  }

  public var changesWithTime: Bool { Sheet.changesWithTime }
  private let read: @Sendable () throws -> [Sheet]
  private let words: [String: Sheet.Words]
  private let broadcasts: [Audience: Broadcast]
  private let state = Mutex(State())

  /// - Parameters:
  ///   - words: by language.
  ///   - epoch: random, new at each start.
  ///   - read: the board as it is now, every unit in the order to show.
  public init(words: [String: Sheet.Words], epoch: String, read: @escaping @Sendable () throws -> [Sheet]) {
    self.read = read
    self.words = words
    var broadcasts: [Audience: Broadcast] = [:]
    for version in BoardVersion.allCases {
      for language in words.keys { broadcasts[Audience(version, language)] = Broadcast(epoch: epoch) }
    }
    self.broadcasts = broadcasts
  }

  public struct Page: Sendable {
    public var units: [Sheet]
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
        broadcast.send("counts", words[audience.language].map { Sheet.counts(of: units, $0) } ?? "")
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

  private func html(of unit: Sheet, for audience: Audience, _ state: inout State) -> String {
    if let kept = state.drawn[audience]?[unit.code], kept.unit == unit { return kept.html }
    guard let words = words[audience.language] else { return "" }
    let html = unit.html(audience.version, words)
    state.drawn[audience, default: [:]][unit.code] = (unit, html)
    return html
  }
}
