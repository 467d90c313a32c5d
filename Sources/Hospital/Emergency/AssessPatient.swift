import Ledger

/// The physician, after the first examination: how ill (CCMU), and what the summary of the visit will say. What is nil
/// says nothing; an empty text or list erases.
public struct AssessPatient: Command {
  public var stay: String
  /// `CCMU`.
  public var ccmu: String?
  /// ICD-10.
  public var diagnosis: String?
  public var diagnoses: [String]?
  /// CCAM.
  public var acts: [String]?
  /// 1 to 6.
  public var gemsa: String?

  public init(
    stay: String, ccmu: String? = nil, diagnosis: String? = nil, diagnoses: [String]? = nil, acts: [String]? = nil,
    gemsa: String? = nil
  ) {
    self.stay = stay
    self.ccmu = ccmu
    self.diagnosis = diagnosis
    self.diagnoses = diagnoses
    self.acts = acts
    self.gemsa = gemsa
  }

  static let codesMax = 50

  /// Of a visit that has ended too: codes are completed afterwards.
  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let stay = try world.known(stay: stay)
    try world.require(.assess, moment, units: stay.place.unit)
    var data = JSONObject([("stay", .string(stay.id))])
    if let ccmu {
      guard ccmu.isEmpty || CCMU(rawValue: ccmu) != nil else { throw Refusal("choice-unknown", field: "ccmu") }
      data.append("ccmu", ccmu.isEmpty ? .null : .string(ccmu))
    }
    if let diagnosis { data.append("diagnosis", diagnosis.isEmpty ? .null : .string(try icd(diagnosis, "diagnosis"))) }
    if let diagnoses { data.append("diagnoses", try list(diagnoses, "diagnoses", icd)) }
    if let acts { data.append("acts", try list(acts, "acts", ccam)) }
    if let gemsa {
      guard gemsa.isEmpty || ["1", "2", "3", "4", "5", "6"].contains(gemsa) else {
        throw Refusal("gemsa-unknown", field: "gemsa")
      }
      data.append("gemsa", gemsa.isEmpty ? .null : .string(gemsa))
    }
    guard data.members.count > 1 else { throw Refusal("nothing-changed") }
    return Decision(facts: [
      Fact(
        kind: EmergencyFact.assessed.rawValue, subject: world.visitSubject(ofStay: stay.id), at: moment.now,
        data: .object(data))
    ])
  }

  private func list(
    _ codes: [String], _ field: String, _ read: (String, String) throws(Refusal) -> String
  ) throws(Refusal) -> JSON {
    guard codes.count <= Self.codesMax else { throw Refusal("code-invalid", field: field) }
    var kept: [JSON] = []
    for code in codes { kept.append(.string(try read(code, field))) }
    return kept.isEmpty ? .null : .array(kept)
  }

  /// A letter, two digits and at most five more, with or without the point behind the digits: `S72`, `S72.0`, `S7200`.
  private func icd(_ typed: String, _ field: String) throws(Refusal) -> String {
    let code = typed.uppercased().filter { !$0.isWhitespace }
    guard code.wholeMatch(of: /[A-Z][0-9]{2}(?:\.?[0-9A-Z+]{1,4})?/) != nil else {
      throw Refusal("code-invalid", field: field)
    }
    return code
  }

  /// Four letters and three digits.
  private func ccam(_ typed: String, _ field: String) throws(Refusal) -> String {
    let code = typed.uppercased().filter { !$0.isWhitespace }
    guard code.count == 7, code.prefix(4).allSatisfy({ $0.isASCII && $0.isLetter }),
      code.suffix(3).allSatisfy({ $0.isASCII && $0.isNumber })
    else { throw Refusal("code-invalid", field: field) }
    return code
  }
}
