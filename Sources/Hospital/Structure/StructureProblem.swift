/// What is wrong with a hospital's file, where, and what to write instead.
public struct StructureProblem: Sendable, Equatable, CustomStringConvertible {
  /// From 1; 0 where no line can be named.
  public var line: Int
  public var reason: String

  public init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }

  public var description: String { "line \(line): \(reason)" }
}

/// Everything that is wrong with it, at once, by line.
public struct StructureFault: Error, Sendable, Equatable, CustomStringConvertible {
  public var problems: [StructureProblem]

  public init(problems: [StructureProblem]) {
    self.problems = problems.sorted { $0.line < $1.line }
  }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
