import Hospital
import Ledger
import Register

/// Differences for programs. Whom they are of is named by id and number alone.
enum ReturnDocument {
  static let fields = [
    Field("id", .uuid), Field("kind", .choice(Difference.Kind.allCases.map(\.rawValue))), Field("subject"),
    Field("field", .maybe(.text())), Field("number", .maybe(.text())), Field("settled", .flag),
    Field("way", .maybe(.text()), "Of the last decision"), Field("version", "To be sent back with a decision"),
  ]

  static let listFields = [
    Field("id", .uuid), Field("kind", .choice(["identities", "stays"])), Field("name"), Field("rows", .integer(min: 0)),
    Field("aside", .list(.object([Field("line", .integer(min: 1)), Field("reason")]))),
  ]

  static let censusFields = [
    Field("equal", .flag), Field("unknown", .flag), Field("same", .integer(min: 0)),
    Field("withoutBed", .integer(min: 0), "In the same unit, of which one side does not say the bed"),
    Field(
      "differing", .list(.object([Field("number"), Field("here", .maybe(.text())), Field("there", .maybe(.text()))]))),
  ]

  static func json(_ difference: Difference) -> JSON {
    [
      "id": .string(difference.id.afterSlash), "kind": .string(difference.kind.rawValue),
      "subject": .string(difference.subject), "field": (difference.field?.rawValue).json,
      "number": difference.number.json, "settled": .bool(difference.isSettled),
      "way": (difference.decision?.way.rawValue).json, "version": .string(difference.version),
    ]
  }

  static func json(_ comparison: ReturnComparison) -> JSON {
    let census = comparison.census
    return [
      "open": .integer(comparison.open.count), "differences": .array(comparison.differences.map(json)),
      "lists": .array(comparison.lists.map(json)),
      "census": [
        "equal": .bool(census.isEqual), "unknown": .bool(census.isUnknown), "same": .integer(census.same),
        "withoutBed": .integer(census.withoutBed),
        "differing": .array(
          census.differing.map { ["number": .string($0.number), "here": $0.here.json, "there": $0.there.json] }),
      ],
    ]
  }

  static func json(_ list: Recovery) -> JSON {
    [
      "id": .string(list.id.afterSlash), "kind": .string(list.kind.rawValue), "name": .string(list.name),
      "rows": .integer(list.rows),
      "aside": .array(
        list.aside.map {
          ["line": .integer($0.line), "reason": .string($0.reason)]
        }),
    ]
  }
}
