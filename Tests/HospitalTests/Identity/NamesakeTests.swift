import Hospital
import Testing

struct NamesakeTests {
  static func jean(_ change: (inout Patient) -> Void = { _ in }) -> Patient {
    var patient = Patient(id: "patient/jean")
    patient.birthName = "LE GOFF"
    patient.birthGivenName = "JEAN"
    patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
    patient.sex = .male
    change(&patient)
    return patient
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var isNamesake: Bool
    var change: @Sendable (inout Patient) -> Void
  }

  static let rows: [Row] = [
    Row(testDescription: "the same", isNamesake: true) { _ in },
    Row(testDescription: "in other letters", isNamesake: true) { $0.birthName = "Le Goff" },
    Row(testDescription: "with more given names", isNamesake: true) { $0.birthGivenNames = "JEAN PAUL" },
    Row(testDescription: "the first of a list", isNamesake: true) {
      ($0.birthGivenName, $0.birthGivenNames) = (nil, "Jean Paul")
    },
    Row(testDescription: "born elsewhere", isNamesake: true) { $0.birthPlace = "75056" },
    Row(testDescription: "another name", isNamesake: false) { $0.birthName = "LE GALL" },
    Row(testDescription: "no name", isNamesake: false) { $0.birthName = nil },
    Row(testDescription: "another given name", isNamesake: false) { $0.birthGivenName = "YANN" },
    Row(testDescription: "the next day", isNamesake: false) { $0.birthDate?.day = 13 },
    Row(testDescription: "a year alone", isNamesake: false) { $0.birthDate = PartialDate(year: 1961) },
    Row(testDescription: "another sex", isNamesake: false) { $0.sex = .female },
    Row(testDescription: "no sex", isNamesake: false) { $0.sex = nil },
    Row(testDescription: "a mother's child", isNamesake: false) { $0.mother = "patient/jean" },
    Row(testDescription: "nobody can name them", isNamesake: false) { $0.unknown = UnknownPatient(label: "URG1-003") },
    Row(testDescription: "under secrecy", isNamesake: false) { $0.secret = true },
    Row(testDescription: "merged already", isNamesake: false) { $0.mergedInto = "patient/jean" },
  ]

  @Test(arguments: rows)
  func theStrictTraitsAgree(row: Row) {
    let (jean, other) = (Self.jean(), Self.jean(row.change))
    #expect(jean.isNamesake(of: other) == row.isNamesake)
    #expect(other.isNamesake(of: jean) == row.isNamesake)
  }

  @Test func twoWithoutAGivenNameAgreeOnNothing() {
    for name in ["SANSPRENOM", "Sans prénom", ""] {
      let nameless = Self.jean { $0.birthGivenName = name }
      #expect(!nameless.isNamesake(of: nameless))
    }
  }

  @Test func childrenOfOneBirthAreTwo() {
    let twins = (1...2).map { rank in
      Self.jean { ($0.mother, $0.birthRank) = ("patient/mother", rank) }
    }
    #expect(!twins[0].isNamesake(of: twins[1]))
  }
}
