import Ledger

/// Lines as they came, read, sorted by chain and vouched for, off the writer's queue: what somebody hostile sends must
/// not keep whoever admits waiting for its signatures.
struct SortedLines: Sendable {
  private(set) var backlogs: [Backlog] = []
  /// What is no line, and why.
  private(set) var unreadable: [(line: [UInt8], reason: String)] = []
  /// Of chains whose first line was not here yet.
  private(set) var unkeyed: [(chain: String, commits: [Commit])] = []
  /// Of stations' own lines, each folded alone; empty where they are few.
  private(set) var parts: [LineHash: [SubjectPart]] = [:]

  /// Lines beyond which folding them beside the writer is worth having done some of it for nothing: where a subject was
  /// spoken of before.
  private static let fewMax = 64

  /// - Parameter key: of a chain, by its name and its first line where that is among these.
  init(_ lines: [[UInt8]], key: (String, Commit?) throws -> PublicKey?) throws {
    let isFolded = lines.count > Self.fewMax
    var chains: [String: [Commit]] = [:]
    for line in lines {
      do throws(LineFailure) {
        let commit = try Commit(reading: line)
        chains[commit.station, default: []].append(commit)
        if isFolded { parts[commit.hash] = SubjectPart.foldedAlone(commit) }
      } catch { unreadable.append((line, "\(error)")) }
    }
    for (chain, commits) in chains.sorted(by: { $0.key.precedesInBytes($1.key) }) {
      if let key = try key(chain, commits.first { $0.sequence == 1 }) {
        backlogs.append(Backlog(commits, key: key))
      } else {
        unkeyed.append((chain, commits))
      }
    }
  }

  /// Nothing of it need be set aside.
  var isAllInPlace: Bool { unreadable.isEmpty && unkeyed.isEmpty && backlogs.allSatisfy(\.refused.isEmpty) }
}

extension SubjectPart {
  /// nil for chains of reads, which are folded into nothing.
  fileprivate static func foldedAlone(_ commit: Commit) -> [SubjectPart]? {
    guard StationName.station(ofChain: commit.station) == commit.station else { return nil }
    return all(of: commit).map { part in
      var part = part
      part.alone = FoldedAlone(part, of: commit)
      return part
    }
  }
}
