/// Names that belong together (union–find).
struct Groups {
  private var parents: [String: String] = [:]

  mutating func join(_ names: [String]) {
    guard let first = names.first else { return }
    let root = group(of: first)
    for name in names { parents[group(of: name)] = root }
  }

  mutating func group(of name: String) -> String {
    var root = name
    while let parent = parents[root], parent != root { root = parent }
    var current = name
    while current != root {
      let next = parents[current] ?? root
      parents[current] = root
      current = next
    }
    if parents[root] == nil { parents[root] = root }
    return root
  }

  mutating func all() -> [String: [String]] {
    Dictionary(grouping: Array(parents.keys)) { group(of: $0) }
  }
}
