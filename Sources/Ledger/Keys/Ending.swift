/// The hour at which a station's chain ended, said under an enrolling key: none of its lines counts later, whatever its
/// clock said. Among themselves they keep their order. Of several for one station the last hour holds.
public struct Ending: Sendable, Equatable {
  public static let kind = "station.ended"

  public let station: String
  public let at: Instant

  /// Reads and checks a fact of any line; nil for one of another kind, or that no enrolling key of this root signed.
  public init?(_ fact: Fact, root: String) {
    guard let station = Countersignature.station(fact, Self.kind),
      Countersignature.holds(fact, Countersignature.text(Self.kind, station, fact.at), root: root)
    else { return nil }
    self.station = station
    at = fact.at
  }
}

extension Authority {
  /// The fact that ends a station's chain.
  public func end(station: String, at: Instant) throws(KeyFault) -> Fact {
    try fact(Ending.kind, station: station, at: at, signing: Countersignature.text(Ending.kind, station, at))
  }
}
