import Ledger
import Replication
import Synchronization
import Testing

/// Whom a station pulls from changes while it runs.
@Suite(.timeLimit(.minutes(2)))
struct NeighboursTests {
  /// What a test's hospital knows, and the stores behind addresses.
  final class World: Sendable {
    let known = Mutex<[Neighbour]>([])
    let stores = Mutex<[PeerAddress: MemoryStore]>([:])
    let made = Mutex<[Neighbour]>([])
    let changes = Mutex<[AsyncStream<Void>.Continuation]>([])

    func know(_ neighbours: [Neighbour]) {
      known.withLock { $0 = neighbours }
      for change in changes.withLock({ $0 }) { change.yield() }
    }
  }

  let authority: Authority
  let one: Speaker
  let two: Speaker
  let mine: MemoryStore
  let world = World()
  static let here = PeerAddress(host: "10.0.0.1", port: 8443)
  static let there = PeerAddress(host: "10.0.0.2", port: 8443)

  init() throws {
    authority = try Authority.seeded(1)
    one = try Speaker("urg-1", seed: 2, under: authority, saying: 20)
    two = try Speaker("lits-2", seed: 3, under: authority, saying: 20)
    mine = MemoryStore("mine", root: authority)
    for (address, speaker) in [(Self.here, one), (Self.there, two)] {
      let store = MemoryStore(speaker.station, root: authority)
      store.keep(speaker.lines)
      world.stores.withLock { $0[address] = store }
    }
  }

  func neighbours(
    environment: PeerEnvironment = .quick(), isRefused: @escaping @Sendable (String) -> Bool = { _ in false }
  ) -> Neighbours {
    let (world, mine) = (world, mine)
    let known: @Sendable () throws -> [Neighbour] = { world.known.withLock { $0 } }
    let changes: @Sendable () -> AsyncStream<Void> = {
      AsyncStream { continuation in world.changes.withLock { $0.append(continuation) } }
    }
    return Neighbours(environment: environment, known: known, changes: changes, isRefused: isRefused) { neighbour in
      world.made.withLock { $0.append(neighbour) }
      return Pulling(
        address: neighbour.addresses[0].text, station: neighbour.station, store: mine, claims: PullClaims(),
        limits: .patient, environment: environment, logger: .quiet
      ) {
        guard let store = world.stores.withLock({ $0[neighbour.addresses[0]] }) else { throw Broken() }
        return MemoryLink(to: store)
      }
    }
  }

  func running(_ neighbours: Neighbours, isSo: [@Sendable () throws -> Bool]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await neighbours.run() }
      for isSo in isSo { while try !isSo() { try await Task.sleep(for: .milliseconds(2)) } }
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  @Test func whoIsKnownLaterIsPulledFromToo() async throws {
    let (world, mine, neighbours) = (world, mine, neighbours())
    world.know([Neighbour(station: nil, addresses: [Self.here])])
    try await running(
      neighbours,
      isSo: [
        {
          guard mine.count == 20 else { return false }
          world.know([
            Neighbour(station: nil, addresses: [Self.here]), Neighbour(station: two.station, addresses: [Self.there]),
          ])
          return true
        }, { mine.count == 40 },
      ])
    #expect(neighbours.pulling.isEmpty)
  }

  /// Revoked, it is known no more.
  @Test func whoIsKnownNoMoreIsLeft() async throws {
    let (world, mine, neighbours) = (world, mine, neighbours())
    world.know([Neighbour(station: two.station, addresses: [Self.there])])
    try await running(
      neighbours,
      isSo: [
        {
          guard mine.count == 20 else { return false }
          world.know([])
          return true
        }, { neighbours.pulling.isEmpty },
      ])
  }

  /// A station that asks says where it is: the way to one of which no line is here.
  @Test func whoAsksIsPulledBack() async throws {
    let (mine, neighbours) = (mine, neighbours())
    neighbours.hear(two.station, at: [Self.there])
    try await running(neighbours, isSo: [{ mine.count == 20 }])
  }

  /// A station was given another address: its line that says so can be had there alone.
  @Test func whoMovedIsPulledFromWhereItSaysItIs() async throws {
    let (world, mine, neighbours) = (world, mine, neighbours())
    let before = PeerAddress(host: "10.0.0.9", port: 8443)
    world.know([Neighbour(station: two.station, addresses: [before])])
    let station = two.station
    try await running(
      neighbours,
      isSo: [
        {
          guard neighbours.pulling.first?.state.fault != nil else { return false }
          neighbours.hear(station, at: [Self.there])
          return true
        }, { mine.count == 20 },
      ])
  }

