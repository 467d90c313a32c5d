import Ledger
import Seeded
import Testing

/// What a run of lines from elsewhere must be, before a store is asked.
struct BacklogTests {
  private static let sample = SampleChain.of(lines: 12)
  private static let commits = sample.lines.map { try! Commit(reading: $0) }

  private static func backlog(_ commits: [Commit]) -> Backlog { Backlog(commits, key: sample.key.publicKey) }

  /// The same line under another's signature.
  private static func unsigned(_ commit: Commit) throws -> Commit {
    let another = SampleChain.of(lines: 1, seed: 9).lines[0].prefix(Line.signatureCharacters)
    return try Commit(reading: Array(another) + Array(commit.line.dropFirst(Line.signatureCharacters)))
  }

  /// A line of the sample's station whose body is that of `commit`, otherwise spelled.
  private static func spelled(_ commit: Commit, _ old: String, _ new: String) throws -> Commit {
    let body = String(decoding: commit.line.dropFirst(Line.signatureCharacters + 1), as: UTF8.self)
      .replacing(old, with: new)
    let signature = try sample.key.signature(for: Array(body.utf8))
    return try Commit(reading: Array("\(Base64.url(signature)) \(body)".utf8))
  }

  /// A line of the sample's station at that place, and what it says of the one before.
  private static func line(after commit: Commit?, time: HybridTime) throws -> Commit {
    var chain = Chain(station: sample.station, key: sample.key, after: commit)
    let fact = Fact(kind: "stay.admitted", subject: "stay/x", at: time.instant, data: [:])
    return try chain.append(author: "a", command: "c", time: time, facts: [fact])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func anyOrderIsOneRun(seed: UInt64) {
    var random = Seeded(seed: seed)
    let backlog = Self.backlog((Self.commits + Self.commits.prefix(3)).shuffled(using: &random))
    #expect(backlog.runs.map { $0.map(\.sequence) } == [Array(1...12)])
    #expect(backlog.refused.isEmpty)
  }

  @Test func aGapIsTwoRuns() {
    let backlog = Self.backlog(Self.commits.filter { $0.sequence != 5 })
    #expect(backlog.runs.map { $0.map(\.sequence) } == [[1, 2, 3, 4], [6, 7, 8, 9, 10, 11, 12]])
  }

  /// One good signature at the end is enough; what nothing vouches for is refused.
  @Test(arguments: [
    (bad: [3], taken: 12, refused: []), (bad: [12], taken: 11, refused: [12]),
    (bad: [10, 11, 12], taken: 9, refused: [12, 11, 10]),
    (bad: Array(1...12), taken: 0, refused: Array((1...12).reversed())),
  ])
  func aSignatureVouchesForWhatIsBeneathIt(bad: [Int], taken: Int, refused: [Int]) throws {
    // The lines after an altered one name it as it was; only the last of each run can be altered and still be followed.
    var commits: [Commit] = []
    for commit in Self.commits {
      let isLastBad = bad.contains(commit.sequence)
      let next =
        try commits.last.map { last in
          last.hash == commit.previous ? commit : try Self.line(after: last, time: commit.time)
        } ?? commit
      commits.append(isLastBad ? try Self.unsigned(next) : next)
    }
    let backlog = Self.backlog(commits)
    #expect(backlog.runs.reduce(0) { $0 + $1.count } == taken)
    #expect(backlog.refused.map(\.commit.sequence) == refused)
    #expect(backlog.refused.allSatisfy { $0.reason == .signature })
  }

  @Test func bothBranchesOfAForkAreRuns() throws {
    let other = try Self.line(after: Self.commits[6], time: Self.commits[7].time.successor)
    let backlog = Self.backlog(Self.commits + [other])
    #expect(backlog.runs.map(\.count).sorted() == [1, 12] || backlog.runs.map(\.count).sorted() == [5, 8])
    #expect(backlog.runs.flatMap { $0 }.count == 13)
    #expect(backlog.refused.isEmpty)
  }

  @Test func aLineNoLaterThanTheOneBeforeIsRefused() throws {
    let early = try Self.spelled(Self.commits[2], Self.commits[2].time.text, Self.commits[1].time.text)
    let backlog = Self.backlog([Self.commits[0], Self.commits[1], early])
    #expect(backlog.runs.map(\.count) == [2])
    #expect(backlog.refused.map(\.reason) == [.time])
  }

  @Test func aFirstLineFollowsNone() throws {
    let backlog = Self.backlog([try Self.spelled(Self.commits[1], #""sequence":2"#, #""sequence":1"#)])
    #expect(backlog.runs.isEmpty && backlog.refused.map(\.reason) == [.previous])
  }

  @Test func anothersKeyVouchesForNothing() {
    let other = SampleChain.of(lines: 2, seed: 9)
    let backlog = Backlog(Self.commits, key: other.key.publicKey)
    #expect(backlog.runs.isEmpty && backlog.refused.count == 12)
  }
}
