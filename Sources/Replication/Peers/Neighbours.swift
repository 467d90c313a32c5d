import Ledger
import ServiceLifecycle
import Synchronization

/// Another station, as far as this one knows where it is.
public struct Neighbour: Sendable, Hashable {
  /// nil for an address that somebody configured, before it answered.
  public var station: String?
  /// Tried in turn; not empty.
  public var addresses: [PeerAddress]

  public init(station: String?, addresses: [PeerAddress]) {
    self.station = station
    self.addresses = addresses
  }
}

/// Pulls from every station that is known, for as long as this one runs: what was configured, what the ledger says of
/// where stations are reached, and what those say who ask this station.
public actor Neighbours: Service {
  /// Which of two ways to one station is the better is looked at again this often.
  private static let look = Duration.seconds(60)
  /// Of one station, where several machines bear its name: as many as a forked one has new names.
  private static let placesMax = 4
  /// Whoever runs asks once a minute, and says where it is.
  private static let placeSeconds: UInt64 = 600

  let known: @Sendable () throws -> [Neighbour]
  private let changes: @Sendable () -> AsyncStream<Void>
  private let isRefused: @Sendable (String) -> Bool
  let make: @Sendable (Neighbour) -> Pulling
  let environment: PeerEnvironment
  private let hints = Mutex<[String: [Place]]>([:])
  private let running = Mutex<[Neighbour: Running]>([:])
  private let (news, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// Where a station said that it is, as it asked.
  private struct Place {
    var addresses: [PeerAddress]
    var at: Instant

    /// In either direction, since the clock may jump.
    func isFresh(_ now: Instant) -> Bool {
      (now.milliseconds - at.milliseconds).magnitude < Neighbours.placeSeconds * 1000
    }
  }

  private struct Running {
    var pulling: Pulling
    var task: Task<Void, Never>
  }

  /// - Parameters:
  ///   - known: whom to pull from, configured ones first; none that is revoked.
  ///   - changes: an element each time that may be others.
  ///   - isRefused: whether this station was revoked; whoever was may have said before where it is.
  public init(
    environment: PeerEnvironment, known: @escaping @Sendable () throws -> [Neighbour],
    changes: @escaping @Sendable () -> AsyncStream<Void>, isRefused: @escaping @Sendable (String) -> Bool,
    make: @escaping @Sendable (Neighbour) -> Pulling
  ) {
    self.environment = environment
    self.known = known
    self.changes = changes
    self.isRefused = isRefused
    self.make = make
  }

  /// Those that are pulled from now.
  public nonisolated var pulling: [Pulling] {
    running.withLock { $0.values.map(\.pulling) }.sorted { $0.state.address < $1.state.address }
  }

  /// A station that asks this one says where it is. It is the only way to one whose lines are not here yet, to one that
  /// has moved since it said so in them, and to a second machine of one name: a disk was cloned.
  public nonisolated func hear(_ station: String, at addresses: [PeerAddress]) {
    let place = Place(addresses: addresses, at: environment.now())
    let isNew = hints.withLock { hints in
      let known = hints[station] ?? []
      hints[station] = Array((known.filter { $0.addresses != addresses } + [place]).suffix(Self.placesMax))
      return !known.contains { $0.addresses == addresses && $0.isFresh(place.at) }
    }
    if isNew { signal.yield() }
    let heard = running.withLock { $0.values.map(\.pulling).filter { $0.state.station == station } }
    for pulling in heard { pulling.isHeard() }
  }

  /// Until the station stops.
  public func run() async {
    signal.yield()
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        group.addTask { for await _ in self.changes() { self.signal.yield() } }
        group.addTask {
          while (try? await self.environment.sleep(Self.look)) != nil { self.signal.yield() }
        }
        group.addTask { for await _ in self.news { await self.look() } }
        await group.waitForAll()
      }
    }
    running.withLock { running in
      for one in running.values { one.task.cancel() }
      running = [:]
    }
  }

  private func look() {
    // A store that cannot be read now is asked again.
    guard let wanted = try? wanted() else { return }
    running.withLock { running in
      for (neighbour, one) in running where !wanted.contains(neighbour) {
        one.task.cancel()
        running[neighbour] = nil
      }
      for neighbour in wanted where running[neighbour] == nil {
        let pulling = make(neighbour)
        running[neighbour] = Running(pulling: pulling, task: Task { await pulling.run() })
      }
    }
  }

  /// One way to each station: where a configured address answers, no other is needed.
  private func wanted() throws -> [Neighbour] {
    let answering = Set(
      running.withLock { $0 }.filter { $0.key.station == nil && $0.value.pulling.state.isConnected }
        .compactMap(\.value.pulling.state.station))
    let known = try known()
    let configured = Set(known.filter { $0.station == nil }.flatMap(\.addresses))
    return (known.filter { !answering.contains($0.station ?? "") } + heard(beside: known)).filter { neighbour in
      neighbour.station == nil || !neighbour.addresses.allSatisfy(configured.contains)
    }
  }

  /// Where stations said lately that they are, and their lines here do not say so.
  private func heard(beside known: [Neighbour]) -> [Neighbour] {
    let now = environment.now()
    return hints.withLock { $0 }.filter { !isRefused($0.key) }.flatMap { station, places in
      let said = known.filter { $0.station == station }.flatMap(\.addresses)
      return places.filter { $0.isFresh(now) && !$0.addresses.allSatisfy(said.contains) }
        .map { Neighbour(station: station, addresses: $0.addresses) }
    }
  }
}
