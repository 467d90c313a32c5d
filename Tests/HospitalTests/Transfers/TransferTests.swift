import Foundation
import Hospital
import Ledger
import Testing

struct TransferTests {
  static let evry = Partner.subject(finess: "910000901")
  static let clinic = Partner.subject(finess: "910000902")
  static let nurse = "account/nurse"

  /// Louise in bed 4EST 1 A, and two partners.
  static func world() throws -> (world: MemoryWorld, stay: String) {
    let world = Scene.world()
    var near = DeclarePartners.Entry(finess: "910000902", name: "Clinique")
    near.minutes = 10
    near.capabilities = [.ct]
    var far = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    far.minutes = 40
    far.capabilities = [.ct, .mri]
    try world.run(DeclarePartners([near, far]), by: "account/duty")
    let admitted = try world.run(
      Admit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA), by: "account/admission")
    let stay = try #require(admitted.subject("stay"))
    return (world, stay)
  }

  static func ask(
    _ world: MemoryWorld, _ stay: String, _ partners: [String], _ kind: PatientTransfer.Kind = .definitive
  )
    throws -> [String]
  {
    let asked = try world.run(
      AskTransfer(stay: stay, partners: partners, kind: kind, needs: [.ct], reason: "AVC"), by: nurse, at: .hours(1))
    return asked.facts.map(\.subject)
  }

  static func step(
    _ world: MemoryWorld, _ transfer: String, _ step: PatientTransfer.Step, at hour: Int = 2, note: String? = nil,
    transport: String? = "AMBU", until: Instant? = nil
  ) -> String {
    Scene.outcome(
      StepTransfer(transfer, step, spokenTo: "Dr Roy", note: note, transport: transport, until: until), in: world,
      by: nurse, at: .hours(hour))
  }

  /// One partner was asked and has accepted.
  static func accepted(
    _ kind: PatientTransfer.Kind = .definitive
  ) throws -> (world: MemoryWorld, stay: String, transfer: String) {
    let (world, stay) = try Self.world()
    let transfer = try ask(world, stay, [evry], kind)[0]
    #expect(step(world, transfer, .accepted) == "transfer.accepted")
    return (world, stay, transfer)
  }

  /// Asked of two, refused by one, accepted by the other; leaving ends the stay and frees the bed.
  @Test func refusedThereAndAcceptedElsewhere() throws {
    let (world, stay) = try Self.world()
    let asked = try Self.ask(world, stay, [Self.evry, Self.clinic])
    #expect(asked.count == 2)
    #expect(Self.step(world, asked[0], .refused) == "transfer-why-refused [note]")
    #expect(Self.step(world, asked[0], .refused, note: "plus de place") == "transfer.refused")
    #expect(Self.step(world, asked[1], .left) == "transfer-step")
    #expect(Self.step(world, asked[1], .accepted) == "transfer.accepted")
    #expect(Self.step(world, asked[0], .accepted) == "transfer-committed")
    #expect(Self.step(world, asked[1], .left, transport: nil) == "transfer-transport [transport]")
    #expect(Self.step(world, asked[1], .left, at: 3) == "transfer.left stay.discharged bed.to-clean")
    #expect(world.stays[stay]?.exitMode == "7")
    #expect(world.stays[stay]?.destination == "1")
    #expect(world.stays[stay]?.status == .discharged)
    #expect(Self.step(world, asked[1], .withdrawn, at: 3) == "transfer-step")
    #expect(Self.step(world, asked[1], .arrived, at: 4) == "transfer.arrived")
    let transfer = try #require(world.transfers[asked[1]])
    #expect(!transfer.isOpen && transfer.transport == "AMBU")
    #expect(transfer.steps[.arrived]?.spokenTo == "Dr Roy")
    #expect(PatientTransfer(stored: transfer.stored) == transfer)
  }

  /// The ambulance turns round: once the end of the stay is taken back, they may be sent elsewhere.
  @Test func goneForGoodAndBack() throws {
    let (world, stay, transfer) = try Self.accepted()
    _ = Self.step(world, transfer, .left, at: 3)
    #expect(Self.step(world, transfer, .returned, at: 4) == "transfer-stay-ended")
    let ended = try #require(world.stays[stay]?.movements.last { $0.isDischarge })
    try world.run(CancelMovement(stay: stay, key: ended.key), by: Self.nurse, at: .hours(4))
    #expect(Self.step(world, transfer, .returned, at: 4) == "transfer.returned")
    #expect(world.transfers[transfer]?.isCommitted == false)
    #expect(try Self.ask(world, stay, [Self.clinic]).count == 1)
  }

  /// All of it at five, with the hours at which it happened.
  @Test func typedInAfterwards() throws {
    let (world, stay) = try Self.world()
    func at(_ hour: Int, _ command: any Command) -> String {
      Scene.outcome(command, in: world, by: Self.nurse, at: .hours(5))
    }
    let late = { AskTransfer(stay: stay, partners: [Self.evry], kind: .roundTrip, at: .hours($0)) }
    #expect(at(5, late(6)) == "at-future [at]")
    #expect(at(5, late(1)) == "transfer.asked")
    let transfer = try #require(world.transfers.keys.first)
    #expect(at(5, StepTransfer(transfer, .accepted, at: .hours(0))) == "transfer-hour [at]")
    #expect(at(5, StepTransfer(transfer, .accepted, at: .hours(1))) == "transfer.accepted")
    let left = { StepTransfer(transfer, .left, transport: "AMBU", until: .hours(4), at: $0) }
    #expect(at(5, left(.hours(1, minutes: -1))) == "transfer-hour [at]")
    #expect(at(5, left(.hours(2))) == "transfer.left stay.left")
    #expect(at(5, StepTransfer(transfer, .arrived, at: .hours(2, minutes: -1))) == "transfer-hour [at]")
    #expect(at(5, StepTransfer(transfer, .arrived, at: .hours(3))) == "transfer.arrived")
    #expect(at(5, StepTransfer(transfer, .returned, at: .hours(3, minutes: -1))) == "transfer-hour [at]")
    #expect(at(5, StepTransfer(transfer, .returned, at: .hours(4))) == "transfer.returned stay.returned")
    #expect(world.transfers[transfer]?.steps.mapValues(\.at)[.asked] == .hours(1))
  }

  /// Accepted at a station whose clock is three minutes ahead: whoever says no hour is not held up by it.
  @Test func stepsStayInTheirOrder() throws {
    let (world, stay) = try Self.world()
    let transfer = try Self.ask(world, stay, [Self.evry])[0]
    world.hear(Fact(kind: "transfer.accepted", subject: transfer, at: .hours(2, minutes: 3), data: [:]))
    #expect(Self.step(world, transfer, .left) == "transfer.left stay.discharged bed.to-clean")
    #expect(world.transfers[transfer]?.steps[.left]?.at == .hours(2, minutes: 3))
    // Seconds are not typed.
    let arrived = StepTransfer(transfer, .arrived, at: .hours(2, minutes: 3).adding(seconds: -40))
    #expect(Scene.outcome(arrived, in: world, by: Self.nurse, at: .hours(3)) == "transfer.arrived")
  }

  /// Left at a station whose clock is hours ahead: nobody can type an hour that fits, and nobody needs to.
  @Test func aClockFarAheadHoldsNobodyUp() throws {
    let (world, stay) = try Self.world()
    let transfer = try Self.ask(world, stay, [Self.evry])[0]
    for step in ["accepted", "left"] {
      world.hear(Fact(kind: "transfer.\(step)", subject: transfer, at: .hours(9), data: [:]))
    }
    #expect(Self.step(world, transfer, .arrived, at: 3) == "transfer.arrived")
    #expect(world.transfers[transfer]?.steps[.arrived]?.at == .hours(9))
  }

  /// Accepted at two stations that were cut: whoever still waits once the patient has gone is to be told.
  @Test func whoStillWaitsIsToldThatTheyHaveGone() throws {
    let (world, stay) = try Self.world()
    let asked = try Self.ask(world, stay, [Self.evry, Self.clinic])
    for transfer in asked {
      world.hear(Fact(kind: "transfer.accepted", subject: transfer, at: .hours(2), data: [:]))
    }
    func toWithdraw() -> [Bool] {
      let isHere = world.stays[stay]?.status == .admitted
      return asked.map {
        world.transfers[$0]?.isToWithdraw(among: Array(world.transfers.values), isHere: isHere) ?? false
      }
    }
    #expect(toWithdraw() == [false, false])
    #expect(Self.step(world, asked[0], .left, at: 3).hasPrefix("transfer.left stay.discharged"))
    #expect(toWithdraw() == [false, true])
    _ = Self.step(world, asked[0], .arrived, at: 4)
    #expect(toWithdraw() == [false, true])
    #expect(Self.step(world, asked[1], .withdrawn, at: 5) == "transfer.withdrawn")
    #expect(toWithdraw() == [false, false])
  }

  @Test func whoWentHomeIsAwaitedByNobody() throws {
    let (world, stay) = try Self.world()
    let transfer = try Self.ask(world, stay, [Self.evry])[0]
    #expect(world.transfers[transfer]?.isToWithdraw(among: [], isHere: true) == false)
    try world.run(Discharge(stay: stay, exitMode: "8"), by: Self.nurse, at: .hours(3))
    #expect(world.transfers[transfer]?.isToWithdraw(among: [], isHere: false) == true)
  }

  @Test(
    arguments: [
      ("nobody", [], "nurse", "transfer-partner-missing"), ("the front desk", [evry], "switchboard", "not-permitted"),
      ("one who is not in the directory", ["partner/x"], "nurse", "partner-unknown [partner]"),
      ("by a nurse", [evry], "nurse", "transfer.asked"),
      ("two at once", [evry, clinic], "bed-manager", "transfer.asked transfer.asked"),
    ] as [(String, [String], String, String)])
  func asked(rule: String, partners: [String], role: String, outcome: String) throws {
    let (world, stay) = try Self.world()
    let command = AskTransfer(stay: stay, partners: partners)
    let said = Scene.outcome(command, in: world, by: "account/\(role)", at: .hours(1))
    #expect(said.hasPrefix(outcome), "\(rule): \(said)")
  }

  @Test func whoIsGoneOrPromisedIsNotAsked() throws {
    let (world, stay) = try Self.world()
    let transfer = try Self.ask(world, stay, [Self.evry])[0]
    let again = AskTransfer(stay: stay, partners: [Self.evry])
    #expect(Scene.outcome(again, in: world, by: Self.nurse, at: .hours(2)) == "transfer-asked-already [partner]")
    _ = Self.step(world, transfer, .accepted)
    let other = AskTransfer(stay: stay, partners: [Self.clinic])
    #expect(Scene.outcome(other, in: world, by: Self.nurse, at: .hours(2)) == "transfer-committed")
    _ = Self.step(world, transfer, .withdrawn)
    try world.run(Discharge(stay: stay, exitMode: "8"), by: Self.nurse, at: .hours(3))
    #expect(Scene.outcome(other, in: world, by: Self.nurse, at: .hours(4)) == "stay-ended [stay]")
  }

  /// In standby the main system says the movement of a stay that it named.
  @Test func inStandbyTheMainSystemSaysTheMovement() throws {
    let (world, _) = try Self.world()
    let stay = "stay/\(Name.subject("stay", "GAM", "77"))"
    world.hear(
      Fact(
        kind: "stay.admitted", subject: stay, at: .hours(0),
        data: [
          "patient": .string(Scene.loise),
          "movement": ["key": "GAM|1", "trigger": "A01", "unit": "4EST", "class": "inpatient"],
        ]))
    let transfer = try Self.ask(world, stay, [Self.evry])[0]
    _ = Self.step(world, transfer, .accepted)
    world.modes["mode/hospital"]?.mode = .standby
    #expect(Self.step(world, transfer, .left, at: 3) == "transfer.left ~transfer-main-system")
    #expect(world.stays[stay]?.status == .admitted)
  }

  /// Best first: what is needed, then free places, then distance.
  @Test(
    arguments: [
      ("nothing needed: the nearest", [], [], ["Clinique", "Évry"]),
      ("what only one has", [CareKey.mri], [], ["Évry", "Clinique"]),
      ("both can, the nearest", [.ct], [], ["Clinique", "Évry"]),
      (
        "more places before nearer", [.ct], [("910000901", CareState.open, 4, 0), ("910000902", .open, 1, 0)],
        ["Évry", "Clinique"]
      ),
      ("known places before unknown ones", [.ct], [("910000901", .open, 1, 0)], ["Évry", "Clinique"]),
      ("closed there", [.ct], [("910000902", .closed, nil, 0)], ["Évry", "Clinique"]),
      ("no place left", [.ct], [("910000902", .limited, 0, 0)], ["Évry", "Clinique"]),
      ("said too long ago", [.ct], [("910000902", .closed, nil, -13)], ["Clinique", "Évry"]),
      ("it said that it has what it has not usually", [.mri], [("910000902", .open, nil, 0)], ["Clinique", "Évry"]),
    ] as [(String, [CareKey], [(String, CareState, Int?, Int)], [String])])
  func ranked(rule: String, needs: [CareKey], said: [(String, CareState, Int?, Int)], order: [String]) throws {
    let (world, _) = try Self.world()
    for (finess, state, places, hour) in said {
      let command = HearPartner(
        Partner.subject(finess: finess), needs.map { .init($0, state, places: places) }, at: .hours(hour))
      try world.run(command, by: Self.nurse, at: .night)
    }
    let ranked = PartnerProposal.ranked(Array(world.partners.values), needs: needs, at: .night)
    #expect(ranked.map(\.partner.name) == order, "\(rule)")
  }

  /// Whoever refused this patient is last; whoever is still asked is proposed no more.
  @Test func whoRefusedIsLast() throws {
    let (world, stay) = try Self.world()
    let asked = try Self.ask(world, stay, [Self.evry, Self.clinic])
    func proposed() -> [String] {
      PartnerProposal.ranked(
        Array(world.partners.values), needs: [.ct], at: .night, asked: world.transfers(ofStay: stay)
      ).map(\.partner.name)
    }
    #expect(proposed() == [])
    _ = Self.step(world, asked[1], .refused, note: "complet")
    #expect(proposed() == ["Clinique"])
    _ = Self.step(world, asked[0], .withdrawn)
    #expect(proposed() == ["Évry", "Clinique"])
  }

  @Test func theDirectory() throws {
    let (world, _) = try Self.world()
    var entry = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    entry.minutes = 40
    entry.capabilities = [.ct, .mri]
    #expect(Scene.outcome(DeclarePartners([entry]), in: world, by: "account/duty") == "partner-unchanged")
    entry.phone = "01 60 00 00 00"
    #expect(Scene.outcome(DeclarePartners([entry]), in: world, by: "account/nurse") == "not-permitted")
    #expect(Scene.outcome(DeclarePartners([entry]), in: world, by: "account/duty") == "partner.declared")
    entry.phone = "Mme MARTIN"
    #expect(Scene.outcome(DeclarePartners([entry]), in: world, by: "account/duty") == "notice-phone [phone]")
    let ours = DeclarePartners([.init(finess: "910000000", name: "nous")])
    #expect(Scene.outcome(ours, in: world, by: "account/duty") == "partner-finess [finess]")
    #expect(Scene.outcome(WithdrawPartner(Self.evry), in: world, by: "account/duty") == "partner.withdrawn")
    #expect(Scene.outcome(WithdrawPartner(Self.evry), in: world, by: "account/duty") == "partner-unknown [partner]")
    for partner in world.partners.values { #expect(Partner(stored: partner.stored) == partner) }
  }

  @Test(
    arguments: [
      ("asked", [], "partner-awaited"), ("accepted", [.accepted], "partner-awaited"),
      ("on their way there", [.accepted, .left], "partner-awaited"),
      ("arrived for good", [.accepted, .left, .arrived], "partner.withdrawn"),
      ("refused", [.refused], "partner.withdrawn"), ("withdrawn", [.withdrawn], "partner.withdrawn"),
    ] as [(String, [PatientTransfer.Step], String)])
  func whoeverStillWaitsStaysInTheDirectory(rule: String, steps: [PatientTransfer.Step], outcome: String) throws {
    let (world, stay) = try Self.world()
    let transfer = try Self.ask(world, stay, [Self.evry])[0]
    for step in steps {
      #expect(Self.step(world, transfer, step, note: "complet").hasPrefix("transfer.\(step.rawValue)"), "\(rule)")
    }
    #expect(Scene.outcome(WithdrawPartner(Self.evry), in: world, by: "account/duty") == outcome, "\(rule)")
    #expect(Scene.outcome(WithdrawPartner(Self.clinic), in: world, by: "account/duty") == "partner.withdrawn")
  }

  /// What a partner's server says: told once, again before it would count no more, and not over what a person has just
  /// heard.
  @Test func whatAServerSaysIsSaidOnce() throws {
    let (world, _) = try Self.world()
    func read(_ state: CareState, _ places: Int?, at hour: Int) throws -> Bool {
      let read = [HearPartner.Said(.ct, state, places: places)]
      let news = try #require(world.partners[Self.evry]).news(read, at: .hours(hour))
      guard !news.isEmpty else { return false }
      let said = try world.run(HearPartner(Self.evry, news, via: "fhir"), by: "system", at: .hours(hour))
      #expect(said.facts.map { $0.data["via"] } == ["fhir"])
      return true
    }
    #expect(try read(.open, 3, at: 0))
    #expect(try !read(.open, 3, at: 1))
    #expect(try read(.open, 2, at: 1))
    #expect(try read(.limited, 0, at: 2))
    #expect(try !read(.limited, 0, at: 7))
    #expect(try read(.limited, 0, at: 8), "six hours later it would soon be old")
    try world.run(HearPartner(Self.evry, [.init(.ct, .closed)]), by: Self.nurse, at: .hours(9))
    #expect(try !read(.open, 3, at: 9), "somebody has just heard otherwise")
    #expect(world.partners[Self.evry]?.said["ct"]?.via == nil)
    #expect(try read(.open, 3, at: 10))
    #expect(world.partners[Self.evry]?.said["ct"]?.via == "fhir")
  }

  @Test(
    arguments: [
      ("https://ch.example/fhir", "https://ch.example/fhir"), ("https://ch.example/fhir/", "https://ch.example/fhir"),
      ("http://ch.example/fhir", nil), ("https://", nil), ("https://moi:secret@ch.example", nil),
      ("https://ch.example/fhir?token=x", nil), ("https://ch.example/ fhir", nil), ("ftp://ch.example", nil),
      // No such port, no such host: whoever asked there would stop the station.
      ("https://127.0.0.1:84433/fhir", nil), ("https://[::1]:99999/", nil), ("https://ch.example:0", nil),
      ("https:///fhir", nil), ("https://%00/fhir", nil), ("https://[::1/fhir", nil), ("https://a:b:c/fhir", nil),
      ("https://[::1]:8443/fhir", "https://[::1]:8443/fhir"),
    ] as [(String, String?)])
  func theAddressOfAServer(typed: String, kept: String?) throws {
    let (world, _) = try Self.world()
    var entry = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    entry.fhir = typed
    let outcome = Scene.outcome(DeclarePartners([entry]), in: world, by: "account/duty")
    #expect(outcome == (kept == nil ? "partner-fhir [fhir]" : "partner.declared"))
    #expect(world.partners[Self.evry]?.fhir == kept)
  }

  @Test func theExampleFile() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/partners.yaml")
    let read = try DeclarePartners(yaml: String(contentsOf: path, encoding: .utf8))
    #expect(read.entries.map(\.finess) == ["990000117", "990000125", "990000133", "990000141"])
    #expect(read.entries.last?.destination == "4")
    #expect(read.entries[1].capabilities == [.ct, .xRay, .theatre, .surgery, .maternity])
    #expect(Scene.outcome(read, in: MemoryWorld(), by: "account/duty").split(separator: " ").count == 4)
  }

  @Test(
    arguments: [
      ("", 1), ("partners: 3", 1), ("partners:\n  - finess: \"12\"\n    name: A", 2),
      ("partners:\n  - finess: \"123456789\"\n    name: A\n    capabilities: [flying]", 4),
      ("partners:\n  - finess: \"123456789\"\n    name: A\n    minutes: soon\n    destination: \"8\"", 4),
    ] as [(String, Int)])
  func aWrongFileSaysWhere(yaml: String, line: Int) {
    #expect(throws: StructureFault.self) { try DeclarePartners(yaml: yaml) }
    do { _ = try DeclarePartners(yaml: yaml) } catch { #expect(error.problems.map(\.line).contains(line)) }
  }
}
