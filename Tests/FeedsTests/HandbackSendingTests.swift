import Feeds
import Hospital
import Interop
import Ledger
import Register
import Spoken
import Synchronization
import Testing

/// Messages that the main system never takes, and people who type or carry the same while they go.
struct HandbackSendingTests {
  /// In degraded mode.
  struct Night: Sendable {
    let station: ImportStation

    init(isDegraded: Bool = true) async throws {
      station = try ImportStation()
      guard isDegraded else { return }
      try await say(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    }

    @discardableResult
    func say(_ command: any Command) async throws -> Receipt {
      try await station.register.submit(Submission(command, key: station.environment.newID(), author: "system"))
    }

    /// Somebody registered, who lies here: an A28 and an A01.
    @discardableResult
    func admit(_ name: String, _ givenName: String) async throws -> (patient: String, stay: String) {
      var traits = Traits()
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = (name, givenName, "99999")
      (traits.birthDate, traits.sex) = (PartialDate(year: 1991, month: 3, day: 12), .female)
      let patient = try #require(try await say(RegisterPatient(traits: traits)).subject("patient"))
      let admission = Admit(patient: patient, stayClass: .inpatient, unit: "7700", entryMode: "8")
      return (patient, try #require(try await say(admission).subject("stay")))
    }

    /// - Parameter waiting: what happens while a message waits for its turn; with nil none waits.
    func send(to main: MainSystem, waiting: (@Sendable () async throws -> Void)? = nil) async throws {
      try await main.listening { address in
        var options = HandbackOptions(address: address, perSecond: waiting == nil ? 0 : 0.001, patienceSeconds: 60)
        options.repeatSeconds = 0.001
        if let waiting { options.sleep = { _ in try await waiting() } }
        try await HandbackDesk(station.register, station.environment).send(options, by: "system")
      }
    }

    /// The main system's feed says that somebody was admitted to ZGEN, under that stay number.
    func hear(_ ipp: String, _ person: String, _ number: String) async throws {
      let pid =
        "PID|1||\(ipp)^^^&1.2.250.1.999.1&ISO^PI||\(person)||||||||||\(number)^^^&1.2.250.1.999.2&ISO^AN"
        + "||||||||||||||PROV"
      let message = Spoken.bytes([
        Spoken.header("A01^ADT_A01", at: "20251202010000"), "EVN||20251202010000", pid, "PV1||I|7700^ZGEN^ZGEN",
        Spoken.zbe(at: "20251201020000"),
      ])
      _ = try await station.take([.message(message)])
    }

    func heardUnder(_ ipp: String, _ number: String) throws -> Set<String> {
      Set(
        try station.register.read { reading in
          try reading.patients(withIdentifier: ipp) + reading.stays(withNumber: number)
        })
    }

    var status: HandbackStatus {
      get throws { try HandbackStatus(station.register, at: station.environment.now()) }
    }

    /// The item of a stay on the roads that people walk.
    func item(_ stay: String) throws -> ReentryQueue.Item {
      let queue = try station.register.read { try ReentryQueue($0, at: station.environment.now()) }
      return try #require(queue.open.first { $0.item == stay })
    }
  }

  struct Fault: Sendable {
    var answer: MainSystem.Answer
    /// What is told of the message.
    var code: String
    var reason: String?
    /// So often in a row.
    var tries: Int
  }
  static let faults = [
    Fault(answer: .cut, code: "none", tries: 3), Fault(answer: .busy, code: "AR", reason: "Base pleine", tries: 7),
  ]

  /// The first message of all holds nobody else up, and a person has it with what was answered.
  @Test(arguments: faults) func oneThatNothingComesOf(_ fault: Fault) async throws {
    let night = try await Night()
    for (name, given) in [("MARTIN", "LOUISE"), ("DUPONT", "ANNE"), ("LEROY", "ZOE")] {
      try await night.admit(name, given)
    }
    let main = MainSystem { $0 == "A28 LOUISE" ? fault.answer : .taken }
    try await night.send(to: main)
    #expect(main.taken == ["A28 ANNE", "A01 ANNE", "A28 ZOE", "A01 ZOE"])
    // Before another one goes, and once after it.
    #expect(main.heard.prefix { $0 == "A28 LOUISE" }.count == fault.tries)
    #expect(main.heard.count { $0 == "A28 LOUISE" } == fault.tries + 1)
    let status = try night.status
    #expect(status.refused.map(\.message.trigger) == ["A28"] && status.pending == 1)
    let refused = try #require(status.refused.first)
    #expect(refused.message.answer == fault.code && refused.message.reason == fault.reason)
    let shown = try RefusedOutgoing(
      refused.subject, control: refused.message.control, night.station.register, HandbackBook(night.station.register),
      at: night.station.environment.now())
    let outgoing = try #require(shown)
    let edit = HandbackEdit(
      segment: "PID", occurrence: 1, field: 11, from: outgoing.message.field("PID", 1, 11) ?? "", to: "^^DIJON")
    try await night.say(
      EditHandback(outgoing.handback, control: refused.message.control, edits: [edit], reason: "essai"))
    let mended = MainSystem { _ in .taken }
    try await night.send(to: mended)
    #expect(mended.taken == ["A28 LOUISE", "A01 LOUISE"])
    #expect(try night.status.pending == 0 && night.status.refused.isEmpty)
  }

  /// One of two that were taken goes once more, and the other one does not.
  @Test func oneThatWasTakenGoesAgain() async throws {
    let night = try await Night()
    try await night.admit("MARTIN", "LOUISE")
    try await night.send(to: MainSystem { _ in .taken })
    let register = night.station.register
    let went = try register.read { try $0.sentBack(of: nil, limit: 10) }
    #expect(went.map(\.message.trigger) == ["A01", "A28"])
    let handback = try #require(try register.read { try $0.handback(went[0].handback) })
    try await night.say(SendHandbackAgain(handback, control: went[0].message.control))
    let main = MainSystem { _ in .taken }
    try await night.send(to: main)
    #expect(main.taken == ["A01 LOUISE"])
    #expect(try night.status.pending == 0)
  }

  /// So that whoever is killed at the usual pace has no more than the message under way to say again.
  @Test func eachAnswerIsKeptBeforeTheNextMessageGoes() async throws {
    let night = try await Night()
    for (name, given) in [("MARTIN", "LOUISE"), ("DUPONT", "ANNE"), ("LEROY", "ZOE")] {
      try await night.admit(name, given)
    }
    let main = MainSystem { _ in .taken }
    let lacking = Mutex<[Int]>([])
    try await night.send(to: main) {
      let kept = try night.station.register.read { try $0.handbackCounts().acknowledged }
      lacking.withLock { $0.append(main.taken.count - kept) }
    }
    #expect(main.taken.count == 6)
    // The first one goes at once, and a turn is waited for to find that there is none left.
    #expect(lacking.withLock { $0 } == [Int](repeating: 0, count: 6))
  }

  /// Each fact, by which road, the messages that told it, and what was answered.
  @Test func theAccountSaysWhereEachFactWent() async throws {
    let night = try await Night()
    let (louise, _) = try await night.admit("MARTIN", "LOUISE")
    try await night.admit("DUPONT", "ANNE")
    let (zoe, stay) = try await night.admit("LEROY", "ZOE")
    try await night.say(NameHandedBack(patient: louise, number: Identifier(value: "7", authority: "x", type: "PI")))
    try await night.say(NoteReentry(try night.item(stay).parts, road: .hand))
    try await night.send(to: MainSystem { $0 == "A01 ANNE" ? .cut : .taken })
    let register = night.station.register
    var account = try HandbackAccount.signed(register, at: night.station.environment.now())
    let answers = try register.read { reading in
      try reading.commitsOfMeanwhile().compactMap { try reading.handback(of: $0.place) }.flatMap(\.messages)
    }
    #expect(answers.map(\.trigger) == ["A28", "A01", "A28", "A01"])
    for answer in answers { account = account.replacing(answer.control, with: answer.trigger) }
    #expect(
      account.split(separator: "\n").filter { $0.hasPrefix("  fact ") } == [
        "  fact 0 mode.declared kept beside", "  fact 0 patient.registered message A28 acknowledged",
        "  fact 0 stay.admitted message A01 acknowledged", "  fact 0 patient.registered message A28 acknowledged",
        "  fact 0 stay.admitted message A01 refused none", "  fact 0 patient.registered hand \(zoe)",
        "  fact 0 stay.admitted hand \(stay)", "  fact 0 patient.named kept no-message",
      ])
  }

