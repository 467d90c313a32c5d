import Hospital
import Testing

struct LinkageTests {
  static func person(
    _ name: String, _ given: String, _ date: String, _ sex: String = "F", place: String? = "91228", id: String = "a"
  ) -> LinkRecord {
    var record = LinkRecord(id: id)
    record.birthName = name
    record.birthGivenName = given
    record.birthDate = date
    record.sex = sex
    record.birthPlace = place
    return record
  }

  static func probability(_ one: LinkRecord, _ other: LinkRecord) -> Double {
    Linkage.compare(one, other, population: 600_000, nameShare: 0.001, givenShare: 0.01)?.probability ?? 0
  }

  @Test(arguments: [
    ("MARTIN", "Louise", "1961-03-12"),
    ("Martin", "LOUISE", "12/03/1961"),
    ("MARTIN", "Louisa", "1961-03-12"),
    ("MARTN", "Louise", "1961-03-12"),
    ("MARTIN", "Louise", "1961-12-03"),
    ("MARTIN", "Louise", "1962-03-12"),
    ("Louise", "Martin", "1961-03-12"),
    ("Martin-Dupont", "Louise", "1961-03-12"),
  ])
  func likelyOnePerson(name: String, given: String, date: String) {
    #expect(Self.probability(Self.person("MARTIN", "Louise", "1961-03-12"), Self.person(name, given, date)) > 0.5)
  }

