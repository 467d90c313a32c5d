import Hospital
import Ledger
import Register

/// What is to be undone, put right, moved, joined or parted in the main system: it has what this speaks of. Whatever was
/// said and taken back before it was told of either is none.
public struct ReentryChange: Sendable, Equatable {
  public enum Action: String, Sendable, CaseIterable {
    /// Of a movement or a session.
    case update, cancel
    /// Of a stay, to somebody else.
    case move
    /// Of files of one person.
    case merge, part
    /// Of values of a person or a stay that hold no more, and have no other in their place.
    case erase
  }

  public var action: Action
  /// As it is now; what is cancelled, as the main system has it.
  public var movement: Movement?
  /// Of an update: as the main system has it.
  public var was: Movement?
  /// Whose the stay was; the file that gives way; the file from which another one is parted; who had what is erased.
  public var former: Patient?
  /// Whose the stay is; the file that lives on; the one that is parted.
  public var present: Patient?
  /// What had what is erased, where that is a stay.
  public var formerStay: Stay?
  /// What of `former` or `formerStay` is erased.
  public var erased: [ReentryValue] = []
  /// No road told it yet; else a file did.
  public var isOpen: Bool

  var isOfPeople: Bool { movement == nil && formerStay == nil && action != .move }

  /// Of a session, where a movement has its trigger.
  public static let session = "session"

  /// One step for each movement, from what the main system has to what holds.
  static func net(_ changes: [ReentryChange]) -> [ReentryChange] {
    var net: [ReentryChange] = []
    for change in changes {
      guard let key = change.movement?.key,
        let place = net.firstIndex(where: { $0.movement?.key.sameBytes(as: key) == true })
      else {
        net.append(change)
        continue
      }
      let first = net[place].was
      net[place] = change
      if change.action == .cancel { net[place].movement = first } else { net[place].was = first }
    }
    // Back to what it was.
    return net.filter { change in
      guard let was = change.was, let movement = change.movement else { return true }
      return movement.differs(from: was)
    }
  }
}

extension ReentryQueue.Item {
  /// What is left to tell of what the main system has.
  public var openChanges: [ReentryChange] { ReentryChange.net(changes.filter(\.isOpen)) }

  /// Nobody needs to create it: it was undone before the main system heard of it.
  public var isUndoneUntold: Bool { stayKnown == .never && isUndone }

  /// All of the stay was taken back.
  var isUndone: Bool {
    guard let stay, stay.continuedAs == nil, !stay.movements.isEmpty else { return false }
    return stay.movements.allSatisfy(\.cancelled)
  }
}

extension Movement {
  /// In what a change says of it.
  fileprivate func differs(from other: Movement) -> Bool {
    at != other.at || place != other.place || attending != other.attending
  }

  fileprivate init(_ session: Attendance) {
    self.init(
      key: session.key, id: session.key, at: session.at, writtenAt: session.at, trigger: ReentryChange.session,
      station: session.said.station, author: session.said.author)
    place.unit = session.unit
    (attending, cancelled) = (session.attending, session.cancelled)
  }
}

extension Stay {
  /// The movement or the session of which a fact's `movement` speaks.
  fileprivate func event(_ said: JSON) -> Movement? {
    if let index = index(ofMovement: said) { return movements[index] }
    guard let key = said["key"]?.string else { return nil }
    return attendances.first { $0.key.sameBytes(as: key) }.map { Movement($0) }
  }
}

/// What the main system has of what a queue speaks of, by its feed or by whatever road.
struct ReentryKnowledge {
  /// How a commit went; what went otherwise than by these, or is the main system's own word, is there already.
  private enum Telling: Equatable {
    case open
    case file(Instant)
  }

  private let reading: Reading
  private let commits: [CommitToHandBack]
  private let states: [String: Reentry]
  private var places: [CommitPlace: Int] = [:]
  private var bySubject: [String: [Int]] = [:]

  /// - Parameter states: of the roads that people walk, by item.
  init(_ reading: Reading, _ commits: [CommitToHandBack], _ states: [String: Reentry]) {
    (self.reading, self.commits, self.states) = (reading, commits, states)
    for (place, commit) in commits.enumerated() {
      places[commit.place] = place
      for subject in commit.subjects { bySubject[subject, default: []].append(place) }
    }
  }

