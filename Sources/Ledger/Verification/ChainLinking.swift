/// Links one chain's lines in the order in which they stand, which is by sequence, then hash, and names what does
/// not fit. Only the last two sequences are held, whatever the length of the chain.
///
/// A line that is badly signed or unreadable is named by the place where it stands, since nothing it says can be
/// trusted; the line after it then need not name its hash. So one altered line is one failure, and the chain is
/// taken up again behind it.
struct ChainLinking {
  let chain: String
  private(set) var failures: [VerificationFailure] = []
  private(set) var forks: [Fork] = []
  /// Lines that count, and their facts.
  private(set) var commits = 0
  private(set) var facts = 0
  /// The last line of each branch, by sequence, then hash; known once finished.
  private(set) var heads: [VerificationReport.Head] = []

  /// Of the newest lines.
  private var sequence = 0
  /// The lines of that sequence, by hash.
  private var tips: [LineHash: Tip] = [.none: Tip(previous: .none, time: nil, isSigned: true)]
  /// The lines of the sequence before, where nothing is missing between.
  private var parents: [LineHash: Tip] = [:]
  private var lastHash = LineHash.none
  /// Lines since the newest that could not be placed.
  private var unplaced = 0
  /// Whether what stands before the newest lines is already named, so that they may follow a line unknown here.
  private var isTakenUp = false
  private var gaps: [ClosedRange<Int>] = []

  private struct Tip {
    var previous: LineHash
    var time: HybridTime?
    var isSigned: Bool
    var isFollowed = false
    /// Badly signed lines that end here, and their facts: they count once a later line vouches for them.
    var unvouched = (commits: 0, facts: 0)
  }

  init(chain: String) {
    self.chain = chain
  }

  mutating func take(_ line: ExaminedLine) {
    switch line {
    case .unreadable(let failure): misplaced(.line(failure))
    case .read(let place) where place.isSigned: takeSigned(place)
    case .read(let place): takeUnsigned(place)
    }
  }

  /// What has been found, once no more lines come.
  mutating func finish() {
    for gap in gaps { fail(gap.lowerBound, .missing(through: gap.upperBound)) }
    gaps = []
    listForks()
    retire(parents, sequence: sequence - 1)
    retire(tips, sequence: sequence)
    heads.sort { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }
  }

  /// A failure of the line that comes next, which cannot say its own place.
  mutating func misplaced(_ reason: VerificationFailure.Reason) {
    unplaced += 1
    fail(sequence + unplaced, reason)
  }

  mutating func fail(_ sequence: Int, _ reason: VerificationFailure.Reason) {
    failures.append(VerificationFailure(station: chain, sequence: sequence, reason: reason))
  }
}

extension ChainLinking {
  private mutating func takeSigned(_ place: ExaminedLine.Place) {
    if place.sequence == sequence + 1 {
      follow(place)
    } else if place.sequence > sequence {
      takeUp(place)
    } else if place.sequence == sequence {
      join(place)
    } else {
      late(place)
    }
  }

  /// A badly signed line is believed about its place only where it fits: a later line may then vouch for it.
  private mutating func takeUnsigned(_ place: ExaminedLine.Place) {
    if place.sequence == sequence + 1, tips[place.previous] != nil {
      follow(place)
    } else if place.sequence == sequence, parents[place.previous] != nil {
      join(place)
    } else {
      misplaced(.line(.signature))
    }
  }

  private mutating func follow(_ place: ExaminedLine.Place) {
    let isNamed = unplaced > 0 || tips.values.contains { !$0.isSigned }
    let newest = tips
    begin(place)
    parents = newest
    isTakenUp = isNamed
    add(place)
  }

  /// A well-signed line further on than the next.
  private mutating func takeUp(_ place: ExaminedLine.Place) {
    let firstMissing = sequence + 1 + unplaced
    if firstMissing < place.sequence { gaps.append(firstMissing...place.sequence - 1) }
    begin(place)
    parents = [:]
    isTakenUp = true
    add(place)
  }

  /// A second line of the newest sequence: the same again, or another branch.
  private mutating func join(_ place: ExaminedLine.Place) {
    guard tips[place.hash] == nil else { return fail(sequence, .repeated) }
    if place.hash < lastHash { fail(sequence, .outOfOrder(after: sequence)) }
    lastHash = place.hash
    add(place)
  }

  /// A well-signed line whose place has been passed: it counts if it was missing there.
  private mutating func late(_ place: ExaminedLine.Place) {
    fail(place.sequence, .outOfOrder(after: sequence))
    guard let index = gaps.firstIndex(where: { $0.contains(place.sequence) }) else { return }
    let gap = gaps.remove(at: index)
    if place.sequence < gap.upperBound { gaps.insert(place.sequence + 1...gap.upperBound, at: index) }
    if gap.lowerBound < place.sequence { gaps.insert(gap.lowerBound...place.sequence - 1, at: index) }
    commits += 1
    facts += place.facts
  }

  /// Leaves the newest sequence for that of `place`.
  private mutating func begin(_ place: ExaminedLine.Place) {
    listForks()
    retire(parents, sequence: sequence - 1)
    sequence = place.sequence
    tips = [:]
    unplaced = 0
    lastHash = place.hash
  }

  private mutating func add(_ place: ExaminedLine.Place) {
    let parent = parents[place.previous]
    if parent == nil, !isTakenUp { fail(sequence, .line(.previous)) }
    parents[place.previous]?.isFollowed = true
    if place.isSigned, let before = parent?.time, place.time <= before { fail(sequence, .line(.time)) }
    var tip = Tip(previous: place.previous, time: place.time, isSigned: place.isSigned)
    var counted = parent?.unvouched ?? (commits: 0, facts: 0)
    counted.commits += 1
    counted.facts += place.facts
    if place.isSigned {
      commits += counted.commits
      facts += counted.facts
      parents[place.previous]?.unvouched = (0, 0)
    } else {
      fail(sequence, .line(.signature))
      tip.unvouched = counted
    }
    tips[place.hash] = tip
  }

  /// Lines of the newest sequence that follow the same line; all of the sequence has been heard.
  private mutating func listForks() {
    guard tips.count > 1 else { return }
    let branches = Dictionary(grouping: tips.filter(\.value.isSigned), by: \.value.previous)
      .values.filter { $0.count > 1 }.map { $0.map(\.key).sorted() }
    for hashes in branches.sorted(by: { $0[0] < $1[0] }) {
      forks.append(Fork(station: chain, sequence: sequence, hashes: hashes))
    }
  }

  private mutating func retire(_ tips: [LineHash: Tip], sequence: Int) {
    for (hash, tip) in tips where sequence > 0 && !tip.isFollowed && tip.isSigned {
      heads.append(VerificationReport.Head(sequence: sequence, hash: hash))
    }
  }
}