  @Test(arguments: [
    ("MARTIN", "Louise", "1975-08-23"),
    ("DUBOIS", "Louise", "1961-03-12"),
    ("MARTIN", "Jeanne", "1961-03-12"),
    ("DUBOIS", "Jean", "1975-08-23"),
  ])
  func likelyTwoPeople(name: String, given: String, date: String) {
    #expect(
      Self.probability(Self.person("MARTIN", "Louise", "1961-03-12"), Self.person(name, given, date))
        < Linkage.shownFrom)
  }

  /// A married woman whom one file knows by her husband's name alone.
  @Test func aUsedNameAgreesWithABirthName() {
    var one = Self.person("MARTIN", "Louise", "1961-03-12")
    one.usedName = "DURAND"
    #expect(Self.probability(one, Self.person("DURAND", "Louise", "1961-03-12")) > 0.9)
  }

  @Test func noGivenNameIsNoAgreement() {
    let one = Self.person("MARTIN", "SANSPRENOM", "1961-03-12", place: nil)
    let other = Self.person("MARTIN", "Sans prénom", "1961-03-12", place: nil)
    var none = one
    none.birthGivenName = nil
    #expect(Self.probability(one, other) == Self.probability(none, none))
    #expect(Self.probability(one, Self.person("MARTIN", "Louise", "1961-03-12", place: nil)) > 0, "nor a difference")
  }

  @Test(arguments: ["1961-01-01", "1961-12-31", "1961", "1961-03", "1961-00-00"])
  func daysNobodyKnewAreNoAgreement(date: String) {
    let one = Self.person("MARTIN", "Louise", date, place: nil)
    let known = Self.probability(
      Self.person("MARTIN", "Louise", "1961-03-12", place: nil),
      Self.person("MARTIN", "Louise", "1961-03-12", place: nil))
    #expect(Self.probability(one, one) < 0.1)
    #expect(known > 0.9)
    let found = Linkage.compare(one, one, population: 600_000)
    #expect(found?.reasons.contains(.sameBirthDate) == false)
  }

  @Test func aRareNameSaysMoreThanACommonOne() {
    let one = Self.person("MARTIN", "Louise", "1961-03-12", place: nil)
    let other = Self.person("MARTIN", "Louise", "1962-03-12", place: nil)
    let common = Linkage.compare(one, other, population: 600_000, nameShare: 0.005, givenShare: 0.02)
    let rare = Linkage.compare(one, other, population: 600_000, nameShare: 0.000_01, givenShare: 0.001)
    #expect((common?.probability ?? 1) < (rare?.probability ?? 0))
  }

  @Test func motherAndChildAreTwo() {
    var mother = Self.person("MARTIN", "Louise", "1990-03-12", id: "patient/mother")
    mother.addressLines = ["12 rue des Lilas"]
    var child = Self.person("MARTIN", "Louise", "1990-03-12", id: "patient/child")
    child.addressLines = mother.addressLines
    #expect(Linkage.compare(mother, child, population: 1000) != nil)
    child.mother = "patient/mother"
    #expect(Linkage.compare(mother, child, population: 1000) == nil)
    #expect(Linkage.compare(child, mother, population: 1000) == nil)
    #expect(Linkage.link(a: [mother, child], threshold: 0).isEmpty)
  }

  @Test func childrenOfOneBirthAreTwo() {
    var first = Self.person("MARTIN", "Louise", "2022-08-31", id: "patient/first")
    var second = Self.person("MARTIN", "Louise", "2022-09-01", id: "patient/second")
    first.mother = "patient/mother"
    second.mother = "patient/mother"
    #expect(Linkage.compare(first, second, population: 1000) == nil)
    // Nobody linked the mother: same name and day, another given name.
    let one = Self.person("MARTIN", "Louise", "2022-08-31")
    #expect(Linkage.compare(one, Self.person("MARTIN", "Camille", "2022-08-31"), population: 1000) == nil)
  }

  @Test func theUnknownPatientIsNobodysTwin() {
    let one = Self.person("MARTIN", "Louise", "1961-03-12")
    var unknown = one
    unknown.isUnknown = true
    #expect(Linkage.compare(one, unknown, population: 1000) == nil)
  }

  @Test func reasonsSayWhatAgreesAndWhatDoesNot() {
    let found = Linkage.compare(
      Self.person("MARTIN", "Louise", "1961-03-12"), Self.person("MARTIN", "Loïse", "1961-03-12", "M", place: "75112"),
      population: 600_000)
    #expect(found?.reasons == [.sameName, .closeGivenName, .sameBirthDate, .otherSex])
  }

  /// Two files of the same made-up people, the second with slips of the finger: who is who is known by construction.
  @Test func findsPeopleAgainInAnotherFile() {
    let population = SamplePopulation(seed: 11)
    var a: [LinkRecord] = []
    var b: [LinkRecord] = []
    for index in 0..<1500 {
      let patient = population.patient(index, id: "\(index)")
      if index < 1000 { a.append(LinkRecord(patient)) }
      guard index >= 500 else { continue }
      var record = LinkRecord(patient)
      switch index % 4 {
      case 0: record.birthName = record.birthName.map { String($0.dropLast()) }
      case 1: record.addressLines = []
      case 2: record.birthGivenName = record.birthGivenName.map { String($0.dropFirst()) }
      default: record.phones = []
      }
      b.append(record)
    }
    let found = Linkage.link(a: a, b: b)
    let right = found.filter { $0.a == $0.b }
    #expect(right.count >= 495)
    #expect(found.count - right.count <= 1)
    #expect(found.allSatisfy { $0.probability >= Linkage.threshold && $0.probability <= 1 })
  }

  private static let threeHere = [
    person("MARTIN", "Louise", "1961-03-12", id: "a1"), person("BERNARD", "Paul", "1950-01-02", "M", id: "a2"),
    person("PETIT", "Anne", "1978-09-30", id: "a3"),
  ]

  /// Few lines teach nothing, and a name that comes twice in four lines is no common one.
  @Test func findsTheOnePairOfTwoSmallFiles() throws {
    let there = [
      Self.person("MARTIN", "Louise", "1961-03-12", id: "b1"),
      Self.person("DURAND", "Luc", "1991-11-11", "M", id: "b2"),
      Self.person("MOREAU", "Jean", "1945-05-08", "M", id: "b3"),
    ]
    let found = Linkage.link(a: Self.threeHere, b: there, threshold: 0.5)
    #expect(found.map { $0.a + $0.b } == ["a1b1"])
    #expect(try #require(found.first).probability > 0.99)
  }

  @Test func findsAllPairsOfTwoSmallFiles() {
    let there = Self.threeHere.map { here in
      var record = here
      record.id = here.id.replacing("a", with: "b")
      return record
    }
    let found = Linkage.link(a: Self.threeHere, b: there)
    #expect(Set(found.map { $0.a + $0.b }) == ["a1b1", "a2b2", "a3b3"])
  }

  @Test(arguments: ["1961-03-12", "1961-03-13"])
  func findsThePairOfAFileOfTwoLines(date: String) throws {
    let found = Linkage.link(a: [Self.threeHere[0], Self.person("MARTIN", "Louise", date, id: "a2")])
    #expect(found.map { $0.a + $0.b } == ["a1a2"])
    #expect(try #require(found.first).probability > 0.99)
  }

  /// Brothers, mother and daughter of one name, two who share no more than a day.
  @Test(arguments: [
    [("MARTIN", "Louis", "1991-03-12"), ("MARTIN", "Paul", "1993-05-14")],
    [("MARTIN", "Louise", "1961-03-12"), ("MARTIN", "Louise", "1993-08-24")],
    [("MARTIN", "Louise", "1961-03-12"), ("DURAND", "Claude", "1961-03-12")],
  ])
  func smallFilesMakeNobodyOne(people: [(String, String, String)]) {
    let records = people.map { Self.person($0.0, $0.1, $0.2) }
    #expect(Linkage.link(a: records).isEmpty)
  }

  @Test func emptyAndHostileFiles() {
    #expect(Linkage.link(a: []).isEmpty)
    #expect(Linkage.link(a: [LinkRecord(id: "1")], b: []).isEmpty)
    #expect(Linkage.link(a: [LinkRecord(id: "1"), LinkRecord(id: "2")]).isEmpty)
    var hostile = LinkRecord(id: "1")
    hostile.birthName = String(repeating: "'<é", count: 10_000)
    hostile.birthDate = "99999999999999999999"
    hostile.phones = ["", "abc", String(repeating: "9", count: 500)]
    hostile.addressLines = [String(repeating: "1 x ", count: 3000)]
    #expect(Linkage.link(a: [hostile, hostile]).count <= 1)
  }
}
