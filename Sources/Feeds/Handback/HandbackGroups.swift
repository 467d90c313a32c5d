import Hospital
import Interop
import Ledger
import Register

extension HandbackBook {
  /// People who have something to do with each other, and what was said of them that goes back.
  struct Group: Sendable {
    /// In the order written.
    var commits: [CommitToHandBack]
    /// Stays and people; a word of one of them is a word of the group.
    var members: Set<String>
    fileprivate(set) var rows: [ReentryOverview.Row] = []
    fileprivate(set) var counts = ReentryCounts()
    fileprivate(set) var unconfirmed: [ReentryQueue.Told] = []
    /// When one of its stays changes without a word: a movement was said of an hour to come.
    fileprivate(set) var turnsAt: Instant?
    /// Messages, where they were counted.
    var pending: Int?

    init(_ commits: [CommitToHandBack], _ members: Set<String>, _ reading: Reading, at now: Instant) throws {
      (self.commits, self.members) = (commits, members)
      let queue = try queue(reading, at: now, isBrief: true)
      let authority = try reading.structure?.ippAuthority
      rows = queue.open.map { item in
        ReentryOverview.Row(
          item: item.item, rank: item.rank, since: item.since,
          number: item.stay?.number ?? item.person?.ipp(of: authority), state: item.state)
      }
      counts = ReentryCounts(queue)
      unconfirmed = queue.screens.filter { $0.confirmedAt == nil }
      let hours = queue.open.flatMap { item in
        (item.stay?.movements.map(\.at) ?? []) + [item.stay?.admittedAtSaid].compactMap(\.self)
      }
      turnsAt = hours.filter { $0 > now }.min()
    }

    /// - Parameter isBrief: for no screen.
    func queue(_ reading: Reading, at now: Instant, isBrief: Bool = false) throws -> ReentryQueue {
      try ReentryQueue(commits, members.sorted().compactMap(reading.reentry), reading, at: now, isBrief: isBrief)
    }

    /// Commit by commit, what is left to send.
    func messages(
      _ reading: Reading, _ settings: SendingSettings, at now: Instant, remaking remade: CommitPlace? = nil
    ) throws -> [HandbackPlan.Told] {
      let plan = try HandbackPlan(commits, reading, at: now)
      return try plan.queues.flatMap { try plan.messages(of: $0, reading, settings, remaking: remade) }
    }

    /// What is watched for it: each of these subjects may change it.
    fileprivate var watched: [String] {
      members.flatMap { [$0, Reentry.subject(of: $0)] } + commits.map { Handback.subject(of: $0.place) }
    }
  }

  /// All of them as of one row of the ledger.
  struct Kept: Sendable {
    private var row = 0
    private var hours: HandbackHours
    fileprivate(set) var overview = ReentryOverview()
    var groups: [Int: Group] = [:]
    private var groupByName: [String: Int] = [:]
    private var lastNumber = 0
    /// The first hour at which a group changes without a word.
    private var turnsAt: Instant?

    /// From the beginning.
    init(_ reading: Reading, at now: Instant) throws {
      (row, hours) = (try reading.newestRow(), try reading.handbackHours())
      try regroup(try reading.commitsToHandBack(), try reading.reentries().compactMap(\.item), reading, at: now)
    }

    func group(of name: String) -> Group? { groupByName[name].flatMap { groups[$0] } }

    /// Takes in what was said since; false where all of it has to be worked out again.
    mutating func catchUp(_ reading: Reading, at now: Instant) throws -> Bool {
      let isDue = turnsAt.map { $0 <= now } ?? false
      if try reading.newestRow() == row, !isDue { return true }
      guard try reading.handbackHours() == hours else { return false }
      let news = try reading.handbackNews(since: row, hours)
      if news.isRecounted || news.subjects.contains(where: { $0.hasPrefix("structure/") }) { return false }
      row = news.row
      var names = news.subjects.filter { groupByName[$0] != nil }
      if isDue {
        for group in groups.values where group.turnsAt.map({ $0 <= now }) ?? false { names.formUnion(group.members) }
      }
      if !names.isEmpty || !news.commits.isEmpty { try regroup(news.commits, Array(names), reading, at: now) }
      return true
    }

    /// Works out whoever these commits and names have to do with.
    private mutating func regroup(
      _ commits: [CommitToHandBack], _ names: [String], _ reading: Reading, at now: Instant
    ) throws {
      var groups = Groups()
      var taken: [Int: Group] = [:]
      var met: Set<String> = []
      var waiting = commits.flatMap(\.subjects) + names.filter(Self.isMember)
      for commit in commits { groups.join(commit.subjects) }
      func take(_ name: String) {
        guard let number = groupByName[name], taken[number] == nil, let group = self.groups[number] else { return }
        taken[number] = group
        groups.join(Array(group.members))
        waiting += group.members
      }
      names.forEach(take)
      while let name = waiting.popLast() {
        guard met.insert(name).inserted else { continue }
        take(name)
        let around = try reading.related(to: name)
        groups.join([name] + around)
        waiting += around
      }
      remove(taken)
      var said: [String: [CommitToHandBack]] = [:]
      for commit in try taken.values.flatMap(\.commits).map(reading.again) + commits {
        said[groups.group(of: commit.subjects[0]), default: []].append(commit)
      }
      var rows: [ReentryOverview.Row] = []
      var told: [ReentryQueue.Told] = []
      for (name, members) in groups.all() {
        // Stable: of one instant, the first that came.
        let commits = (said[name] ?? []).sorted { $0.time.instant < $1.time.instant }
        let group = try Group(commits, Set(members), reading, at: now)
        rows += group.rows
        told += group.unconfirmed
        add(group)
      }
      overview.open.merge(rows, by: <)
      overview.unconfirmed.merge(told) { $0.item.precedesInBytes($1.item) }
      turnsAt = self.groups.values.compactMap(\.turnsAt).min()
      overview.counts = self.groups.values.reduce(into: ReentryCounts()) { $0 += $1.counts }
    }

    private static func isMember(_ name: String) -> Bool { name.hasPrefix("stay/") || name.hasPrefix("patient/") }

    private mutating func remove(_ taken: [Int: Group]) {
      let gone = Set(taken.values.flatMap(\.members))
      overview.open.removeAll { gone.contains($0.item) }
      overview.unconfirmed.removeAll { gone.contains($0.item) }
      for (number, group) in taken {
        groups[number] = nil
        for name in group.watched { groupByName[name] = nil }
      }
    }

    private mutating func add(_ group: Group) {
      lastNumber += 1
      groups[lastNumber] = group
      for name in group.watched { groupByName[name] = lastNumber }
    }
  }
}

extension Reading {
  /// Who has to do with a stay or a person, and under which name the main system speaks of it.
  fileprivate func related(to name: String) throws -> [String] {
    try people(around: name) + [name.hasPrefix("stay/") ? stay(name)?.continuedAs : nil].compactMap(\.self)
  }
}

extension Array {
  /// Takes more into what is in that order.
  fileprivate mutating func merge(_ others: [Element], by precedes: (Element, Element) -> Bool) {
    let others = others.sorted(by: precedes)
    var merged: [Element] = []
    merged.reserveCapacity(count + others.count)
    var place = 0
    for element in self {
      while place < others.count, precedes(others[place], element) {
        merged.append(others[place])
        place += 1
      }
      merged.append(element)
    }
    self = merged + others[place...]
  }
}
