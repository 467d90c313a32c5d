import Ledger
import Register

/// Which of what was put into a bucket is there no more, told from pages of its list as they come: both are in the
/// order of the bytes of paths, so nothing of a page is kept.
package struct ListingJoin {
  private let objects: [SealedObject]
  private var seen: Set<String> = []

  /// - Parameter objects: in the order of the bytes of their paths.
  package init(_ objects: [SealedObject]) { self.objects = objects }

  /// What the list is asked to begin after; nil where nothing is looked for.
  package var start: String? { objects.first.map { String($0.path.dropLast()) } }

  /// Whether pages after this one still matter.
  package mutating func takes(_ page: [VaultObject]) -> Bool {
    guard let last = objects.last else { return false }
    let wanted = Set(objects.map { Self.key($0.path, $0.version) })
    for object in page {
      let key = Self.key(object.path, object.version)
      if wanted.contains(key) { seen.insert(key) }
    }
    return seen.count < wanted.count && page.last.map { !last.path.precedesInBytes($0.path) } ?? true
  }

  package var gone: [SealedObject] { objects.filter { !seen.contains(Self.key($0.path, $0.version)) } }

  private static func key(_ path: String, _ version: String?) -> String { "\(path) \(version ?? "")" }
}
