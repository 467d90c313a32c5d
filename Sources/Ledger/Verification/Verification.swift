/// Verifies ledgers: chain, signature, gaplessness, enrolment, every line of them, on every core.
///
/// Feed it chain by chain, each chain's lines by sequence, then hash, in batches of any size:
///
///     var verification = Verification()
///     for chain in chains {
///       verification.begin(chain)
///       while let lines = nextBatch(of: chain) { verification.take(lines) }
///     }
///     let report = verification.finish()
public struct Verification {
  /// Lines worth handing over at once: enough for every core, little memory.
  public static let batchLines = 4096

  private let expectedRoot: String?
  private var report = VerificationReport()
  private var roots: [(chain: String, root: String)] = []
  private var chain: OpenChain?

  private struct OpenChain {
    var linking: ChainLinking
    var key: PublicKey?
    var isEnrolled = false
    var lines = 0
  }

  /// `root` is the fingerprint on the paper, where somebody has it at hand; without it, the ledgers must agree.
  public init(root: String? = nil) {
    expectedRoot = root
  }

  /// Begins the next chain, and ends the one before.
  public mutating func begin(_ name: String) {
    endChain()
    report.chains.append(name)
    chain = OpenChain(linking: ChainLinking(chain: name))
  }

  /// The next lines of the chain begun last, without their newlines.
  public mutating func take(_ lines: [[UInt8]]) {
    guard var open = chain, let first = lines.first else { return }
    chain = nil
    if open.lines == 0 { enrol(&open, with: first) }
    open.lines += lines.count
    if let key = open.key {
      for line in ExaminedLine.all(lines, chain: open.linking.chain, key: key) { open.linking.take(line) }
    }
    chain = open
  }

  /// A failure found while fetching the next line of the chain begun last.
  public mutating func fail(_ reason: VerificationFailure.Reason) {
    chain?.linking.misplaced(reason)
  }

  public consuming func finish() -> VerificationReport {
    endChain()
    checkRoots()
    report.chains.sort { $0.precedesInBytes($1) }
    return report
  }

  /// The key comes from the first line. Its certificates make it a station's, rather than its signature: where
  /// that line was altered elsewhere, the others can still be checked.
  private mutating func enrol(_ open: inout OpenChain, with line: [UInt8]) {
    let name = open.linking.chain
    do throws(LineFailure) {
      let commit = try Commit(reading: line)
      guard commit.station.sameBytes(as: name) else { throw .station(commit.station) }
      guard commit.sequence == 1 else { return open.linking.fail(1, .missing(through: commit.sequence - 1)) }
      do throws(EnrolmentFailure) {
        open.key = try Enrolment.claimedKey(commit)
        let enrolment = try Enrolment(checking: commit)
        open.isEnrolled = true
        roots.append((name, enrolment.rootFingerprint))
      } catch { open.linking.fail(1, .enrolment(error)) }
    } catch { open.linking.fail(1, .line(error)) }
  }

  private mutating func endChain() {
    guard var open = chain else { return }
    chain = nil
    if open.lines == 0, open.linking.failures.isEmpty { open.linking.fail(1, .missing(through: 1)) }
    open.linking.finish()
    report.failures += open.linking.failures
    report.forks += open.linking.forks
    report.heads[open.linking.chain] = open.linking.heads
    if open.isEnrolled {
      report.commits += open.linking.commits
      report.facts += open.linking.facts
    }
  }

  private mutating func checkRoots() {
    let found = Set(roots.map(\.root))
    report.root = expectedRoot ?? (found.count == 1 ? found.first : nil)
    for (chain, root) in roots where root != report.root {
      report.failures.append(VerificationFailure(station: chain, sequence: 1, reason: .anotherRoot(root)))
    }
  }
}
