import Ledger

/// The numbers that one station may give (`range/<station>`): slices of the hospital's ranges, each granted once, to
/// one station.
public struct NumberSlices: Sendable, Equatable {
  public let id: String
  /// In the order granted.
  public var slices: [Slice] = []

  public struct Slice: Sendable, Equatable {
    public var kind: NumberKind
    public var first: Int
    public var last: Int

    public init(kind: NumberKind, first: Int, last: Int) {
      self.kind = kind
      self.first = first
      self.last = last
    }
  }

  /// Below this share of what was granted, people are told.
  public static let alarmPercent = 30

  public init(id: String) { self.id = id }

  /// Whose they are, as people call it: `urg-1`.
  var people: String { StationName.shown(String(id.dropFirst("range/".utf8.count))) }

  /// The serial after `last`, the last one given; nil when none is left. Slices are used up in the order granted.
  public func next(_ kind: NumberKind, after last: Int?) -> Int? {
    let own = slices.filter { $0.kind == kind }
    guard let last else { return own.first?.first }
    guard let index = own.firstIndex(where: { $0.first <= last && last <= $0.last }) else { return own.first?.first }
    if last < own[index].last { return last + 1 }
    return index + 1 < own.count ? own[index + 1].first : nil
  }

  /// How many serials are left after `last`, and how many were granted.
  public func left(_ kind: NumberKind, after last: Int?) -> (left: Int, granted: Int) {
    let own = slices.filter { $0.kind == kind }
    let granted = own.reduce(0) { $0 + $1.last - $1.first + 1 }
    guard let last, let index = own.firstIndex(where: { $0.first <= last && last <= $0.last }) else {
      return (granted, granted)
    }
    return (own[(index + 1)...].reduce(own[index].last - last) { $0 + $1.last - $1.first + 1 }, granted)
  }
}

extension NumberSlices: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    let isCeded = heard.fact.kind == "range.ceded"
    guard isCeded || heard.fact.kind == "range.granted",
      let kind = data["kind"]?.string.flatMap({ NumberKind(rawValue: $0) }),
      let first = data["first"]?.integer, let last = data["last"]?.integer, first >= 0, first <= last
    else { return }
    let slice = Slice(kind: kind, first: first, last: last)
    if isCeded {
      slices = slices.flatMap { $0.without(slice) }
    } else if !slices.contains(slice) {
      slices.append(slice)
    }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put(
      "slices",
      slices.map {
        var slice = StateWriter()
        slice.put("kind", $0.kind.rawValue)
        slice.put("first", $0.first)
        slice.put("last", $0.last)
        return .object(slice.object)
      })
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    slices =
      object["slices"]?.array?.compactMap { slice in
        guard let kind = slice["kind"]?.string.flatMap({ NumberKind(rawValue: $0) }),
          let first = slice["first"]?.integer, let last = slice["last"]?.integer
        else { return nil }
        return Slice(kind: kind, first: first, last: last)
      } ?? []
  }
}
