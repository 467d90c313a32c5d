import Testing

/// The repository must build and read the same anywhere: nothing in it points at the machine where it was written.
struct WorkplaceTests {
  // Put together here, so that this file does not find itself.
  static let places = ["/wo" + "rk/", "/sr" + "c/permanence", "/tm" + "p/bash"]

  @Test func noPathsOfAWorkplace() throws {
    let folders = ["Sources", "Tests", "Examples", "Benchmarks", "docs", "bin", ".ci"].filter(Repository.isThere)
    let files = ["Package.swift", "README.md", ".swift-format", ".gitignore"].filter(Repository.isThere)
    for path in try folders.flatMap({ try Repository.files(in: $0) }) + files {
      // Pictures and the like are no text.
      guard let text = try? Repository.text(path) else { continue }
      for place in Self.places {
        #expect(
          !text.contains(place),
          "\(path) says \(place): make the path relative to the repository, or take it as an argument")
      }
    }
  }
}
