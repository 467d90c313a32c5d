import Feeds
import Hospital
import Ledger
import Testing

/// What of a person is typed, or is in the file, beside names and places.
struct ReentryValueTests {
  private static var child: Patient {
    var person = Patient(id: "patient/a")
    person.emails = ["a@exemple.invalid", "b@exemple.invalid"]
    person.birthRank = 2
    person.contacts = [
      Contact(role: "general-practitioner", name: "LEROY"),
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
    (.relatives, "legal-representative, NOIR LEO, père, 0600000001; next-of-kin, NOIR EVE", nil),
    (
      .situations, "minor, père; psychiatric, SDT, 2022-08-21T01:00:00.000Z",
      "minor, père; psychiatric, SDT, 2022-08-21T01:00:00.000Z"
    ),
  ]

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

  @Test func aMotherWithoutANumber() {
    let writing = ReentryValue.Writing(ippAuthority: nil, hour: { $0.text }, date: { $0.text })
    var mother = Self.mother
    mother.identifiers = []
    #expect(ReentryValue.mother.text(Self.child, mother: mother, nil, writing) == "MARTIN LOUISE")
    mother.secret = true
    #expect(ReentryValue.mother.text(Self.child, mother: mother, nil, writing) == nil)
  }
}
