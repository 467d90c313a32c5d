import Hospital
import Interop
import Ledger
import Spoken

/// What one station knows after some messages, whatever the order in which they came: each distinct message once, all
/// facts in the one order, folded.
struct Known {
  private(set) var patients: [String: Patient] = [:]
  private(set) var stays: [String: Stay] = [:]
  private(set) var appointments: [String: Appointment] = [:]
  private(set) var facts = 0

  /// - Parameter messages: in the order of arrival, one second apart.
  init(_ messages: [MessageFacts], from start: Instant = Instant(milliseconds: 1_764_000_000_000)) {
    var known: Set<String> = []
    var placed: [(position: Position, heard: Heard)] = []
    for (index, message) in messages.enumerated() where known.insert(message.command).inserted {
      let time = HybridTime(instant: start.adding(seconds: index), counter: 0)
      for (place, fact) in message.facts.enumerated() {
        let position = Position(
          source: message.source, time: time, station: "urg-1-3fa9c2d1", sequence: index + 2,
          hash: LineHash(of: Array(message.command.utf8)), place: place)
        let heard = Heard(
          fact: fact, time: time, station: "urg-1-3fa9c2d1", author: "system", command: message.command,
          source: message.source)
        placed.append((position, heard))
      }
    }
    facts = placed.count
    for (_, heard) in placed.sorted(by: { $0.position < $1.position }) { fold(heard) }
  }

  private mutating func fold(_ heard: Heard) {
    let subject = heard.fact.subject
    if subject.hasPrefix("patient/") {
      patients[subject, default: Patient(id: subject)].fold(heard)
    } else if subject.hasPrefix("stay/") {
      stays[subject, default: Stay(id: subject)].fold(heard)
    } else if subject.hasPrefix("appointment/") {
      appointments[subject, default: Appointment(id: subject)].fold(heard)
    }
  }

  init(_ messages: [[String]]) {
    self.init(messages.compactMap(Spoken.facts))
  }
}
