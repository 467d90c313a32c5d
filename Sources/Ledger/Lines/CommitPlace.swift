/// Where a commit stands in the ledger.
public struct CommitPlace: Sendable, Hashable {
  public var station: String
  public var sequence: Int
  public var hash: LineHash

  public init(station: String, sequence: Int, hash: LineHash) {
    self.station = station
    self.sequence = sequence
    self.hash = hash
  }

  /// `[station, sequence, hash]`, as a fact names it.
  public var json: JSON { [.string(station), .integer(sequence), .string(hash.hex)] }

  /// nil for anything else than `json` gives.
  public init?(json: JSON) {
    guard let parts = json.array, parts.count == 3, let station = parts[0].string, let sequence = parts[1].integer,
      let hash = parts[2].string.flatMap(LineHash.init(hex:))
    else { return nil }
    self.init(station: station, sequence: sequence, hash: hash)
  }
}

extension FactPlace {
  public var commit: CommitPlace { CommitPlace(station: station, sequence: sequence, hash: hash) }
}
