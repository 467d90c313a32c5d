import Hospital
import Interop
import Ledger
import Testing

/// Whoever was registered here and turned out, before anything of it was sent, to be somebody whom the main system has.
struct LinkedMeanwhileTests {
  private typealias Night = SaidMeanwhile
  private static let known = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let provisional = "patient/0196f1d2-0000-7000-8000-000000000002"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000003"
  private static let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
  private static let theirs = "710000^^^&1.2.250.1.99.1&ISO^PI"
  private static let ours = "9000001^^^&1.2.250.1.99.1&ISO^PI"
  private static let both = "\(theirs)~\(ours)"

  /// The main system had spoken of one; another was registered, admitted, and linked to that one.
  /// - Parameters:
  ///   - isFed: whether it had.
  ///   - say: what else was said before they were linked.
  private static func night(isFed: Bool = true, _ say: (inout SaidMeanwhile) -> Void = { _ in }) -> SaidMeanwhile {
    var night = Night()
    night.say(
      [("patient.described", known, Night.identity("710000", [("usedName", "DURAND")]))], source: isFed ? source : nil)
    night.say([("patient.registered", provisional, Night.identity("9000001"))])
    night.say([
      (
        "stay.admitted", stay,
        Night.movement("m1", "A01", unit: "4EST", bed: "1", stayClass: "inpatient", Night.opening(provisional, "91"))
      )
    ])
    say(&night)
    night.say([("patient.merged", provisional, ["into": .string(known)])])
    night.say([("stay.transferred", stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    return night
  }

  private static func messages(
    _ night: SaidMeanwhile, _ note: (inout HandbackStory) -> Void = { _ in }
  )
    -> [OutgoingMessage]
  {
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    for part in night.said.joined() { story.foresee(part.heard) }
    note(&story)
    return night.said.flatMap { story.hear($0, tells: true) }
  }

  private static func numbers(_ message: OutgoingMessage) -> String? { message.field("PID", 1, 3) }

  /// Nobody is created whom it has, and all of it is of the one file, under both numbers.
  @Test func allIsToldOfTheFileThatItHas() {
    let night = Self.night()
    let messages = Self.messages(night)
    #expect(messages.map(\.trigger) == ["A31", "A01", "A31", "A02"])
    #expect(messages.allSatisfy { Self.numbers($0) == Self.both })
    // As it has them.
    #expect(messages.allSatisfy { $0.field("PID", 1, 5)?.hasPrefix("DURAND^") == true })
    #expect(messages.allSatisfy { $0.patients == [Self.known, Self.provisional] && $0.isNumberedThere })
    // Each of these commits is told by something.
    #expect(messages.map(\.commit) == night.said.dropFirst().map { $0[0].place.commit })
    #expect(messages.allSatisfy { $0.facts == [0] })
    #expect(Set(messages.map(\.control)).count == 4)
  }

  /// What the main system said of them since is not undone, and a protection of either file is theirs.
  @Test func whatWasSaidOfEitherSince() {
    let later = Source(sender: "GAM|CH", control: "2", text: "", instant: Night.start)
    let night = Self.night { night in
      night.say([("patient.described", Self.known, ["usedName": "MARTIN"])], source: later)
      night.say([("patient.protected", Self.provisional, ["protected": true])])
    }
    let messages = Self.messages(night)
    #expect(messages.map(\.trigger).starts(with: ["A31", "A01"]))
    #expect(messages.allSatisfy { $0.field("PID", 1, 5)?.hasPrefix("MARTIN^") == true })
    #expect(messages.allSatisfy { $0.field("PD1", 1, 12) == "Y" })
  }

  /// Where it has them by the number of here, or may have, both files are there, and become one.
  @Test(arguments: ["told", "may have gone", "nobody's"]) func bothFilesAreThere(_ why: String) {
    let night = Self.night(isFed: why != "nobody's")
    let messages = Self.messages(night) { story in
      switch why {
      case "told": story.note(told: OutgoingMessage.control(once: Self.provisional), "A28", by: night.said[1])
      case "may have gone": story.note(underWay: Self.provisional)
      default: break
      }
    }
    let creations = why == "nobody's" ? ["A28", "A28"] : ["A28"]
    #expect(messages.map(\.trigger) == creations + ["A01", "A40", "A02"])
    #expect(messages.first { $0.trigger == "A01" }.map(Self.numbers) == Self.ours)
    #expect(messages.first { $0.trigger == "A40" }.map(Self.numbers) == Self.theirs)
    #expect(messages.last.map(Self.numbers) == Self.theirs)
  }

  /// What else was said of the file of here.
  @Test func whatElseWasSaidOfIt() {
    var night = Self.night()
    let number: JSON = ["value": "9000001", "authority": "1.2.250.1.99.1", "type": "PI"]
    for (kind, data) in [
      ("patient.situation-set", ["kind": "psychiatric", "code": "SDT", "since": "2022-08-21T01:00:00.000Z"]),
      ("patient.asked", ["allergies": "latex"]), ("patient.corrected", ["usedName": "LEROY"]),
      ("patient.ins-removed", [:]), ("patient.identifier-withdrawn", number),
    ] as [(String, JSON)] {
      night.say([(kind, Self.provisional, data)])
    }
    let messages = Self.messages(night).suffix(5)
    #expect(messages.map(\.trigger) == ["A31", "A31", "A31", "A31", "A31"])
    #expect(messages.map { $0.segments.contains { $0.hasPrefix("ZFS|1|") } } == [true, false, false, false, false])
    #expect(
      messages.map { $0.segments.contains { $0.hasPrefix("AL1|1||^latex") } } == [false, true, false, false, false])
    #expect(messages.allSatisfy { $0.field("PID", 1, 5)?.hasPrefix("DURAND^") == true })
    #expect(messages.map(Self.numbers) == [Self.both, Self.both, Self.both, Self.both, Self.theirs])
  }

  /// A child of theirs names the file that the main system has, also before they were linked.
  @Test func theirChild() throws {
    var night = Self.night()
    let child = "patient/0196f1d2-0000-7000-8000-000000000004"
    night.say([("patient.registered", child, Night.identity("9000002", [("mother", .string(Self.provisional))]))])
    let last = try #require(Self.messages(night).last)
    #expect(last.trigger == "A28" && last.field("PID", 1, 21) == Self.theirs)
  }

  /// A stay put under the other file of the same person, and under somebody else's.
  @Test func anotherOwner() throws {
    var night = Self.night()
    let other = "patient/0196f1d2-0000-7000-8000-000000000004"
    night.say([("patient.described", other, Night.identity("710004"))], source: Self.source)
    night.say([("stay.reassigned", Self.stay, ["patient": .string(Self.known)])])
    #expect(Self.messages(night).last?.trigger == "A31")
    night.say([("stay.reassigned", Self.stay, ["patient": .string(other)])])
    let last = try #require(Self.messages(night).last)
    #expect(last.trigger == "A44" && last.segments.last?.hasPrefix("MRG|\(Self.theirs)|") == true)
  }

  /// Two people again before it was sent: two files, and the stay is theirs again.
  @Test func whomSomebodyPartedIsCreated() {
    var night = Self.night()
    night.say([("patient.unmerged", Self.provisional, [:])])
    #expect(Self.messages(night).map(\.trigger) == ["A28", "A01", "A40", "A02", "A37", "A44"])
  }

  /// After it: their file is created, and has what the other one had of theirs.
  @Test func whomSomebodyPartedLaterHasAFileFromThenOn() {
    var night = Self.night()
    let told = Self.messages(night)
    night.say([("patient.unmerged", Self.provisional, [:])])
    night.say([("stay.left", Self.stay, Night.movement("m3", "A21"))])
    func after(_ told: [OutgoingMessage]) -> [OutgoingMessage] {
      let commits = night.said.suffix(2).map { $0[0].place.commit }
      return Self.messages(night) { story in
        for message in told {
          let commit = night.said.first { $0[0].place.commit == message.commit } ?? []
          story.note(told: message.control, message.trigger, by: commit)
        }
      }.filter { commits.contains($0.commit) }
    }
    let messages = after(told)
    #expect(messages.map(\.trigger) == ["A28", "A44", "A21"])
    #expect(messages.allSatisfy { Self.numbers($0) == Self.ours })
    #expect(messages[1].segments.last?.hasPrefix("MRG|\(Self.theirs)||91^") == true)
    // The same once some of it is told.
    #expect(after(told + messages.prefix(1)).map(\.control) == messages.map(\.control))
  }
}
