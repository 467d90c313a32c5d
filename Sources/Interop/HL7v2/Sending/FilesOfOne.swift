import Hospital
import Ledger

extension HandbackStory {
  /// Under which file of its own the main system hears of whoever was registered here and linked to that one, while it
  /// was never told of them by their own: nobody is created there whom it has. Once they are parted, they are their own
  /// again. nil for all others.
  func heir(of id: String) -> String? {
    guard let into = linked[id], !heardThere.contains(id), !underWay.contains(id),
      told[OutgoingMessage.control(once: id)] == nil
    else { return nil }
    var heir = bearer(of: id)
    if heir == id, toldAsAnother.contains(id), !parted.contains(id) { heir = bearer(of: into) }
    return heir != id && heardThere.contains(heir) ? heir : nil
  }

  /// The file that messages of an identity show.
  func file(of id: String) -> Patient { heir(of: id).flatMap { _ in patient(id) } ?? own(id) }

  /// Whom a message speaks of, each once.
  static func people(_ ids: String...) -> [String] {
    ids.reduce(into: []) { people, id in if !people.contains(id) { people.append(id) } }
  }

  // MARK: Links

  /// A40: the identity of PID is kept, the one of MRG absorbed.
  mutating func tellMerge(_ gone: String, _ kept: String, _ number: String, _ telling: inout Telling) {
    makeKnown(gone, &telling)
    makeKnown(kept, &telling)
    let person = segments(file(of: kept), telling)
    var mrg = SegmentText("MRG")
    mrg[1] = PatientSegments.numbers(own(gone), settings).map(PatientSegments.number).joined(separator: "~")
    telling.add(
      "A40", number, about: gone, patients: Self.people(person.patient.id, kept, gone),
      [person.pid(), person.pd1, mrg.text])
  }

  /// A37: the second identity is no longer one with the first. What the first was, the merge had said.
  mutating func tellPartings(_ gone: String, _ number: String, _ telling: inout Telling) {
    makeKnown(gone, &telling)
    guard let kept = telling.mergedBefore[gone] else { return }
    makeKnown(kept, &telling)
    if toldAsAnother.contains(gone) {
      // They were never two there: what was told of them goes to the file that is theirs now.
      for stay in stays.values.sorted(by: { $0.id.precedesInBytes($1.id) }) where stay.patient == gone {
        tellReassignment(stay, from: kept, telling.number(ofLater: stay.id), &telling)
      }
      return
    }
    let (one, other) = (segments(file(of: kept), telling), segments(own(gone), telling))
    telling.add(
      "A37", number, about: gone, patients: Self.people(one.patient.id, kept, gone),
      [one.pid(), one.pd1, other.pid(), other.pd1])
    // What was told meanwhile was of the one that lived on.
    for stay in stays.values.sorted(by: { $0.id.precedesInBytes($1.id) }) {
      guard let owner = stay.patient, let told = stayToldOf[stay.id], patient(told).id != patient(owner).id else {
        continue
      }
      tellReassignment(stay, from: told, telling.number(ofLater: stay.id), &telling)
    }
  }

  /// A44: the account goes from the patient of MRG to the patient of PID.
  mutating func tellReassignment(
    _ stay: Stay, from former: String, _ number: String, _ telling: inout Telling
  ) {
    guard let owner = stay.patient else { return }
    makeKnown(former, &telling)
    let (person, before) = (segments(file(of: owner), telling), file(of: former))
    guard person.patient.id != before.id else { return tellIdentity(owner, "A31", number, &telling) }
    stayToldOf[stay.id] = person.patient.id
    var mrg = SegmentText("MRG")
    mrg[1] = PatientSegments.numbers(before, settings).map(PatientSegments.number).joined(separator: "~")
    mrg[3] = VisitSegments.account(stay) ?? ""
    telling.add(
      "A44", number, about: stay.id, patients: Self.people(person.patient.id, owner, before.id, former),
      [person.pid(account: VisitSegments.account(stay)), person.pd1, mrg.text])
  }
}

extension Patient {
  /// With the numbers in use of a file that is theirs too, behind their own.
  func called(as other: Patient) -> Patient {
    var patient = self
    patient.identifiers += other.identifiers.filter { number in
      !number.withdrawn && !number.type.sameBytes(as: "INS") && !identifiers.contains { $0.isSame(as: number) }
    }
    return patient
  }
}
