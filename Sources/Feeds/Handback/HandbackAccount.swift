import Hospital
import Interop
import Ledger
import Register

/// Every commit that the main system had to be told of, its facts, and where they went: a text for whoever asks later.
/// It names facts by their place in the ledger and says nothing of what is in them.
public enum HandbackAccount {
  /// Signed by this station's key.
  public static func signed(_ register: Register, at now: Instant) throws -> String {
    try register.signed(text(register, at: now))
  }

  static func text(_ register: Register, at now: Instant) throws -> String {
    let settings = try SendingSettings(register, charset: .utf8, receivingApplication: "", receivingFacility: "")
    return try register.read { reading in
      var lines = ["permanence hand-back account 1", "hospital \(settings.structure.finess)", "at \(now.text)"]
      var counts: [String: Int] = [:]
      func count(_ word: String) { counts[word, default: 0] += 1 }
      let commits = try reading.commitsToHandBack()
      let told = Dictionary(
        try ReentryQueue(commits, reading, at: now).told.map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
      for commit in commits {
        let place = commit.place
        lines.append("commit \(place.station) \(place.sequence) \(place.hash.hex) \(commit.time.text)")
        for kind in commit.kinds {
          count("facts")
          lines.append("  fact \(kind)")
        }
        let handback = try reading.handback(of: place)
        for message in handback?.messages ?? [] {
          count(message.status.rawValue)
          for edit in message.edits {
            count("edits")
            lines.append("  edit \(message.control) \(edit.place) \(edit.at.text) \(edit.by)")
          }
          lines.append(
            (["  message", message.control, message.trigger, message.status.rawValue, message.at.text, message.by]
              + [message.answer, message.place].compactMap(\.self)).joined(separator: " "))
        }
        for item in commit.items {
          guard let told = told[item], let entered = told.state.entered(place) else { continue }
          count(entered.road.rawValue)
          count(told.confirmedAt == nil ? "unconfirmed" : "confirmed")
          lines.append(
            "  \(entered.road.rawValue) \(item) \(entered.at.text) \(entered.by) "
              + (told.confirmedAt.map { "confirmed \($0.text)" } ?? "unconfirmed"))
        }
        if !commit.isDone {
          let isBegun = handback != nil || !commit.entered.isEmpty
          count(isBegun ? "unfinished" : "untold")
          lines.append(isBegun ? "  not finished" : "  nothing sent")
        }
      }
      lines += counts.sorted { $0.key < $1.key }.map { "total \($0.key) \($0.value)" }
      return lines.joined(separator: "\n") + "\n"
    }
  }
}
