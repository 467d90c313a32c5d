import Hospital
import Ledger

/// What can be done with a place, or with whoever lies there. The raw value is the last part of the address.
enum BedAct: String, CaseIterable {
  case move, discharge, swap
  case free, cleaned
  case toClean = "to-clean"
  case open
  case bodyLeft = "body-left"
  case reserve, close, isolate, double, undouble, staff, unstaff, seen, remove

  /// About the patient rather than the place: the page says which one, and nothing is done to another.
  var concernsPatient: Bool { self == .move || self == .discharge || self == .swap }

  /// On the board and on the place's own page.
  var key: String? {
    switch self {
    case .move: "m"
    case .discharge: "s"
    default: nil
    }
  }

  /// Who may do it is asked again when it is done.
  var action: Action {
    switch self {
    case .move, .swap: .move
    case .discharge: .discharge
    case .remove: .makePlace
    default: .bedState
    }
  }

  /// Whether it makes sense for this place now.
  func isOffered(_ bed: Bed, occupied: Bool) -> Bool {
    if bed.removed { return false }
    return switch self {
    case .move, .discharge, .swap: occupied
    case .free: bed.condition == .reserved
    case .cleaned: bed.condition == .toClean
    case .open: bed.condition == .closed
    case .bodyLeft: bed.condition == .bodyPresent
    case .toClean: !occupied && (bed.condition == .free || bed.condition == .reserved)
    case .reserve: !occupied && (bed.condition == .free || bed.condition == .toClean)
    case .close: !occupied && bed.condition != .closed && bed.condition != .bodyPresent
    case .isolate, .seen: true
    case .double: !bed.doubled
    case .undouble: bed.doubled
    case .staff: !bed.staffed
    case .unstaff: bed.staffed
    case .remove: bed.extra && !occupied
    }
  }

  /// What the form asks.
  var fields: [Field] {
    switch self {
    case .move:
      [
        Field("stay", .uuid, required: true, "Who is to move: nothing is done if somebody else lies there"),
        Field("target", .uuid, required: true, "The place to go to"), Field("at", .text(max: 64), BedAct.aboutHour),
      ]
    case .discharge:
      [
        Field("stay", .uuid, required: true, "Who leaves: nothing is done if somebody else lies there"),
        Field("exitMode", .choice(["6", "7", "0", "8", "9"]), required: true, "PMSI"),
        Field("destination", .text(max: 2), "PMSI"), Field("at", .text(max: 64), BedAct.aboutHour),
      ]
    case .swap:
      [
        Field("stay", .uuid, required: true, "One of the two: nothing is done if somebody else lies there"),
        Field("target", .uuid, required: true, "The other's stay"),
      ]
    case .reserve: [Field("for", .text(max: 100)), Field("reason", .text(max: 200))]
    case .close, .double: [Field("reason", .text(max: 200), required: true)]
    case .isolate: [Field("isolation", .choice(Isolation.allCases.map(\.rawValue)), "Absent ends it")]
    case .free, .cleaned, .toClean, .open, .bodyLeft, .undouble, .staff, .unstaff, .seen, .remove: []
    }
  }

  private static let aboutHour = "When it happened, as people type it; absent for now"

  /// - Parameters:
  ///   - bed: `bed/<uuid>`.
  ///   - stay: `stay/<uuid>` of whom it concerns.
  ///   - at: nil for now.
  /// - Throws: what the form lacks.
  func command(_ bed: String, stay: String, at: Instant?, _ form: Form) throws(Refusal) -> any Command {
    switch self {
    case .move: AssignBed(stay: stay, bed: "bed/\(try target(form))", at: at)
    case .discharge: Discharge(stay: stay, exitMode: form["exitMode"] ?? "", destination: form["destination"], at: at)
    case .swap: SwapBeds(one: stay, other: "stay/\(try target(form))")
    case .free: FreeBed(bed: bed)
    case .cleaned: CleanBed(bed: bed)
    case .toClean: MarkBedToClean(bed: bed)
    case .open: OpenBed(bed: bed)
    case .bodyLeft: BodyLeft(bed: bed)
    case .reserve: ReserveBed(bed: bed, for: form["for"], reason: form["reason"])
    case .close: CloseBed(bed: bed, reason: form["reason"] ?? "")
    case .isolate: IsolateBed(bed: bed, isolation: form["isolation"])
    case .double: DoubleBed(bed: bed, doubled: true, reason: form["reason"])
    case .undouble: DoubleBed(bed: bed, doubled: false, reason: nil)
    case .staff: StaffBed(bed: bed, staffed: true)
    case .unstaff: StaffBed(bed: bed, staffed: false)
    case .seen: SeeBed(bed: bed)
    case .remove: RemovePlace(bed: bed)
    }
  }

  private func target(_ form: Form) throws(Refusal) -> String {
    guard let target = form["target"]?.lowercased(), target.isUUID else {
      throw Refusal("bed-target-missing", field: "target")
    }
    return target
  }
}
