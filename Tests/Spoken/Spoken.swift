import Foundation
import Hospital
import Interop
import Ledger

/// Messages made by hand, and what they come to.
package enum Spoken {
  package static let paris = LocalTime(zone: "Europe/Paris")!
  package static let translation = ADTTranslation(localTime: paris)

  /// Segments joined by CR.
  package static func bytes(_ segments: [String]) -> [UInt8] { Array(segments.joined(separator: "\r").utf8) }

  package static func header(
    _ trigger: String, control: String = "1001", at sent: String = "20220821010000", sender: String = "GAM|CH"
  ) -> String {
    "MSH|^~\\&|\(sender)|PERM|CH|\(sent)||ADT^\(trigger)|\(control)|P|2.5^FRA^2.11|||||FRA|8859/1"
  }

  package static func scheduleHeader(
    _ trigger: String, control: String = "2001", at sent: String = "20220821010000"
  ) -> String {
    "MSH|^~\\&|RDV|CH|PERM|CH|\(sent)||SIU^\(trigger)|\(control)|P|2.5|||||FRA|UNICODE UTF-8"
  }

  /// An operation of the patient of `pid`, in the diary's own words.
  package static let sch =
    "SCH|D12^GAM|RDV77^DIARY^1.2.250.1.99.7^ISO||||PLAN|COX^coxarthrose|BLOC^Bloc opératoire|90|MIN|"
    + "|||||10100000001^LEROY^PAUL|||||||||Booked"
  package static let tq1 = "TQ1|1||||||20220825083000|20220825100000"
  package static let ais = "AIS|1|A|PTH^Prothèse de hanche|20220825083000|||90|MIN"
  package static let ail = "AIL|1|A|BLOC^S3"
  package static let aip = "AIP|1|A|10100000002^MOREL^EVE|CHIR"

  package static let evn = "EVN||20220821010000|||login|20220821005500"
  package static let pid =
    "PID|||4711^^^CH&1.2.250.1.99.1&ISO^PI||DUPONT^ANNE^ANNE LEA^^Mme^^D~MARTIN^ANNE^ANNE LEA^^Mme^^L||19610312|F|||||||||"
    + "|9001^^^CH&1.2.250.1.99.2&ISO^AN||||||||||||||PROV"
  package static let pv1 =
    "PV1||I|4EST^401^1|R|||10100000001^LEROY^PAUL^^^^^^ASIP&1.2.250.1.71.4.2.1&ISO^L^^^RPPS||||||||||||77^^^CH&1.2.250.1.99.2&ISO^VN"

  /// ZBE with what is named; UF 4EST.
  package static func zbe(
    id: String = "501^CH^1.2.250.1.99.2^ISO", at: String = "20220821004500", action: String = "INSERT",
    historic: String = "N", trigger: String = "", nature: String = "HMS"
  ) -> String {
    "ZBE|\(id)|\(at)||\(action)|\(historic)|\(trigger)|^^^^^^UF^^^4EST||\(nature)"
  }

  package static func translate(_ segments: [String]) -> Translated {
    translation.translate(bytes(segments)).translated
  }

  /// The facts of a message that is taken.
  package static func facts(_ segments: [String]) -> MessageFacts? {
    if case .facts(let facts) = translate(segments) { facts } else { nil }
  }

  /// The data of its first fact of that kind.
  package static func data(_ kind: String, _ segments: [String]) -> JSON? {
    facts(segments)?.facts.first { $0.kind == kind }?.data
  }

  package static func codes(_ segments: [String]) -> [String] { facts(segments)?.warnings.map(\.code) ?? ["not taken"] }
}
