import Foundation
import Hospital
import Ledger
import Register
import Replication
import Synchronization
import Testing

/// When a vault is due, and which of what lies there is the newest, whatever a clock once said.
struct VaultNightsTests {
  private static let paris = "Europe/Paris"

  /// Three at night is 01:00 UTC in a French summer.
  @Test(
    arguments: [
      ("the first, at once", paris, nil, "2022-08-21T10:00", true),
      ("of the afternoon, before the night", paris, "2022-08-20T14:00", "2022-08-21T00:59", false),
      ("of the afternoon, at night", paris, "2022-08-20T14:00", "2022-08-21T01:00", true),
      ("of a moment before", paris, "2022-08-21T00:59", "2022-08-21T01:00", true),
      ("of this night", paris, "2022-08-21T01:00", "2022-08-21T01:01", false),
      ("of this night, before the next", paris, "2022-08-21T01:00", "2022-08-22T00:59", false),
      ("of the last night, at the next", paris, "2022-08-21T01:00", "2022-08-22T01:00", true),
      ("a night was missed", paris, "2022-08-20T01:00", "2022-08-21T10:00", true),
      ("that was caught up with", paris, "2022-08-21T10:00", "2022-08-21T22:30", false),
      ("dated by a clock that ran ahead", paris, "2099-01-01T00:00", "2022-08-21T10:00", true),
      ("dated a little ahead", paris, "2022-08-21T10:04", "2022-08-21T10:00", false),
      ("the clocks went forward", paris, "2022-03-26T14:00", "2022-03-27T00:59", false),
      ("the clocks went forward", paris, "2022-03-26T14:00", "2022-03-27T01:00", true),
      ("the clocks went back", paris, "2022-10-29T14:00", "2022-10-30T01:59", false),
      ("the clocks went back", paris, "2022-10-29T14:00", "2022-10-30T02:00", true),
      ("in the west", "America/Cayenne", "2022-08-20T14:00", "2022-08-21T05:59", false),
      ("in the west", "America/Cayenne", "2022-08-20T14:00", "2022-08-21T06:00", true),
      ("in the east", "Pacific/Noumea", "2022-08-20T14:00", "2022-08-20T15:59", false),
      ("in the east", "Pacific/Noumea", "2022-08-20T14:00", "2022-08-20T16:00", true),
    ] as [(String, String, String?, String, Bool)])
  func aSnapshotIsDue(what: String, zone: String, newest: String?, now: String, isDue: Bool) throws {
    let newest = try newest.map { try Self.instant($0) }
    let clock = try #require(LocalTime(zone: zone))
    let said = try VaultNights.isDue(newest: newest, failed: nil, now: Self.instant(now), clock)
    #expect(said == isDue, "\(what)")
  }

  /// At ten, of a vault whose newest snapshot is of yesterday.
  @Test(arguments: [
    ("a moment ago", "2022-08-21T09:59", false), ("not yet an hour ago", "2022-08-21T09:01", false),
    ("an hour ago", "2022-08-21T09:00", true), ("by a clock that ran ahead", "2099-01-01T00:00", true),
  ])
  func aSnapshotThatFailedIsTriedAgainAnHourLater(what: String, failed: String, isDue: Bool) throws {
    let said = VaultNights.isDue(
      newest: try Self.instant("2022-08-20T14:00"), failed: try Self.instant(failed),
      now: try Self.instant("2022-08-21T10:00"), LocalTime(of: nil))
    #expect(said == isDue, "\(what)")
  }

  @Test(
    arguments: [
      ("nothing is sealed", nil, [], false), ("never tried", "2022-08-21T01:00", [], true),
      ("tried before", "2022-08-21T01:00", ["2022-08-20T01:10"], true),
      ("tried since", "2022-08-21T01:00", ["2022-08-20T01:10", "2022-08-21T01:10"], false),
      ("tried by a clock that ran ahead", "2022-08-21T01:00", ["2099-01-01T00:00"], true),
      ("and by one that is right", "2022-08-21T01:00", ["2099-01-01T00:00", "2022-08-21T01:10"], false),
      ("sealed by a clock that ran ahead", "2099-01-01T00:00", ["2022-08-21T01:10"], false),
    ] as [(String, String?, [String], Bool)])
  func aSnapshotIsToBeProved(what: String, newest: String?, tried: [String], isUnproved: Bool) throws {
    let newest = try newest.map { try Self.instant($0) }
    let said = VaultNights.isUnproved(
      newest: newest, tried: try tried.map { try Self.instant($0) }, now: try Self.instant("2022-08-21T10:00"))
    #expect(said == isUnproved, "\(what)")
  }

  private static func instant(_ text: String) throws -> Instant { try #require(Instant("\(text):00.000Z")) }

  /// What is needed is locked for longer: a snapshot dated ahead does not take the newest one's place.
  @Test func theNewestStaysLocked() async throws {
    let (station, target) = (try CarrierStation(), LockingTarget())
    let objects: [(path: String, kind: SealedObject.Kind, hours: Int)] = [
      ("segments/a", .lines, -72), ("snapshots/old", .snapshot, -48), ("snapshots/newest", .snapshot, -24),
      ("snapshots/ahead", .snapshot, 600_000),
    ]
    for object in objects {
      try station.register.keep(
        SealedObject(
          target: target.address, path: object.path, version: nil, kind: object.kind,
          at: Instant.night.adding(seconds: object.hours * 3600), bytes: 1,
          lockedUntil: Instant.night.adding(seconds: 86_400)))
    }
    let sealing = VaultSealing(
      station.register, to: target, scratch: station.folder, environment: .fixed(seed: 9), retentionDays: 30)
    #expect(try await sealing.renew().count == 3)
    #expect(target.locked.sorted() == ["segments/a", "snapshots/ahead", "snapshots/newest"])
  }

  @Test func whatIsDatedAheadIsNotTheNewest() throws {
    let register = try CarrierStation().register
    func keep(_ path: String, _ kind: SealedObject.Kind, _ hours: Int) throws {
      try register.keep(
        SealedObject(
          target: "/media/coffre", path: path, version: nil, kind: kind,
          at: Instant.night.adding(seconds: hours * 3600), bytes: 1, lockedUntil: nil))
    }
    func newest(_ kind: SealedObject.Kind? = nil, hours: Int = 0) throws -> Int64? {
      try register.newestSealed(in: "/media/coffre", kind, now: .night.adding(seconds: hours * 3600))
        .map { ($0.milliseconds - Instant.night.milliseconds) / 3_600_000 }
    }
    #expect(try newest() == nil)
    try keep("snapshots/ahead", .snapshot, 600)
    #expect(try newest() == nil && newest(.snapshot) == nil)
    try keep("snapshots/a", .snapshot, -24)
    try keep("segments/a", .lines, -2)
    try keep("program/a", .program, -1)
    #expect(try newest() == -2)
    #expect(try newest(.snapshot) == -24)
    // Its hour comes.
    #expect(try newest(.snapshot, hours: 600) == 600)
  }
}
