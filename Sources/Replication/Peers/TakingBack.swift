import Ledger

extension Pulling {
  /// Takes back from this peer, once, what a station lacks of its own chains: before it says anything new, which would
  /// be another branch.
  func takeBack() async throws { try await pullOnce(of: [store.station, StationName.reads(of: store.station)]) }

  /// Asks this peer once, and takes what it has: of these chains alone, where some are named.
  /// - Returns: why some of it is not taken now; nil where it is.
  @discardableResult package func pullOnce(of chains: [String]? = nil) async throws -> String? {
    let link = try await connect()
    do {
      try await ask(link)
      let round = try await pull(latest.tips.filter { chains?.contains($0.key) ?? true }, over: link)
      if chains == nil { try await pullBeside(upTo: latest.besideEnd, over: link) }
      link.close()
      return round.pause
    } catch {
      link.close()
      throw error
    }
  }
}

extension Neighbours {
  /// However long a peer takes, the station opens then.
  private static let takingBack = Duration.seconds(30)

  /// Takes back from all that are known what this station lacks of its own chains.
  public func takeBack() async {
    guard let known = try? known() else { return }
    await withTaskGroup { group in
      for neighbour in known {
        let pulling = make(neighbour)
        group.addTask { [environment] in
          try? await environment.within(Self.takingBack) { try await pulling.takeBack() }
        }
      }
    }
  }
}
