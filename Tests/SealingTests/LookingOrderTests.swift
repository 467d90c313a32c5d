import Ledger
import Replication
import Testing

/// In which order a vault is looked at, whatever somebody with a station's credentials put there.
struct LookingOrderTests {
  private static let day = 86_400
  private static let now = Instant("2022-08-21T10:00:00.000Z")!
  private static let honest = "urg-1-3fa9c2d1"

  fileprivate struct Lying {
    var entry: LookingOrder.Entry
    var counts: Bool
  }

  /// - Parameters:
  ///   - hours: before now, that its name says.
  ///   - written: hours before now, that a bucket says.
  private static func lying(
    _ station: String, hours: Int, written: Int? = nil, counts: Bool = false, bytes: Int = 2 << 20, number: Int = 0
  ) -> Lying {
    let at = Instant(milliseconds: now.adding(seconds: -hours * 3600).milliseconds + Int64(number))
    let name = SnapshotName(time: HybridTime(instant: at, counter: 0), station: station)
    let object = VaultObject(
      path: name.path, version: nil, bytes: bytes, writtenAt: written.map { now.adding(seconds: -$0 * 3600) })
    return Lying(
      entry: LookingOrder.Entry(object: object, name: name, isAhead: at > now.adding(seconds: day)), counts: counts)
  }

  /// A station's nights, the last one seven hours ago.
  private static func nights(_ count: Int, of station: String = honest, isBucket: Bool) -> [Lying] {
    (0..<count).map { lying(station, hours: 7 + 24 * $0, written: isBucket ? 7 + 24 * $0 : nil, counts: true) }
  }

  enum Flood: CaseIterable {
    case none
    /// Of 2099.
    case toCome
    /// In the honest station's name, later than what it sealed last.
    case tonight
    /// In its name, on each of its nights.
    case everyNight
    /// In names of stations that nobody enrolled.
    case invented
    /// Whole ones by a station whose key is stolen.
    case byAStation

    fileprivate func lying(isBucket: Bool) -> [Lying] {
      (0..<20_000).compactMap { number -> Lying? in
        let written = isBucket ? 1 : nil
        return switch self {
        case .none: nil
        case .toCome: LookingOrderTests.lying(honest, hours: -700_000, written: written, number: number)
        case .tonight: LookingOrderTests.lying(honest, hours: 2, written: written, number: number)
        case .everyNight: LookingOrderTests.lying(honest, hours: number % 720, written: written, number: number)
        case .invented: LookingOrderTests.lying("aaa-\(number)-3fa9c2d1", hours: 2, written: written)
        case .byAStation:
          LookingOrderTests.lying("mal-1-3fa9c2d1", hours: 2, written: written, counts: true, number: number)
        }
      }
    }
  }

  /// Looks at all of it as `VaultReading` does.
  private static func look(
    _ lying: [Lying], known: Set<String> = []
  ) -> (looks: Int, bytes: Int, counted: [LookingOrder.Entry], unseen: (count: Int, ahead: Int)) {
    let counting = Set(lying.filter(\.counts).map(\.entry.object.path))
    var order = LookingOrder(lying.map(\.entry), known: known, lookBytesMax: 1 << 20)
    var (looks, bytes, counted) = (0, 0, [LookingOrder.Entry]())
    while true {
      let next = order.next()
      if next.isEmpty { return (looks, bytes, counted, order.unseen) }
      looks += next.count
      for entry in next {
        bytes += min(entry.object.bytes, 1 << 20)
        let counts = counting.contains(entry.object.path)
        if counts { counted.append(entry) }
        order.heard(entry, counts: counts)
      }
    }
  }

  /// In a bucket a thief hides no night from before he came; what he makes opening wait for is bounded.
  @Test(arguments: Flood.allCases) func inABucketEveryNightBeforeIsFound(flood: Flood) {
    let nights = Self.nights(400, isBucket: true)
    let found = Self.look(nights + flood.lying(isBucket: true))
    #expect(found.looks <= 2048 && found.bytes <= (512 + 8) << 20)
    let honest = found.counted.filter { $0.name.station == Self.honest }.map(\.object.path)
    #expect(honest.contains(nights[0].entry.object.path) && honest.contains(nights[7].entry.object.path))
    #expect(honest.count <= 9)
    let isHidden = [.tonight, .invented].contains(flood)
    #expect((found.unseen.count > 0) == isHidden)
    #expect((found.unseen.ahead > 0) == (flood == .toCome))
  }

  /// Nor in a folder, where a flood of one night hides that night alone.
  @Test(arguments: [Flood.none, .toCome, .tonight, .invented, .byAStation])
  func inAFolderThoseKnownAreFound(flood: Flood) {
    let nights = Self.nights(400, isBucket: false)
    let found = Self.look(nights + flood.lying(isBucket: false), known: [Self.honest])
    #expect(found.looks <= 2048 && found.bytes <= (512 + 8) << 20)
    let last = nights[flood == .tonight ? 1 : 0].entry.object.path
    #expect(found.counted.contains { $0.object.path == last })
  }

  /// Where nothing floods, no more than a few of each station.
  @Test func aYearOfNightsIsNotLookedAt() {
    let stations = (1...5).map { "urg-\($0)-3fa9c2d1" }
    let found = Self.look(stations.flatMap { Self.nights(365, of: $0, isBucket: true) })
    #expect(found.looks == 5 * 8)
    #expect(found.unseen.count == 0)
  }

  /// In one night a thief writes less than the bound: the newest is found among it.
  @Test func theNewestIsFoundInAFlood() {
    let flood = (0..<300).map { Self.lying(Self.honest, hours: 2, written: 2, bytes: 200, number: $0) }
    let newest = Self.lying(Self.honest, hours: 3, written: 3, counts: true)
    let found = Self.look(Self.nights(30, isBucket: true) + flood + [newest])
    #expect(found.counted.contains { $0.object.path == newest.entry.object.path })
    #expect(found.unseen.count == 0)
  }

  /// Copies under the newest one's name, each put there on a later day, come after it and count as one.
  @Test func copiesComeAfterWhatTheyWereCopiedFrom() {
    let newest = Self.lying(Self.honest, hours: 24 * 20, written: 24 * 20, counts: true)
    let copies = (0..<19).map { Self.lying(Self.honest, hours: 24 * 20, written: 24 * $0, counts: true) }
    let older = (21...40).map { Self.lying(Self.honest, hours: 24 * $0, written: 24 * $0, counts: true) }
    let found = Self.look(copies + [newest] + older)
    #expect(found.counted.first?.object == newest.entry.object)
    #expect(Set(found.counted.map(\.name)).count == 8)
  }

  /// What is asked for by its name is looked at before anything.
  @Test func whatIsAskedForComesFirst() {
    var old = Self.lying(Self.honest, hours: 9000)
    old.entry.isWanted = true
    var order = LookingOrder(
      (Self.nights(400, isBucket: true) + [old]).map(\.entry), known: [], lookBytesMax: 1 << 20)
    let first = order.next().first
    #expect(first?.object.path == old.entry.object.path)
  }
}
