import Feeds
import Hospital
import Ledger
import Testing

/// What of a person is typed, or is in the file, beside names and places.
struct ReentryValueTests {
  private static let said = Attribution(
    at: Instant(milliseconds: 1_661_043_600_000), author: "account/a", station: "adm-1")

  private static var child: Patient {
    var person = Patient(id: "patient/a")
    person.emails = ["a@exemple.invalid", "b@exemple.invalid"]
    (person.title, person.nationality, person.maritalStatus) = ("MME", "FRA", "M")
    person.attributes = ["HOMD", "DOUT"]
    person.document = IdentityDocument(kind: "CN", validUntil: "2031-05-02")
    person.deathAt = Instant(milliseconds: 1_661_043_600_000)
    person.answers[.allergies] = Answer("latex", said: said)
    person.birthRank = 2
    person.contacts = [
      Contact(role: "general-practitioner", name: "LEROY", phone: "0600000002"),
      Contact(role: "legal-representative", name: "NOIR LEO", relationship: "père", phone: "0600000001"),
      Contact(role: "next-of-kin", name: "NOIR EVE"),
    ]
    person.situations = [
      LegalSituation(kind: "minor", note: "père"),
      LegalSituation(kind: "psychiatric", code: "SDT", since: Instant(milliseconds: 1_661_043_600_000)),
    ]
    return person
  }

  private static var mother: Patient {
    var person = Patient(id: "patient/b")
    (person.birthName, person.birthGivenName) = ("MARTIN", "LOUISE")
    person.identifiers = [Identifier(value: "000777", authority: "1.2.250.1.999.1", type: "PI")]
    return person
  }

  static let table: [(value: ReentryValue, text: String?, ofSecrecy: String?)] = [
    (.email, "a@exemple.invalid", "a@exemple.invalid"), (.birthRank, "2", "2"), (.mother, "000777", nil),
    (.title, "MME", "MME"), (.nationality, "FRA", "FRA"), (.maritalStatus, "M", "M"),
    (.attributes, "HOMD; DOUT", "HOMD; DOUT"), (.document, "CN", "CN"), (.documentUntil, "2031-05-02", "2031-05-02"),
    (.deathAt, "2022-08-21T01:00:00.000Z", "2022-08-21T01:00:00.000Z"), (.allergies, "latex", "latex"),
    (.familyDoctor, "LEROY, 0600000002", nil),
    (.relatives, "legal-representative, NOIR LEO, père, 0600000001; next-of-kin, NOIR EVE", nil),
    (
      .situations, "minor, père; psychiatric, SDT, 2022-08-21T01:00:00.000Z",
      "minor, père; psychiatric, SDT, 2022-08-21T01:00:00.000Z"
    ),
  ]

  @Test func aDayOfDeath() {
    var person = Self.child
    person.deathBefore = person.deathAt?.adding(seconds: 86_400)
    #expect(ReentryValue.deathAt.text(person, mother: nil, nil, Self.writing) == "2022-08-21")
  }

  /// A birth under secrecy tells nobody whose it is, nor whom to call.
  @Test(arguments: table.indices)
  func text(row: Int) {
    let (value, text, ofSecrecy) = Self.table[row]
    let writing = ReentryValue.Writing(ippAuthority: "1.2.250.1.999.1", hour: { $0.text }, date: { $0.text })
    #expect(value.text(Self.child, mother: Self.mother, nil, writing) == text)
    var secret = Self.child
    secret.secret = true
    #expect(value.text(secret, mother: Self.mother, nil, writing) == ofSecrecy)
    #expect(value.text(Patient(id: "patient/c"), mother: nil, nil, writing) == nil)
  }

  static let flags: [(protected: Bool, secret: Bool, isDead: Bool, texts: [String?])] = [
    (false, false, false, ["N", "N", "N"]), (true, false, false, ["Y", "N", "N"]),
    // Whoever gives birth under secrecy is not to be told of either.
    (false, true, false, ["Y", "Y", "N"]), (false, false, true, ["N", "N", "Y"]),
  ]

