import Hospital
import Ledger

/// A conflict for programs. Who is concerned is named by id alone.
enum ConflictDocument {
  static let fields = [
    Field("id", .uuid), Field("kind", .choice(Conflict.Kind.allCases.map(\.rawValue))), Field("key", .maybe(.text())),
    Field("subjects", .list(.text())),
  ]

  static let sideFields = [Field("subject"), Field("said", .list(.object(saidFields)))]

  static let decisionFields =
    saidFields + [
      Field("conflict", .uuid), Field("holds", .maybe(.text()), "The subject that holds; null where all was left"),
      Field("note", .maybe(.text())),
    ]

  private static let saidFields = [
    Field("kind"), Field("at", .instant), Field("writtenAt", .instant), Field("station"), Field("author"),
  ]

  static func json(_ conflict: Conflict) -> JSONObject {
    JSONObject([
      ("id", .string(conflict.id.afterSlash)), ("kind", .string(conflict.kind.rawValue)),
      ("key", conflict.key.map { .string($0) } ?? .null),
      ("subjects", .array(conflict.subjects.map { .string($0) })),
    ])
  }

  static func whole(_ conflict: Conflict) -> JSON {
    let sides = conflict.sides.map { side -> JSON in
      ["subject": .string(side.subject), "said": .array(side.said.map { .object(json(of: $0)) })]
    }
    var document = json(conflict)
    document.append("settled", .bool(conflict.isSettled))
    document.append("version", .string(conflict.version))
    document.append("sides", .array(sides))
    document.append("decisions", .array(conflict.decisions.compactMap(json)))
    return .object(document)
  }

  /// nil for what is no decision that this version knows.
  static func json(_ said: Said) -> JSON? {
    guard let decision = ConflictDecision(said.heard.fact) else { return nil }
    var document = json(of: said)
    document.append("conflict", .string(said.heard.fact.subject.afterSlash))
    document.append("holds", decision.subject.map { .string($0) } ?? .null)
    document.append("note", decision.note.map { .string($0) } ?? .null)
    return .object(document)
  }

  private static func json(of said: Said) -> JSONObject {
    JSONObject([
      ("kind", .string(said.heard.fact.kind)), ("at", .string(said.heard.fact.at.text)),
      ("writtenAt", .string(said.heard.time.instant.text)), ("station", .string(said.heard.station)),
      ("author", .string(said.heard.author)),
    ])
  }
}