  /// What an item's screen and its lines in a file say beside the states.
  func complete(_ item: inout ReentryQueue.Item) throws {
    if let stay = item.stay { item.stayKnown = try known(stay.id) }
    if let person = item.person {
      item.personKnown = try known(person.id)
      let files = try reading.absorbed(by: person.id).compactMap { try reading.patient($0) }
      // The other way round: the main system has the file that gave way, and goes on with its number.
      if item.personKnown == .never, let other = try files.first(where: { try known($0.id) != .never }) {
        item.personKnown = try known(other.id)
        item.person?.identifiers.insert(contentsOf: other.identifiers, at: 0)
      } else if item.personKnown != .never {
        item.aliases = try files.filter { try known($0.id) == .never }
      }
    }
    var tellings: [String: [CommitPlace: Telling]] = [:]
    func note(_ part: NoteReentry.Part, _ commit: CommitPlace, _ telling: Telling) {
      for subject in places[commit].map({ commits[$0].subjects }) ?? []
      where subject.sameBytes(as: part.item) || part.item.hasPrefix("stay/") && subject.hasPrefix("patient/") {
        tellings[subject, default: [:]][commit] = telling
      }
    }
    for part in item.open {
      for commit in part.commits { note(part, commit, .open) }
    }
    for part in item.exported {
      for commit in part.commits {
        guard let at = states[part.item]?.entered(commit)?.at else { continue }
        note(part, commit, .file(at))
      }
    }
    // People before their stays.
    for (subject, tellings) in tellings.sorted(by: { $0.key.precedesInBytes($1.key) }) {
      item.changes +=
        try subject.hasPrefix("stay/") ? changes(ofStay: subject, tellings) : changes(ofPatient: subject, tellings)
    }
    // What they have by now under whatever name is typed over, and a secret tells of nobody beside them.
    for place in item.changes.indices {
      item.changes[place].erased.removeAll { value in
        value.isSaid(item.person, item.stay, isolation: item.isolation)
          || value.isIdentity && item.person.map { $0.secret && value.isOfOthers } ?? true
      }
    }
    item.changes.removeAll { $0.action == .erase && $0.erased.isEmpty }
  }

  private func known(_ subject: String) throws -> ReentryQueue.Known {
    if try reading.lastHeard(of: subject) != nil { return .known }
    var known = ReentryQueue.Known.never
    for commit in bySubject[subject, default: []].map({ commits[$0] }) {
      let entered = entered(commit)
      if entered.isEmpty ? commit.isDone : entered.contains(where: { $0.road == .hand }) { return .known }
      if !entered.isEmpty { known = .file }
    }
    return known
  }

  private func entered(_ commit: CommitToHandBack) -> [Reentry.Entered] {
    commit.items.compactMap { states[$0]?.entered(commit.place) }
  }

  /// Values that came and went, of one subject.
  private struct Values {
    /// What was first said with these tellings.
    private var began: [ReentryValue: Telling] = [:]

    /// Those that were told before and hold no more.
    /// - Parameter isSaid: whether it holds after a fact, or held before it.
    mutating func erased(
      _ values: [ReentryValue], _ telling: Telling, _ isSaid: (ReentryValue, Bool) -> Bool
    ) -> [ReentryValue] {
      let changed = values.filter { isSaid($0, false) != isSaid($0, true) }
      for value in changed where isSaid(value, true) { began[value] = telling }
      return changed.filter { !isSaid($0, true) && began[$0] != telling }
    }
  }

  /// The main system had this file or stay before it is told what goes so.
  private func isThere(_ subject: String, before telling: Telling) throws -> Bool {
    if try reading.lastHeard(of: subject) != nil { return true }
    return bySubject[subject, default: []].map { commits[$0] }.contains { commit in
      let entered = entered(commit)
      return entered.isEmpty
        ? commit.isDone : entered.contains { $0.road == .hand || telling != .file($0.at) }
    }
  }

