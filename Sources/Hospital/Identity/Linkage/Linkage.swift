import Dispatch

/// Finds records that are likely one person, in one file or between two, without knowing any answer beforehand
/// (Fellegi and Sunter, with the frequency of names). It proposes; a person decides.
public enum Linkage {
  /// From here on a pair is given as one person: nine in ten, so that whoever looks through the list trusts it.
  public static let threshold = 0.9

  /// From here on two identities are shown beside each other when one is made.
  public static let shownFrom = 0.5

  /// Pairs between two files, or within `a` alone, at or above `threshold`, likeliest first.
  ///
  /// Never proposed: a patient whom nobody could name, mother and child, brothers and sisters of one birth.
  public static func link(a: [LinkRecord], b: [LinkRecord]? = nil, threshold: Double = threshold) -> [LinkPair] {
    let records = a + (b ?? [])
    guard records.count >= 2 else { return [] }
    let file = LinkFile(records)
    let split = b == nil ? records.count : a.count
    let candidates = LinkBlocks(file, split: split).pairs()
    let found = compared(candidates, in: file)
    var model = LinkModel(count: records.count)
    let total = b == nil ? Double(a.count) * Double(a.count - 1) / 2 : Double(a.count) * Double(records.count - a.count)
    model.learn(
      candidates: tally(found), random: tally(compared(drawn(a.count, split, records.count), in: file)), pairs: total)
    let scored = LinkScores(file: file, model: model, pairs: candidates, found: found, isOneFile: b == nil)
    return scored.linked(threshold: threshold).map { link in
      LinkPair(
        a: records[link.first].id, b: records[link.second].id, probability: link.probability, reasons: link.reasons)
    }
  }

  /// How likely two records are one person, in a register of `population` people, and why. Nothing for two that are
  /// never proposed.
  ///
  /// - Parameters:
  ///   - nameShare: Share of people who bear the birth name, where both have the same; nil for that of a usual one.
  ///   - givenShare: The same for the given name.
  public static func compare(
    _ one: LinkRecord, _ other: LinkRecord, population: Int, nameShare: Double? = nil, givenShare: Double? = nil
  ) -> (probability: Double, reasons: [MatchReason])? {
    let file = LinkFile([one, other])
    guard file.mayBeOne(0, 1) else { return nil }
    let found = file.compare(0, 1)
    // One name, one day, two given names: children of one birth whose mother nobody linked.
    if found[.name] == LinkComparison.same, found[.date] == LinkComparison.same, found[.given] == LinkComparison.other {
      return nil
    }
    let isStraight = found[.swap] == 0
    let probability = LinkModel(count: population).probability(
      found, name: isStraight && found[.name] == LinkComparison.same ? nameShare : nil,
      given: isStraight && found[.given] == LinkComparison.same ? givenShare : nil)
    return (probability, found.reasons)
  }

  private static func tally(_ found: [LinkComparison]) -> LinkModel.Tally {
    var tally: LinkModel.Tally = [:]
    for one in found { tally[one, default: 0] += 1 }
    return tally
  }

  /// On every core.
  private static func compared(_ pairs: [UInt64], in file: LinkFile) -> [LinkComparison] {
    let stride = 512
    return [LinkComparison](unsafeUninitializedCapacity: pairs.count) { buffer, count in
      // Each iteration initialises its own part of the buffer and nothing else.
      nonisolated(unsafe) let results = buffer
      DispatchQueue.concurrentPerform(iterations: (pairs.count + stride - 1) / stride) { part in
        for index in part * stride..<min((part + 1) * stride, pairs.count) {
          let pair = pairs[index]
          results.initializeElement(at: index, to: file.compare(Int(pair >> 32), Int(pair & 0xFFFF_FFFF)))
        }
      }
      count = pairs.count
    }
  }

  /// Pairs as if drawn at random, the same ones for the same sizes.
  private static func drawn(_ firsts: Int, _ split: Int, _ count: Int) -> [UInt64] {
    let wanted = min(200_000, max(80_000, count * 40))
    var state: UInt64 = 0x5DEE_CE66
    var pairs: [UInt64] = []
    pairs.reserveCapacity(wanted)
    let seconds = split == count ? 0..<count : split..<count
    for _ in 0..<wanted {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let first = Int((state >> 33) % UInt64(firsts))
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let second = seconds.lowerBound + Int((state >> 33) % UInt64(max(seconds.count, 1)))
      if first != second { pairs.append(UInt64(first) << 32 | UInt64(second)) }
    }
    return pairs
  }
}
