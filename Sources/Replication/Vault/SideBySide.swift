/// Does the same to each, all at once: give it few.
/// - Returns: what came of each, in their order.
/// - Throws: what the first that failed threw; the others are ended.
func sideBySide<Element: Sendable, Value: Sendable>(
  _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
  try await withThrowingTaskGroup(of: (number: Int, value: Value).self) { group in
    for (number, element) in elements.enumerated() { group.addTask { (number, try await body(element)) } }
    var done: [(number: Int, value: Value)] = []
    for try await one in group { done.append(one) }
    return done.sorted { $0.number < $1.number }.map(\.value)
  }
}
