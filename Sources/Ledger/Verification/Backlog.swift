/// Lines of one chain that came from elsewhere, in any order, checked as far as that asks nothing of what is kept
/// already: linked, dated and vouched for.
///
/// A signature vouches for everything beneath it through `previous`, so one good signature at the end of a run is
/// enough to take the run in; `ledger verify` checks them all.
public struct Backlog: Sendable {
  /// Lines that follow one another, by sequence, each run's last one well signed. A run that does not begin with the
  /// first line of the chain stands on a line that whoever takes it in must have.
  public private(set) var runs: [[Commit]] = []
  /// Lines that nothing here vouches for, and why.
  public private(set) var refused: [(commit: Commit, reason: LineFailure)] = []

  /// - Parameter commits: all of the chain whose key is `key`.
  public init(_ commits: [Commit], key: PublicKey) {
    link(commits.sorted { ($0.sequence, $0.hash) < ($1.sequence, $1.hash) })
    runs = runs.compactMap { run in
      var run = run
      while let last = run.last, !last.isSigned(by: key) {
        refused.append((last, .signature))
        run.removeLast()
      }
      return run.isEmpty ? nil : run
    }
  }

  private mutating func link(_ commits: [Commit]) {
    var seen: Set<LineHash> = []
    var ends: [LineHash: Int] = [:]
    for commit in commits where seen.insert(commit.hash).inserted {
      if commit.sequence == 1, commit.previous != .none {
        refused.append((commit, .previous))
        continue
      }
      guard let run = ends[commit.previous], let last = runs[run].last, commit.sequence == last.sequence + 1 else {
        ends[commit.hash] = runs.count
        runs.append([commit])
        continue
      }
      guard commit.time > last.time else {
        refused.append((commit, .time))
        continue
      }
      ends[commit.previous] = nil
      ends[commit.hash] = run
      runs[run].append(commit)
    }
  }
}

extension Commit {
  /// Whether `key` signed this line.
  public func isSigned(by key: PublicKey) -> Bool {
    guard let signature = try? Line.signature(of: line) else { return false }
    return key.isValid(signature: signature, for: line[Line.bodyStart...])
  }
}