  /// Nobody waits for real: each message goes at the hour that it was told to wait for, and the first one at once.
  @Test(arguments: [0.001, 0.0005]) func noMoreGoThanWereAskedFor(perSecond: Double) async throws {
    let night = try await Night()
    for (name, given) in [("MARTIN", "LOUISE"), ("DUPONT", "ANNE"), ("LEROY", "ZOE")] {
      try await night.admit(name, given)
    }
    let main = MainSystem { _ in .taken }
    let turns = Mutex<[(at: ContinuousClock.Instant, gone: Int)]>([])
    try await main.listening { address in
      var options = HandbackOptions(address: address, perSecond: perSecond, patienceSeconds: 60)
      options.sleep = { at in turns.withLock { $0.append((at, main.taken.count)) } }
      try await HandbackDesk(night.station.register, night.station.environment).send(options, by: "system")
    }
    let waited = turns.withLock { $0 }
    // The last turn finds that there is none left.
    #expect(waited.map(\.gone) == [1, 2, 3, 4, 5, 6])
    for turn in waited.dropLast() {
      let window = turn.at..<turn.at.advanced(by: .seconds(2 / perSecond))
      #expect(waited.count { window.contains($0.at) } == 2)
    }
  }

  /// No other one is answered after them. Sent again, and nothing else with them, they go back to the person.
  @Test(arguments: faults) func theLastOfARun(_ fault: Fault) async throws {
    let night = try await Night()
    for (name, given) in [("MARTIN", "LOUISE"), ("DUPONT", "ANNE"), ("LEROY", "ZOE")] {
      try await night.admit(name, given)
    }
    let main = MainSystem { ["A28 ANNE", "A28 ZOE"].contains($0) ? fault.answer : .taken }
    for _ in 0..<2 {
      try await night.send(to: main)
      #expect(main.taken == ["A28 LOUISE", "A01 LOUISE"])
      let status = try night.status
      #expect(status.refused.map(\.message.answer) == [fault.code, fault.code] && status.pending == 2)
      for refused in status.refused {
        let handback = try #require(try night.station.register.read { try $0.handback(refused.subject) })
        try await night.say(SettleHandback(handback, control: refused.message.control, way: .again))
      }
    }
  }

