import Hospital
import Ledger
import Register

/// Search: a few letters, a date, a number; whoever is found; and the two ways on when nobody is.
struct AdmissionsPage {
  /// Choices by number go to 9.
  static let resultsMax = 9

  let query: String
  let results: [ResultLine]
  /// Where nothing was asked.
  let expected: ExpectedList
  /// A scanned number that nothing bears.
  var unknownScan: String?
  /// What the forms that it leads to are to propose: the kind of stay, whoever announced them.
  var carried = Fields()
  /// The sheet of paper that is typed in.
  var sheet: CarriedSheet?
  let wording: Wording
  let mayCreate: Bool

  var page: Page {
    let asked = query.isEmpty ? Fields() : Fields([("q", query)])
    let model: [String: any Sendable] = [
      "query": query, "results": results.enumerated().map { $1.model($0 + 1, wording, carrying: carried) },
      "hasResults": !results.isEmpty, "none": results.isEmpty && !query.isEmpty, "mayCreate": mayCreate,
      "newHref": "/admissions/new".asking(Fields(asked.pairs + carried.pairs)),
      "unknownHref": "/admissions/unknown".asking(carried),
      "carried": carried.pairs.map { ["name": $0.name, "value": $0.value] },
      "scan": unknownScan.map { wording("admissions.scan-unknown", ["number": $0]) } ?? "",
      "wasScanned": unknownScan != nil,
    ].adding("expected", expected.total > 0 ? expected.model(wording, carrying: carried) : nil).adding(
      "sheet", sheet?.note(wording))
    return Page("admissions", title: wording("admissions.title"), model: model, nav: .admissions)
  }

  var json: JSON {
    [
      "query": .string(query), "results": .array(results.map { $0.json(wording) }),
      "expected": .array(expected.lines.map { $0.json(wording) }), "expectedTotal": .integer(expected.total),
    ]
  }
}
