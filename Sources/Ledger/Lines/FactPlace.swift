/// Where a fact stands in the ledger.
public struct FactPlace: Sendable, Hashable {
  public var station: String
  public var sequence: Int
  public var hash: LineHash
  /// Among its commit's facts, from 0.
  public var place: Int

  public init(station: String, sequence: Int, hash: LineHash, place: Int) {
    self.station = station
    self.sequence = sequence
    self.hash = hash
    self.place = place
  }

  /// `[station, sequence, hash, place]`, as a fact names another.
  public var json: JSON { [.string(station), .integer(sequence), .string(hash.hex), .integer(place)] }

  /// nil for anything else than `json` gives.
  public init?(json: JSON) {
    guard let parts = json.array, parts.count == 4, let station = parts[0].string, let sequence = parts[1].integer,
      let hash = parts[2].string.flatMap(LineHash.init(hex:)), let place = parts[3].integer
    else { return nil }
    self.init(station: station, sequence: sequence, hash: hash, place: place)
  }

  /// Of one commit.
  public func isBeside(_ other: FactPlace) -> Bool {
    hash == other.hash && sequence == other.sequence && station.sameBytes(as: other.station)
  }
}
