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
  private(set) var commits = 0
  private(set) var facts = 0
  private var ends: [VerificationReport.Head] = []

  /// Of the newest line that fits.
  private var sequence = 0
  /// Lines of that sequence, and of the one before, that a line may follow.
  private var tips: [LineHash: Tip] = [.none: Tip(previous: .none, time: nil, isSigned: true)]
  private var parents: [LineHash: Tip] = [:]
  private var lastHash = LineHash.none
  /// Lines that could not be placed since the newest that fits.
  private var unplaced = 0
  private var gaps: [Gap] = []

  private struct Tip {
    var previous: LineHash
    var time: HybridTime?
    var isSigned: Bool
    var isFollowed = false
    /// Badly signed lines that end here, and their facts: they count once a later line vouches for them.
    var unvouched = (commits: 0, facts: 0)
  }

  /// Sequences that were passed over, unless they come later, out of order.
  private struct Gap {
    var first: Int
    var last: Int
  }

  init(chain: String) {
    self.chain = chain
  }

  mutating func take(_ line: ExaminedLine) {
    switch line {
    case .unreadable(let failure): misplaced(.line(failure))
    case .read(let place):
      if fitsNext(place) {
        advance(to: place)
      } else if place.sequence == sequence, parents[place.previous] != nil {
        join(place)
      } else if !place.isSigned {
        misplaced(.line(.signature))
      } else if place.sequence > sequence {
        takeUp(at: place)
      } else {
        late(place)
      }
    }
  }

  /// What has been found, once no more lines come.
  mutating func finish() {
    for gap in gaps { fail(gap.first, .missing(through: gap.last)) }
    gaps = []
    retire(parents, sequence: sequence - 1)
    retire(tips, sequence: sequence)
    ends.sort { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) }
  }

  /// The last line of each branch, by sequence, then hash; known once finished.
  var heads: [VerificationReport.Head] { ends }

  /// A failure of the line that comes next, which cannot say its own place.
  mutating func misplaced(_ reason: VerificationFailure.Reason) {
    unplaced += 1
    fail(sequence + unplaced, reason)
  }

  mutating func fail(_ sequence: Int, _ reason: VerificationFailure.Reason) {
    failures.append(VerificationFailure(station: chain, sequence: sequence, reason: reason))
  }

  private func fitsNext(_ place: ExaminedLine.Place) -> Bool {
    place.sequence == sequence + 1 && tips[place.previous] != nil
  }

  private mutating func advance(to place: ExaminedLine.Place) {
    retire(parents, sequence: sequence - 1)
    parents = tips
    begin(place)
    add(place)
  }

  /// A second line of the newest sequence: the same again, or another branch.
  private mutating func join(_ place: ExaminedLine.Place) {
    guard tips[place.hash] == nil else { return fail(sequence, .repeated) }
    if place.hash < lastHash { fail(sequence, .outOfOrder(after: sequence)) }
    lastHash = place.hash
    if place.isSigned { addToFork(place) }
    add(place)
  }

  /// A well-signed line further on than expected, or that follows no line of ours.
  private mutating func takeUp(at place: ExaminedLine.Place) {
    let firstMissing = sequence + 1 + unplaced
    if place.sequence > firstMissing {
      gaps.append(Gap(first: firstMissing, last: place.sequence - 1))
    } else if place.sequence == sequence + 1, unplaced == 0, tips.values.allSatisfy(\.isSigned) {
      fail(place.sequence, .line(.previous))
    }
    retire(parents, sequence: sequence - 1)
    // What lies between is already named: the lines before it are no ends of the chain.
    parents = [place.previous: Tip(previous: .none, time: nil, isSigned: true)]
    begin(place)
    add(place)
  }

  /// A well-signed line whose place has been passed.
  private mutating func late(_ place: ExaminedLine.Place) {
    fail(place.sequence, .outOfOrder(after: sequence))
    guard let index = gaps.firstIndex(where: { $0.first <= place.sequence && place.sequence <= $0.last }) else {
      return
    }
    let gap = gaps.remove(at: index)
    if place.sequence < gap.last { gaps.insert(Gap(first: place.sequence + 1, last: gap.last), at: index) }
    if gap.first < place.sequence { gaps.insert(Gap(first: gap.first, last: place.sequence - 1), at: index) }
    commits += 1
    facts += place.facts
  }

  private mutating func begin(_ place: ExaminedLine.Place) {
    sequence = place.sequence
    tips = [:]
    unplaced = 0
    lastHash = place.hash
  }

  private mutating func add(_ place: ExaminedLine.Place) {
    var tip = Tip(previous: place.previous, time: place.time, isSigned: place.isSigned)
    let parent = parents[place.previous]
    parents[place.previous]?.isFollowed = true
    if place.isSigned, let before = parent?.time, place.time <= before { fail(sequence, .line(.time)) }
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

  private mutating func addToFork(_ place: ExaminedLine.Place) {
    let siblings = tips.filter { $0.value.isSigned && $0.value.previous == place.previous }.map(\.key)
    guard !siblings.isEmpty else { return }
    let fork = Fork(station: chain, sequence: sequence, hashes: (siblings + [place.hash]).sorted())
    if let last = forks.last, last.sequence == sequence, siblings.contains(last.hashes[0]) { forks.removeLast() }
    forks.append(fork)
  }

  private mutating func retire(_ tips: [LineHash: Tip], sequence: Int) {
    for (hash, tip) in tips where sequence > 0 && !tip.isFollowed && tip.isSigned && tip.time != nil {
      ends.append(VerificationReport.Head(sequence: sequence, hash: hash))
    }
  }
}
