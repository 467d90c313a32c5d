import Ledger

/// In which order what lies in a folder of a vault is looked at before a hospital opens, and when enough was. Whoever
/// has a station's credentials may have put any number there, under any name: so what is looked at is bounded, and
/// shared between the stations that the names say, the ones known first, the earliest there before later ones. Of a
/// station it goes from night to night, so that a flood of one night hides no other; once enough count, it goes on with
/// what bears a later hour than the newest of them.
package struct LookingOrder {
  /// Of each station: the newest, and what to fall back on.
  static let enough = 8
  static let looksMax = 2048
  static let bytesMax = 512 << 20
  /// Looked at side by side: each is held in memory.
  static let width = 8
  /// What a look costs beside its bytes.
  private static let lookBytes = 65_536

  package struct Entry {
    package var object: VaultObject
    package var name: SnapshotName
    /// It bears an hour at which nothing can have been sealed yet.
    package var isAhead: Bool
    /// It is asked for by its name.
    package var isWanted: Bool

    package init(object: VaultObject, name: SnapshotName, isAhead: Bool, isWanted: Bool = false) {
      (self.object, self.name, self.isAhead, self.isWanted) = (object, name, isAhead, isWanted)
    }

    fileprivate var hour: Instant { name.time.instant }
    /// A bucket's own hour, where it says one, is nobody's to choose.
    fileprivate var day: Int64 { (object.writtenAt ?? hour).milliseconds / 86_400_000 }
  }

  private var stations: [OfStation]
  private var wanted: ArraySlice<Entry>
  private let lookBytesMax: Int
  /// How many of the stations had a turn: of those that had none, the first weighs least.
  private var reach = 0
  private var looks = 0
  private var bytes = 0

  /// - Parameters:
  ///   - known: stations that are the hospital's.
  ///   - lookBytesMax: of an object, no more are looked at.
  package init(_ entries: [Entry], known: Set<String>, lookBytesMax: Int) {
    self.lookBytesMax = lookBytesMax
    wanted = ArraySlice(entries.filter(\.isWanted).sortedStably(by: Self.isEarlier))
    stations = Dictionary(grouping: entries.filter { !$0.isWanted }, by: \.name.station)
      .map { OfStation(name: $0, entries: $1) }
      .sorted {
        let (isFirst, isSecond) = (known.contains($0.name), known.contains($1.name))
        if isFirst != isSecond { return isFirst }
        let (first, second) = ($0.earliest ?? .distantFuture, $1.earliest ?? .distantFuture)
        return first != second ? first < second : $0.name.precedesInBytes($1.name)
      }
  }

  /// Those to look at side by side; none once enough was looked at.
  package mutating func next() -> [Entry] {
    var next: [Entry] = []
    var resting: Set<Int> = []
    while next.count < Self.width, looks < Self.looksMax, bytes < Self.bytesMax {
      if let entry = wanted.popFirst() {
        next.append(entry)
        _ = spend(on: entry)
        continue
      }
      // Later ones get less: inventing stations takes little from those that were there.
      let reached = stations.indices.prefix(reach + 1).filter { !resting.contains($0) }
      guard let place = reached.min(by: { stations[$0].weight(at: $0) < stations[$1].weight(at: $1) }) else { break }
      reach = max(reach, place + 1)
      guard let entry = stations[place].next() else {
        resting.insert(place)
        continue
      }
      let cost = spend(on: entry)
      stations[place].spent += cost
      next.append(entry)
    }
    return next
  }

  /// Says what came of each that `next` gave.
  package mutating func heard(_ entry: Entry, counts: Bool) {
    guard !entry.isWanted, let place = stations.firstIndex(where: { $0.name == entry.name.station }) else { return }
    stations[place].heard(entry, counts: counts)
  }

  /// How many that may be newer, or would be fallen back on, were not looked at, and how many more bear an hour to come.
  package var unseen: (count: Int, ahead: Int) {
    let left = stations.flatMap(\.unseen)
    let ahead = left.count { $0.isAhead }
    return (left.count - ahead + wanted.count, ahead)
  }

  private mutating func spend(on entry: Entry) -> Int {
    let cost = min(entry.object.bytes, lookBytesMax)
    looks += 1
    bytes += cost
    return cost + Self.lookBytes
  }

  fileprivate static func isEarlier(_ one: Entry, _ other: Entry) -> Bool {
    guard let first = one.object.writtenAt, let second = other.object.writtenAt else { return false }
    return first < second
  }

  /// What the names say one station sealed.
  private struct OfStation {
    let name: String
    /// When the first of it was put there, as the target says.
    let earliest: Instant?
    var spent = 0
    private var rest: ArraySlice<Entry>
    private var isSorted = false
    private var asked = 0
    /// Copies under one name are one.
    private var counted: Set<SnapshotName> = []
    private var newest: Instant?

    init(name: String, entries: [Entry]) {
      self.name = name
      earliest = entries.compactMap(\.object.writtenAt).min()
      let sorted = entries.sortedStably { one, other in
        if one.hour != other.hour { return one.hour > other.hour }
        if let first = one.object.writtenAt, let second = other.object.writtenAt { return first < second }
        return one.object.path.precedesInBytes(other.object.path)
      }
      var names: Set<SnapshotName> = []
      var ofDay: [Int64: Int] = [:]
      let ranked = sorted.map { entry in
        // Under one name, what was there first is no copy.
        let isCopy = !names.insert(entry.name).inserted
        let rank = ofDay[entry.day, default: 0]
        ofDay[entry.day] = rank + 1
        return (entry: entry, isCopy: isCopy, rank: rank)
      }
      rest = ArraySlice(
        ranked.sortedStably { one, other in
          if one.entry.isAhead != other.entry.isAhead { return other.entry.isAhead }
          if one.isCopy != other.isCopy { return other.isCopy }
          return one.rank != other.rank ? one.rank < other.rank : one.entry.day > other.entry.day
        }.map(\.entry))
    }

    func weight(at place: Int) -> Int { (spent + LookingOrder.lookBytes) * (place + 1) }

    mutating func next() -> Entry? {
      if counted.count + asked < LookingOrder.enough {
        guard let entry = rest.popFirst() else { return nil }
        asked += 1
        return entry
      }
      guard counted.count >= LookingOrder.enough else { return nil }
      if !isSorted {
        rest = ArraySlice(rest.sortedStably(by: Self.isBetter))
        isSorted = true
      }
      while let entry = rest.first, !entry.isAhead {
        rest.removeFirst()
        guard isNewer(entry) else { continue }
        asked += 1
        return entry
      }
      return nil
    }

    /// What a bucket had before a thief came is before what he put there.
    private static func isBetter(_ one: Entry, _ other: Entry) -> Bool {
      if one.isAhead != other.isAhead { return other.isAhead }
      if let first = one.object.writtenAt, let second = other.object.writtenAt { return first < second }
      return one.hour > other.hour
    }

    mutating func heard(_ entry: Entry, counts: Bool) {
      asked -= 1
      guard counts else { return }
      counted.insert(entry.name)
      if !entry.isAhead { newest = max(newest ?? entry.hour, entry.hour) }
    }

    var unseen: [Entry] {
      counted.count < LookingOrder.enough ? Array(rest) : rest.filter { $0.isAhead || isNewer($0) }
    }

    private func isNewer(_ entry: Entry) -> Bool { !entry.isAhead && newest.map { entry.hour > $0 } ?? true }
  }
}

extension Instant {
  fileprivate static let distantFuture = Instant(milliseconds: .max)
}

extension Sequence {
  /// Those that neither precedes the other stay in their order.
  func sortedStably(by precedes: (Element, Element) -> Bool) -> [Element] {
    enumerated().sorted {
      precedes($0.element, $1.element) || !precedes($1.element, $0.element) && $0.offset < $1.offset
    }.map(\.element)
  }
}
