import Hospital
import Ledger
import Register

/// How far a bed or another hospital is, with what the beds and the hospitals are called.
struct OnwardStep: Sendable, Equatable {
  var onward: Onward
  var names: [String]

  /// Without where to.
  var withheld: OnwardStep {
    var bare = self
    (bare.onward.subjects, bare.names) = ([], [])
    return bare
  }

  static func all(
    of visit: EmergencyVisit, _ request: BedRequest?, _ transfers: [PatientTransfer], _ reading: Reading,
    _ structure: Structure?
  ) throws -> [OnwardStep] {
    let kept = try request.map { try reading.kept(for: $0) } ?? []
    let steps = Onward.steps(of: visit, request, kept: kept.map(\.id), transfers)
    return try steps.map { step in
      let names = try step.subjects.compactMap { id -> String? in
        if let bed = kept.first(where: { $0.id.sameBytes(as: id) }) {
          return [bed.unit.map { structure?.unit($0)?.name ?? $0 }, bed.code].compactMap(\.self).joined(separator: " ")
        }
        return try reading.partner(id)?.name
      }
      return OnwardStep(onward: step, names: names)
    }
  }

  /// `demandé à Hôpital d’Évry depuis 02:10`.
  func line(_ wording: Wording) -> String {
    let name = names.isEmpty ? wording("emergency.onward.somewhere") : names.joined(separator: ", ")
    return wording(
      "emergency.onward.\(onward.step.rawValue)", ["name": name, "time": onward.since.map(wording.time) ?? "–"])
  }

  var json: JSON {
    [
      "step": .string(onward.step.rawValue), "since": (onward.since?.text).json,
      "at": .array(onward.subjects.map { .string($0.afterSlash) }),
    ]
  }

  static let fields = [
    Field("step", .choice(Onward.Step.allCases.map(\.rawValue)), required: true), Field("since", .maybe(.instant)),
    Field("at", .list(.uuid), "Beds that are kept, or partner hospitals"),
  ]
}
