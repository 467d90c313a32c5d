import Hospital
import Interop
import Ledger
import Register

/// Every commit that was written while the main system was not in charge, its facts, and where they went, or that they
/// are kept here alone: a text for whoever asks later.
/// It names facts by their place in the ledger and says nothing of what is in them.
public enum HandbackAccount {
  /// Signed by this station's key.
  public static func signed(_ register: Register, at now: Instant) throws -> String {
    try register.signed(text(register, at: now))
  }

  static func text(_ register: Register, at now: Instant) throws -> String {
    let settings = try SendingSettings(register, charset: .utf8, receivingApplication: "", receivingFacility: "")
    return try register.read { reading in
      var lines = ["permanence hand-back account 2", "hospital \(settings.structure.finess)", "at \(now.text)"]
      var counts: [String: Int] = [:]
      func count(_ word: String) { counts[word, default: 0] += 1 }
      let commits = try reading.commitsOfMeanwhile()
      let told = Dictionary(
        try ReentryQueue(commits, reading, at: now).told.map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
      for commit in commits {
        let place = commit.place
        lines.append("commit \(place.station) \(place.sequence) \(place.hash.hex) \(commit.time.text)")
        for kind in commit.carried {
          count("facts")
          lines.append("  fact \(kind)")
        }
        for (kind, number) in commit.kept {
          counts["kept", default: 0] += number
          lines.append("  kept \(kind) \(number)")
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
        for item in commit.items + commit.situated.filter({ !commit.items.contains($0) }) {
          guard let told = told[item], let entered = told.state.entered(place) else { continue }
          count(entered.road.rawValue)
          count(told.confirmedAt == nil ? "unconfirmed" : "confirmed")
          lines.append(
            "  \(entered.road.rawValue) \(item) \(entered.at.text) \(entered.by) "
              + (told.confirmedAt.map { "confirmed \($0.text)" } ?? "unconfirmed"))
        }
        if !commit.isDone && commit.isCarried || commit.isLeftToPeople && !commit.isEntered {
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

extension CommitToHandBack {
  /// Kinds of its facts that messages carry, and of those that people carried.
  fileprivate var carried: [String] {
    kinds.filter { !HandbackStory.untoldKinds.contains($0) } + (isEntered ? situations : [])
  }

  /// Of those that are kept here alone, and how many of each: a list that was read in may hold thousands.
  fileprivate var kept: [(kind: String, number: Int)] {
    let kept = kinds.filter(HandbackStory.untoldKinds.contains) + others + (isEntered ? [] : situations)
    return Dictionary(grouping: kept) { $0 }.map { (kind: $0.key, number: $0.value.count) }.sorted { $0.kind < $1.kind }
  }
}
