import Crypto
import Hospital
import Interop
import Ledger
import Register

/// One day's summaries, made of what is known now: the same on every station that knows the same.
package struct RPUDay: Sendable {
  /// Days before today's that are looked at whole: what changes in them is told again. The observatories ask for six.
  private static let days = 30
  /// Older days are owed as well, from so long before the hospital's first station was opened: not the years that were
  /// imported.
  private static let daysBeforeOpening = 90
  /// How many older days one look takes, the oldest first; the others follow once these are acknowledged.
  private static let owedMax = 90

  package let day: CivilDate
  package let visits: [RPUVisit]
  let acknowledgement: RPUDelivery.Acknowledgement?
  private let finess: String
  private let hours: Hours

  /// nil where the calendar has no such day.
  init?(daysSince1970 day: Int, _ reading: Reading, _ hours: Hours) throws {
    guard let start = hours.midnight(daysSince1970: day), let end = hours.midnight(daysSince1970: day + 1) else {
      return nil
    }
    let structure = try reading.structure
    self.day = CivilDate(daysSince1970: day)
    self.hours = hours
    finess = structure?.finess ?? ""
    visits = try reading.emergencyArrivals(from: start, to: end).map { one in
      RPUVisit(one.stay, one.span, one.visit, one.patient, in: structure) { "\(hours.date($0)) \(hours.time($0))" }
    }
    acknowledgement = try reading.rpuDelivery(Self.subject(of: self.day, finess))?
      .acknowledgement(of: Self.hash(visits))
  }

  /// Older days that nobody ever acknowledged, then the days before today's; oldest first: what waits is sent in order.
  package static func watched(_ reading: Reading, _ hours: Hours, at now: Instant) throws -> [RPUDay] {
    let first = hours.day(now).daysSince1970 - days
    let days = try owed(before: first, reading, hours) + (first..<first + days)
    return try days.compactMap { try RPUDay(daysSince1970: $0, reading, hours) }
  }

  /// The visits of years are not read for it: what was acknowledged is, at once, and the first visit after any other day
  /// began.
  private static func owed(before first: Int, _ reading: Reading, _ hours: Hours) throws -> [Int] {
    guard let opened = try reading.openedAt, let end = hours.midnight(daysSince1970: first) else { return [] }
    let finess = try reading.structure?.finess ?? ""
    let acknowledged = try reading.rpuAcknowledged()
    var owed: [Int] = []
    var day = hours.day(opened).daysSince1970 - daysBeforeOpening
    while day < first, owed.count < owedMax {
      if acknowledged.contains(subject(of: CivilDate(daysSince1970: day), finess)) {
        day += 1
        continue
      }
      guard let start = hours.midnight(daysSince1970: day),
        let arrival = try reading.firstEmergencyArrival(from: start, to: end)
      else { break }
      let visited = hours.day(arrival).daysSince1970
      if visited == day { owed.append(day) }
      day = max(visited, day + 1)
    }
    return owed
  }

  private static func subject(of day: CivilDate, _ finess: String) -> String {
    RPUDelivery.subject(finess: finess, day: PartialDate(day).text)
  }

  package var text: String { PartialDate(day).text }
  package var fileName: String { "RPU_\(finess)_\(text.replacing("-", with: "")).xml" }
  package var isAcknowledged: Bool { acknowledgement != nil }
  package var passages: String { RPUDocument.passages(visits) }
  var hash: String { Self.hash(visits) }

  package func xml(at now: Instant) -> String {
    RPUDocument.xml(
      finess: finess, extracted: "\(hours.date(now)) \(hours.time(now)):00", day: PartialDate(day).shown, visits)
  }

  /// What a channel says of it.
  package func acknowledged(by channel: String) -> AcknowledgeRPU {
    AcknowledgeRPU(day: text, hash: hash, channel: channel)
  }

  /// Of the visits, how many say this field, in whole percents; nil without visits.
  func percent(_ field: RPUVisit.Field) -> Int? {
    visits.isEmpty ? nil : 100 * visits.count { $0.values[field] != nil } / visits.count
  }

  private static func hash(_ visits: [RPUVisit]) -> String {
    Hex.text(of: SHA256.hash(data: Array(RPUDocument.passages(visits).utf8)))
  }
}
