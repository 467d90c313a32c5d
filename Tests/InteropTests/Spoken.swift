import Foundation
import Hospital
import Interop
import Ledger

/// Messages made by hand, and what they come to.
enum Spoken {
  static let paris = LocalTime(zone: "Europe/Paris")!
  static let translation = ADTTranslation(localTime: paris)

  /// Segments joined by CR.
  static func bytes(_ segments: [String]) -> [UInt8] { Array(segments.joined(separator: "\r").utf8) }

  static func header(
    _ trigger: String, control: String = "1001", at sent: String = "20220821010000", sender: String = "GAM|CH"
  ) -> String {
    "MSH|^~\\&|\(sender)|PERM|CH|\(sent)||ADT^\(trigger)|\(control)|P|2.5^FRA^2.11|||||FRA|8859/1"
  }

  static let evn = "EVN||20220821010000|||login|20220821005500"
  static let pid =
    "PID|||4711^^^CH&1.2.250.1.99.1&ISO^PI||DUPONT^ANNE^ANNE LEA^^Mme^^D~MARTIN^ANNE^ANNE LEA^^Mme^^L||19610312|F|||||||||"
    + "|9001^^^CH&1.2.250.1.99.2&ISO^AN||||||||||||||PROV"
  static let pv1 =
    "PV1||I|4EST^401^1|R|||10100000001^LEROY^PAUL^^^^^^ASIP&1.2.250.1.71.4.2.1&ISO^L^^^RPPS||||||||||||77^^^CH&1.2.250.1.99.2&ISO^VN"

  /// ZBE with what is named; UF 4EST.
  static func zbe(
    id: String = "501^CH^1.2.250.1.99.2^ISO", at: String = "20220821004500", action: String = "INSERT",
    historic: String = "N", trigger: String = "", nature: String = "HMS"
  ) -> String {
    "ZBE|\(id)|\(at)||\(action)|\(historic)|\(trigger)|^^^^^^UF^^^4EST||\(nature)"
  }

  static func translate(_ segments: [String]) -> Translated { translation.translate(bytes(segments)).translated }

  /// The facts of a message that is taken.
  static func facts(_ segments: [String]) -> MessageFacts? {
    if case .facts(let facts) = translate(segments) { facts } else { nil }
  }

  /// The data of its first fact of that kind.
  static func data(_ kind: String, _ segments: [String]) -> JSON? {
    facts(segments)?.facts.first { $0.kind == kind }?.data
  }

  static func codes(_ segments: [String]) -> [String] { facts(segments)?.warnings.map(\.code) ?? ["not taken"] }
}
