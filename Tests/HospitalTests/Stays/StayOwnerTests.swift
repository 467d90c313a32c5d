import Hospital
import Ledger
import Testing

/// An account changes hands by `stay.reassigned` alone.
struct StayOwnerTests {
  static func says(_ kind: String, _ data: JSON) -> Fact {
    Fact(kind: kind, subject: StayFoldTests.id, at: .night, data: data)
  }

  static let described = says("stay.described", ["patient": "patient/a"])

  static let owners: [(String, [Fact], String, [String])] = [
    (
      "the first said stays, another is kept aside", [described, says("stay.described", ["patient": "patient/b"])],
      "patient/a", ["patient/b"]
    ),
    (
      "said twice, kept aside once",
      [described, says("stay.described", ["patient": "patient/b"]), says("stay.admitted", ["patient": "patient/b"])],
      "patient/a", ["patient/b"]
    ),
    ("said again, nothing to settle", [described, described], "patient/a", []),
    ("null takes nobody's stay away", [described, says("stay.described", ["patient": nil])], "patient/a", []),
    (
      "reassigned settles",
      [described, says("stay.described", ["patient": "patient/b"]), says("stay.reassigned", ["patient": "patient/b"])],
      "patient/b", []
    ),
    (
      "reassigned from its owner",
      [described, says("stay.reassigned", ["patient": "patient/b", "from": "patient/a"])], "patient/b", []
    ),
    (
      "held by a third: a claim", [described, says("stay.reassigned", ["patient": "patient/b", "from": "patient/c"])],
      "patient/a", ["patient/b"]
    ),
    (
      "reassigned before anything was heard of it",
      [says("stay.reassigned", ["patient": "patient/b", "from": "patient/a"])], "patient/b", []
    ),
  ]

  @Test(arguments: owners)
  func owner(rule: String, facts: [Fact], patient: String, others: [String]) {
    let stay = StayFoldTests.folded(facts)
    #expect(stay.patient == patient, "\(rule)")
    #expect(stay.otherPatients == others, "\(rule)")
  }

  @Test func whatIsSaidOfTheStayItself() {
    let stay = StayFoldTests.folded([
      Self.says(
        "stay.described",
        ["number": "036298301", "visit": "4159581", "entryMode": "8", "coverage": ["regime": "01"], "z": 1]),
      Self.says("stay.described", ["entryMode": nil, "number": "", "later": ["a": 1], "z": nil]),
    ])
    #expect(stay.number == nil)
    #expect(stay.visit == "4159581")
    #expect(stay.entryMode == nil)
    #expect(stay.other == ["coverage": ["regime": "01"], "later": ["a": 1]])
  }
}
