import Hospital
import Ledger
import Register
import Seeded
import Testing

/// Two files of one person, made by people who did not know of each other's: every station asks.
struct PersonTests {
  /// What is said on two stations cut from each other, and whether it asks.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var asks: Bool
    var here: [Fact]
    var there: [Fact]
    /// What is said so was said by a feed.
    var feedSays: Set<String> = []
  }

  static func heard(_ id: String, _ kind: String = "described") -> Fact {
    Fact(
      kind: "patient.\(kind)", subject: id, at: .night,
      data: ["birthName": "LE GOFF", "birthGivenName": "JEAN", "birthDate": "1961-03-12", "sex": "M"])
  }

  static let jean = Fact.registered(.jean("patient/b"))

  static func corrected(_ id: String, _ data: JSON) -> Fact {
    Fact(kind: "patient.corrected", subject: id, at: .hours(1), data: data)
  }

  static let number: JSON = ["identifiers": [["value": "77", "authority": "1.2", "type": "PI"]]]

  static let rows: [Row] = [
    Row(testDescription: "the same traits", asks: true, here: [jean], there: [.registered(.jean("patient/c"))]),
    Row(
      testDescription: "once a slip was put right", asks: true, here: [jean],
      there: [.registered(.jean("patient/c", "LE GOF")), corrected("patient/c", ["birthName": "Le Goff"])]),
    Row(
      testDescription: "once somebody could name them", asks: true, here: [jean],
      there: [
        Fact(
          kind: "patient.registered", subject: "patient/c", at: .night, data: ["unknown": ["label": "URG2-001"]]),
        corrected(
          "patient/c",
          [
            "birthName": "LE GOFF", "birthGivenName": "JEAN", "birthDate": "1961-03-12", "sex": "M", "unknown": .null,
          ]),
      ]),
    Row(testDescription: "another name", asks: false, here: [jean], there: [.registered(.jean("patient/c", "LE GOF"))]),
    Row(
      testDescription: "another sex", asks: false, here: [jean],
      there: [.registered(.jean("patient/c")), corrected("patient/c", ["sex": "F"])]),
    Row(
      testDescription: "with one number, which asks", asks: false, here: [jean, corrected("patient/b", number)],
      there: [.registered(.jean("patient/c")), corrected("patient/c", number)]),
    Row(
      testDescription: "merged there already", asks: false, here: [jean],
      there: [
        .registered(.jean("patient/c")),
        Fact(kind: "patient.merged", subject: "patient/c", at: .hours(1), data: ["into": "patient/a"]),
      ]),
    Row(
      testDescription: "a feed says one", asks: true, here: [jean], there: [heard("patient/c")],
      feedSays: ["patient/c"]),
    Row(
      testDescription: "a feed says one, here", asks: true, here: [heard("patient/b")],
      there: [.registered(.jean("patient/c"))], feedSays: ["patient/b"]),
    Row(
      testDescription: "a diary says one", asks: true, here: [jean], there: [heard("patient/c", "mentioned")],
      feedSays: ["patient/c"]),
    Row(
      testDescription: "feeds say both", asks: false, here: [heard("patient/b")], there: [heard("patient/c")],
      feedSays: ["patient/b", "patient/c"]),
    Row(
      testDescription: "two files on one station", asks: false, here: [jean, .registered(.jean("patient/c"))],
      there: [.registered("patient/d", "DURAND")]),
  ]

  private static func pair() async throws -> (TestStation, TestStation) {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.say(.registered("patient/a", "MARTIN"))
    try await meet(first, second)
    return (first, second)
  }

  private static func meet(_ first: TestStation, _ second: TestStation) async throws {
    try await second.take(from: first)
    try await first.take(from: second)
  }

  /// What both ask, and would after a rebuild.
  private static func asked(_ first: TestStation, _ second: TestStation) throws -> [[String]] {
    let shown = try [
      first, second, TestStation(after: first, rebuilding: true), TestStation(after: second, rebuilding: true),
    ].map { try $0.persons() }
    for other in shown.dropFirst() { #expect(other == shown[0]) }
    return shown[0].map(\.subjects)
  }

  @Test(arguments: rows)
  func filesMadeApart(row: Row) async throws {
    let (first, second) = try await Self.pair()
    for (station, facts) in [(first, row.here), (second, row.there)] {
      for fact in facts { try await station.say(fact, source: row.feedSays.contains(fact.subject) ? Self.source : nil) }
    }
    try await Self.meet(first, second)
    #expect(try Self.asked(first, second) == (row.asks ? [["patient/b", "patient/c"]] : []))
  }

  private static let source = Source(sender: "SIH", control: "1", text: "20220821030000", instant: .night)

  /// What a station heard of a feed itself it knew, whichever station's line of it counts; and a feed that is heard once
  /// its station knew of whom a person registered meanwhile is the main system's own affair.
  @Test func whoHeardItToo() async throws {
    let (first, second) = try await Self.pair()
    let key = "heard-twice"
    try await first.say(Self.heard("patient/b"), key: key, source: Self.source)
    try await second.say(Self.heard("patient/b"), key: key, source: Self.source)
    try await second.say(.registered(.jean("patient/c")))
    try await Self.meet(first, second)
    #expect(try Self.asked(first, second) == [])
    try await second.say(.registered(.jean("patient/d")))
    try await Self.meet(first, second)
    try await first.say(Self.heard("patient/e"), source: Self.source)
    try await Self.meet(first, second)
    #expect(try Self.asked(first, second) == [])
  }

  /// What a feed says again of whom it made apart, wherever it is heard, leaves it asked; a third hears it in any order.
  @Test(arguments: 1...4)
  func whatAFeedSaysAgain(seed: UInt64) async throws {
    let (first, second) = try await Self.pair()
    try await first.say(Self.heard("patient/b"), source: Self.source)
    try await second.say(.registered(.jean("patient/c")))
    try await Self.meet(first, second)
    let expected = [["patient/b", "patient/c"]]
    #expect(try Self.asked(first, second) == expected)
    for station in [first, second] {
      try await station.say(Self.heard("patient/b"), source: Self.source)
      try await Self.meet(first, second)
      #expect(try Self.asked(first, second) == expected)
    }
    let third = try first.joined("urg-3", seed: 9)
    var dice = Seeded(seed: seed)
    var lines = try first.lines().shuffled(using: &dice)
    while !lines.isEmpty {
      let part = lines.prefix(Int.random(in: 1...4, using: &dice))
      _ = try await third.register.takeIn(Array(part), from: "test")
      lines.removeFirst(part.count)
    }
    #expect(try Self.asked(first, third) == expected)
  }

  /// Whoever has the other file before them makes a second one knowingly.
  @Test func whoeverKnewIsNotAsked() async throws {
    let (first, second) = try await Self.pair()
    try await first.say(Self.jean)
    try await Self.meet(first, second)
    try await second.say(.registered(.jean("patient/c")))
    try await Self.meet(first, second)
    #expect(try Self.asked(first, second) == [])
  }

  /// Linked it is gone, unlinked it is back; and whatever makes them alike later asks as well.
  @Test func whatIsSaidOnceAllIsKnown() async throws {
    let (first, second) = try await Self.pair()
    try await first.say(Self.jean)
    try await second.say(.registered(.jean("patient/c", "LE GOF")))
    try await Self.meet(first, second)
    #expect(try Self.asked(first, second) == [])
    let both = [["patient/b", "patient/c"]]
    for (kind, subject, data, expected) in [
      ("corrected", "patient/c", ["birthName": "LE GOFF"], both), ("merged", "patient/b", ["into": "patient/c"], []),
      ("unmerged", "patient/b", [:], both), ("corrected", "patient/b", ["sex": "F"], []),
      ("corrected", "patient/c", ["sex": "F"], both), ("corrected", "patient/c", ["mother": "patient/b"], []),
    ] as [(String, String, JSON, [[String]])] {
      try await first.say(Fact(kind: "patient.\(kind)", subject: subject, at: .hours(1), data: data))
      try await Self.meet(first, second)
      #expect(try Self.asked(first, second) == expected, "\(kind) \(subject)")
    }
  }

  /// Two of three know of each other, and the third of nobody; a fourth hears their lines in any order.
  @Test(arguments: 1...8)
  func inAnyOrder(seed: UInt64) async throws {
    let (first, second) = try await Self.pair()
    let third = try first.joined("urg-3", seed: 9)
    try await first.say(Self.jean)
    try await second.say(.registered(.jean("patient/c", "LE GOF")))
    try await third.say(.registered(.jean("patient/d")))
    try await first.take(from: second)
    try await first.say(Self.corrected("patient/c", ["birthName": "LE GOFF"]))
    try await first.say(.registered(.jean("patient/e")))
    try await first.take(from: third)
    let expected = [["patient/b", "patient/c", "patient/d", "patient/e"]]
    #expect(try first.persons().map(\.subjects) == expected)
    let fourth = try first.joined("urg-4", seed: 11)
    var dice = Seeded(seed: seed)
    var lines = try first.lines().shuffled(using: &dice)
    while !lines.isEmpty {
      let part = lines.prefix(Int.random(in: 1...4, using: &dice))
      _ = try await fourth.register.takeIn(Array(part), from: "test")
      lines.removeFirst(part.count)
    }
    #expect(try Self.asked(first, fourth) == expected)
  }

  /// Found in what was merged into the index as well as in what was not.
  @Test func amongManyOthers() async throws {
    let first = try TestStation(
      searchPace: SearchPace(rows: 20, stepsPerChange: 100, stepsMin: 4096, caughtUpAtOnce: 10))
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    let names = ["DURAND", "MOREL", "PETIT"]
    for name in names {
      try await first.say(.registered(.jean("patient/here-\(name)", name)))
      try await second.say(.registered(.jean("patient/there-\(name)", name)))
      for other in 0..<60 { try await first.say(.registered("patient/\(name)-\(other)", "MARTIN")) }
    }
    try await Self.meet(first, second)
    let asked = try Self.asked(first, second)
    #expect(Set(asked) == Set(names.map { ["patient/here-\($0)", "patient/there-\($0)"] }))
  }

  /// Of more than are asked about, every station asks about the same, whatever the order in which it heard of them.
  @Test func ofTooManyTheSameEverywhere() async throws {
    let first = try TestStation(
      searchPace: SearchPace(rows: 20, stepsPerChange: 100, stepsMin: 4096, caughtUpAtOnce: 10))
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    let numbers = (0..<60).map { $0 < 10 ? "0\($0)" : "\($0)" }
    for number in numbers {
      try await first.say(.registered(.jean("patient/here-\(number)")))
    }
    for number in numbers.reversed() {
      try await second.say(.registered(.jean("patient/there-\(number)")))
    }
    try await Self.meet(first, second)
    for other in 0..<60 { try await first.say(.registered("patient/other-\(other)", "MARTIN")) }
    try await Self.meet(first, second)
    let expected = numbers.map { "patient/here-\($0)" } + numbers.prefix(40).map { "patient/there-\($0)" }
    #expect(try Self.asked(first, second) == [expected])
  }
}

extension Patient {
  static func jean(_ id: String, _ name: String = "LE GOFF") -> Patient {
    var patient = Patient(id: id)
    patient.birthName = name
    patient.birthGivenName = "JEAN"
    patient.birthDate = PartialDate("1961-03-12")
    patient.sex = .male
    return patient
  }
}

extension TestStation {
  fileprivate struct Asked: Equatable {
    var version: String
    var subjects: [String]
  }

  fileprivate func persons() throws -> [Asked] {
    try register.read { try $0.conflicts() }.filter { $0.kind == .person }.map {
      Asked(version: $0.version, subjects: $0.subjects)
    }
  }
}
