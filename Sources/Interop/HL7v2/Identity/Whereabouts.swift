import Hospital
import Ledger

extension MessageTranslation {
  /// PID-11: `BDL` is the birth place, whose commune (COG) stands in component 9.
  func sayAddresses(_ field: HL7Field, in traits: inout JSONObject) {
    if field.isErased {
      traits.put("addresses", .null)
      return
    }
    var addresses: [JSON] = []
    for repetition in field.repetitions where !repetition.isEmpty {
      let address = address(repetition)
      if address.use == "BDL" {
        traits.say("birthPlace", address.commune)
        traits.say("birthPlaceName", address.city)
      }
      addresses.append(address.json)
    }
    if !addresses.isEmpty { traits.put("addresses", .array(addresses)) }
  }

  private func address(_ field: HL7Field) -> Address {
    let components = field.components
    func component(_ number: Int) -> HL7Field? { number <= components.count ? components[number - 1] : nil }
    func text(_ number: Int) -> String? { component(number)?.string }
    // A second line stands in component 2, with some senders in a subcomponent.
    let lines = (component(1)?.subcomponents.compactMap(\.string) ?? []) + [text(2)].compactMap { $0 }
    let use = text(7) ?? "H"
    return Address(
      use: use == "HOME" ? "H" : use, lines: lines, postcode: text(5), city: text(3),
      commune: text(9) ?? (use == "BDL" ? text(4) : nil), country: text(6))
  }

  /// PID-13 and PID-14: the number is in component 12, else 1; mail in component 4 of what is marked `NET`.
  func sayTelecoms(_ home: HL7Field, _ work: HL7Field, in traits: inout JSONObject) {
    var phones: [JSON] = []
    var emails: [JSON] = []
    for telecom in home.repetitions + work.repetitions {
      let isMail = telecom.component(2).string == "NET" || telecom.component(3).string == "Internet"
      if let mail = telecom.component(4).string, isMail || mail.utf8.contains(UInt8(ascii: "@")) {
        emails.append(.string(mail))
      } else if let phone = MessageTranslation.phone(telecom) {
        phones.append(.string(phone))
      }
    }
    if !phones.isEmpty { traits.put("phones", .array(phones)) } else if home.isErased { traits.put("phones", .null) }
    if !emails.isEmpty { traits.put("emails", .array(emails)) } else if home.isErased { traits.put("emails", .null) }
  }

  static func phone(_ telecom: HL7Field) -> String? {
    telecom.component(12).string ?? telecom.component(1).string ?? telecom.component(7).string
  }
}
