import Hospital
import Ledger
import Register
import Testing

/// What changed goes into the index a few steps at a time. Nobody who searches sees how far it is.
struct MergingTests {
  private static let names = ["MARTIN", "DURAND", "LE GOFF", "MARTIN-DUPONT", "D’ARTAGNAN"]
  private static let givens = ["Louise", "Yann", "Zoé"]
  private static let dates = ["1961-03-12", "1961-03-13", "1950-07-01", "1950"]
  private static let typed = [
    "martin", "mart louise", "durand yann", "goff zoe", "le goff louise", "dupont yann", "dartagnan louise",
    "martn louise", "12031961", "13031961 durand", "01071950 goff", "1950", "12031961 martin louise",
  ]

  /// With few changes to a merge, and so slow that most of the time one is under way; beside a station that never merges.
  @Test(arguments: [(3, 1), (3, 12), (5, 4), (8, 12)], [1, 2, 3] as [UInt64])
  func nobodySeesIt(pace: (rows: Int, steps: Int), seed: UInt64) async throws {
    let pace = SearchPace(
      rows: pace.rows, stepsPerChange: pace.steps, stepsMin: pace.steps, caughtUpAtOnce: 1 + Int(seed))
    var dice = Slips(seed: seed)
    let still = try TestStation()
    var station = try TestStation(searchPace: pace)
    var people = 0
    var merged = 0
    for round in 1...60 {
      var facts: [Fact] = []
      for number in Set((0...dice.below(3)).map { _ in dice.below(people + 2) }).sorted() {
        facts.append(Self.change(number, isNew: number >= people, at: round, &dice))
      }
      people += facts.filter { $0.kind == "patient.registered" }.count
      for one in [still, station] {
        _ = try await one.register.submit(Submission(Say(facts), key: "\(round)", author: "a"))
      }
      for typed in Self.typed {
        let ids = try [still, station].map { try $0.found(typed, limit: 50).map(\.patient.id) }
        #expect(ids[0] == ids[1], "\(typed), round \(round)")
      }
      merged = max(merged, try station.merged())
      if round % 13 == 0 { station = try TestStation(after: station, searchPace: pace) }
      if round % 31 == 0 { station = try TestStation(after: station, rebuilding: true, searchPace: pace) }
    }
    // Plans are made beside the writer, and may come late.
    for _ in 0..<5000 where merged == 0 {
      try await station.say(
        Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade"]))
      try await Task.sleep(for: .milliseconds(2))
      merged = try station.merged()
    }
    #expect(merged > 0)
    try await expectTheIndexOfARebuild(station)
  }

  /// Whatever a merge cut short left behind is gone once all is merged.
  private func expectTheIndexOfARebuild(_ station: TestStation) async throws {
    let rebuilt = try TestStation(after: station, rebuilding: true)
    let quick = try TestStation(
      after: station, searchPace: SearchPace(rows: 1, stepsPerChange: 1, stepsMin: 1000, caughtUpAtOnce: 200))
    for _ in 0..<5000 where try !quick.isMerged() {
      try await quick.say(Fact(kind: "mode.declared", subject: "mode/hospital", at: .night, data: ["mode": "degrade"]))
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(try quick.isMerged())
    #expect(try quick.indexed() == rebuilt.indexed())
    for typed in Self.typed {
      let ids = try [rebuilt, quick].map { try $0.found(typed, limit: 50).map(\.patient.id) }
      #expect(ids[0] == ids[1], "\(typed)")
    }
  }

  private static func change(_ number: Int, isNew: Bool, at hour: Int, _ dice: inout Slips) -> Fact {
    let (name, given) = (names[dice.below(names.count)], givens[dice.below(givens.count)])
    let date = dates[dice.below(dates.count)]
    let used = dice.below(3) == 0 ? names[dice.below(names.count)] : nil
    if isNew { return .registered(.person(number, name, given, date, used: used)) }
    var data = JSONObject()
    if dice.below(2) == 0 { data["birthDate"] = .string(date) }
    if dice.below(2) == 0 { data["birthName"] = .string(name) }
    if dice.below(2) == 0 { data["birthGivenName"] = .string(given) }
    if dice.below(3) == 0 { data["usedName"] = used.map { .string($0) } ?? .null }
    return Fact(kind: "patient.corrected", subject: Patient.id(number), at: .hours(hour), data: .object(data))
  }
}

extension TestStation {
  /// The last change that the index has.
  fileprivate func merged() throws -> Int {
    try register.readTables { db in try Int.fetchOne(db, sql: "SELECT base FROM searchMerges") ?? 0 }
  }

  /// All is merged, and what was merged is forgotten but for the last of it.
  fileprivate func isMerged() throws -> Bool {
    try register.readTables { db in
      try Int.fetchAll(db, sql: "SELECT id FROM searchRecent") == Int.fetchAll(db, sql: "SELECT base FROM searchMerges")
    }
  }

  fileprivate func indexed() throws -> [String] {
    try register.readTables { db in
      try String.fetchAll(db, sql: "SELECT date || ' ' || patient || ' ' || names FROM searchDates ORDER BY 1")
        + String.fetchAll(
          db, sql: "SELECT word || ' ' || given || ' ' || date || ' ' || patient FROM searchNames ORDER BY 1")
    }
  }
}
