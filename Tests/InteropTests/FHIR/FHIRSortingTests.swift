import Interop
import Ledger
import Testing

/// In which order an answer is told, and where a page goes on in it.
@Suite struct FHIRSortingTests {
  private static func patient(_ id: String, _ family: String?, _ given: String?, _ born: String?) -> JSON {
    var name = JSONObject()
    if let family { name.append("family", .string(family)) }
    if let given { name.append("given", [.string(given)]) }
    var patient = JSONObject([("resourceType", "Patient"), ("id", .string(id))])
    if !name.isEmpty { patient.append("name", [.object(name)]) }
    if let born { patient.append("birthDate", .string(born)) }
    return .object(patient)
  }

  private static let people = [
    patient("1", "LE GOFF", "ANNE", "1961-03-12"), patient("2", "Étienne", "LUC", "1961"), patient("3", nil, nil, nil),
    patient("4", "LEGAY", "ÈVE", "1990-01-01"), patient("5", "Le Goff", "Zoé", "1961-03-12"),
  ]

  /// Whatever the case, the accents and the blanks of a name; who has none is last either way, and who has the same goes
  /// by id.
  @Test(arguments: [
    ("family", ["2", "4", "1", "5", "3"]), ("-family", ["1", "5", "4", "2", "3"]),
    ("birthdate", ["2", "1", "5", "4", "3"]), ("-birthdate", ["4", "1", "5", "2", "3"]),
    ("-birthdate,-name", ["4", "5", "1", "2", "3"]), ("name", ["2", "4", "1", "5", "3"]),
    ("-_id", ["5", "4", "3", "2", "1"]),
  ])
  func orders(text: String, ids: [String]) throws {
    let sorting = try FHIRSorting(text, type: "Patient")
    let placed = Self.people.map { (place: sorting.place(of: $0), id: $0["id"]?.string ?? "") }
      .sorted { sorting.precedes($0.place, $1.place) }
    #expect(placed.map(\.id) == ids)
    // A page goes on behind any of them, however the address says it.
    for (index, one) in placed.enumerated() {
      let last = try #require(sorting.place(one.place.text))
      #expect(placed.filter { sorting.precedes(last, $0.place) }.map(\.id) == Array(ids[(index + 1)...]))
    }
  }

  /// What cannot be sorted by is refused with what can.
  @Test(arguments: [
    ("Patient", "phone", ["_id", "_lastUpdated", "birthdate", "family", "gender", "given", "name"]),
    ("Organization", "-identifier", ["_id", "name"]), ("AuditEvent", "", ["_id", "date"]),
  ])
  func whatCannotBeSortedBy(type: String, text: String, known: [String]) {
    let name = text.hasPrefix("-") ? String(text.dropFirst()) : text
    #expect(throws: FHIRSearch.Fault.unsorted(name, among: known)) { try FHIRSorting(text, type: type) }
  }

  @Test(arguments: [
    "12", "[]", #"["1"]"#, #"["1","A","B"]"#, #"[1,"A"]"#, #"["1",2]"#, "[", "",
  ])
  func whatIsNoPlace(text: String) throws {
    #expect(try FHIRSorting("family", type: "Patient").place(text) == nil)
  }

  /// `_after` is read as the order has it, whichever stands first; without one it is a number.
  @Test(
    arguments: [
      ([("_sort", "family"), ("_after", #"["1","LEGOFF"]"#)], true), ([("_after", "12"), ("_sort", "family")], false),
      ([("_after", #"["1","LEGOFF"]"#)], false), ([("_after", #"["1","LEGOFF"]"#), ("_sort", "-family")], true),
      ([("_sort", "family"), ("_sort", "family")], false), ([("_sort", "family,-family")], false),
    ] as [([(String, String)], Bool)])
  func whereAPageGoesOn(pairs: [(String, String)], isRead: Bool) {
    let search = try? FHIRSearch(pairs.map { (name: $0.0, value: $0.1) }, type: "Patient", known: [], includes: [])
    #expect((search?.afterPlace != nil) == isRead)
    #expect((search != nil) == isRead)
  }
}
