import Foundation
import Ledger
import Seeded
import Testing

/// Marks hold by the enrolling key's signature alone, whoever carries them.
struct RevocationTests {
  static let root = "134ba2aa08052078bdb992c8cf2479d935f985d2b6d58dd716201ebf66478a51"

  /// Facts that some hospital holds, made by other software from docs/decisions/revocation.md: never change a line of
  /// the file; add to it.
  func golden(_ name: String = "revoked") throws -> [Fact] {
    let text = try String(contentsOfFile: "\(GoldenTests.folder)/\(name).jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let json = try JSON(parsing: String(line))
      return Fact(
        kind: try #require(json["kind"]?.string), subject: try #require(json["subject"]?.string),
        at: try #require(json["at"]?.string.flatMap { Instant($0) }), data: try #require(json["data"]))
    }
  }

  @Test func goldenMarks() throws {
    let marks = try golden().map { try #require(Revocation($0, root: Self.root)) }
    #expect(marks.map(\.station) == ["urg-1-aa1cb7d9", "urg-1-aa1cb7d9"])
    #expect(marks[0].at == Instant("2022-08-21T02:00:00.000Z"))
    #expect(marks[0].last?["urg-1-aa1cb7d9"]?.map(\.sequence) == [2, 3])
    #expect(
      marks[0].last?["urg-1-aa1cb7d9"]?.map(\.hash.hex) == [
        "aff247ab825ce11735f94e419df553b939f9e0344fd0223eb1cf34ba941732f8",
        "3914adee37005541c9fac3c1175bd31440d4edf16c5495f63eaaf51a42b2ae86",
      ])
    #expect(marks[0].last?["reads-urg-1-aa1cb7d9"] == [])
    #expect(marks[1].last == nil)
    #expect(marks[1].follows(marks[0]) && !marks[0].follows(marks[1]) && !marks[0].follows(marks[0]))
  }

  @Test func goldenEndings() throws {
    let fact = try #require(try golden("ended").first)
    let ending = try #require(Ending(fact, root: Self.root))
    #expect(ending.station == "urg-1-aa1cb7d9")
    #expect(ending.at == Instant("2022-08-21T04:00:00.000Z"))
    var later = fact
    later.at = fact.at.adding(seconds: 1)
    #expect(Ending(later, root: Self.root) == nil)
    var mark = fact
    mark.kind = Revocation.kind
    #expect(Revocation(mark, root: Self.root) == nil)
  }

  struct Change: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var change: @Sendable (inout Fact) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout Fact) -> Void) {
      testDescription = name
      self.change = change
    }
  }

  static let changes = [
    Change("the station") { $0.subject = "station/lits-2-fb928193" },
    Change("the hour") { $0.at = $0.at.adding(seconds: 1) },
    Change("the kind") { $0.kind = "station.opened" },
    Change("a line's place") {
      set(&$0, "last", ["urg-1-aa1cb7d9": [[4, .string(String(repeating: "a", count: 64))]]])
    },
    Change("all lines count") { set(&$0, "last", nil) },
    Change("another's chain") { set(&$0, "last", ["lits-2-fb928193": []]) },
    Change("no signature") { set(&$0, "signature", nil) },
    Change("no certificates") { set(&$0, "certificates", nil) },
    Change("one certificate") {
      set(&$0, "certificates", .array(Array(($0.data["certificates"]?.array ?? []).prefix(1))))
    },
  ]

  @Test(arguments: changes) func whatIsChangedHoldsNoMore(change: Change) throws {
    var fact = try golden()[0]
    change.change(&fact)
    #expect(Revocation(fact, root: Self.root) == nil)
  }

  @Test func anotherRootRevokesNobodyHere() throws {
    let (sample, other) = (SampleChain(seed: 1), SampleChain(seed: 9))
    let at = try #require(Instant("2022-08-21T02:00:00.000Z"))
    let fact = try other.authority.revoke(station: sample.station, last: [:], at: at)
    #expect(Revocation(fact, root: sample.enrolment.rootFingerprint) == nil)
    #expect(Revocation(fact, root: other.enrolment.rootFingerprint) != nil)
  }

  /// A station's key certifies nothing: its certificate is no enrolling key's.
  @Test func aStationRevokesNobody() throws {
    let sample = SampleChain(seed: 1)
    let at = try #require(Instant("2022-08-21T02:00:00.000Z"))
    var fact = try sample.authority.revoke(station: sample.station, last: [:], at: at)
    let text = "permanence station.revoked 1\n\(sample.station)\n\(at.text)\n"
    let signature = try sample.key.signature(for: Array(text.utf8))
    Self.set(&fact, "signature", .string(Base64.url(signature)))
    for pair in [[0, 1], [0, 2]] {
      let certificates = pair.map { JSON.string(Base64.standard(sample.enrolment.certificates[$0])) }
      Self.set(&fact, "certificates", .array(certificates))
      #expect(Revocation(fact, root: sample.enrolment.rootFingerprint) == nil)
    }
  }

  private static func set(_ fact: inout Fact, _ key: String, _ value: JSON?) {
    guard var data = fact.data.object else { return }
    data[key] = value
    fact.data = .object(data)
  }
}