  private func changes(ofStay id: String, _ tellings: [CommitPlace: Telling]) throws -> [ReentryChange] {
    var stay = Stay(id: id)
    /// What began with these tellings, by key; the stay itself by its id.
    var began: [String: Telling] = [:]
    var values = Values()
    var changes: [ReentryChange] = []
    for said in try reading.history(of: id) {
      let before = stay
      stay.fold(said.heard)
      guard let telling = tellings[said.place.commit] else { continue }
      if before == Stay(id: id) { began[id] = telling }
      let erased = values.erased(ReentryValue.ofStay, telling) { $0.isSaid(nil, $1 ? stay : before) }
      // What is undone takes its own values along.
      if !erased.isEmpty, said.heard.fact.kind != "stay.movement-cancelled", try isThere(id, before: telling) {
        changes.append(
          ReentryChange(action: .erase, formerStay: before, erased: erased, isOpen: telling == .open))
      }
      if let former = before.patient, let present = stay.patient, !former.sameBytes(as: present),
        began[id] != telling, try !reading.survivor(of: former).sameBytes(as: reading.survivor(of: present))
      {
        changes.append(
          ReentryChange(
            action: .move, former: try reading.patient(former), present: try reading.patient(present),
            isOpen: telling == .open))
      }
      guard let event = said.heard.fact.data["movement"], let now = stay.event(event) else { continue }
      guard let was = before.event(event) else {
        began[now.key] = telling
        continue
      }
      guard began[now.key] != telling, !was.cancelled else { continue }
      if now.cancelled {
        changes.append(ReentryChange(action: .cancel, movement: was, isOpen: telling == .open))
      } else if now.differs(from: was) {
        changes.append(ReentryChange(action: .update, movement: now, was: was, isOpen: telling == .open))
      }
    }
    return changes
  }

  private func changes(ofPatient id: String, _ tellings: [CommitPlace: Telling]) throws -> [ReentryChange] {
    var patient = Patient(id: id)
    var merged: Telling?
    var values = Values()
    var changes: [ReentryChange] = []
    for said in try reading.history(of: id) {
      let before = patient
      patient.fold(said.heard)
      let telling = tellings[said.place.commit]
      if let telling {
        let erased = values.erased(ReentryValue.ofPerson, telling) { $0.isSaid($1 ? patient : before, nil) }
        if !erased.isEmpty, try isThere(id, before: telling) {
          changes.append(
            ReentryChange(action: .erase, former: before, present: patient, erased: erased, isOpen: telling == .open))
        }
      }
      guard patient.mergedInto != before.mergedInto, !said.heard.fact.isLink else { continue }
      let last = merged
      merged = telling
      guard let telling else { continue }
      let own = try reading.patient(id)
      if let into = patient.mergedInto {
        guard try isThere(id, before: telling), try isThere(into, before: telling) else { continue }
        changes.append(
          ReentryChange(action: .merge, former: own, present: try reading.patient(into), isOpen: telling == .open))
      } else if last == telling {
        // Said and taken back before the main system was told of either.
        if let place = changes.lastIndex(where: { $0.action == .merge }) { changes.remove(at: place) }
      } else if let from = before.mergedInto {
        guard try isThere(id, before: telling), try isThere(from, before: telling) else { continue }
        changes.append(
          ReentryChange(action: .part, former: try reading.patient(from), present: own, isOpen: telling == .open))
      }
    }
    return changes
  }
}

extension ReentryValue {
  fileprivate static let ofPerson = allCases.filter(\.isIdentity)
  /// What is a stay's own, beside its movements and comings.
  fileprivate static let ofStay: [ReentryValue] = [
    .preadmissionNumber, .entryMode, .provenance, .reason, .exitMode, .destination, .isolation, .diet,
  ]

  /// Something stands in that field. A mother is never said to be nobody.
  fileprivate func isSaid(_ person: Patient?, _ stay: Stay?, isolation: String? = nil) -> Bool {
    let writing = Writing(ippAuthority: nil, hour: { $0.text }, date: { $0.text })
    return text(person, mother: nil, stay, isolation: isolation, writing) != nil
  }

  /// It names somebody beside the person.
  fileprivate var isOfOthers: Bool { self == .relatives || self == .familyDoctor }
}
