import Ledger

/// What is measured at triage, and what a person's can be. A table to be corrected, not rules.
public enum VitalSign: String, Sendable, CaseIterable, Codable {
  /// Beats a minute.
  case heartRate
  /// Millimetres of mercury.
  case systolic, diastolic
  /// Breaths a minute.
  case respiratoryRate
  /// Per cent.
  case saturation
  /// Tenths of a degree Celsius.
  case temperature
  case glasgow
  /// 0 to 10, as the patient says it.
  case pain
  /// Hundredths of a gram per litre.
  case glucose

  /// Beyond it nobody lives, or no device says it: a slip of the hand.
  public var possible: ClosedRange<Int> {
    switch self {
    case .heartRate: 0...300
    case .systolic: 0...300
    case .diastolic: 0...200
    case .respiratoryRate: 0...90
    case .saturation: 0...100
    case .temperature: 200...450
    case .glasgow: 3...15
    case .pain: 0...10
    case .glucose: 5...2000
    }
  }

  /// Beyond it whoever types is asked again.
  public var likely: ClosedRange<Int> {
    switch self {
    case .heartRate: 30...200
    case .systolic: 60...240
    case .diastolic: 30...140
    case .respiratoryRate: 6...50
    case .saturation: 70...100
    case .temperature: 330...415
    case .glasgow, .pain: possible
    case .glucose: 40...600
    }
  }

  /// How many of the last digits stand after the comma on screen.
  public var decimals: Int {
    switch self {
    case .temperature: 1
    case .glucose: 2
    default: 0
    }
  }

  /// `385` is `38,5`.
  public func text(_ value: Int) -> String {
    guard decimals > 0 else { return String(value) }
    let digits = String(value)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return "\(padded.dropLast(decimals)),\(padded.suffix(decimals))"
  }

  /// As people type it: `38,5`, `38.5` or `385`; `1,2` or `120`.
  /// - Throws: `vital-impossible`.
  public func read(_ text: String) throws(Refusal) -> Int {
    let parts = Self.figures(text).split(omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
    guard parts.count <= 2, let whole = Int(parts[0]), whole >= 0, whole < 10_000 else { throw impossible }
    var value = whole
    if decimals > 0 {
      let scale = decimals == 1 ? 10 : 100
      if parts.count == 2 {
        let fraction = (parts[1] + "00").prefix(decimals)
        guard let after = Int(fraction), after >= 0, parts[1].count <= decimals else { throw impossible }
        value = whole * scale + after
      } else if whole * scale <= possible.upperBound {
        value = whole * scale
      }
    } else if parts.count == 2 {
      throw impossible
    }
    guard possible.contains(value) else { throw impossible }
    return value
  }

  /// Where no digit was typed, the digit row of a French keyboard without Shift is read as one.
  fileprivate static func figures(_ text: String) -> String {
    let isTyped = text.contains { $0.isASCII && $0.isNumber }
    return isTyped ? text : String(text.map { PartialDate.frenchRow[$0] ?? $0 })
  }

  private var impossible: Refusal {
    Refusal(
      "vital-impossible", field: rawValue, ["from": text(possible.lowerBound), "to": text(possible.upperBound)])
  }
}

/// What was measured at one time; what was not is absent.
public struct VitalSigns: Sendable, Equatable {
  private var values: [VitalSign: Int] = [:]

  public init() {}

  public subscript(_ sign: VitalSign) -> Int? {
    get { values[sign] }
    set { values[sign] = newValue }
  }

  public var isEmpty: Bool { values.isEmpty }

  /// In the order of the form.
  public var measured: [(sign: VitalSign, value: Int)] {
    VitalSign.allCases.compactMap { sign in values[sign].map { (sign, $0) } }
  }

  /// Both pressures, as people say them: `128/74`, `128 74`, `12874`, `12/7`, which is in centimetres; or the first
  /// alone.
  /// - Throws: `pressure-impossible`.
  public mutating func readPressure(_ text: String) throws(Refusal) {
    var typed = VitalSign.figures(text).split { !$0.isASCII || !$0.isNumber }
    // No pressure alone has four figures.
    if typed.count == 1, (4...6).contains(typed[0].count) {
      let lower = typed[0].count / 2
      typed = [typed[0].dropLast(lower), typed[0].suffix(lower)]
    }
    let parts = typed.map { Int($0) ?? 1000 }
    guard (1...2).contains(parts.count) else { throw Refusal("pressure-impossible", field: "pressure") }
    let scale = parts.allSatisfy { $0 < 30 } ? 10 : 1
    for (sign, part) in zip([VitalSign.systolic, .diastolic], parts) {
      guard sign.possible.contains(part * scale) else { throw Refusal("pressure-impossible", field: "pressure") }
      self[sign] = part * scale
    }
  }

  /// Those that are possible and hardly ever true.
  var unlikely: [VitalSign] { measured.filter { !$0.sign.likely.contains($0.value) }.map(\.sign) }

  var json: JSON? {
    values.isEmpty ? nil : .object(JSONObject(measured.map { ($0.sign.rawValue, .integer($0.value)) }))
  }

  /// Signs of a later version are left out.
  public init(said json: JSON?) {
    for (key, value) in json?.object?.members ?? [] {
      if let sign = VitalSign(rawValue: key), let number = value.integer { values[sign] = number }
    }
  }
}
