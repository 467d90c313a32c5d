import Ledger

/// One line of care: open, limited or closed (`care/<uuid>`).
///
/// A declaration names those that its author had before them. Those that nobody named since are what is said now: one,
/// or several where stations declared without knowing of each other. The most restrictive of them holds meanwhile, and
/// whoever declares next, with all of them before them, settles it.
public struct CareLine: Sendable, Equatable {
  public struct Declaration: Sendable, Equatable {
    public var state: CareState
    /// `CareReason`, or a newer station's word.
    public var reason: String?
    /// For the hospital's own people; it is never told outside.
    public var note: String?
    /// When it will be looked at again.
    public var reviewAt: Instant?
    /// Since when it is in that state.
    public var since: Instant
    public var at: Instant
    /// Account id.
    public var by: String
    public var station: String
    /// When it was written.
    public var time: HybridTime

    /// What a later declaration calls it by.
    public var name: String { "\(time.text) \(station)" }
  }

  public let id: String
  /// A `CareKey`'s raw value, or a newer station's.
  public private(set) var key = ""
  /// Those that hold, in the one order of facts.
  public private(set) var declarations: [Declaration] = []
  /// Named by a declaration, and not heard yet.
  private var awaited: [String] = []

  public init(id: String) { self.id = id }

  /// The most restrictive, the last of several; nil before anybody said anything.
  public var holding: Declaration? {
    declarations.max { ($0.state, $0.time) < ($1.state, $1.time) }
  }

  /// Stations that did not know of each other said different things of it.
  public var isContradicted: Bool { Set(declarations.map(\.state)).count > 1 }

  /// The hour of the next review has passed.
  public func isOverdue(at instant: Instant) -> Bool { holding?.reviewAt.map { $0 <= instant } ?? false }
}

extension CareLine: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    guard heard.fact.kind == "care.declared", let said = data["line"]?.string,
      let state = data["state"]?.string.flatMap(CareState.init)
    else { return }
    let named = data["after"]?.strings ?? []
    func isNamed(_ declaration: Declaration) -> Bool { named.contains { $0.sameBytes(as: declaration.name) } }
    let before = declarations.filter(isNamed)
    let goesOn = !before.isEmpty && before.allSatisfy { $0.state == state }
    let declaration = Declaration(
      state: state, reason: data["reason"]?.string, note: data["note"]?.string,
      reviewAt: data["reviewAt"]?.string.flatMap { Instant($0) },
      since: goesOn ? before.map(\.since).min() ?? heard.fact.at : heard.fact.at, at: heard.fact.at,
      by: heard.author, station: heard.station, time: heard.time)
    key = said
    declarations.removeAll(where: isNamed)
    awaited += named.filter { name in !before.contains { $0.name.sameBytes(as: name) } }
    // A clock that was ahead puts what was said before behind what was said after.
    if let index = awaited.firstIndex(where: { $0.sameBytes(as: declaration.name) }) {
      awaited.remove(at: index)
    } else {
      declarations.append(declaration)
    }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("key", key)
    writer.put(
      "said",
      declarations.map { said -> JSON in
        var one = StateWriter()
        one.put("state", said.state.rawValue)
        one.put("reason", said.reason)
        one.put("note", said.note)
        one.put("reviewAt", said.reviewAt)
        one.put("since", said.since)
        one.put("at", said.at)
        one.put("by", said.by)
        one.put("station", said.station)
        one.put("time", said.time.text)
        return .object(one.object)
      })
    writer.put("awaited", awaited)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let key = stored["key"]?.string else { return nil }
    self.init(id: id)
    self.key = key
    awaited = stored["awaited"]?.strings ?? []
    for said in stored["said"]?.array ?? [] {
      guard let state = said["state"]?.string.flatMap(CareState.init), let since = said["since"]?.storedInstant,
        let at = said["at"]?.storedInstant, let by = said["by"]?.string, let station = said["station"]?.string,
        let time = said["time"]?.string.flatMap({ HybridTime($0) })
      else { return nil }
      declarations.append(
        Declaration(
          state: state, reason: said["reason"]?.string, note: said["note"]?.string,
          reviewAt: said["reviewAt"]?.storedInstant, since: since, at: at, by: by, station: station, time: time))
    }
  }
}