  /// A disk was cloned: two machines of one name, and each says things that only it has.
  @Test func twoMachinesOfOneNameArePulledFrom() async throws {
    let (world, mine, neighbours) = (world, mine, neighbours())
    world.know([Neighbour(station: two.station, addresses: [Self.there])])
    let station = two.station
    try await running(
      neighbours,
      isSo: [
        {
          guard mine.count == 20 else { return false }
          for place in [Self.there, Self.here, Self.there, Self.here] { neighbours.hear(station, at: [place]) }
          return true
        }, { mine.count == 40 },
      ])
    // Neither's word ends what is pulled from the other.
    #expect(world.made.withLock { $0.map(\.addresses) } == [[Self.there], [Self.here]])
  }

  /// Nobody says any more that it is there.
  @Test func aPlaceIsForgotten() async throws {
    let clock = Mutex(Instant.night)
    let environment = PeerEnvironment(
      now: { clock.withLock { $0 } }, sleep: { try await Task.sleep(for: $0) }, fraction: { 0.5 })
    let (world, mine, neighbours) = (world, mine, neighbours(environment: environment))
    neighbours.hear(two.station, at: [Self.there])
    try await running(
      neighbours,
      isSo: [
        {
          guard mine.count == 20 else { return false }
          clock.withLock { $0 = $0.adding(seconds: 601) }
          return true
        },
        {
          world.know([])
          return neighbours.pulling.isEmpty
        },
      ])
  }

  /// It said where it is before it was revoked.
  @Test func whoWasRevokedIsLeft() async throws {
    let revoked = Mutex<Set<String>>([])
    let neighbours = neighbours(isRefused: { station in revoked.withLock { $0.contains(station) } })
    let (world, mine, station) = (world, mine, two.station)
    world.know([Neighbour(station: station, addresses: [Self.there])])
    neighbours.hear(station, at: [Self.there])
    try await running(
      neighbours,
      isSo: [
        {
          guard mine.count == 20 else { return false }
          revoked.withLock { _ = $0.insert(station) }
          world.know([])
          return true
        }, { neighbours.pulling.isEmpty },
      ])
  }

  /// A wire is mended: nobody waits for a minute that was counted while it was cut.
  @Test func whoAsksIsTriedAgainSoon() async throws {
    let mine = mine
    let asks = Mutex(0)
    // Only the shortest wait ever ends.
    let environment = PeerEnvironment(
      now: { .night },
      sleep: { try await Task.sleep(for: $0 > .milliseconds(100) ? .hour : .milliseconds(1)) }, fraction: { 0.5 })
    let neighbours = neighbours(environment: environment)
    let store = world.stores.withLock { $0.removeValue(forKey: Self.there) }
    world.know([Neighbour(station: two.station, addresses: [Self.there])])
    let (world, station) = (world, two.station)
    try await running(
      neighbours,
      isSo: [
        { neighbours.pulling.first?.state.fault != nil },
        {
          let count = asks.withLock { asks in
            asks += 1
            return asks
          }
          if count == 10 { world.stores.withLock { $0[Self.there] = store } }
          neighbours.hear(station, at: [Self.there])
          return mine.count == 20
        },
      ])
  }

  /// Where a configured address answers, what the ledger says of the same station is no second way.
  @Test func oneWayToEachStation() async throws {
    let (world, mine, neighbours) = (world, mine, neighbours())
    world.stores.withLock { $0[PeerAddress(host: "lits-2", port: 8443)] = $0[Self.there] }
    world.know([
      Neighbour(station: nil, addresses: [PeerAddress(host: "lits-2", port: 8443)]),
      Neighbour(station: two.station, addresses: [Self.there]),
    ])
    try await running(
      neighbours, isSo: [{ mine.count == 20 && neighbours.pulling.map(\.state.address) == ["lits-2:8443"] }])
  }

  @Test func whereAListenerIsReached() {
    let hosts = ["127.0.0.1", "10.0.3.7", "::1", "fe80::1", "fd00::7", "169.254.3.4"]
    for everywhere in ["0.0.0.0", "::"] {
      let reached = ReachedAt.addresses(host: everywhere, port: 9, hosts: hosts)
      #expect(reached.map(\.text) == ["10.0.3.7:9", "[fd00::7]:9"])
    }
    #expect(ReachedAt.addresses(host: "127.0.0.1", port: 9, hosts: hosts).map(\.text) == ["127.0.0.1:9"])
  }
}
