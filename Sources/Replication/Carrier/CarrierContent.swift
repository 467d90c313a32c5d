import Ledger
import Register

/// Which lines go into a carrier: everything, or what one station is not known to have.
struct CarrierContent {
  /// Lines of one branch of a chain, above `after`.
  struct Part {
    var chain: String
    var after: Int
    var tip: Tip
  }

  let parts: [Part]
  /// Of all chains, whether or not they go in: whoever reads it has lines up to them, or knows that it lacks some.
  let heads: [SealedManifest.Head]

  /// - Parameter destination: the whole name of a station; nil for everything.
  init(of store: any LineStore, for destination: String?) throws {
    let heads = try store.tips()
    let known = try destination.map { try KnownLines(of: $0, in: store, heads) }
    var parts: [Part] = []
    for (chain, tips) in heads.sorted(by: { $0.key.precedesInBytes($1.key) }) {
      var written: [Tip] = []
      for tip in tips.sorted(by: { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }) {
        var after = try known?.last(of: chain, on: tip) ?? 0
        for other in written { after = max(after, try Branches(store).common(tip, other)) }
        written.append(tip)
        if after < tip.sequence { parts.append(Part(chain: chain, after: after, tip: tip)) }
      }
    }
    self.parts = parts
    self.heads = heads.sorted { $0.key.precedesInBytes($1.key) }.flatMap { chain, tips in
      tips.map { SealedManifest.Head(chain: chain, sequence: $0.sequence, hash: $0.hash) }
    }
  }

  var ranges: [SealedManifest.Range] {
    parts.map {
      SealedManifest.Range(chain: $0.chain, first: $0.after + 1, last: $0.tip.sequence, hash: $0.tip.hash)
    }
  }

  var lines: Int { parts.reduce(0) { $0 + $1.tip.sequence - $1.after } }

  /// Of the stations that said them; a chain of reads is its station's.
  var stations: Int { Set(parts.map { StationName.station(ofChain: $0.chain) }).count }
}

/// What a station has said that it has: its own lines, and the heads of others that these name.
private struct KnownLines {
  let store: any LineStore
  let own: Set<String>
  /// By chain, newest first.
  let witnessed: [String: [Tip]]

  private static let piecesBytes = 1 << 20

  init(of station: String, in store: any LineStore, _ heads: Heads) throws {
    let chains = [station, StationName.reads(of: station)]
    // A forked chain of its own may be one that it has in part.
    own = Set(chains.filter { heads[$0]?.count == 1 })
    var witnessed: [String: Set<Tip>] = [:]
    for tip in heads[station] ?? [] {
      var after = 0
      while let lines = try store.lines(endingAt: tip.hash, after: after, bytes: Self.piecesBytes), !lines.isEmpty {
        after += lines.count
        for head in try lines.flatMap({ try Commit(reading: $0).witnessed }) {
          witnessed[head.station, default: []].insert(Tip(sequence: head.sequence, hash: head.hash))
        }
      }
    }
    self.witnessed = witnessed.mapValues { $0.sorted { $0.sequence > $1.sequence } }
    self.store = store
  }

  /// The highest sequence on the way to `tip` that it has; 0 for none.
  func last(of chain: String, on tip: Tip) throws -> Int {
    if own.contains(chain) { return tip.sequence }
    let branches = Branches(store)
    return try witnessed[chain]?.first { try branches.holds($0, on: tip) }?.sequence ?? 0
  }
}

/// How branches of one chain lie to each other.
private struct Branches {
  let store: any LineStore

  init(_ store: any LineStore) { self.store = store }

  func holds(_ line: Tip, on tip: Tip) throws -> Bool { try hash(at: line.sequence, on: tip) == line.hash }

  /// The last sequence in which two branches are the same; 0 for none.
  func common(_ one: Tip, _ other: Tip) throws -> Int {
    var (low, high) = (0, min(one.sequence, other.sequence))
    while low < high {
      let middle = (low + high + 1) / 2
      if try hash(at: middle, on: one) == hash(at: middle, on: other) { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func hash(at sequence: Int, on tip: Tip) throws -> LineHash? {
    if sequence == tip.sequence { return tip.hash }
    guard sequence < tip.sequence else { return nil }
    return try store.lines(endingAt: tip.hash, after: sequence - 1, bytes: 1)?.first.map { LineHash(of: $0) }
  }
}
