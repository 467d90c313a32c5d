import Ledger
import Yams

/// What a site's emergency department offers: its triage scale with its delays, its complaints, the Maison Médicale de
/// Garde beside it. One YAML file; what it does not say is as usual (`emergency.yaml` beside this file).
public struct EmergencySettings: Sendable, Equatable {
  public struct Level: Sendable, Equatable, Codable {
    public var level: String
    /// From arrival until a physician.
    public var minutes: Int
  }

  /// A vital sign that asks for a level at least so urgent.
  public struct Alarm: Sendable, Equatable, Codable {
    public var sign: VitalSign
    /// In the units of `VitalSign`; one of both.
    public var below: Int?
    public var above: Int?
    public var level: String
  }

  public struct Complaint: Sendable, Equatable, Codable {
    /// As the summary of the visit (RPU, MOTIF) writes it.
    public var code: String
    public var fr: String
    public var en: String
    /// Codes of the lines of care that it needs.
    public var needs: [String]?
  }

  /// The name of the scale in use: FRENCH or CIMU.
  public var scale: String
  /// Most urgent first.
  public var levels: [Level]
  /// From arrival until the first triage.
  public var triageMinutes: Int
  public var alarms: [Alarm]
  /// From this age on the alarms hold.
  public var adultYears: Int
  public var complaints: [Complaint]
  /// nil where there is none.
  public var onCall: OnCall?

  /// What is built in.
  public static let usual: EmergencySettings = {
    let yaml = String(decoding: PackageResources.emergency_yaml, as: UTF8.self)
    let bare = EmergencySettings(
      scale: "", levels: [], triageMinutes: 15, alarms: [], adultYears: 15, complaints: [], onCall: nil)
    return (try? EmergencySettings(yaml: yaml, over: bare)) ?? bare
  }()

  private init(
    scale: String, levels: [Level], triageMinutes: Int, alarms: [Alarm], adultYears: Int, complaints: [Complaint],
    onCall: OnCall?
  ) {
    self.scale = scale
    self.levels = levels
    self.triageMinutes = triageMinutes
    self.alarms = alarms
    self.adultYears = adultYears
    self.complaints = complaints
    self.onCall = onCall
  }

  private struct File: Codable {
    var scale: String?
    var scales: [String: [Level]]?
    var triageMinutes: Int?
    var alarms: [Alarm]?
    var adultYears: Int?
    var complaints: [Complaint]?
    var onCall: OnCall?
  }

  /// - Throws: Yams's error, which names the line and the key.
  public init(yaml: String) throws { try self.init(yaml: yaml, over: .usual) }

  private init(yaml: String, over usual: EmergencySettings) throws {
    let file = try YAMLDecoder().decode(File.self, from: yaml)
    self = usual
    scale = file.scale ?? scale
    // A site that chooses the other scale need not write it down: both are built in.
    let scales =
      try file.scales ?? YAMLDecoder().decode(
        File.self, from: String(decoding: PackageResources.emergency_yaml, as: UTF8.self)
      ).scales ?? [:]
    guard let chosen = scales[scale], !chosen.isEmpty else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "scale \(scale) is not among scales, or has no level"))
    }
    levels = chosen
    triageMinutes = file.triageMinutes ?? triageMinutes
    alarms = file.alarms ?? alarms
    adultYears = file.adultYears ?? adultYears
    complaints = file.complaints ?? complaints
    onCall = file.onCall ?? onCall
    if let wrong = onCall?.hours.values.joined().first(where: { OnCall.span($0) == nil }) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: [],
          debugDescription: "onCall: hours \(wrong) cannot be read: write 20:00-24:00, and what is after midnight, "
            + "00:00-08:00, under the next day"))
    }
  }

  public func complaint(_ code: String?) -> Complaint? { code.flatMap { code in complaints.first { $0.code == code } } }

  public func minutes(of level: String) -> Int? { levels.first { $0.level == level }?.minutes }

  /// Its place among the levels, 0 the most urgent; nil for one of another scale.
  public func urgency(of level: String) -> Int? { levels.firstIndex { $0.level == level } }

  /// The level that these signs ask for at least; nil where none does.
  public func alarm(_ vitals: VitalSigns) -> (level: String, sign: VitalSign)? {
    alarms.filter { alarm in
      guard let value = vitals[alarm.sign] else { return false }
      return alarm.below.map { value < $0 } ?? false || alarm.above.map { value > $0 } ?? false
    }.compactMap { alarm in urgency(of: alarm.level).map { ($0, alarm) } }
      .min { $0.0 < $1.0 }.map { ($0.1.level, $0.1.sign) }
  }
}

/// A Maison Médicale de Garde: physicians on call for whoever needs no hospital.
public struct OnCall: Sendable, Equatable, Codable {
  public var name: String
  public var address: String?
  public var phone: String?
  /// By day, `monday` to `sunday`: `20:00-24:00`, in the hospital's time zone. Those of `holidays` hold on a public
  /// holiday; where none are said, its weekday's do.
  public var hours: [String: [String]]
  /// Whether the holidays of Alsace and Moselle are kept.
  public var alsaceMoselle: Bool?

  /// Whether anybody said when it is open.
  public var hasHours: Bool { hours.values.contains { !$0.isEmpty } }

  /// The minute of the hospital's day at which it closes; nil while it is closed.
  public func closing(at instant: Instant, in structure: Structure?) -> Int? {
    let clock = LocalTime(of: structure)
    return closing(on: clock.day(instant), minute: clock.minute(instant))
  }

  static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  /// The minute of the day at which it closes; nil while it is closed.
  /// - Parameters:
  ///   - day: on the hospital's calendar.
  ///   - minute: of that day.
  public func closing(on day: CivilDate, minute: Int) -> Int? {
    let isHoliday = FrenchHolidays.contains(day, alsaceMoselle: alsaceMoselle ?? false)
    let open = isHoliday ? hours["holidays"] : nil
    return (open ?? hours[Self.days[day.weekday]] ?? []).compactMap(Self.span).first {
      $0.from <= minute && minute < $0.to
    }?.to
  }

  fileprivate static func span(_ text: String) -> (from: Int, to: Int)? {
    let ends = text.split(separator: "-").compactMap { end -> Int? in
      let parts = end.split(separator: ":").compactMap { Int($0.filter { !$0.isWhitespace }) }
      guard parts.count == 2, (0...24).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
      return parts[0] * 60 + parts[1]
    }
    return ends.count == 2 && ends[0] < ends[1] ? (ends[0], ends[1]) : nil
  }
}
