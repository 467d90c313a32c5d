import Feeds
import Hospital
import Interop
import Ledger
import Register
import Spoken
import Testing

/// What is left to type or to carry in a file, in which order, and what the main system's feed confirms of it.
struct ReentryQueueTests {
  private let now = Instant(milliseconds: 1_764_633_700_000)

  private func submit(_ station: ImportStation, _ command: any Command) async throws -> Receipt {
    try await station.register.submit(Submission(command, key: station.environment.newID(), author: "system"))
  }

  private func queue(_ station: ImportStation) throws -> ReentryQueue {
    try station.register.read { try ReentryQueue($0, at: now) }
  }

  /// Somebody registered, and in a stay of that class.
  private func admit(_ station: ImportStation, _ name: String, _ stayClass: StayClass?) async throws -> String {
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = (name, "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    let patient = try #require(
      try await submit(station, RegisterPatient(traits: traits)).subject("patient"))
    guard let stayClass else { return patient }
    let admission = Admit(patient: patient, stayClass: stayClass, unit: "7700", entryMode: "8")
    return try #require(try await submit(station, admission).subject("stay"))
  }

  private func degraded() async throws -> ImportStation {
    let station = try ImportStation()
    _ = try await submit(station, DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    return station
  }

  @Test func whoIsHereComesFirst() async throws {
    let station = try await degraded()
    let alone = try await admit(station, "ALONE", nil)
    let outpatient = try await admit(station, "OUTPATIENT", .outpatient)
    let emergency = try await admit(station, "EMERGENCY", .emergency)
    let inpatient = try await admit(station, "INPATIENT", .inpatient)
    let queue = try queue(station)
    #expect(queue.open.map(\.item) == [inpatient, emergency, outpatient, alone])
    #expect(queue.open.map(\.rank) == [.present, .emergency, .others, .identity])
    // A person's own commits are on the screen of their stay.
    #expect(queue.open[0].open.flatMap(\.commits).count == 2)
  }

  /// Each road tells what the others have not.
  @Test func whatWasToldLeavesTheQueue() async throws {
    let station = try await degraded()
    let first = try await admit(station, "FIRST", .inpatient)
    let second = try await admit(station, "SECOND", .inpatient)
    let third = try await admit(station, "THIRD", .inpatient)
    let open = try queue(station).open
    for commit in open[2].open.flatMap(\.commits) {
      _ = try await submit(
        station, NoteHandback([.init(commit: commit, count: 1, control: "C", trigger: "A28", at: now)]))
    }
    #expect(try queue(station).open.map(\.item) == [first, second])
    _ = try await submit(station, NoteReentry(open[0].open, road: .hand))
    #expect(try queue(station).open.map(\.item) == [second])
    #expect(try HandbackStatus(station.register, at: now).pending == 2)
    _ = try await submit(station, ReopenReentry(items: [first]))
    #expect(try queue(station).open.map(\.item).contains(first))
    #expect(third == open[2].item)
  }

  /// Custody and minority have no segment: messages told the rest, and the situation waits for somebody to type it.
  @Test(arguments: [
    (LegalSituation(kind: "custody"), false, true), (LegalSituation(kind: "minor"), true, true),
    (LegalSituation(kind: "psychiatric", code: "SDT"), false, false),
    (LegalSituation(kind: "psychiatric", code: "SDT"), true, false),
  ])
  func aSituationThatNoMessageTells(situation: LegalSituation, isRegistered: Bool, isLeft: Bool) async throws {
    let station = try await degraded()
    let patient: String
    if isRegistered {
      var traits = Traits()
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("DUPONT", "LOUISE", "99999")
      (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
      let receipt = try await submit(station, RegisterPatient(traits: traits, situations: [situation]))
      patient = try #require(receipt.subject("patient"))
    } else {
      patient = try await admit(station, "DUPONT", nil)
      let admission = Admit(patient: patient, stayClass: .inpatient, unit: "7700", entryMode: "8")
      _ = try await submit(
        station, InOneCommit(SetSituation(patient: patient, situation: situation)) { _ in admission })
    }
    for commit in try queue(station).open.flatMap(\.open).flatMap(\.commits) {
      _ = try await submit(
        station, NoteHandback([.init(commit: commit, count: 1, control: "C", trigger: "A01", at: now)]))
    }
    /// Facts by their kind and the first word of where they went.
    func account() throws -> Set<Substring> {
      Set(
        try HandbackAccount.signed(station.register, at: now).split(separator: "\n").map { line in
          let words = line.split(separator: " ")
          return words[0] == "fact" ? "\(words[2]) \(words[3])" : line
        })
    }
    let (kept, left): (Substring, Substring) = ("patient.situation-set kept", "  not finished")
    let before = try account()
    #expect(before.contains(kept) == isLeft && before.contains(left) == isLeft)
    #expect(before.contains("patient.situation-set message") == (!isLeft && !isRegistered))
    // The person's alone: nobody types again the stay that a message told.
    #expect(try queue(station).open.map(\.item) == (isLeft ? [patient] : []))
    #expect(try ReentryFile(queue(station), writing, at: now).rows.map { $0[0] } == (isLeft ? ["identity"] : []))
    #expect(try HandbackStatus(station.register, at: now).pending == 0)
    for item in try queue(station).open { _ = try await submit(station, NoteReentry(item.parts, road: .hand)) }
    #expect(try queue(station).open.isEmpty)
    let after = try account()
    #expect(!after.contains(kept) && !after.contains(left))
    #expect(after.contains("patient.situation-set hand") == isLeft)
    #expect(after.contains("patient.situation-set message") == (!isLeft && !isRegistered))
  }

  /// What was asked goes by messages; that there is no legal situation goes by none.
  @Test(
    arguments: [
      ([.allergies: .text("latex")], "patient.asked", true), ([.diet: NoteAnswers.Said.none], "stay.asked", true),
      ([.situation: NoteAnswers.Said.none], "patient.asked", false),
    ] as [([AskedTopic: NoteAnswers.Said], String, Bool)])
  func whatWasAsked(answers: [AskedTopic: NoteAnswers.Said], kind: String, isTold: Bool) async throws {
    let station = try await degraded()
    let stay = try await admit(station, "DUPONT", .inpatient)
    for commit in try queue(station).open.flatMap(\.open).flatMap(\.commits) {
      _ = try await submit(
        station, NoteHandback([.init(commit: commit, count: 1, control: "C", trigger: "A01", at: now)]))
    }
    #expect(try HandbackStatus(station.register, at: now).pending == 0)
    _ = try await submit(station, NoteAnswers(stay: stay, answers: answers))
    #expect(try HandbackStatus(station.register, at: now).pending == (isTold ? 1 : 0))
    let account = try HandbackAccount.signed(station.register, at: now).split(separator: "\n")
    #expect(account.contains { $0.hasPrefix("  fact 0 \(kind) message ") } == isTold)
    #expect(account.contains("  fact 0 \(kind) kept no-message") == !isTold)
  }

  private var writing: ReentryValue.Writing {
    ReentryValue.Writing(ippAuthority: nil, hour: { $0.text }, date: { $0.text })
  }

  @Test func theFileIsTheSameTwice() async throws {
    let station = try await degraded()
    _ = try await admit(station, "DUPONT", .inpatient)
    _ = try await admit(station, "MARTIN", .emergency)
    let file = ReentryFile(try queue(station), writing, at: now)
    #expect(file.rows.map { $0[0] } == ["identity", "stay", "movement", "identity", "stay", "movement"])
    #expect(file.rows.allSatisfy { $0.count == ReentryFile.columns.count })
    for note in file.notes { _ = try await submit(station, note) }
    let again = ReentryFile(try queue(station), writing, at: now)
    #expect(again.text() == file.text() && again.notes.isEmpty)
    #expect(try HandbackStatus(station.register, at: now).pending == 0)
  }

  /// A file told the stay; what was said of the person since is on the stay's screen, whose own part comes first, empty.
  @Test func aScreenIsTheStaysThoughAFileToldIt() async throws {
    let station = try await degraded()
    let stay = try await admit(station, "MARTIN", .inpatient)
    for note in ReentryFile(try queue(station), writing, at: now).notes { _ = try await submit(station, note) }
    let person = try #require(
      try station.register.read { reading in try reading.stay(stay)?.patient.flatMap { try reading.patient($0) } })
    let patient = person.id
    var traits = Traits(person)
    traits.usedName = "DURAND"
    let corrected = try await submit(station, CorrectPatient(patient: patient, traits: traits))
    let place = CommitPlace(station: corrected.station, sequence: corrected.sequence, hash: corrected.hash)
    let item = try #require(try queue(station).open.first)
    #expect(item.item == stay && item.open.map(\.item) == [patient])
    #expect(item.parts == [.init(item: stay, commits: []), .init(item: patient, commits: [place])])
    _ = try await submit(
      station, NoteReentry(item.parts, road: .hand, number: "260001", ipp: "000777", patient: patient))
    #expect(try queue(station).open.isEmpty)
    #expect(try station.register.read { try $0.reentry(stay)?.number } == "260001")
  }

  /// What may have been lifted is known by what is left to tell, of the stay and of its person; a bed's isolation is of
  /// whoever lies there now.
  @Test func whatAScreenTakesBesideTheStay() async throws {
    let station = try await degraded()
    let patient = try await admit(station, "MARTIN", nil)
    let bed = Structure.ward.bedID(unit: "7700", room: "ZGEN", code: "ZGEN")
    let admission = Admit(patient: patient, stayClass: .inpatient, unit: "7700", bed: bed, entryMode: "8")
    let stay = try #require(try await submit(station, admission).subject("stay"))
    _ = try await submit(station, IsolateBed(bed: bed, isolation: "contact"))
    _ = try await submit(station, ProtectPresence(patient: patient, protected: true))
    let item = try #require(try queue(station).open.first)
    #expect(item.item == stay && item.isolation == "contact" && item.kinds.contains("patient.protected"))
    let column = try #require(ReentryFile.columns.firstIndex(of: "isolation"))
    #expect(try ReentryFile(queue(station), writing, at: now).rows.map { $0[column] } == ["", "contact", ""])
    _ = try await submit(station, NoteReentry(item.parts, road: .hand))
    // An isolation brings the stay there by itself.
    _ = try await submit(station, IsolateBed(bed: bed, isolation: nil))
    let ended = try #require(try queue(station).open.first)
    #expect(ended.item == stay && ended.kinds == ["stay.asked"])
    _ = try await submit(station, NoteReentry(ended.parts, road: .hand))
    _ = try await submit(station, Discharge(stay: stay, exitMode: "8"))
    let after = try #require(try queue(station).open.first)
    #expect(after.isolation == nil && after.kinds == ["stay.discharged"])
  }

  /// A stay under a name that was absorbed is told under the one that lives on, and hidden as that one is.
  @Test func whoWasAbsorbedIsHiddenAsTheOther() async throws {
    let station = try await degraded()
    let stay = try await admit(station, "MARTIN", .inpatient)
    let heir = try await admit(station, "DURAND", nil)
    let gone = try #require(try station.register.read { try $0.stay(stay)?.patient })
    _ = try await submit(station, LinkHandedBack(here: gone, there: heir))
    _ = try await submit(station, ProtectPresence(patient: heir, protected: true))
    let item = try #require(try queue(station).open.first)
    #expect(item.item == stay && item.person?.id == heir && item.person?.protected == true)
    #expect(item.person?.secret == false)
  }

  /// The main system speaks of the stay under a number of its own, which the agent noted.
  @Test(arguments: [false, true])
  func itsFeedConfirms(isQuick: Bool) async throws {
    let station = try await degraded()
    let stay = try await admit(station, "MARTIN", .inpatient)
    let item = try #require(try queue(station).open.first)
    let patient = try #require(item.person?.id)
    if isQuick { try await feed(station, ipp: "000777", number: "260001") }
    _ = try await submit(
      station, NoteReentry(item.open, road: .hand, number: "260001", ipp: "000777", patient: patient))
    #expect(try ReentryCounts(queue(station)).confirmed == 0)
    if isQuick {
      try await HandbackLinking.linkAlike(item.subjects, station.register, station.environment)
    } else {
      try await feed(station, ipp: "000777", number: "260001")
    }
    let counts = try ReentryCounts(queue(station))
    #expect(counts.entered == 1 && counts.confirmed == 1 && counts.unconfirmed == 0)
    let (merged, continued) = try station.register.read {
      (try $0.patient(patient)?.mergedInto, try $0.stay(stay)?.continuedAs)
    }
    #expect(merged == "patient/\(Name.subject("patient", "1.2.250.1.999.1", "000777"))" && continued != nil)
  }

  private func feed(_ station: ImportStation, ipp: String, number: String) async throws {
    let pid =
      "PID|1||\(ipp)^^^&1.2.250.1.999.1&ISO^PI||MARTIN^LOUISE^^^^^L||19610312|F"
      + "||||||||||\(number)^^^&1.2.250.1.999.2&ISO^AN||||||||||||||PROV"
    let message = Spoken.bytes([
      Spoken.header("A01^ADT_A01", at: "20251202010000"), "EVN||20251202010000", pid, "PV1||I|7700^ZGEN^ZGEN",
      Spoken.zbe(at: "20251201020000"),
    ])
    _ = try await station.take([.message(message)])
    for subject in try station.register.read({ reading in
      try reading.patients(withIdentifier: ipp) + reading.stays(withNumber: number)
    }) {
      try await HandbackLinking.link([subject], station.register, station.environment)
    }
  }
}
