import Ledger

/// Which snapshot a station is made of next, where those before were not whole: the newest first. What was put there by
/// one whose other snapshot was not whole comes after all others', and what says the same of itself as one that was
/// not comes last: so neither a stolen key nor a copy of a true beginning, said many times, hides the next whole one.
struct TryingOrder {
  private var rest: [VaultReading.Candidate]
  private var sealers: [String: Int] = [:]
  private var sealed: [String: Int] = [:]

  /// - Parameter candidates: the newest first.
  init(_ candidates: [VaultReading.Candidate]) { rest = candidates }

  mutating func next() -> VaultReading.Candidate? {
    let place = rest.indices.min { failures(rest[$0]) < failures(rest[$1]) }
    return place.map { rest.remove(at: $0) }
  }

  mutating func failed(_ candidate: VaultReading.Candidate) {
    sealers[candidate.manifest.station, default: 0] += 1
    sealed[Self.id(candidate), default: 0] += 1
  }

  private func failures(_ candidate: VaultReading.Candidate) -> (Int, Int) {
    (sealed[Self.id(candidate), default: 0], sealers[candidate.manifest.station, default: 0])
  }

  private static func id(_ candidate: VaultReading.Candidate) -> String {
    "\(candidate.manifest.station) \(candidate.manifest.sealedAt.text)"
  }
}
