import Hospital
import Ledger

extension Form {
  /// A subject that a field names, with or without its type: `bed/<uuid>`.
  func subject(_ type: String, _ name: String? = nil) -> String? {
    self[name ?? type].map { $0.hasPrefix("\(type)/") ? $0 : "\(type)/\($0)" }
  }

  /// The class of a stay.
  /// - Throws: `class-unknown`.
  func stayClass() throws(Refusal) -> StayClass {
    guard let stayClass = self["stayClass"].flatMap(StayClass.init(rawValue:)) else {
      throw Refusal("class-unknown", field: "stayClass")
    }
    return stayClass
  }
}

extension Wording {
  /// An hour that somebody typed; nil for now.
  func hour(_ form: Form, _ field: String = "at") throws(Refusal) -> Instant? {
    try TypedTime(hours, now: now, field: field).read(form[field])
  }

  /// An hour still to come.
  func hourToCome(_ form: Form, _ field: String) throws(Refusal) -> Instant? {
    try TypedTime(hours, now: now, field: field).readFuture(form[field])
  }
}

/// Codes that forms offer, in the order in which they are used most.
enum StayCodes {
  static let classes = ["emergency", "inpatient", "daycase", "outpatient", "recurring"]
  static let entryModes = ["8", "7", "0", "6", "N", "O"]
  static let provenances = ["5", "8", "1", "2", "3", "4", "6", "7", "R", "U", "V"]
  /// Home first: it is the answer nine times in ten.
  static let exitModes = ["8", "6", "7", "0", "9"]

  /// Those that a form offers: a death is said on the patient's page, which ends the stay with it.
  static func exitModes(of patient: Patient?) -> [String] {
    exitModes.filter { $0 != "9" || patient?.isDead ?? false }
  }

  static let destinations = ["1", "2", "3", "4", "6", "7"]
}

extension Field {
  /// When something happened.
  static let at = Field("at", "When, as people type it or as an instant; now where it is absent")
}
