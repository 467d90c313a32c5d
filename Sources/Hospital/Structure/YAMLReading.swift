import Yams

/// Reads nodes and gathers what is wrong with them, so that a person corrects a file once.
final class YAMLReading {
  private(set) var problems: [StructureProblem] = []
  /// Unique in the whole hospital.
  var unitCodes = Seen()

  func report(_ line: Int, _ reason: String) {
    let problem = StructureProblem(line: line, reason: reason)
    // What is written once for a series of rooms is read for each of them, and wrong once.
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// The members of a mapping; nil, and a problem, for anything else. A key that is not in `keys` is a slip.
  func fields(of node: Node, _ what: String, _ keys: [String]) -> YAMLFields? {
    guard case .mapping(let mapping) = node else {
      report(node.line, "\(what) is written as `key: value` lines")
      return nil
    }
    var members: [String: Node] = [:]
    var keyLines: [String: Int] = [:]
    for (key, value) in mapping {
      guard let text = key.scalar?.string, keys.contains(text) else {
        let name = key.scalar.map { "\($0.string) " } ?? ""
        report(key.line, "\(name)is not a key of \(what): use \(keys.joined(separator: ", "))")
        continue
      }
      members[text] = value
      keyLines[text] = key.line
    }
    return YAMLFields(members: members, keyLines: keyLines, line: node.line, reading: self)
  }
}

/// The members of one mapping. Asking says what is expected; what is not is reported.
struct YAMLFields {
  fileprivate let members: [String: Node]
  fileprivate let keyLines: [String: Int]
  let line: Int
  let reading: YAMLReading

  func line(_ key: String) -> Int { keyLines[key] ?? line }

  func report(_ key: String, _ reason: String) { reading.report(line(key), reason) }

  /// The value of a key that may be absent; with `expected`, of one that may not.
  func node(_ key: String, _ expected: String? = nil) -> Node? {
    if let node = members[key] { return node }
    if let expected { reading.report(line, "\(key) is missing: write \(expected)") }
    return nil
  }

  /// A scalar as it is written: `0412` keeps its zero.
  func text(_ key: String, _ expected: String? = nil) -> String? {
    guard let node = node(key, expected) else { return nil }
    guard let text = node.scalar?.string.trimmed, !text.isEmpty, text.utf8.count <= 200 else {
      report(key, "\(key) is one short text")
      return nil
    }
    return text
  }

  func integer(_ key: String, _ range: ClosedRange<Int>, _ expected: String? = nil) -> Int? {
    guard let text = text(key, expected) else { return nil }
    // Format 1 says no integer beyond 2^53.
    guard let integer = Int(text), range.contains(integer), integer <= 1 << 53 else {
      report(key, "\(key): \(text) is not a number that may stand here")
      return nil
    }
    return integer
  }

  func flag(_ key: String) -> Bool? {
    guard let text = text(key) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      report(key, "\(key) is true or false")
      return nil
    }
  }

  func choice(_ key: String, _ choices: [String], _ expected: String? = nil) -> String? {
    guard let text = text(key, expected) else { return nil }
    guard choices.contains(text) else {
      report(key, "\(key): \(text) is none of \(choices.joined(separator: ", "))")
      return nil
    }
    return text
  }

  func list(_ key: String, _ expected: String? = nil) -> [Node] {
    guard let node = node(key, expected) else { return [] }
    guard case .sequence(let sequence) = node else {
      report(key, "\(key) is a list: one `-` for each")
      return []
    }
    return Array(sequence)
  }
}

/// Codes already used, each with its line.
struct Seen {
  private var lines: [String: Int] = [:]

  mutating func add(_ code: String, _ line: Int, _ what: String, _ reading: YAMLReading) {
    if let first = lines[code] {
      reading.report(line, "\(what) \(code) is already on line \(first): give it another code")
    } else {
      lines[code] = line
    }
  }
}

extension Node {
  /// From 1.
  var line: Int { mark?.line ?? 0 }
}
