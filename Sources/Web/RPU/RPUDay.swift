import Crypto
import Hospital
import Interop
import Ledger
import Register

/// One day's summaries, made of what is known now: the same on every station that knows the same.
package struct RPUDay: Sendable {
  /// How many days before today's are watched. The observatories ask for six; an outage lasts longer.
  package static let days = 30

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
    let subject = RPUDelivery.subject(finess: finess, day: PartialDate(self.day).text)
    acknowledgement = try reading.rpuDelivery(subject)?.acknowledgement(of: Self.hash(visits))
  }

  /// The days before today's, oldest first: what waits is sent in order.
  package static func watched(_ reading: Reading, _ hours: Hours, at now: Instant) throws -> [RPUDay] {
    let today = hours.day(now).daysSince1970
    return try (1...days).reversed().compactMap { try RPUDay(daysSince1970: today - $0, reading, hours) }
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
