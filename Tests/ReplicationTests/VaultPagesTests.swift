import Foundation
import Hospital
import Ledger
import Register
import Replication
import Synchronization
import Testing

/// What a night costs where a station has sealed for months: pages are held, never all of it.
struct VaultPagesTests {
  private static func segment(_ number: Int, lockedUntil: Instant? = nil) -> SealedObject {
    SealedObject(
      target: "memory", path: String(format: "segments/urg-1-3fa9c2d1/%06d", number), version: "v", kind: .lines,
      chain: "urg-1-3fa9c2d1", last: nil, at: .night, bytes: 1, lockedUntil: lockedUntil)
  }

  @Test func whatIsGoneIsAskedPageByPage() async throws {
    let station = try CarrierStation()
    for number in 0..<1500 { try station.register.keep(Self.segment(number)) }
    let gone = [7, 999, 1499].map { Self.segment($0).path }
    let target = LockingTarget(gone: Set(gone))
    let sealing = VaultSealing(
      station.register, to: target, scratch: station.folder, environment: .fixed(seed: 9))
    let found = try await sealing.forgetWhatIsGone()
    #expect(found.count == 3 && found.paths == gone)
    #expect(target.asked == [.gone(1000), .gone(500)])
    #expect(try station.register.sealedObjects(in: "memory").count == 1497)
  }

  /// The program lies there for as long as it runs: its lock is not the copies'.
  @Test func whatLiesThereIsCounted() throws {
    let station = try CarrierStation()
    #expect(try station.register.sealedCounts(in: "memory") == SealedCounts())
    let kinds: [(SealedObject.Kind, days: Int?)] = [
      (.lines, 3), (.lines, 2), (.lines, nil), (.snapshot, 4), (.enrolments, 5), (.program, 1),
    ]
    for (number, (kind, days)) in kinds.enumerated() {
      var object = Self.segment(number, lockedUntil: days.map { .night.adding(seconds: $0 * 86_400) })
      (object.kind, object.bytes) = (kind, 10)
      try station.register.keep(object)
      object.target = "another"
      try station.register.keep(object)
    }
    let counts = try station.register.sealedCounts(in: "memory")
    #expect((counts.segments, counts.snapshots, counts.bytes) == (3, 1, 60))
    #expect(counts.lockedUntil == .night.adding(seconds: 2 * 86_400))
  }

  /// Everything is locked anew, few at once, and lines that came since a minute lie in the vault before that ends.
  @Test func linesAreSealedWhileMuchIsLocked() async throws {
    let station = try CarrierStation()
    let paper = try #require(OpeningKey(seed: station.random(OpeningKey.seedBytes)))
    _ = try await station.register.submit(
      Submission(AddVaultRecipient(.recovery, publicKey: paper.recipient.text), key: "paper", author: "system"))
    for number in 0..<40 { try station.register.keep(Self.segment(number, lockedUntil: .night)) }
    let clock = Mutex(Instant.night)
    let target = LockingTarget { clock.withLock { $0 = $0.adding(seconds: 10) } }
    var environment = Environment.fixed(seed: 9)
    environment.now = { clock.withLock { $0 } }
    let sealing = VaultSealing(station.register, to: target, scratch: station.folder, environment: environment)
    let (count, sealed) = try await sealing.renew()
    #expect(count == 40 && Set(target.locked) == Set((0..<40).map { Self.segment($0).path }))
    #expect(target.lockingMost <= 8)
    #expect(!sealed.isEmpty && sealed.allSatisfy { $0.kind == .lines })
    let first = try #require(
      target.asked.firstIndex { if case .put(let path) = $0 { path.hasPrefix("segments/") } else { false } })
    let last = try #require(target.asked.lastIndex { if case .lock = $0 { true } else { false } })
    #expect(first < last)
  }

  private static func listed(_ numbers: [Int], version: String = "v") -> [VaultObject] {
    numbers.map { VaultObject(path: segment($0).path, version: version, bytes: 1) }
  }

  /// Pages of a bucket's list, what of 10, 20 and 30 is found gone, and how many pages were asked for.
  @Test(
    arguments: [
      ("all there", [[10, 20, 30], [40]], [], 1), ("one gone", [[10], [15, 30], [40]], [20], 3),
      ("among others' pages", [[1, 2], [10, 11], [12, 13], [20, 30, 31], [40]], [], 4),
      ("the last gone", [[10, 20], [29, 31], [40]], [30], 2), ("nothing there", [], [10, 20, 30], 0),
      ("and others beyond", [[40, 41], [50]], [10, 20, 30], 1),
    ] as [(String, [[Int]], [Int], Int)])
  func aListIsReadAsFarAsItMatters(what: String, pages: [[Int]], gone: [Int], asked: Int) {
    var join = ListingJoin([10, 20, 30].map { Self.segment($0) })
    var count = 0
    for page in pages {
      count += 1
      guard join.takes(Self.listed(page)) else { break }
    }
    #expect(join.gone.map(\.path) == gone.map { Self.segment($0).path }, "\(what)")
    #expect(count == asked, "\(what)")
  }

  /// Another version under the same path is not what was put there.
  @Test func aVersionIsNotAnother() {
    var join = ListingJoin([Self.segment(10)])
    #expect(join.start == String(Self.segment(10).path.dropLast()))
    let goesOn = join.takes(Self.listed([10], version: "w"))
    #expect(goesOn && join.gone.count == 1)
    let goesFurther = join.takes(Self.listed([10]))
    #expect(!goesFurther && join.gone.isEmpty)
  }
}
