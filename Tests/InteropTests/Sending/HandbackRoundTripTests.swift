import Hospital
import Interop
import Ledger
import Seeded
import Testing

/// Whatever a night was, another station that hears its messages knows the same.
struct HandbackRoundTripTests {
  @Test(arguments: UInt64(1)...40)
  func theSameStaysAndIdentities(_ seed: UInt64) {
    let night = Night(seed: seed).said
    let known = night.heardElsewhere()
    let there = Dictionary(grouping: known.stays.values) { $0.number ?? "" }
    #expect(there.count == night.stays.count)
    for stay in night.stays.values {
      guard let other = there[stay.number ?? ""]?.first else {
        Issue.record("\(stay.number ?? "") never came (seed \(seed))")
        continue
      }
      #expect(Self.summary(other) == Self.summary(stay), "seed \(seed)")
    }
    let numbers = Dictionary(
      uniqueKeysWithValues: known.patients.values.map { ($0.ipp(of: nil) ?? "", Traits($0)) })
    for patient in night.patients.values {
      let traits = numbers[patient.ipp(of: nil) ?? ""]
      #expect(traits?.birthName == patient.birthName, "seed \(seed)")
      #expect(traits?.usedName == patient.usedName, "seed \(seed)")
      #expect(traits?.phones == patient.phones, "seed \(seed)")
      #expect(traits?.birthDate == patient.birthDate, "seed \(seed)")
      let told = known.patients.values.first { $0.ipp(of: nil) == patient.ipp(of: nil) }
      let allergies = KnownAllergies(heard: told?.allergies ?? [], answers: [])
      #expect(allergies.heard.map(\.to) == [patient.answers[.allergies]?.text].compactMap(\.self), "seed \(seed)")
      let isNone = patient.answers[.allergies].map { $0.text == nil } ?? false
      #expect((allergies.noneHeard != nil) == isNone, "seed \(seed)")
    }
  }

  private static func summary(_ stay: Stay) -> String {
    let outline = stay.outline
    // PAM has one class for both.
    let stayClass = outline.stayClass == .daycase ? .inpatient : outline.stayClass
    let away = outline.presences.last.map { $0.until == nil && $0.away } ?? false
    return [
      outline.status.rawValue, outline.place.unit ?? "-", outline.place.room ?? "-", outline.place.bed ?? "-",
      outline.place.medicalUnit ?? "-", stayClass?.rawValue ?? "-", outline.admittedAt?.text ?? "-",
      outline.dischargedAt?.text ?? "-", outline.attending ?? "-", away ? "away" : "here", stay.exitMode ?? "-",
      stay.entryMode ?? "-", stay.reason ?? "-", stay.answers[.diet].map { $0.text ?? "" } ?? stay.dietHeard ?? "-",
    ].joined(separator: " ")
  }
}

/// Gestures by dice, as commands write them.
private struct Night {
  private(set) var said = SaidMeanwhile()
  private var dice: Seeded
  private var keys = 0

  init(seed: UInt64) {
    dice = Seeded(seed: seed)
    for number in 1...4 { arrive(number) }
    for _ in 0..<40 { gesture() }
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &dice)]
  }

  private mutating func key() -> String {
    keys += 1
    return "0196f1d2-0000-7000-8000-\(String(100_000_000_000 + keys))"
  }

  private mutating func arrive(_ number: Int) {
    let patient = "patient/0196f1d2-0000-7000-8000-00000000000\(number)"
    let stayClass = pick(["inpatient", "emergency", "outpatient", "daycase"])
    let trigger = ["inpatient", "daycase"].contains(stayClass) ? "A01" : "A04"
    let stay = "stay/0196f1d2-0000-7000-8000-00000000001\(number)"
    said.say([
      ("patient.registered", patient, SaidMeanwhile.identity("8\(number)", [("birthGivenNames", "LOUISE MARIE")])),
      (
        "stay.admitted", stay,
        SaidMeanwhile.movement(
          key(), trigger, unit: pick(["4EST", "URG"]), bed: pick(["1", nil]), stayClass: stayClass,
          SaidMeanwhile.opening(patient, "9\(number)") + [("entryMode", "8"), ("reason", "chute ^ à vélo")])
      ),
    ])
  }

  private mutating func gesture() {
    guard let stay = said.stays.values.sorted(by: { $0.id < $1.id }).randomElement(using: &dice) else { return }
    let isHere = stay.status == .admitted
    let isAway = stay.outline.presences.last?.away ?? false
    switch Int.random(in: 0..<11, using: &dice) {
    case 0,
      1 where isHere:
      let unit = pick(["4EST", "CHIR"])
      said.say([
        ("stay.transferred", stay.id, SaidMeanwhile.movement(key(), "A02", unit: unit, bed: pick(["1", "2", nil])))
      ])
    case 2 where isHere:
      said.say([
        (
          "stay.discharged", stay.id,
          SaidMeanwhile.movement(key(), "A03", unit: stay.place.unit, [("exitMode", "8"), ("destination", nil)])
        )
      ])
    case 3 where isHere && stay.stayClass == .emergency:
      said.say([
        ("stay.class-changed", stay.id, SaidMeanwhile.movement(key(), "A06", unit: "CHIR", stayClass: "inpatient"))
      ])
    case 4 where isHere:
      let (kind, trigger) = isAway ? ("stay.returned", "A22") : ("stay.left", "A21")
      said.say([(kind, stay.id, SaidMeanwhile.movement(key(), trigger))])
    case 5:
      guard let last = stay.movements.last(where: { $0.acts }), !last.isBeginning else { return }
      var beside: [(String, JSON)] = []
      if last.isDischarge { beside = [("exitMode", .null), ("destination", .null)] }
      said.say(
        [("stay.movement-cancelled", stay.id, SaidMeanwhile.movement(last.key, last.trigger, beside))], at: last.at)
    case 6:
      guard let last = stay.movements.last(where: { $0.acts }) else { return }
      said.say(
        [("stay.movement-corrected", stay.id, SaidMeanwhile.movement(last.key, last.trigger))],
        at: last.at.adding(seconds: 1))
    case 7:
      guard let patient = stay.patient else { return }
      let change: JSON = pick([
        ["usedName": "DURAND"], ["usedName": nil], ["phones": ["0612345678", "0198765432"]], ["phones": nil],
        ["birthName": "MÉRIMÉE"], ["birthDate": "1961-03"],
      ])
      said.say([("patient.corrected", patient, change)])
    case 8:
      guard let patient = stay.patient else { return }
      let allergies: [JSON] = [["allergies": "latex & iode"], ["allergies": ""], ["allergies": nil]]
      let answers: [JSON] = [["diet": "mixé"], ["diet": ""], ["diet": nil], ["isolation": ""]]
      said.say([
        ("patient.asked", patient, allergies[said.said.count % allergies.count]),
        ("stay.asked", stay.id, answers[said.said.count % answers.count]),
      ])
    case 9:
      // Written late, behind the last one.
      let acting = stay.movements.filter(\.acts)
      guard let last = acting.last, acting.count > 1 else { return }
      said.say(
        [("stay.transferred", stay.id, SaidMeanwhile.movement(key(), "A02", unit: pick(["4EST", "CHIR"]), bed: "2"))],
        at: last.at.adding(seconds: -1))
    case 10:
      guard let moved = stay.movements.last(where: { $0.acts && $0.trigger == "A02" }) else { return }
      said.say(
        [("stay.movement-cancelled", stay.id, SaidMeanwhile.movement(moved.key, moved.trigger))], at: moved.at)
    default: break
    }
  }
}