  /// The list of allergies replaces the main system's: what it had said of a file that another absorbed is in it, said of
  /// that file or of a stay under it.
  @Test(arguments: [false, true]) func allergiesOfAFileThatWasAbsorbed(isOfStay: Bool) async throws {
    let night = try await Night(isDegraded: false)
    let register = night.station.register
    func feed(_ trigger: String, _ segments: [String]) async throws {
      let header = Spoken.header(trigger, control: String(trigger.prefix(3)), at: "20251130010000")
      _ = try await night.station.take([.message(Spoken.bytes([header, "EVN||20251130010000"] + segments))])
    }
    func pid(_ ipp: String) -> String {
      "PID|1||\(ipp)^^^&1.2.250.1.999.1&ISO^PI||MARTIN^LOUISE^^^^^L||19610312|F"
    }
    let al1 = "AL1|1|DA|C08^Penicilline"
    if isOfStay {
      let visit = [pid("778") + "||||||||||M900^^^\(Self.account)", "PV1||I|7700^ZGEN^ZGEN"]
      try await feed("A01^ADT_A01", visit + [Spoken.zbe(at: "20251130010000"), al1])
    } else {
      try await feed("A31^ADT_A05", [pid("778"), "PV1||N", al1])
    }
    try await feed("A28^ADT_A05", [pid("777"), "PV1||N"])
    try await feed("A40^ADT_A39", [pid("777"), "MRG|778^^^&1.2.250.1.999.1&ISO^PI"])
    try await night.say(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var stay = try register.read { try $0.stays(withNumber: "M900").first }
    if stay == nil {
      let patient = try #require(try register.read { try $0.patients(withIdentifier: "777").first })
      stay = try await night.say(Admit(patient: patient, stayClass: .inpatient, unit: "7700", entryMode: "8"))
        .subject("stay")
    }
    try await night.say(NoteAnswers(stay: try #require(stay), answers: [.allergies: .text("latex")]))
    let main = MainSystem { _ in .taken }
    try await night.send(to: main)
    #expect(main.segments("AL1") == [al1, "AL1|2||^latex|||20251201"])
  }

  private static let account = "&1.2.250.1.999.2&ISO^AN"
  private static let bars = String(repeating: "|", count: 15)

  /// Of an answer to the admission, `*` for our number: whether the feed that goes on under M900 speaks of our stay, also
  /// where it did so before the answer was kept.
  @Test(
    arguments: [
      ("PID|1||\(bars)M900^^^\(account)", true), ("PID|1||\(bars)*^^^\(account)\rPV1|1|I\(bars)||M900^^^CH", true),
      ("PID|1||\(bars)*^^^\(account)~M900^^^\(account)", true), ("PID|1||\(bars)*^^^\(account)", false),
      ("PID|1||\(bars)M900\(String(repeating: "0", count: 100))^^^\(account)", false),
      ("PID|1||\(bars)M901^^^CH", false),
    ], [false, true])
  func itsOwnNumberOfAStay(answer: (says: String, isOurs: Bool), isQuick: Bool) async throws {
    let night = try await Night()
    let (patient, stay) = try await night.admit("MARTIN", "LOUISE")
    let (ipp, ours) = try night.station.register.read { reading in
      (try reading.patient(patient)?.identifiers.first?.value ?? "", try reading.stay(stay)?.number ?? "")
    }
    let main = MainSystem { what in
      guard what == "A01 LOUISE" else { return .taken }
      if isQuick { try await night.hear(ipp, "MARTIN^LOUISE^^^^^L||19910312|F", "M900") }
      return .saying(answer.says.replacing("*", with: ours))
    }
    try await night.send(to: main)
    if !isQuick {
      try await night.hear(ipp, "MARTIN^LOUISE^^^^^L||19910312|F", "M900")
      try await HandbackLinking.link(night.heardUnder(ipp, "M900"), night.station.register, night.station.environment)
    }
    let there = "stay/\(Name.subject("stay", "1.2.250.1.999.2", "M900"))"
    let now = Instant("2025-12-02T12:00:00.000Z")!
    let (here, all) = try night.station.register.read { reading in
      (try reading.stay(stay), try [stay, there].compactMap { try reading.stay($0) })
    }
    #expect(here?.continuedAs == (answer.isOurs ? there : nil))
    #expect(all.count { $0.isPresent(at: now) } == (answer.isOurs ? 1 : 2))
  }

  /// It calls the stay as it calls another person's: nobody is where a stranger lies.
  @Test func aStrangersNumberOfAStay() async throws {
    let night = try await Night()
    let (_, stay) = try await night.admit("MARTIN", "LOUISE")
    try await night.hear("000777", "BERNARD^PAUL^^^^^L||20010405|M", "M900")
    let says = "PID|1||\(Self.bars)M900^^^\(Self.account)"
    try await night.send(to: MainSystem { $0 == "A01 LOUISE" ? .saying(says) : .taken })
    let (here, noted) = try night.station.register.read { (try $0.stay(stay), try $0.reentry(stay)) }
    #expect(here?.continuedAs == nil && noted == nil)
    #expect(try night.status.pending == 0 && night.status.refused.isEmpty)
  }

  /// Whoever answers nothing at all refuses nothing.
  @Test func nobodyIsThere() async throws {
    let night = try await Night()
    try await night.admit("MARTIN", "LOUISE")
    try await night.admit("DUPONT", "ANNE")
    await #expect(throws: HandbackGivenUp.self) { try await night.send(to: MainSystem { _ in .cut }) }
    #expect(try night.status.refused.isEmpty && night.status.pending == 4)
  }

  /// A mother and her child share a queue. What waits behind her admission goes after it, whatever is answered between.
  @Test func whatWaitsBehindOneGoesAfterIt() async throws {
    let night = try await Night()
    let (mother, stay) = try await night.admit("MARTIN", "LOUISE")
    try await night.say(Transfer(stay: stay, unit: "1050"))
    try await night.say(RegisterBirth(mother: mother, children: [.init(sex: .female, givenName: "ANNE")]))
    try await night.say(Discharge(stay: stay, exitMode: "8"))
    let cuts = Mutex(0)
    let main = MainSystem { what in
      guard what == "A01 LOUISE" else { return .taken }
      return cuts.withLock { cuts in
        cuts += 1
        return cuts <= 3 ? .cut : .taken
      }
    }
    try await night.send(to: main)
    #expect(main.taken == ["A28 LOUISE", "A28 ANNE", "A01 LOUISE", "A02 LOUISE", "A01 ANNE", "A03 LOUISE"])
    #expect(try night.status.refused.isEmpty && night.status.pending == 0)
  }

  enum Road: CaseIterable {
    case hand, file, screen
  }

  /// Somebody types a stay, carries it in a file or has it on their screen while those before it go, or while its own
  /// message is lost.
  @Test(arguments: Road.allCases, ["A28 LOUISE", "A28 ANNE"])
  func anotherRoadMeanwhile(_ road: Road, at hour: String) async throws {
    let night = try await Night()
    try await night.admit("MARTIN", "LOUISE")
    let (_, stay) = try await night.admit("DUPONT", "ANNE")
    try await night.admit("LEROY", "ZOE")
    let item = try night.item(stay)
    let isOver = Mutex(false)
    let main = MainSystem { what in
      guard what == hour, isOver.withLock({ !$0 }) else { return .taken }
      isOver.withLock { $0 = true }
      switch road {
      case .hand: try await night.say(NoteReentry(item.parts, road: .hand))
      case .file: try await night.say(NoteReentry(item.parts, road: .csv))
      case .screen: try await night.say(ClaimReentry(item: stay))
      }
      return what == "A28 ANNE" ? .cut : .taken
    }
    try await night.send(to: main)
    #expect(main.taken == ["A28 LOUISE", "A01 LOUISE", "A28 ZOE", "A01 ZOE"])
    #expect(main.heard.count { $0 == "A28 ANNE" } == (hour == "A28 ANNE" ? 1 : 0))
    #expect(try night.status.pending == (road == .screen ? 2 : 0) && night.status.refused.isEmpty)
    guard road == .screen else { return }
    // Claimed before a run begins, and given back.
    try await night.send(to: main)
    #expect(main.taken.count == 4)
    try await night.say(LeaveReentry(item: stay))
    try await night.send(to: main)
    #expect(main.taken.suffix(2) == ["A28 ANNE", "A01 ANNE"] && main.taken.count == 6)
  }

  /// Somebody has a stay on their screen while its message waits for its turn.
  @Test func aScreenWhileTheLineIsHeld() async throws {
    let night = try await Night()
    try await night.admit("MARTIN", "LOUISE")
    let (_, stay) = try await night.admit("DUPONT", "ANNE")
    let main = MainSystem { _ in .taken }
    try await night.send(to: main) {
      if main.taken.count == 2 { try await night.say(ClaimReentry(item: stay)) }
    }
    #expect(main.heard == ["A28 LOUISE", "A01 LOUISE"])
    #expect(try night.status.pending == 2)
  }
}
