import Hospital
import Ledger

extension MessageTranslation {
  /// PID-5: `L` is the birth name, `D` the name in use; a name of another kind serves where no `L` came.
  mutating func sayNames(_ field: HL7Field, in traits: inout JSONObject) {
    let names = field.repetitions.filter { !$0.isEmpty }
    guard !names.isEmpty else { return }
    let legal = names.filter { type($0) == "L" }
    if legal.count > 1 { warn(Warning("hl7.two-birth-names", field: "PID-5")) }
    if let name = legal.first {
      sayBirthNames(name, isFrench: envelope.isFrench, in: &traits)
    } else {
      warn(Warning("hl7.no-birth-name", field: "PID-5"))
      if let name = substitute(names) { sayBirthNames(name, isFrench: false, in: &traits) }
    }
    let used = names.first { type($0) == "D" }
    if let used {
      traits.say("usedName", used.component(1).subcomponent(1))
      traits.say("usedGivenName", used.component(2))
    }
    traits.say("title", legal.first?.component(5).string ?? used?.component(5).string ?? names[0].component(5).string)
  }

  private func sayBirthNames(_ name: HL7Field, isFrench: Bool, in traits: inout JSONObject) {
    traits.say("birthName", name.component(1).subcomponent(1).string)
    let given = name.component(2).string
    traits.say("birthGivenName", given)
    guard let others = name.component(3).string else { return }
    // PAM France repeats the first given name in the list; elsewhere component 3 holds the further ones.
    if isFrench || given == nil {
      traits.put("birthGivenNames", .string(others))
      if given == nil { traits.say("birthGivenName", others.split(separator: " ").first.map(String.init)) }
    } else if let given {
      traits.put("birthGivenNames", .string("\(given) \(others)"))
    }
  }

  /// A name that may be the one of birth. A used name, an alias or a pseudonym never takes its place.
  private func substitute(_ names: [HL7Field]) -> HL7Field? {
    names.first { ["B", "M"].contains(type($0)) }
      ?? names.first { !["D", "A", "S", "N", "I", "P", "T"].contains(type($0)) }
  }

  private func type(_ name: HL7Field) -> String { name.component(7).string ?? "" }
}

extension Envelope {
  /// MSH-12 `2.5^FRA^2.11`: the French extension of PAM.
  var isFrench: Bool { version.contains("^FRA") }
}
