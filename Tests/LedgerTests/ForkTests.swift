import Ledger
import Seeded
import Testing

struct ForkTests {
  /// Two branches after line 5, one of three lines and one of two, in the order in which they are stored.
  let sample = SampleChain.of(lines: 5)

  func branches(_ lengths: [Int]) -> [Commit] {
    var all: [Commit] = []
    for (number, length) in lengths.enumerated() {
      var branch = sample
      for line in 0..<length { branch.admit(100 * (number + 1) + line) }
      all += branch.lines[5...].map { try! Commit(reading: $0) }
    }
    return all.sorted { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }
  }

  @Test(arguments: [[3, 2], [1, 1], [4, 4, 1]])
  func bothBranchesCountAndTheForkIsListed(lengths: [Int]) {
    let branches = branches(lengths)
    let report = verify((sample.station, sample.lines + branches.map(\.line)))
    #expect(report.failures == [])
    #expect(report.commits == 5 + lengths.reduce(0, +))
    let firsts = branches.filter { $0.sequence == 6 }.map(\.hash)
    #expect(report.forks == [Fork(station: sample.station, sequence: 6, hashes: firsts.sorted())])
    #expect(report.heads[sample.station]?.map(\.sequence) == lengths.map { 5 + $0 }.sorted())
  }

  /// Damage to one branch is named there and does not spread to the other.
  @Test(arguments: 0..<100)
  func damageToABranch(seed: UInt64) {
    var random = Seeded(seed: seed)
    let branches = branches([6, 6])
    var lines = sample.lines + branches.map(\.line)
    let index = Int.random(in: 5..<lines.count - 2, using: &random)
    let sequence = branches[index - 5].sequence
    if Bool.random(using: &random) {
      lines[index][Int.random(in: lines[index].indices, using: &random)] ^= 1
    } else {
      lines.remove(at: index)
    }
    let report = verify((sample.station, lines[...]))
    // What cannot be read may stand last of its sequence or first of the next.
    #expect(!report.failures.isEmpty)
    #expect(report.failures.allSatisfy { sequence...sequence + 1 ~= $0.sequence }, "\(sequence): \(report.failures)")
    #expect(report.commits == 16)
  }

  @Test func anAlteredCopyIsNoFork() {
    var copy = sample.lines[3]
    copy[copy.count - 20] ^= 1
    let pair = [sample.lines[3], copy]
    let report = verify((sample.station, sample.lines[..<3] + pair + sample.lines[4...]))
    #expect(report.forks == [])
    #expect(report.failures.map(\.sequence) == [4])
    #expect(report.commits == 5)
  }
}

private func verify(_ chain: (String, ArraySlice<[UInt8]>)) -> VerificationReport {
  verify((name: chain.0, lines: Array(chain.1)))
}
