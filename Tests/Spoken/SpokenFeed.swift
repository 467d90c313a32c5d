import Hospital
import Ledger

/// Says what it was given.
package struct Say: Command {
  package let facts: [Fact]

  package init(_ facts: [Fact]) { self.facts = facts }

  package func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
}

/// What the main system's feed says of one person: of files under its own numbers, and of one stay.
package struct SpokenFeed: Sendable {
  private let birthName: String
  private let unit: String
  private let at: Instant

  /// - Parameters:
  ///   - unit: where each movement leads.
  ///   - at: when it all begins.
  package init(of birthName: String, in unit: String, at: Instant) {
    (self.birthName, self.unit, self.at) = (birthName, unit, at)
  }

  package let stay = "stay/\(Name.subject("stay", "1.2.250.1.999.2", "7200"))"

  package func file(_ ipp: String) -> String { "patient/\(Name.subject("patient", "1.2.250.1.999.1", ipp))" }

  package func described(_ ipp: String) -> Fact {
    Fact(
      kind: "patient.described", subject: file(ipp), at: at,
      data: [
        "birthName": .string(birthName), "birthGivenName": "LOUISE", "birthDate": "1961-03-12", "sex": "F",
        "birthPlace": "99999", "status": "VALI",
        "identifiers": [["value": .string(ipp), "authority": "1.2.250.1.999.1", "type": "PI"]],
      ])
  }

  /// A movement of file 710000's stay, `1.2.250.1.99.2|<id>`.
  package func said(_ kind: String, _ id: String, _ trigger: String, hours: Int = 0) -> Fact {
    Fact(
      kind: kind, subject: stay, at: at.adding(seconds: hours * 3600),
      data: [
        "patient": .string(file("710000")), "number": "7200", "numberAuthority": "1.2.250.1.999.2",
        "movement": [
          "key": .string("1.2.250.1.99.2|\(id)"), "id": .string(id), "trigger": .string(trigger),
          "unit": .string(unit), "class": "inpatient",
        ],
      ])
  }
}
