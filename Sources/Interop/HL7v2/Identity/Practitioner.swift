import Hospital
import Ledger

/// A person of HL7's XCN, one repetition for each of their numbers.
struct Practitioner: Sendable, Equatable {
  var name: String
  /// By type: RPPS, ADELI; `id` for another.
  var numbers: [(type: String, value: String)]

  /// nil where nobody is named.
  init?(_ field: HL7Field) {
    let repetitions = field.repetitions
    guard let first = repetitions.first else { return nil }
    name = Practitioner.name(first)
    numbers = []
    for repetition in repetitions where Practitioner.name(repetition) == name {
      guard let value = repetition.component(1).string else { continue }
      let said = repetition.component(13).string ?? ""
      let type = said == "RPPS" || said == "ADELI" ? said : "id"
      if !numbers.contains(where: { $0.type == type }) { numbers.append((type, value)) }
    }
    guard !name.isEmpty || !numbers.isEmpty else { return nil }
  }

  private static func name(_ field: HL7Field) -> String {
    let family = field.component(2).subcomponent(1).string
    return [family, field.component(3).string].compactMap { $0 }.joined(separator: " ")
  }

  /// The name, else a number.
  var shown: String { name.isEmpty ? numbers.first?.value ?? "" : name }

  var json: JSON {
    var object = JSONObject()
    if !name.isEmpty { object.append("name", .string(name)) }
    for number in numbers { object.append(number.type, .string(number.value)) }
    return .object(object)
  }

  static func == (left: Practitioner, right: Practitioner) -> Bool {
    left.name == right.name && left.numbers.elementsEqual(right.numbers, by: ==)
  }
}