  /// Said of everybody in a file; of nobody where there is no person.
  @Test(arguments: flags.indices)
  func whatHoldsOrDoesNot(row: Int) {
    var person = Patient(id: "patient/a")
    (person.protected, person.secret, person.deceased) = (
      Self.flags[row].protected, Self.flags[row].secret, Self.flags[row].isDead
    )
    let values: [ReentryValue] = [.protected, .secret, .deceased]
    #expect(values.map { $0.text(person, mother: nil, nil, Self.writing) } == Self.flags[row].texts)
    #expect(values.allSatisfy { $0.text(nil, mother: nil, nil, Self.writing) == nil && $0.isIdentity })
  }

  private static let writing = ReentryValue.Writing(ippAuthority: nil, hour: { $0.text }, date: { $0.text })

  private static var stay: Stay {
    var stay = Stay(id: "stay/a")
    stay.preadmissionNumber = "P26001"
    stay.other["referring"] = ["name": "BLANC EVE", "RPPS": "10009999999"]
    stay.other["attending"] = ["name": "LEROY PAUL", "RPPS": "10001234567"]
    stay.answers[.isolation] = Answer(nil, said: said)
    stay.answers[.diet] = Answer("sans sel", said: said)
    let feed = Source(sender: "GAM|CH", control: "1", text: "20220821030000+0200", instant: said.at)
    for (key, kind, source) in [
      ("a", "stay.attended", nil), ("b", "stay.attended", nil), ("c", "stay.attended", feed),
      ("b", "stay.movement-cancelled", nil),
    ] as [(String, String, Source?)] {
      let movement: JSON = ["key": .string(key), "unit": "7700", "attending": "LEROY PAUL"]
      stay.fold(
        Heard(
          fact: Fact(kind: kind, subject: stay.id, at: said.at, data: ["movement": movement]),
          time: HybridTime(instant: said.at, counter: 0), station: "adm-1", author: "account/a", command: key,
          source: source))
    }
    return stay
  }

  static let ofStays: [(value: ReentryValue, text: String)] = [
    (.preadmissionNumber, "P26001"), (.referring, "BLANC EVE"), (.referringRPPS, "10009999999"),
    (.attendingRPPS, "10001234567"), (.isolation, "none"), (.diet, "sans sel"),
    // Neither one that was taken back, nor one that the feed itself said.
    (.sessions, "2022-08-21T01:00:00.000Z, 7700, LEROY PAUL"),
  ]

  @Test(arguments: ofStays.indices)
  func textOfAStay(row: Int) {
    let (value, text) = Self.ofStays[row]
    #expect(value.text(nil, mother: nil, Self.stay, Self.writing) == text && !value.isIdentity)
    #expect(value.text(nil, mother: nil, Stay(id: "stay/b"), Self.writing) == nil)
  }

  /// A feed's number is of the one whom it named, and of nobody whom people named since.
  @Test(arguments: [("LEROY PAUL", "10001234567"), ("NOIR LEO", nil)] as [(String, String?)])
  func whoseNumber(attending: String, number: String?) {
    var stay = Self.stay
    var movement = Movement(
      key: "m", id: "m", at: Self.said.at, writtenAt: Self.said.at, trigger: "A01", station: "", author: "")
    movement.attending = attending
    stay.movements.append(movement)
    #expect(ReentryValue.attending.text(nil, mother: nil, stay, Self.writing) == attending)
    #expect(ReentryValue.attendingRPPS.text(nil, mother: nil, stay, Self.writing) == number)
  }

  /// The bed's isolation stands before an answer of before it.
  @Test func theBedIsIsolated() {
    #expect(
      ReentryValue.isolation.text(nil, mother: nil, Self.stay, isolation: "contact", Self.writing) == "contact")
  }

  /// Asked, and there is none, is another thing than not asked.
  @Test(arguments: [ReentryValue.allergies, .situations])
  func askedAndNone(value: ReentryValue) {
    var person = Patient(id: "patient/a")
    for topic in [AskedTopic.allergies, .situation] { person.answers[topic] = Answer(nil, said: Self.said) }
    #expect(value.text(person, mother: nil, nil, Self.writing) == "none")
  }

  @Test func aMotherWithoutANumber() {
    let writing = ReentryValue.Writing(ippAuthority: nil, hour: { $0.text }, date: { $0.text })
    var mother = Self.mother
    mother.identifiers = []
    #expect(ReentryValue.mother.text(Self.child, mother: mother, nil, writing) == "MARTIN LOUISE")
    mother.secret = true
    #expect(ReentryValue.mother.text(Self.child, mother: mother, nil, writing) == nil)
  }
}
