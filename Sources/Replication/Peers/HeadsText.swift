import Ledger

/// `{"<chain>": [[sequence, "hash"], …], …}`: what `/heads` and its live channel say.
public enum HeadsText {
  /// More is not read: about 10,000 tips.
  package static let bytesMax = 1 << 20

  public static func bytes(of heads: Heads) -> [UInt8] {
    let chains = heads.sorted { $0.key.precedesInBytes($1.key) }
    return JSON.object(
      JSONObject(
        chains.map { chain, tips in
          let tips = tips.sorted { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }
          return (key: chain, value: .array(tips.map { [.integer($0.sequence), .string($0.hash.hex)] }))
        })
    ).bytes
  }

  public static func heads(reading bytes: [UInt8]) throws(PeerFault) -> Heads {
    guard bytes.count <= bytesMax else { throw .tooMuch }
    guard let chains = (try? JSON(parsing: bytes))?.object else { throw .garbage("heads that are no JSON object") }
    var heads: Heads = [:]
    for (chain, tips) in chains.members {
      guard StationName.isValid(chain), let tips = tips.array else { throw .garbage("heads of no chain") }
      heads[chain] = try tips.map { (tip) throws(PeerFault) in
        guard let pair = tip.array, pair.count == 2, let sequence = pair[0].integer, sequence >= 1,
          let hash = pair[1].string.flatMap(LineHash.init(hex:))
        else { throw .garbage("a head that is no sequence and hash") }
        return Tip(sequence: sequence, hash: hash)
      }
    }
    return heads
  }
}
