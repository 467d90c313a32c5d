import Hospital
import Interop
import Ledger
import Register

/// What is to be handed back, in the order of the roads that people walk: inpatients who are here, then who is expected,
/// emergency, others, identities alone; of one rank, whoever was seen first; for each person, what was written first.
/// Whatever two people share, they share one queue, at the rank of the first of them.
struct HandbackPlan: Sendable {
  /// Of people who have something to do with each other.
  struct Queue: Sendable {
    /// Not done yet, unless all were asked for, in the order written.
    var commits: [CommitToHandBack]
    var subjects: Set<String>
    var rank: ReentryQueue.Rank
  }

  /// All that was, by commit, done or not.
  let told: Set<CommitPlace>
  /// Those that the main system has whole, unless all were asked for.
  private let done: Set<CommitPlace>
  private(set) var queues: [Queue] = []

  init(_ reading: Reading, at now: Instant) throws { try self.init(reading.commitsToHandBack(), reading, at: now) }

  /// - Parameter isOfAll: what is done is planned too.
  init(_ commits: [CommitToHandBack], _ reading: Reading, at now: Instant, isOfAll: Bool = false) throws {
    told = Set(commits.map(\.place))
    done = Set(isOfAll ? [] : commits.filter(\.isDone).map(\.place))
    var groups = Groups()
    let waiting = commits.filter { (isOfAll || !$0.isDone) && !HandbackStory.untoldKinds.isSuperset(of: $0.kinds) }
    for commit in waiting {
      var people = commit.subjects
      for subject in commit.subjects { people += try reading.people(around: subject) }
      groups.join(people)
    }
    var places: [String: Int] = [:]
    for commit in waiting {
      let group = groups.group(of: commit.subjects[0])
      let place = places[group] ?? queues.count
      if place == queues.count {
        places[group] = place
        queues.append(Queue(commits: [], subjects: [], rank: .identity))
      }
      queues[place].commits.append(commit)
    }
    for (group, members) in groups.all() {
      guard let place = places[group] else { continue }
      queues[place].subjects = Set(members)
      let stays = try members.filter { $0.hasPrefix("stay/") }.compactMap(reading.stay)
      let ranks = stays.map { ReentryQueue.Item.rank($0, at: now) }
      queues[place].rank = ranks.min { $0.rawValue < $1.rawValue } ?? .identity
    }
    // Stable: they were met in the order written.
    queues = ReentryQueue.Rank.allCases.flatMap { rank in queues.filter { $0.rank == rank } }
  }

  /// What tells one commit, and what became of it so far.
  struct Told: Sendable {
    var commit: CommitPlace
    /// As they go, with what was edited; nil where nothing was ever answered.
    var messages: [(message: OutgoingMessage, answer: Handback.Message?)]
    /// The same with what is known today, without what was edited; where that was asked for.
    var remade: [OutgoingMessage] = []
  }

  /// What is left to send of a queue, commit by commit.
  /// - Parameter remade: a commit whose messages are also told with what is known today.
  func messages(
    of queue: Queue, _ reading: Reading, _ settings: SendingSettings, remaking remade: CommitPlace? = nil
  ) throws -> [Told] {
    var failure: (any Error)?
    func now<State>(_ read: () throws -> State?) -> State? {
      do { return try read() } catch {
        failure = error
        return nil
      }
    }
    var story = HandbackStory(
      settings, patientNow: { id in now { try reading.patient(id) } }, stayNow: { id in now { try reading.stay(id) } })
    let waiting = Set(queue.commits.map(\.place))
    var found: [Told] = []
    // Whoever was created there with another stay is not created again, and a list that replaces the main system's is of
    // every file of theirs.
    var subjects = queue.subjects
    for patient in queue.subjects where patient.hasPrefix("patient/") {
      subjects.formUnion(try reading.stays(ofPatient: patient) + reading.absorbed(by: patient))
    }
    let said = try reading.story(of: subjects)
    for part in said.joined() { story.foresee(part.heard) }
    // By number: what is told once may have been told by another commit, as they were known then.
    var answered: [String: Handback.Message] = [:]
    for commit in said where told.contains(commit[0].place.commit) {
      if done.contains(commit[0].place.commit) { story.foresee(told: commit) }
      for message in try reading.handback(of: commit[0].place.commit)?.messages ?? [] {
        if message.isDone { story.note(told: message.control, message.trigger, by: commit) }
        if answered[message.control]?.isDone != true { answered[message.control] = message }
      }
    }
    // It may have gone all the same.
    for patient in queue.subjects.filter({ $0.hasPrefix("patient/") })
    where try reading.isUnderWay(OutgoingMessage.control(once: patient)) {
      let answer = answered[OutgoingMessage.control(once: patient)]
      if answer.map(\.isUnanswered) ?? true { story.note(underWay: patient) }
    }
    for commit in said {
      let place = commit[0].place.commit
      let today = place == remade ? story.remade(commit) : []
      let messages = story.hear(commit, tells: told.contains(place))
      guard waiting.contains(place), !messages.isEmpty else { continue }
      found.append(
        Told(
          commit: place,
          messages: messages.map { message in
            let former = answered[message.former].flatMap { $0.trigger == message.trigger ? $0 : nil }
            let answer = answered[message.control] ?? former
            return (message.edited(answer?.edits ?? []), answer)
          }, remade: today))
    }
    if let failure { throw failure }
    return found
  }
}

extension Reading {
  /// Whom a subject's messages also speak of: whose stay it is, the mother, the file that lives on.
  func people(around subject: String) throws -> [String] {
    var people: [String] = []
    var waiting = subject.hasPrefix("stay/") ? [try stay(subject)?.patient].compactMap(\.self) : [subject]
    while let next = waiting.popLast() {
      guard !people.contains(next) else { continue }
      people.append(next)
      guard let patient = try patient(next) else { continue }
      waiting += [patient.mother, patient.mergedInto].compactMap(\.self)
    }
    return people
  }
}
