import Hospital
import Ledger
import Register

extension UnderstoodApart {
  /// The newest are shown.
  static let rowsMax = 50
  /// Accueil says those of the last day.
  static let newSeconds = 24 * 3600

  static let fields = [
    Field("at", .instant), Field("sender"), Field("control"), Field("counts", "The station that heard it first"),
    Field("other"), Field("differ", .list(.text()), "Kinds of facts"),
  ]

  private var kinds: [String] { Set(differing.map(\.kind)).sorted() }

  var json: JSON {
    [
      "at": .string(other.time.instant.text), "sender": .string(first.source?.sender ?? ""),
      "control": .string(first.source?.control ?? ""), "counts": .string(first.station),
      "other": .string(other.station), "differ": .array(kinds.map { .string($0) }),
    ]
  }

  /// - Parameter opens: whoever looks may open files.
  func model(_ wording: Wording, opens: Bool) -> [String: any Sendable] {
    let subjects = Set(differing.filter(\.isOfPatients).map(\.subject)).sorted()
    let files: [[String: String]] = subjects.map { subject in
      let isStay = subject.hasPrefix("stay/")
      return [
        "address": "/\(isStay ? "stays" : "patients")/\(subject.afterSlash)",
        "word": wording(isStay ? "exchanges.apart.stay" : "exchanges.apart.patient"),
      ]
    }
    return [
      "when": wording.when(other.time.instant), "sender": first.source?.sender ?? "",
      "control": first.source?.control ?? "", "counts": StationName.shown(first.station),
      "other": StationName.shown(other.station),
      "differ": kinds.map { wording.word("fact", $0) }.joined(separator: ", "), "files": opens ? files : [],
    ]
  }
}
