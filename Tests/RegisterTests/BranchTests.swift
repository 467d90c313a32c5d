import Hospital
import Ledger
import Register
import Testing

/// Chains with more branches than an innocent one ever has.
struct BranchTests {
  /// A station that can enrol, one whose key somebody has, and lines that each say something else after its last one.
  private func forked(_ count: Int) async throws -> (first: TestStation, second: TestStation, branches: [Commit]) {
    let (first, second) = try await RevocationTests().pair()
    let last = try last(of: second)
    return (first, second, try (0..<count).map { try said(by: second, after: last, $0) })
  }

  private func last(of station: TestStation) throws -> Commit {
    try #require(try station.lines().map { try Commit(reading: $0) }.last { $0.station == station.register.station })
  }

  private func said(by station: TestStation, after last: Commit, _ number: Int) throws -> Commit {
    var chain = Chain(station: last.station, key: try station.register.identity().key, after: last)
    return try chain.append(
      author: "system", command: "branch-\(number)", time: last.time.successor,
      facts: [.registered("patient/\(number)", "BRANCH \(number)")])
  }

  private func tips(_ station: TestStation, of other: TestStation) throws -> Set<LineHash> {
    try Set(station.heads()[other.register.station]?.map(\.hash) ?? [])
  }

  @Test func aChainHasSoManyBranches() async throws {
    let (first, second, branches) = try await forked(70)
    let before = try second.lines().filter { try Commit(reading: $0).station == second.register.station }
    #expect(try await first.register.takeIn(branches.map(\.line), from: "urg-2").surplus == 6)
    let ends = try tips(first, of: second)
    let (kept, left) = (branches.filter { ends.contains($0.hash) }, branches.filter { !ends.contains($0.hash) })
    #expect((kept.count, left.count) == (64, 6))
    let aside = try first.register.read { try $0.linesAside() }
    #expect(aside.map(\.reason) == Array(repeating: "its chain has 64 branches already", count: 6))
    #expect(try await first.register.takeIn(branches.map(\.line), from: "urg-2") == TakenIn(known: 64))
    // A branch goes on, also where its lines come again with those before them.
    let next = try said(by: second, after: kept[0], 100)
    let again = before + [kept[0].line, next.line]
    #expect(try await first.register.takeIn(again, from: "urg-2") == TakenIn(accepted: 1, known: again.count - 1))
    // One that lies aside does so there, and need not come again.
    let behind = try said(by: second, after: left[0], 101)
    #expect(try await first.register.takeIn([behind.line], from: "urg-2") == TakenIn(surplus: 1))
    #expect(
      try await first.register.takeIn(before + [left[0].line, behind.line], from: "urg-2")
        == TakenIn(known: before.count))
    let unknown = try said(by: second, after: left[1], 102)
    #expect(
      try [next, behind, unknown].map {
        try first.register.holds($0.station, VerificationReport.Head(sequence: $0.sequence, hash: $0.hash))
      } == [true, true, false])
    // So does one that came before what it stands on, once it comes again.
    let parent = try said(by: second, after: last(of: second), 103)
    let child = try said(by: second, after: parent, 104)
    for (line, expected) in [
      (child, TakenIn(aside: 1)), (parent, TakenIn(surplus: 1)), (child, TakenIn()),
    ] {
      #expect(try await first.register.takeIn([line.line], from: "urg-2") == expected)
    }
    #expect(
      try first.register.holds(
        child.station, VerificationReport.Head(sequence: child.sequence, hash: child.hash)))
    #expect(try tips(first, of: second).count == 64)
    #expect(try first.register.verifyLedger().failures == [])
  }

  /// However many lie beside it, and however little is asked for at a time.
  @Test(arguments: [1, 600, Int.max]) func aBranchIsGivenAlone(bytes: Int) async throws {
    let (first, second, branches) = try await forked(20)
    var ends = branches
    ends[0] = try said(by: second, after: branches[0], 100)
    let before = try second.lines().filter { try Commit(reading: $0).station == second.register.station }
    _ = try await first.register.takeIn(branches.map(\.line) + [ends[0].line], from: "urg-2")
    for (end, branch) in zip(ends, branches) {
      var given: [[UInt8]] = []
      while let more = try first.register.lines(endingAt: end.hash, after: given.count, bytes: bytes), !more.isEmpty {
        given += more
      }
      #expect(given == before + (end.hash == branch.hash ? [end.line] : [branch.line, end.line]))
    }
  }

  /// Two stations that took in other branches agree once a mark names some, whichever came first.
  @Test(arguments: [true, false]) func whatAMarkNamesIsLetIn(isMarkFirst: Bool) async throws {
    let (first, second, branches) = try await forked(128)
    let third = try first.joined("urg-3", seed: 8)
    try await third.take(from: first)
    _ = try await first.register.takeIn(branches[..<64].map(\.line), from: "urg-2")
    _ = try await third.register.takeIn(branches[64...].map(\.line), from: "urg-2")
    try await first.revoke(second)
    let named = try tips(first, of: second)
    #expect(named.count == 64)
    #expect(try tips(third, of: second).isDisjoint(with: named))
    let (own, others) = try (
      first.lines().filter { try Commit(reading: $0).station == first.register.station },
      first.lines().filter { try Commit(reading: $0).station != first.register.station }
    )
    for lines in isMarkFirst ? [own, others] : [others, own] {
      _ = try await third.register.takeIn(lines, from: "urg-1")
    }
    #expect(try tips(third, of: second).isSuperset(of: named))
    #expect(try third.digest() == first.digest())
    #expect(try TestStation(after: third, rebuilding: true).digest() == first.digest())
    #expect(try third.register.read { try $0.linesAsideCount() } == 0)
    // The others are as many as were taken in before.
    #expect(try tips(third, of: second).count == 128)
  }
}
