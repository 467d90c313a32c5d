import Ledger

extension Pulling {
  /// Takes back from this peer, once, what a station lacks of its own chains: before it says anything new, which would
  /// be another branch.
  func takeBack() async throws {
    let own = [store.station, StationName.reads(of: store.station)]
    let link = try await connect()
    do {
      try await ask(link)
      _ = try await pull(latest.tips.filter { own.contains($0.key) }, over: link)
    } catch {
      await link.close()
      throw error
    }
    await link.close()
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
